import { describe, expect, test } from 'vitest';
import { cidr } from '../../src/addressing/cidr.ts';
import { ipv4 } from '../../src/addressing/ip.ts';
import { readEnvironment, type Variables } from '../../src/cni/environment.ts';
import { type CniNode, cniRules } from '../../src/cni/snat-rules.ts';
import { builtInTables } from '../../src/host/netfilter/built-in-rules.ts';

const node = (more: Partial<CniNode> = {}): CniNode => ({
  primaryAddress: ipv4('10.1.0.5'),
  primaryInterface: 'eth0',
  iptables: 'legacy',
  ...more,
});

/** "nat/PREROUTING" -> its rules without "-A PREROUTING". */
function rulesWith(
  variables: Variables = {},
  vpcCidrs = ['10.1.0.0/16'],
  more: Partial<CniNode> & { version?: string } = {},
): Record<string, string[]> {
  const env = readEnvironment(variables, more.version);
  const { jumps, shared, own } = cniRules({ env, vpcCidrs: vpcCidrs.map(cidr) })(node(more));
  return Object.fromEntries(
    [...builtInTables(jumps), ...shared, ...own].flatMap(({ table, chains }) =>
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
      '-d 192.168.0.0/16 -m comment --comment "AWS CONNMARK CHAIN" -j RETURN',
      '-d 100.64.0.0/16 -m comment --comment "AWS CONNMARK CHAIN" -j RETURN',
      '-d 10.1.0.0/16 -m comment --comment "AWS CONNMARK CHAIN" -j RETURN',
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

  test('a block that is both of the VPC and excluded is written twice for SNAT, once for the mark', () => {
    const chains = rulesWith({ AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '10.1.0.0/16,10.1.0.0/16, fd00::/8,x' });
    expect(chains['nat/AWS-SNAT-CHAIN-0']).toHaveLength(3);
    expect(chains['nat/AWS-CONNMARK-CHAIN-0']).toHaveLength(2);
  });

  test('external SNAT leaves the rules for NodePorts, and a chain that nothing leads to', () => {
    const chains = rulesWith({ AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' });
    expect(Object.keys(chains)).toEqual(['mangle/PREROUTING', 'nat/AWS-SNAT-CHAIN-0']);
    expect(chains['nat/AWS-SNAT-CHAIN-0']).toEqual([]);
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
    expect(rulesWith({ ...off, AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' })).toEqual({
      'nat/AWS-SNAT-CHAIN-0': [],
    });
  });

  test('mark and interface prefix can be set', () => {
    const chains = rulesWith({ AWS_VPC_K8S_CNI_CONNMARK: '0x100', AWS_VPC_K8S_CNI_VETHPREFIX: 'pod' });
    expect(chains['nat/PREROUTING']).toEqual([
      '-i pod+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0',
      '-m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x100 --ctmask 0x100',
    ]);
  });
});

describe('the mark of connections that leave the VPC, on a node with the iptables of nftables', () => {
  const nft = (variables: Variables = {}, vpcCidrs?: string[]) =>
    rulesWith(variables, vpcCidrs, { iptables: 'nft' });

  test('is set in a table of nftables, as nft lists it; iptables holds none of it', () => {
    const chains = nft({ AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '192.0.2.7/32,0.0.0.0/0' });
    expect(chains['ip aws-cni/nat-prerouting']).toEqual([
      'fib daddr type local return',
      'iifname "eni*" counter packets 0 bytes 0 jump snat-mark',
      'counter packets 0 bytes 0 meta mark set ct mark & 0x00000080',
    ]);
    expect(chains['ip aws-cni/snat-mark']).toEqual([
      'counter packets 0 bytes 0 ip daddr 0.0.0.0/0 return',
      'counter packets 0 bytes 0 ip daddr 192.0.2.7 return',
      'counter packets 0 bytes 0 ip daddr 10.1.0.0/16 return',
      'counter packets 0 bytes 0 ct mark set ct mark | 0x00000080',
    ]);
    expect(Object.keys(chains)).toEqual([
      'nat/POSTROUTING',
      'mangle/PREROUTING',
      'ip aws-cni/nat-prerouting',
      'ip aws-cni/snat-mark',
      'nat/AWS-SNAT-CHAIN-0',
    ]);
  });

  test('its chain stands behind the destination NAT of the hook', () => {
    const env = readEnvironment({});
    const { shared } = cniRules({ env, vpcCidrs: [cidr('10.1.0.0/16')] })(node({ iptables: 'nft' }));
    expect(shared[0]!.chains[0]).toMatchObject({
      name: 'nat-prerouting',
      policy: 'ACCEPT',
      base: { type: 'nat', hook: 'prerouting', priority: -90 },
    });
  });

  test('mark and interface prefix can be set; with external SNAT there is no table', () => {
    const chains = nft({ AWS_VPC_K8S_CNI_CONNMARK: '0xff000001', AWS_VPC_K8S_CNI_VETHPREFIX: 'pod' });
    expect(chains['ip aws-cni/nat-prerouting']!.slice(1)).toEqual([
      'iifname "pod*" counter packets 0 bytes 0 jump snat-mark',
      'counter packets 0 bytes 0 meta mark set ct mark & 0xff000001',
    ]);
    expect(Object.keys(nft({ AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' }))).not.toContain('ip aws-cni/snat-mark');
  });

  test('before 1.23 it is set in iptables all the same, with other comments', () => {
    const chains = rulesWith({ AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '192.168.0.0/16' }, undefined, {
      iptables: 'nft',
      version: '1.22.4',
    });
    expect(chains['nat/AWS-CONNMARK-CHAIN-0']!.slice(0, 2)).toEqual([
      '-d 192.168.0.0/16 -m comment --comment "AWS CONNMARK CHAIN, EXCLUDED CIDR" -j RETURN',
      '-d 10.1.0.0/16 -m comment --comment "AWS CONNMARK CHAIN, VPC CIDR" -j RETURN',
    ]);
  });
});

test('before 1.8 connections that leave the VPC are not marked at all', () => {
  expect(Object.keys(rulesWith({}, undefined, { version: '1.7.10' }))).toEqual([
    'nat/POSTROUTING',
    'mangle/PREROUTING',
    'nat/AWS-SNAT-CHAIN-0',
  ]);
});

test('before 1.12.1 the mark is restored for NodePorts alone', () => {
  const off = { AWS_VPC_CNI_NODE_PORT_SUPPORT: 'false' };
  expect(rulesWith(off, undefined, { version: '1.12.0' })['mangle/PREROUTING']).toBeUndefined();
  expect(rulesWith(off, undefined, { version: '1.12.1' })['mangle/PREROUTING']).toHaveLength(1);
});

test('nodes share all chains but the one with their address', () => {
  const on = cniRules({ env: readEnvironment({}), vpcCidrs: [cidr('10.1.0.0/16')] });
  const [a, b] = [on(node()), on(node({ primaryAddress: ipv4('10.1.0.6') }))];
  expect(a.shared).toBe(b.shared);
  expect(a.jumps).toBe(b.jumps);
  expect(a.own).not.toEqual(b.own);
});

test.each([
  ['0x100', 0x100],
  ['0200', 0x80],
  ['0b1000', 8],
  ['64', 64],
  ['4294967295', 0xffffffff],
  ['4294967296', 0x80],
  ['-1', 0x80],
  ['0', 0x80],
  ['12x', 0x80],
  ['', 0x80],
])(
  'AWS_VPC_K8S_CNI_CONNMARK=%s is the mark %i: what is no positive number of 32 bits is as good as none',
  (text, mark) => {
    expect(readEnvironment({ AWS_VPC_K8S_CNI_CONNMARK: text }).connmark).toBe(mark);
  },
);

test('features that are not modelled are named', () => {
  expect(readEnvironment({ ENABLE_IPv6: 'true', ENABLE_POD_ENI: 'true' }).notModelled).toEqual([
    'IPv6 pods (ENABLE_IPv6)',
  ]);
});
