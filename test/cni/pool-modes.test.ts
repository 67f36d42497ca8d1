/** Pods on the addresses that ipamd gives in each of its modes, and the ways of their packets. */
import { describe, expect, test } from 'vitest';
import { formatIpv4 } from '../../src/addressing/ip.ts';
import type { World } from '../../src/world/world.ts';
import { arrow, at, devices, onlyPath } from '../support/reading.ts';
import { traceOf } from '../support/worlds.ts';
import { CUSTOM, ENI_CONFIG, PREFIXES, poolWorld } from './pool-world.ts';

const WEB = 'pod/default/web';
const FAR = 'pod/default/far';
const INTERNET = '198.51.100.7:443';

const podOf = (world: World, name: string) => world.cluster!.pods.find(({ id }) => id === `default/${name}`)!;
const stands = (world: World, name: string) => {
  const { address, eni } = podOf(world, name);
  return `${address && formatIpv4(address)} on ${eni}`;
};
const warnings = (world: World) => world.warnings.map(({ code, message }) => `${code}: ${message}`);
/** The devices on the way there. */
const way = (world: World, from: string, to: string) => devices(onlyPath(traceOf(world, from, to)).hops);
const enisOnTheWay = (world: World, from: string, to: string) =>
  way(world, from, to).filter((device) => /^(eni|nat-gateway|instance)\//.test(device));
/** The source of the packet as it leaves a device. */
const source = (world: World, from: string, to: string, device: string) =>
  /^\w+ ([\d.]+):/.exec(arrow(at(onlyPath(traceOf(world, from, to)).hops, device).out))![1];

/** Every kind of way to and from the pod "web", there and back. */
const waysOf = (world: World) =>
  Object.fromEntries(
    [
      [FAR, `${WEB}:80`],
      [WEB, `${FAR}:8080`],
      [FAR, 'svc/default/web:80'],
      ['node/n1', `${WEB}:80`],
      [WEB, INTERNET],
      ['node/n2', 'node/n1:30080'],
      ['internet', 'http://web.example.com/'],
    ].map(([from, to]) => [`${from} to ${to}`, traceOf(world, from!, to!).verdict]),
  );

const everyWay = {
  'pod/default/far to pod/default/web:80': 'reachable',
  'pod/default/web to pod/default/far:8080': 'reachable',
  'pod/default/far to svc/default/web:80': 'reachable',
  'node/n1 to pod/default/web:80': 'reachable',
  'pod/default/web to 198.51.100.7:443': 'reachable',
  'node/n2 to node/n1:30080': 'reachable',
  'internet to http://web.example.com/': 'reachable',
};

describe('a pod on a secondary ENI', () => {
  const world = poolWorld({ before: 9 });

  test('leaves for the VPC by it, and for the internet by the first with the address of the node', () => {
    expect(stands(world, 'web')).toBe('10.0.1.16 on eni/n1/1');
    expect(enisOnTheWay(world, WEB, `${FAR}:8080`)).toEqual(['eni/n1/1', 'eni/n2']);
    expect(source(world, WEB, INTERNET, 'node/n1')).toBe('10.0.1.10');
  });

  test('is reached every way', () => expect(waysOf(world)).toEqual(everyWay));
});

describe('prefix delegation', () => {
  const world = poolWorld({ env: PREFIXES, before: 9 });

  test('gives pods addresses of prefixes, which the VPC takes for the ENI’s own', () => {
    expect(stands(world, 'web')).toBe('10.0.1.25 on eni/n1');
    expect(enisOnTheWay(world, FAR, `${WEB}:80`)).toEqual(['eni/n2', 'eni/n1']);
  });

  test('and every way is open', () => expect(waysOf(world)).toEqual(everyWay));

  test('on a second ENI the pod leaves by that', () => {
    // t3.nano has one place for a prefix on each of its two ENIs.
    const small = poolWorld({ env: PREFIXES, before: 16, instanceType: 't3.nano', nodes: NANO });
    expect(stands(small, 'web')).toBe('10.0.1.32 on eni/n1/1');
    expect(enisOnTheWay(small, WEB, `${FAR}:8080`)).toEqual(['eni/n1/1', 'eni/n2']);
    expect(source(small, WEB, INTERNET, 'node/n1')).toBe('10.0.1.10');
    expect(waysOf(small)).toEqual(everyWay);
  });

  test('a type without Nitro falls back to single addresses, with a warning where the node is written', () => {
    const old = poolWorld({ env: PREFIXES, instanceType: 'm4.large' });
    expect(stands(old, 'web')).toBe('10.0.1.4 on eni/n1');
    const issue = old.warnings.find(({ code }) => code === 'cni/no-prefix-delegation')!;
    expect([issue.message, issue.at?.file]).toEqual([
      'Prefix delegation is not supported on non-nitro instance m4.large hence falling back to default (secondary IP) mode',
      'vpcsim.yaml',
    ]);
  });
});

const NANO = `
    - {name: n1, subnet: nodes, address: 10.0.1.10, instanceType: t3.nano, maxPods: 30}
    - {name: n2, subnet: nodes, address: 10.0.1.11, instanceType: t3.nano, maxPods: 30}`;

describe('custom networking', () => {
  const world = poolWorld({ env: CUSTOM, manifests: ENI_CONFIG });

  test('pods stand in the subnet of the ENIConfig, on ENIs with its groups; the first ENI has none', () => {
    expect(stands(world, 'web')).toBe('100.64.0.5 on eni/n1/1');
    const enis = world.enis.filter(({ owner }) => owner === 'node/n1');
    expect(enis.map(({ id, subnet, securityGroups }) => [id, subnet, securityGroups.join()])).toEqual([
      ['n1', 'nodes', 'nodes'],
      ['n1/1', 'pods', 'pods'],
      ['n1/2', 'pods', 'pods'],
    ]);
    expect(enis[0]!.addresses).toHaveLength(1);
  });

  test('between pods their own ENIs and groups count, and the gateway is that of their subnet', () => {
    expect(enisOnTheWay(world, WEB, `${FAR}:8080`)).toEqual(['eni/n1/1', 'eni/n2/1']);
    expect(traceOf(world, FAR, `${WEB}:81`).verdict).toBe('reachable');
    expect(traceOf(world, 'node/n2', `${WEB}:81`)).toMatchObject({ verdict: 'unreachable' });
  });

  test('to the internet the node’s SNAT takes the first ENI, and the NAT gateway of its subnet', () => {
    expect(enisOnTheWay(world, WEB, INTERNET)).toEqual(['eni/n1', 'eni/nat', 'nat-gateway/nat', 'eni/nat']);
    expect(source(world, WEB, INTERNET, 'node/n1')).toBe('10.0.1.10');
  });

  test('with external SNAT the pod leaves by its own subnet’s route table', () => {
    const external = poolWorld({
      env: `${CUSTOM}, AWS_VPC_K8S_CNI_EXTERNALSNAT: "true"`,
      manifests: ENI_CONFIG,
    });
    expect(enisOnTheWay(external, WEB, INTERNET).slice(0, 2)).toEqual(['eni/n1/1', 'eni/nat-pods']);
    expect(traceOf(external, WEB, INTERNET).verdict).toBe('reachable');
  });

  test('and every way is open', () => expect(waysOf(world)).toEqual(everyWay));

  test('with prefixes, pods have addresses of prefixes of that subnet', () => {
    const both = poolWorld({ env: `${CUSTOM}, ${PREFIXES}`, manifests: ENI_CONFIG });
    expect(stands(both, 'web')).toBe('100.64.0.16 on eni/n1/1');
    expect(waysOf(both)).toEqual(everyWay);
  });

  test('without groups in the ENIConfig, those of the node', () => {
    const plain = ENI_CONFIG.replace(', securityGroups: [pods]', '');
    const own = poolWorld({ env: CUSTOM, manifests: plain });
    expect(own.enis.find(({ id }) => id === 'n1/1')!.securityGroups).toEqual(['nodes']);
  });

  test('without an ENIConfig for the zone no node becomes ready, and pods say why', () => {
    const none = poolWorld({ env: CUSTOM });
    expect(podOf(none, 'web')).toMatchObject({ phase: 'ContainerCreating', address: undefined });
    expect(podOf(none, 'web').reasons[0]).toMatch(
      /^NetworkNotReady: network is not ready: .*Failed to attach any ENIs for custom networking: eniconfig: eniconfig is not available/,
    );
    expect(warnings(none)).toContain(
      'cni/no-eniconfig: custom networking finds no ENIConfig named "us-east-1a" for zone us-east-1a: 2 nodes there never become ready',
    );
  });

  test('an ENIConfig whose subnet is in another zone is of no use there', () => {
    const other = poolWorld({ env: CUSTOM, manifests: ENI_CONFIG, podsZone: 'us-east-1b' });
    const issue = other.warnings.find(({ code }) => code === 'cni/eniconfig-zone')!;
    expect([issue.message, issue.at?.file]).toEqual([
      'ENIConfig us-east-1a is for nodes in us-east-1a, and its subnet pods is in us-east-1b: 2 nodes there never become ready',
      'm.yaml',
    ]);
    expect(podOf(other, 'web').address).toBeUndefined();
  });

  test('MAX_ENI=1 leaves no ENI for pods', () => {
    const one = poolWorld({ env: `${CUSTOM}, MAX_ENI: "1"`, manifests: ENI_CONFIG });
    const issue = one.warnings.find(({ code }) => code === 'cni/no-eni-for-pods')!;
    expect(issue.message).toBe(
      'custom networking leaves no ENI for pods on m5.large, which has at most 1 ENI: the primary one carries none',
    );
    expect([issue.hint, issue.at?.file]).toEqual(['raise MAX_ENI', 'vpcsim.yaml']);
    expect(podOf(one, 'web').phase).toBe('ContainerCreating');
  });
});

describe('subnet discovery', () => {
  test('new ENIs stand in the tagged subnet when it has more free addresses', () => {
    const subnets =
      '\n      - {name: large, az: us-east-1a, cidr: 10.0.2.0/23, routeTable: pods, tags: {kubernetes.io/role/cni: "1"}}';
    const world = poolWorld({ before: 9, subnets });
    expect(stands(world, 'web')).toBe('10.0.2.5 on eni/n1/1');
    expect(waysOf(world)).toEqual(everyWay);
  });

  test('an untagged subnet is left alone, and one that names another cluster', () => {
    const tags = 'kubernetes.io/role/cni: "1", cni.networking.k8s.aws/cluster/other: "1"';
    const env = 'CLUSTER_NAME: mine';
    expect(stands(poolWorld({ before: 9 }), 'web')).toBe('10.0.1.16 on eni/n1/1');
    expect(stands(poolWorld({ before: 9, podsTags: tags, env }), 'web')).toBe('10.0.1.16 on eni/n1/1');
    expect(stands(poolWorld({ before: 9, podsTags: tags }), 'web')).toBe('100.64.0.5 on eni/n1/1');
  });

  test('a node in a subnet that is closed to pods gives them none of its own addresses', () => {
    const world = poolWorld({
      nodesTags: 'kubernetes.io/role/cni: "0"',
      podsTags: 'kubernetes.io/role/cni: "1"',
    });
    expect(stands(world, 'web')).toBe('100.64.0.5 on eni/n1/1');
    expect(waysOf(world)).toEqual(everyWay);
  });
});

test('on further network cards ENIs have tables of their own', () => {
  const world = poolWorld({ env: 'ENABLE_MULTI_NIC: "true"', instanceType: 'p4d.24xlarge' });
  expect(world.enis.filter(({ owner }) => owner === 'node/n1').map(({ id }) => id)).toEqual([
    'n1',
    'n1/1',
    'n1/1.0',
    'n1/2.0',
    'n1/3.0',
  ]);
  expect(waysOf(world)).toEqual(everyWay);
});

test('where no subnet is open, nodes keep what their own interface has', () => {
  const world = poolWorld({ nodesTags: 'kubernetes.io/role/cni: "0"' });
  expect(podOf(world, 'web').phase).toBe('ContainerCreating');
  expect(warnings(world)).toContain(
    'cni/no-subnet: pods of nodes in subnet nodes get no address: no valid subnets available for ENI creation - all subnets are either not tagged or tagged with kubernetes.io/role/cni=0',
  );
});

test('a pod that is pinned to an address which its node cannot have waits for it', () => {
  const cluster = '\n  placements: [{pod: default/web, node: n1, address: 100.64.0.9}]';
  const world = poolWorld({ cluster });
  expect(podOf(world, 'web').address).toBeUndefined();
  expect(warnings(world)).toContain(
    'cni/address-elsewhere: pod default/web waits for 100.64.0.9, which no interface of node n1 can have: they stand in nodes',
  );
  const custom = poolWorld({ cluster, env: CUSTOM, manifests: ENI_CONFIG });
  expect(stands(custom, 'web')).toBe('100.64.0.9 on eni/n1/1');
});

describe('what older versions of the CNI do not do', () => {
  const old = (version: string, options: Parameters<typeof poolWorld>[0]) =>
    poolWorld({ ...options, version });

  test('delegate prefixes before 1.9', () => {
    expect(stands(old('1.8.0', { env: PREFIXES }), 'web')).toBe('10.0.1.4 on eni/n1');
  });

  test('look at tags of subnets before 1.18, or close the nodes’ own before 1.22.1', () => {
    const podsTags = 'kubernetes.io/role/cni: "1"';
    expect(stands(old('1.17.1', { before: 9, podsTags }), 'web')).toBe('10.0.1.16 on eni/n1/1');
    const nodesTags = 'kubernetes.io/role/cni: "0"';
    expect(stands(old('1.22.0', { nodesTags, podsTags }), 'web')).toBe('10.0.1.4 on eni/n1');
  });
});

describe('targets out of reach', () => {
  test.each([
    [
      'WARM_IP_TARGET: "100"',
      'WARM_IP_TARGET=100 is out of reach: the ENIs of m5.large hold at most 27 addresses for pods',
    ],
    [
      'WARM_IP_TARGET: "1", MINIMUM_IP_TARGET: "60"',
      'MINIMUM_IP_TARGET=60 is out of reach: the ENIs of m5.large hold at most 27 addresses for pods',
    ],
    [
      `${PREFIXES}, WARM_IP_TARGET: "40"`,
      'WARM_IP_TARGET=40 is more than the 29 pods of m5.large: the pool stops growing there',
    ],
  ])('%s', (env, message) => {
    const issue = poolWorld({ env }).warnings.find(({ code }) => code === 'cni/target-out-of-reach')!;
    expect([issue.message, issue.at?.file]).toEqual([message, 'vpcsim.yaml']);
  });

  test('a minimum alone is a limit', () => {
    const world = poolWorld({ env: 'MINIMUM_IP_TARGET: "4"', before: 9 });
    expect(podOf(world, 'web').reasons[0]).toMatch(
      /^FailedCreatePodSandBox: .*failed to assign an IP address to container$/,
    );
    expect(warnings(world)).toContain(
      'cni/pool-never-grows: MINIMUM_IP_TARGET=4 without WARM_IP_TARGET: the pool never grows for pods beyond it',
    );
  });
});
