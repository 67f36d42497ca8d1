import { describe, expect, test } from 'vitest';
import { formatCidr } from '../../src/addressing/cidr.ts';
import { formatIpv4 } from '../../src/addressing/ip.ts';
import { topologyJsonSchema } from '../../src/world/schema.ts';
import { good, HEAD } from './input.ts';

const bare = `${HEAD}vpcs:
- name: main
  cidrs: [10.1.0.0/16]
  subnets: [{name: a, cidr: 10.1.0.0/20, az: us-east-1a}, {name: b, cidr: 10.1.16.0/20, az: us-east-1b}]
  securityGroups: [{name: web}]
  networkAcls: [{name: closed}]
cluster: {name: c, nodes: [{name: n, subnet: a}]}
`;

describe('what AWS and EKS default is filled in and told', () => {
  const topology = good(bare);
  const [vpc] = topology.vpcs;

  test('the VPC has a main route table without routes of its own, and its subnets use it', () => {
    expect(vpc?.routeTables.map(({ name, main, routes }) => ({ name, main, routes }))).toEqual([
      { name: 'main', main: true, routes: [] },
    ]);
    expect(vpc?.subnets.map(({ routeTable }) => routeTable)).toEqual(['main', 'main']);
  });

  test('the default network ACL allows everything, another one without rules denies everything', () => {
    const rules = vpc?.networkAcls.map(({ name, ingress, egress }) => [name, ingress.length, egress.length]);
    expect(rules).toEqual([
      ['default', 1, 1],
      ['closed', 0, 0],
    ]);
    expect(vpc?.networkAcls[0]?.ingress[0]).toMatchObject({ rule: 100, protocol: -1, action: 'allow' });
  });

  test('a new security group admits nothing and lets everything out', () => {
    const web = vpc?.securityGroups.find(({ name }) => name === 'web');
    expect(web?.ingress).toEqual([]);
    expect(web?.egress).toMatchObject([{ protocol: -1, peer: { cidr: { base: 0, length: 0 } } }]);
  });

  test('EKS makes a cluster security group whose members reach each other, and nodes are in it', () => {
    const group = vpc?.securityGroups.find(({ name }) => name === 'eks-cluster-sg-c');
    expect(group?.ingress).toMatchObject([{ protocol: -1, peer: { group: 'eks-cluster-sg-c' } }]);
    expect(group?.tags).toEqual({ 'kubernetes.io/cluster/c': 'owned' });
    expect(topology.cluster?.securityGroup).toBe('eks-cluster-sg-c');
    expect(topology.cluster?.nodes[0]?.securityGroups).toEqual(['eks-cluster-sg-c']);
  });

  test('the service range is 172.20.0.0/16 where the VPC uses 10.0.0.0/8', () => {
    expect(formatCidr(topology.cluster!.serviceCidr)).toBe('172.20.0.0/16');
    const other = good(bare.replaceAll('10.1.', '192.168.'));
    expect(formatCidr(other.cluster!.serviceCidr)).toBe('10.100.0.0/16');
  });

  test('the cluster is 1.34 with a public API endpoint, iptables and two CoreDNS pods', () => {
    expect(topology.cluster).toMatchObject({
      version: '1.34',
      vpc: 'main',
      subnets: ['a', 'b'],
      endpointAccess: { public: true, private: false, publicCidrs: [{ base: 0, length: 0 }] },
      cni: { version: '1.23.1' },
      kubeProxy: { mode: 'iptables' },
      networkPolicy: 'none',
      loadBalancerController: true,
      coreDnsReplicas: 2,
    });
    expect(topology.cluster?.cni.env.WARM_ENI_TARGET).toBe('1');
  });

  test('a client on the internet is always there', () => {
    expect(topology.hosts.map(({ name, address }) => [name, formatIpv4(address)])).toEqual([
      ['internet', '198.51.100.7'],
    ]);
    const own = good(`${bare}hosts: [{name: laptop, address: 198.51.100.7}]\n`);
    expect(own.hosts.map(({ name }) => name)).toEqual(['laptop']);
  });

  test('every value that was filled in is listed with whose default it is', () => {
    expect(topology.defaults).toContainEqual({
      path: 'vpcs.main.subnets.a.mapPublicIp',
      value: 'false',
      by: 'AWS',
    });
    expect(topology.defaults).toContainEqual({
      path: 'cluster.serviceCidr',
      value: '172.20.0.0/16',
      by: 'EKS',
    });
    expect(topology.defaults).toContainEqual({ path: 'vpcs.main.region', value: 'us-east-1', by: 'vpcsim' });
    expect(topology.defaults).toContainEqual({
      path: 'vpcs.main.account',
      value: '111122223333',
      by: 'vpcsim',
    });
  });

  test('a misspelt setting of the CNI is told, as the CNI itself would ignore it', () => {
    const text = bare.replace('cluster: {name: c,', 'cluster: {name: c, cni: {env: {WARM_ENI_TARGETS: 2}},');
    const [warning] = good(text).warnings;
    expect([warning?.code, warning?.hint]).toEqual(['cni/unknown-setting', 'did you mean WARM_ENI_TARGET?']);
  });

  test('an instance stands in the default security group with its source check on', () => {
    const { instances } = good(`${bare}instances: [{name: i, subnet: a, listen: [tcp/22]}]\n`);
    expect(instances[0]).toMatchObject({
      vpc: 'main',
      securityGroups: ['default'],
      sourceDestCheck: true,
      forwarding: false,
      listen: [{ protocol: 6, port: 22 }],
    });
  });
});

describe('where a value comes from', () => {
  test('a written value is found by line and column, a default has none', () => {
    const topology = good(bare);
    const [subnet] = topology.vpcs[0]!.subnets;
    expect(topology.locate(subnet!.origin)).toEqual({ file: 'vpcsim.yaml', line: 7, column: 13 });
    expect(topology.locate(topology.hosts[0]!.origin)).toBeUndefined();
  });
});

test('the JSON Schema knows every key of the file', () => {
  const schema = topologyJsonSchema();
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(Object.keys(schema.properties as object)).toEqual([
    'apiVersion',
    'kind',
    'metadata',
    'include',
    'eksctl',
    'vpcs',
    'prefixLists',
    'peerings',
    'transitGateways',
    'connections',
    'onPremises',
    'blockPublicAccess',
    'cluster',
    'manifests',
    'hosts',
    'instances',
    'instanceTypes',
    'instanceTypesFile',
    'expect',
    'variants',
  ]);
});
