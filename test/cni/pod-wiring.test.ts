import { describe, expect, test } from 'vitest';
import { cidr, formatCidr } from '../../src/addressing/cidr.ts';
import { formatIpv4, ipv4 } from '../../src/addressing/ip.ts';
import { defaulted } from '../../src/base/origin.ts';
import { readEnvironment, type Variables } from '../../src/cni/environment.ts';
import { interfaceName } from '../../src/cni/interface-names.ts';
import { type NodeWiring, nodeRoutes, nodeRules, podRoutes } from '../../src/cni/pod-wiring.ts';
import { vethName } from '../../src/cni/veth-name.ts';
import type { IpRoute, IpRule } from '../../src/host/rules.ts';

const origin = defaulted('test', 'pod');

function wiring(variables: Variables = {}, version?: string): NodeWiring {
  const subnet = cidr('172.31.16.0/20');
  return {
    enis: [
      { table: 'main', interface: 'eth0', primary: ipv4('172.31.23.106'), subnet, trunk: false },
      { table: '2', interface: 'eth1', primary: ipv4('172.31.23.93'), subnet, trunk: false },
    ],
    pods: [
      { address: ipv4('172.31.20.89'), veth: 'eni8ca2e41546c', table: 'main', origin },
      { address: ipv4('172.31.16.74'), veth: 'eni81b9597469c', table: '2', origin },
    ],
    env: readEnvironment(variables, version),
    vpcCidrs: [cidr('172.31.0.0/16'), cidr('100.64.0.0/16')],
  };
}

function rule({ priority, from, to, fwmark, fwmask, table }: IpRule): string {
  const mark = fwmark === undefined ? '' : ` fwmark 0x${fwmark.toString(16)}/0x${fwmask!.toString(16)}`;
  return `${priority}: from ${from ? formatCidr(from) : 'all'}${to ? ` to ${formatCidr(to)}` : ''}${mark} lookup ${table}`;
}

function route({ table, to, via, dev, scope }: IpRoute): string {
  return `${table}: ${formatCidr(to)}${via ? ` via ${formatIpv4(via)}` : ''} dev ${dev}${scope === 'link' ? ' scope link' : ''}`;
}

describe('the host side of a pod', () => {
  test('is named after namespace and pod', () => {
    expect(vethName('eni', 'default', 'nginx')).toBe('enic440f455693');
  });

  test('interfaces are ens5 and up on AL2023, eth0 and up on AL2', () => {
    expect([0, 1].map((device) => interfaceName(device, 'ens5'))).toEqual(['ens5', 'ens6']);
    expect(interfaceName(1, 'eth0')).toBe('eth1');
  });
});

describe('ip rule of a node', () => {
  test('packets to pods use main, packets of pods on a secondary ENI that one’s table', () => {
    expect(nodeRules(wiring()).map(rule)).toEqual([
      '0: from all lookup local',
      '512: from all to 172.31.20.89/32 lookup main',
      '512: from all to 172.31.16.74/32 lookup main',
      '1024: from all fwmark 0x80/0x80 lookup main',
      '1536: from 172.31.16.74/32 lookup 2',
      '32765: from 172.31.23.93/32 lookup 2',
      '32766: from all lookup main',
      '32767: from all lookup default',
    ]);
  });

  test('AWS_EXTERNAL_SERVICE_CIDRS go by main before a pod’s own table', () => {
    const rules = nodeRules(wiring({ AWS_EXTERNAL_SERVICE_CIDRS: '203.0.113.0/24, junk' })).map(rule);
    expect(rules).toContain('1535: from all to 203.0.113.0/24 lookup main');
  });

  test('the mark rule goes only when neither NodePorts nor SNAT need it', () => {
    const marked = (variables: Variables) =>
      nodeRules(wiring(variables)).some(({ fwmark }) => fwmark !== undefined);
    const noNodePorts = { AWS_VPC_CNI_NODE_PORT_SUPPORT: 'false' };
    expect(marked(noNodePorts)).toBe(true);
    expect(marked({ AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' })).toBe(true);
    expect(marked({ ...noNodePorts, AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' })).toBe(false);
  });
});

describe('ip rule under former versions of the CNI', () => {
  const after512 = (variables: Variables, version: string) =>
    nodeRules(wiring(variables, version))
      .filter(({ priority }) => priority > 512 && priority < 32765)
      .map(rule);

  test('before 1.8 pods use their own table for the blocks of the VPC and excluded ones alone', () => {
    expect(after512({ AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '192.168.0.0/16' }, '1.7.10')).toEqual([
      '1024: from all fwmark 0x80/0x80 lookup main',
      '1536: from 172.31.16.74/32 to 172.31.0.0/16 lookup 2',
      '1536: from 172.31.16.74/32 to 100.64.0.0/16 lookup 2',
      '1536: from 172.31.16.74/32 to 192.168.0.0/16 lookup 2',
    ]);
    expect(after512({ AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' }, '1.7.10')).toContain(
      '1536: from 172.31.16.74/32 lookup 2',
    );
  });

  test('before 1.12.6 AWS_EXTERNAL_SERVICE_CIDRS is unknown', () => {
    const count = (version: string) =>
      after512({ AWS_EXTERNAL_SERVICE_CIDRS: '203.0.113.0/24' }, version).length;
    expect([count('1.12.5'), count('1.12.6')]).toEqual([2, 3]);
  });
});

describe('routes', () => {
  test('of a node: pods by their veth in main, a table with a default route for each secondary ENI', () => {
    expect(nodeRoutes(wiring()).map(route)).toEqual([
      'local: 127.0.0.0/8 dev lo',
      'local: 172.31.23.106/32 dev eth0',
      'local: 172.31.23.93/32 dev eth1',
      'main: 0.0.0.0/0 via 172.31.16.1 dev eth0',
      'main: 169.254.169.254/32 dev eth0 scope link',
      'main: 172.31.16.0/20 dev eth0 scope link',
      '2: 0.0.0.0/0 via 172.31.16.1 dev eth1',
      '2: 172.31.16.1/32 dev eth1 scope link',
      'main: 172.31.20.89/32 dev eni8ca2e41546c scope link',
      'main: 172.31.16.74/32 dev eni81b9597469c scope link',
    ]);
  });

  test('of a pod: everything goes to 169.254.1.1', () => {
    expect(podRoutes(ipv4('172.31.20.89')).map(route)).toEqual([
      'local: 127.0.0.0/8 dev lo',
      'local: 172.31.20.89/32 dev eth0',
      'main: 0.0.0.0/0 via 169.254.1.1 dev eth0',
      'main: 169.254.1.1/32 dev eth0 scope link',
    ]);
  });
});
