import { describe, expect, test } from 'vitest';
import { formatCidr } from '../../src/addressing/cidr.ts';
import type { Topology } from '../../src/world/topology.ts';
import { faults, good, HEAD } from './input.ts';

const config = (rest = '', region = 'us-east-1', name = 'expense') =>
  `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: ${name}, region: ${region}}\n${rest}`;
const subnetsOf = (topology: Topology) =>
  topology.vpcs[0]!.subnets.map(
    ({ az, cidr, mapPublicIp }) => `${az} ${formatCidr(cidr)} ${mapPublicIp ? 'public' : 'private'}`,
  );
const routesOf = (topology: Topology) =>
  topology.vpcs[0]!.routeTables.flatMap(({ name, routes }) =>
    routes.map(({ to, via }) => `${name}: ${formatCidr(to)} ${via}`),
  );

describe('the VPC that eksctl makes', () => {
  test('two zones in us-east-1, a /19 for each, public subnets first', () => {
    expect(subnetsOf(good(config()))).toEqual([
      'us-east-1a 192.168.0.0/19 public',
      'us-east-1b 192.168.32.0/19 public',
      'us-east-1a 192.168.64.0/19 private',
      'us-east-1b 192.168.96.0/19 private',
    ]);
  });

  test('three zones in another Region', () => {
    expect(subnetsOf(good(config('', 'eu-west-1')))).toEqual([
      'eu-west-1a 192.168.0.0/19 public',
      'eu-west-1b 192.168.32.0/19 public',
      'eu-west-1c 192.168.64.0/19 public',
      'eu-west-1a 192.168.96.0/19 private',
      'eu-west-1b 192.168.128.0/19 private',
      'eu-west-1c 192.168.160.0/19 private',
    ]);
  });

  test('the order of availabilityZones is the order of the slices', () => {
    const zones = subnetsOf(good(config('availabilityZones: [us-east-1d, us-east-1b]\n')));
    expect(zones[0]).toBe('us-east-1d 192.168.0.0/19 public');
    expect(zones[3]).toBe('us-east-1b 192.168.96.0/19 private');
  });

  test('more than eight subnets get a sixteenth each', () => {
    const zones = ['a', 'b', 'c', 'd', 'e'].map((letter) => `us-east-1${letter}`).join(', ');
    const subnets = subnetsOf(good(config(`availabilityZones: [${zones}]\nvpc: {cidr: 10.9.0.0/16}\n`)));
    expect([subnets[0], subnets[9]]).toEqual([
      'us-east-1a 10.9.0.0/20 public',
      'us-east-1e 10.9.144.0/20 private',
    ]);
  });

  test('one NAT gateway in the first public subnet serves every private table', () => {
    const topology = good(config());
    expect(topology.vpcs[0]?.natGateways.map(({ name, subnet }) => [name, subnet])).toEqual([
      ['nat', 'public-us-east-1a'],
    ]);
    expect(routesOf(topology)).toEqual([
      'public: 0.0.0.0/0 igw',
      'private-us-east-1a: 0.0.0.0/0 nat',
      'private-us-east-1b: 0.0.0.0/0 nat',
    ]);
  });

  test('HighlyAvailable makes one NAT gateway per zone, Disable none', () => {
    expect(routesOf(good(config('vpc: {nat: {gateway: HighlyAvailable}}\n'))).slice(1)).toEqual([
      'private-us-east-1a: 0.0.0.0/0 nat-us-east-1a',
      'private-us-east-1b: 0.0.0.0/0 nat-us-east-1b',
    ]);
    expect(routesOf(good(config('vpc: {nat: {gateway: Disable}}\n')))).toEqual(['public: 0.0.0.0/0 igw']);
  });

  test('subnets carry the role tags that load balancers look for', () => {
    const tags = good(config()).vpcs[0]!.subnets.map(({ tags }) => Object.keys(tags).at(-1));
    expect(tags.slice(1, 3)).toEqual(['kubernetes.io/role/elb', 'kubernetes.io/role/internal-elb']);
  });

  test('a private cluster has private subnets only and reaches AWS by endpoints', () => {
    const topology = good(config('privateCluster: {enabled: true}\n'));
    expect(subnetsOf(topology).every((subnet) => subnet.endsWith('private'))).toBe(true);
    expect(topology.vpcs[0]?.internetGateway).toBeUndefined();
    expect(topology.vpcs[0]?.endpoints.map(({ name }) => name)).toEqual([
      's3',
      'ec2',
      'ecr.api',
      'ecr.dkr',
      'sts',
    ]);
    expect(topology.cluster?.endpointAccess).toMatchObject({ public: false, private: true });
  });
});

describe('the node groups of an eksctl file', () => {
  test('stand in public subnets unless privateNetworking is set', () => {
    const topology = good(config('managedNodeGroups: [{name: a}, {name: b, privateNetworking: true}]\n'));
    expect(topology.cluster?.nodeGroups.map(({ subnets }) => subnets[0])).toEqual([
      'public-us-east-1a',
      'private-us-east-1a',
    ]);
  });

  test('default to two m5.large, and min and max follow desired', () => {
    const groups =
      'managedNodeGroups: [{name: a}, {name: b, desiredCapacity: 3}, {name: c, minSize: 1, maxSize: 4}]\n';
    const read = good(config(groups)).cluster?.nodeGroups.map((group) => [
      group.instanceType,
      group.min,
      group.desired,
      group.max,
    ]);
    expect(read).toEqual([
      ['m5.large', 2, 2, 2],
      ['m5.large', 3, 3, 3],
      ['m5.large', 1, 1, 4],
    ]);
  });

  test('managed ones use the cluster security group, own ones their own and the shared one', () => {
    const topology = good(config('managedNodeGroups: [{name: m}]\nnodeGroups: [{name: u}]\n'));
    expect(topology.cluster?.nodeGroups.map(({ securityGroups }) => securityGroups)).toEqual([
      ['eks-cluster-sg-expense'],
      ['eksctl-expense-nodegroup-u-SG', 'eksctl-expense-cluster-ClusterSharedNodeSecurityGroup'],
    ]);
    const shared = topology.vpcs[0]?.securityGroups.find(({ name }) =>
      name.endsWith('SharedNodeSecurityGroup'),
    );
    expect(shared?.ingress.map(({ peer }) => peer)).toEqual([
      { group: 'eksctl-expense-cluster-ClusterSharedNodeSecurityGroup' },
      { group: 'eks-cluster-sg-expense' },
    ]);
  });

  test('keep labels, taints and the pod limit', () => {
    const group =
      '{name: a, labels: {role: web}, taints: [{key: k, effect: NoSchedule}], maxPodsPerNode: 20}';
    expect(good(config(`managedNodeGroups: [${group}]\n`)).cluster?.nodeGroups[0]).toMatchObject({
      labels: { role: 'web' },
      taints: [{ key: 'k', value: '', effect: 'NoSchedule' }],
      maxPods: 20,
    });
  });
});

describe('an eksctl file', () => {
  test('sets the service range, endpoints and add-ons of the cluster', () => {
    const text = config(`kubernetesNetworkConfig: {serviceIPv4CIDR: 172.20.0.0/16}
vpc: {clusterEndpoints: {privateAccess: true}, publicAccessCIDRs: [203.0.113.0/24]}
addons:
- name: vpc-cni
  version: v1.19.0-eksbuild.1
  configurationValues: |-
    enableNetworkPolicy: "true"
    env: {ENABLE_PREFIX_DELEGATION: "true"}
- {name: coredns, configurationValues: '{"replicaCount": 3}'}
`);
    const { cluster } = good(text);
    expect(formatCidr(cluster!.serviceCidr)).toBe('172.20.0.0/16');
    expect(cluster?.endpointAccess.private).toBe(true);
    expect(cluster?.endpointAccess.publicCidrs.map(formatCidr)).toEqual(['203.0.113.0/24']);
    expect([cluster?.networkPolicy, cluster?.coreDnsReplicas, cluster?.cni.version]).toEqual([
      'aws',
      3,
      '1.19.0',
    ]);
    expect(cluster?.cni.env.ENABLE_PREFIX_DELEGATION).toBe('true');
  });

  test('accepts fields that do not bear on the network', () => {
    const text = config(
      'iam: {withOIDC: true}\ncloudWatch: {clusterLogging: {enableTypes: [all]}}\nmanagedNodeGroups: [{name: a, spot: true, volumeSize: 20, ssh: {publicKeyName: k}}]\n',
    );
    expect(faults(text)).toEqual([]);
  });

  test('can be wrapped by a topology with manifests and expectations', () => {
    const files = {
      'vpcsim.yaml': `${HEAD}eksctl: cluster.yaml\ncluster: {loadBalancerController: false}\nmanifests: [pod.yaml]\nexpect: [{from: pod/default/p, to: internet}]\n`,
      'cluster.yaml': config('managedNodeGroups: [{name: expense, desiredCapacity: 3, spot: true}]\n'),
      'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c}]}\n',
    };
    const topology = good(files);
    expect(topology.cluster).toMatchObject({ name: 'expense', loadBalancerController: false });
    expect(topology.cluster?.nodeGroups[0]?.desired).toBe(3);
    expect([topology.objects.pods.length, topology.expectations.length]).toEqual([1, 1]);
  });

  test('lists existing subnets by zone or name', () => {
    const text = config(`vpc:
  id: vpc-1
  subnets:
    private:
      us-east-1a: {id: subnet-a, cidr: 10.0.0.0/24}
      two: {id: subnet-b, az: us-east-1b, cidr: 10.0.1.0/24}
managedNodeGroups: [{name: a, subnets: [subnet-b], privateNetworking: true}]
`);
    const topology = good(text);
    expect(topology.vpcs[0]?.subnets.map(({ name }) => name)).toEqual(['us-east-1a', 'two']);
    expect(topology.cluster?.nodeGroups[0]?.subnets).toEqual(['two']);
  });

  test.each([
    [
      'an unknown key',
      config('managedNodeGroups: [{name: a, instancetype: t3.small}]\n'),
      ['4:31 eksctl/unknown-key'],
    ],
    [
      'no region',
      'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: e}\n',
      ['3:11 eksctl/missing-key'],
    ],
    [
      'a version without quotes',
      'apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: e, region: us-east-1, version: 1.34}\n',
      ['3:49 eksctl/wrong-type'],
    ],
    [
      'a zone of another Region',
      config('availabilityZones: [us-east-1a, us-west-2a]\n'),
      ['4:33 eksctl/unknown-zone'],
    ],
    ['one zone', config('availabilityZones: [us-east-1a]\n'), ['4:20 eksctl/one-zone']],
    ['a VPC that is too small', config('vpc: {cidr: 10.0.0.0/25}\n'), ['4:13 cidr/size']],
    [
      'a subnet known in AWS only',
      config('vpc: {id: vpc-1, subnets: {private: {us-east-1a: {id: subnet-1}}}}\n'),
      ['4:50 eksctl/unknown-subnet'],
    ],
    [
      'a service range inside the VPC',
      config('kubernetesNetworkConfig: {serviceIPv4CIDR: 192.168.0.0/20}\n'),
      ['4:44 cidr/overlap'],
    ],
    [
      'a wrong taint effect',
      config('managedNodeGroups: [{name: a, taints: [{key: k, effect: NoShedule}]}]\n'),
      ['4:57 topology/invalid-value'],
    ],
  ])('%s is told', (_, text, expected) => {
    expect(faults(text)).toEqual(expected.map((fault) => `vpcsim.yaml:${fault}`));
  });
});
