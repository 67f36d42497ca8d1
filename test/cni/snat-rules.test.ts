import { describe, expect, test } from 'vitest';
import { cidr } from '../../src/addressing/cidr.ts';
import { ipv4 } from '../../src/addressing/ip.ts';
import { readEnvironment, type Variables } from '../../src/cni/environment.ts';
import { cniRules } from '../../src/cni/snat-rules.ts';

const node = (address = '10.1.0.5') => ({ primaryAddress: ipv4(address), primaryInterface: 'eth0' });

function rulesWith(variables: Variables = {}, vpcCidrs = ['10.1.0.0/16']): Record<string, string[]> {
  const env = readEnvironment(variables);
  const { jumps, shared, own } = cniRules({ env, vpcCidrs: vpcCidrs.map(cidr) })(node());
  return Object.fromEntries(
    [...jumps, ...shared, ...own].flatMap(({ table, chains }) =>
      chains.map(({ name, rules }) => [
        `${table}/${name}`,
        rules.map(({ text }) => text.replace(`-A ${name} `, '')),
      ]),
    ),
  );
}

describe('SNAT of what leaves the VPC', () => {
  test('to the address of the primary ENI, unless it stays in the VPC or is for the node itself', () => {
    expect(rulesWith()['nat/AWS-SNAT-CHAIN-0']).toEqual([
      '-d 10.1.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j RETURN',
      '! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 10.1.0.5 --random-fully',
    ]);
  });

  test('later CIDRs come first; excluded ones are left alone by SNAT and by the mark', () => {
    const chains = rulesWith({ AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '192.168.0.0/16' }, [
      '10.1.0.0/16',
      '100.64.0.0/16',
    ]);
    expect(chains['nat/AWS-SNAT-CHAIN-0']!.slice(0, 3)).toEqual([
      '-d 192.168.0.0/16 -m comment --comment "AWS SNAT CHAIN EXCLUSION" -j RETURN',
      '-d 100.64.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j RETURN',
      '-d 10.1.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j RETURN',
    ]);
    expect(chains['nat/AWS-CONNMARK-CHAIN-0']).toEqual([
      '-d 10.1.0.0/16 -m comment --comment "AWS CONNMARK CHAIN, VPC CIDR" -j RETURN',
      '-d 100.64.0.0/16 -m comment --comment "AWS CONNMARK CHAIN, VPC CIDR" -j RETURN',
      '-d 192.168.0.0/16 -m comment --comment "AWS CONNMARK CHAIN, EXCLUDED CIDR" -j RETURN',
      '-m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80',
    ]);
  });

  test('an exclusion of everything has no destination', () => {
    expect(rulesWith({ AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '0.0.0.0/0' })['nat/AWS-SNAT-CHAIN-0']![0]).toBe(
      '-m comment --comment "AWS SNAT CHAIN EXCLUSION" -j RETURN',
    );
  });

  test.each([
    ['prng', '--random-fully'],
    ['hashrandom', '--random'],
    ['none', '10.1.0.5'],
    ['other', '--random-fully'],
  ])('AWS_VPC_K8S_CNI_RANDOMIZESNAT=%s ends the rule with %s', (mode, end) => {
    const rule = rulesWith({ AWS_VPC_K8S_CNI_RANDOMIZESNAT: mode })['nat/AWS-SNAT-CHAIN-0']!.at(-1)!;
    expect(rule.split(' ').at(-1)).toBe(end);
  });

  test('external SNAT leaves only the rules for NodePorts', () => {
    expect(Object.keys(rulesWith({ AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' }))).toEqual(['mangle/PREROUTING']);
  });
});

describe('connections that must leave by the primary ENI', () => {
  test('NodePort connections are marked as they come in, and the mark is restored on what pods answer', () => {
    expect(rulesWith()['mangle/PREROUTING']).toEqual([
      '-i eth0 -m comment --comment "AWS, primary ENI" -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80',
      '-i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
      '-i vlan+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    ]);
  });

  test('without NodePort support the mark is restored for SNAT alone', () => {
    const off = { AWS_VPC_CNI_NODE_PORT_SUPPORT: 'false' };
    expect(rulesWith(off)['mangle/PREROUTING']).toHaveLength(1);
    expect(rulesWith({ ...off, AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' })).toEqual({});
  });

  test('mark and interface prefix can be set', () => {
    const chains = rulesWith({ AWS_VPC_K8S_CNI_CONNMARK: '0x100', AWS_VPC_K8S_CNI_VETHPREFIX: 'pod' });
    expect(chains['nat/PREROUTING']).toEqual([
      '-i pod+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0',
      '-m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x100 --ctmask 0x100',
    ]);
  });
});

test('nodes share all chains but the one with their address', () => {
  const on = cniRules({ env: readEnvironment({}), vpcCidrs: [cidr('10.1.0.0/16')] });
  const [a, b] = [on(node('10.1.0.5')), on(node('10.1.0.6'))];
  expect(a.shared).toBe(b.shared);
  expect(a.jumps).toBe(b.jumps);
  expect(a.own).not.toEqual(b.own);
});

test('features that are not modelled are named', () => {
  expect(readEnvironment({ ENABLE_PREFIX_DELEGATION: 'true', ENABLE_POD_ENI: 'false' }).notModelled).toEqual([
    'prefix delegation (ENABLE_PREFIX_DELEGATION)',
  ]);
});
