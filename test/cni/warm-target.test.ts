/** Every number is worked out by hand from the rules in the CNI's own documents and source. */
import { describe, expect, test } from 'vitest';
import { readEnvironment, type Variables } from '../../src/cni/environment.ts';
import { instanceType } from '../../src/cni/instance-types.ts';
import { eniMaxPods } from '../../src/cni/max-pods.ts';
import { warmTarget } from '../../src/cni/warm-target.ts';

const PREFIXES = { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' };
const CUSTOM = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' };

function target(type: string, pods: number, variables: Variables = {}, maxPods?: number) {
  const limits = instanceType(type)!;
  const env = readEnvironment(variables);
  return warmTarget({ type: limits, env, maxPods: maxPods ?? eniMaxPods(limits).pods, pods });
}

/** ENIs, addresses for pods, addresses of the subnet. */
function sizes(type: string, pods: number, variables: Variables = {}, maxPods?: number) {
  const { enis, addresses, subnetAddresses } = target(type, pods, variables, maxPods);
  return [enis, addresses, subnetAddresses.node + subnetAddresses.pod];
}

describe('single addresses: whole ENIs', () => {
  test.each([
    ['m5.large', 0, [1, 9, 10]],
    ['m5.large', 1, [2, 18, 20]],
    ['m5.large', 9, [2, 18, 20]],
    ['m5.large', 10, [3, 27, 30]],
    ['m5.large', 27, [3, 27, 30]],
    ['m5.xlarge', 0, [1, 14, 15]],
    ['m5.xlarge', 1, [2, 28, 30]],
    ['m5.xlarge', 14, [2, 28, 30]],
    ['m5.xlarge', 15, [3, 42, 45]],
    ['m5.xlarge', 28, [3, 42, 45]],
    ['m5.xlarge', 29, [4, 56, 60]],
    ['m5.xlarge', 56, [4, 56, 60]],
    ['m5.4xlarge', 1, [2, 58, 60]],
    ['m5.4xlarge', 29, [2, 58, 60]],
    ['m5.4xlarge', 30, [3, 87, 90]],
    ['t3.small', 5, [3, 9, 12]],
    ['p3dn.24xlarge', 0, [1, 49, 50]],
    ['p3dn.24xlarge', 3, [2, 98, 100]],
    ['p3dn.24xlarge', 95, [3, 147, 150]],
  ])('one ENI more than %s needs for %i pods', (type, pods, expected) => {
    expect(sizes(type, pods)).toEqual(expected);
  });

  test.each([
    ['m5.large', 20, { MAX_ENI: '1' }, [1, 9, 10]],
    ['m5.large', 9, { WARM_ENI_TARGET: '0' }, [2, 18, 20]],
    ['m5.large', 8, { WARM_ENI_TARGET: '0' }, [1, 9, 10]],
    ['m5.large', 8, { WARM_ENI_TARGET: '-3' }, [2, 18, 20]],
    ['m5.xlarge', 1, { WARM_ENI_TARGET: '2' }, [3, 42, 45]],
  ])('%s with %i pods and %o', (type, pods, variables, expected) => {
    expect(sizes(type, pods, variables as Variables)).toEqual(expected);
  });

  test('the pool stops growing once it holds an address for every pod that the kubelet takes', () => {
    expect(sizes('m5.4xlarge', 100, { WARM_ENI_TARGET: '4' }, 110)).toEqual([4, 116, 120]);
    expect(target('m5.4xlarge', 100, { WARM_ENI_TARGET: '4' }, 110).because).toBe(
      'WARM_ENI_TARGET=4: 100 pods at 29 addresses an ENI ask for 8 ENIs, enough for 110 pods',
    );
  });
});

describe('single addresses: WARM_IP_TARGET and MINIMUM_IP_TARGET', () => {
  test.each([
    ['t3.small', 5, '1', '1', [2, 6, 8]],
    ['t3.small', 0, '2', '5', [2, 5, 7]],
    ['t3.small', 5, '2', '5', [3, 7, 10]],
    ['m5.large', 10, '2', '10', [2, 12, 14]],
    ['m5.4xlarge', 30, '30', '0', [3, 60, 63]],
    ['m5.4xlarge', 30, '2', '30', [2, 32, 34]],
    ['m5.large', 13, '0', '12', [2, 12, 14]],
    ['p3dn.24xlarge', 7, '5', '10', [1, 12, 13]],
    ['p3dn.24xlarge', 45, '5', '10', [2, 50, 52]],
  ])('%s with %i pods, %s free and %s in all', (type, pods, warm, minimum, expected) => {
    expect(sizes(type, pods, { WARM_IP_TARGET: warm, MINIMUM_IP_TARGET: minimum })).toEqual(expected);
  });
});

describe('prefix delegation', () => {
  test.each([
    [0, 17],
    [1, 33],
    [20, 49],
    [60, 81],
    [110, 113],
  ])('m5.large, at most 110 pods, with %i of them takes %i addresses of its subnet', (pods, subnet) => {
    const { enis, prefixes, subnetAddresses } = target('m5.large', pods, PREFIXES, 110);
    expect(subnetAddresses).toEqual({ node: subnet, pod: 0 });
    expect([enis, prefixes * 16 + 1]).toEqual([1, subnet]);
  });

  test('seven prefixes are enough for 110 pods: none is held beyond them', () => {
    expect(target('m5.large', 110, PREFIXES, 110).prefixes).toBe(7);
  });

  test('WARM_IP_TARGET and MINIMUM_IP_TARGET are rounded up to prefixes', () => {
    const both = { ...PREFIXES, WARM_IP_TARGET: '7', MINIMUM_IP_TARGET: '20' };
    expect(target('t3.small', 0, both, 110).prefixes).toBe(2);
    expect(target('t3.small', 20, both, 110).prefixes).toBe(2);
    expect(target('t3.small', 26, both, 110).prefixes).toBe(3);
  });

  test('one prefix beyond those in use needs no further ENI of a large type', () => {
    for (const pods of [3, 45, 95]) expect(target('p3dn.24xlarge', pods, PREFIXES, 250).enis).toBe(1);
  });

  test('a type without Nitro falls back to single addresses', () => {
    expect(target('m4.large', 5, PREFIXES)).toMatchObject({ prefixes: 0, enis: 2, addresses: 18 });
  });

  test('where nothing is set, one prefix is warm, as in the manifest that AWS ships', () => {
    expect(target('m5.large', 1, { ENABLE_PREFIX_DELEGATION: 'true' }, 110).prefixes).toBe(2);
  });

  test('with no warm prefix the next one comes when no address is free', () => {
    const none = { ...PREFIXES, WARM_PREFIX_TARGET: '0' };
    expect(target('m5.large', 15, none, 110).prefixes).toBe(1);
    expect(target('m5.large', 16, none, 110).prefixes).toBe(2);
  });
});

describe('custom networking: the primary ENI has one address of the node subnet and no pods', () => {
  test.each([
    [0, 2, 1, 10],
    [1, 3, 1, 20],
    [9, 3, 1, 20],
    [18, 3, 1, 20],
  ])('m5.large with %i pods: %i ENIs', (pods, enis, node, pod) => {
    expect(target('m5.large', pods, CUSTOM, 20)).toMatchObject({ enis, subnetAddresses: { node, pod } });
  });

  test.each([
    [50, 82],
    [100, 114],
  ])('with prefixes, %i pods take %i addresses', (pods, expected) => {
    const { node, pod } = target('m5.large', pods, { ...CUSTOM, ...PREFIXES }, 110).subnetAddresses;
    expect([node, node + pod]).toEqual([1, expected]);
  });

  test('MAX_ENI=1 leaves no ENI for pods', () => {
    expect(target('m5.large', 5, { ...CUSTOM, MAX_ENI: '1' }, 20)).toMatchObject({ enis: 1, addresses: 0 });
  });
});

describe('ENIs that carry no pods', () => {
  test('a trunk takes an address and the place of an ENI', () => {
    const { enis, addresses, subnetAddresses } = target('m5.large', 20, { ENABLE_POD_ENI: 'true' });
    expect([enis, addresses, subnetAddresses]).toEqual([3, 18, { node: 21, pod: 0 }]);
  });

  test('a type that takes no trunk keeps all its ENIs for pods', () => {
    expect(sizes('t3.small', 5, { ENABLE_POD_ENI: 'true' })).toEqual([3, 9, 12]);
  });

  test('a node in a subnet that is closed to pods takes all their addresses elsewhere', () => {
    const type = instanceType('m5.large')!;
    const demand = { type, env: readEnvironment({}), maxPods: 29, pods: 1, primaryExcluded: true };
    expect(warmTarget(demand)).toMatchObject({ enis: 3, addresses: 18 });
  });

  test('a pool that others provision is left as it is', () => {
    const fixed = { DISABLE_NETWORK_RESOURCE_PROVISIONING: 'true' };
    expect(sizes('m5.large', 5, fixed)).toEqual([1, 0, 1]);
  });
});

describe('several network cards', () => {
  test('each further card holds one address ready; p4d.24xlarge has four', () => {
    expect(sizes('p4d.24xlarge', 10, { ENABLE_MULTI_NIC: 'true' })).toEqual([5, 98 + 3, 100 + 6]);
    expect(sizes('p4d.24xlarge', 10)).toEqual([2, 98, 100]);
  });
});

describe('how many nodes fit into a subnet of 251 usable addresses', () => {
  test.each([
    [1, {}, 12],
    [9, {}, 12],
    [10, {}, 8],
    [27, {}, 8],
    [10, { WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '10' }, 17],
  ])('m5.large with %i pods and %o', (pods, variables, nodes) => {
    expect(Math.floor(251 / sizes('m5.large', pods, variables as Variables)[2]!)).toBe(nodes);
  });

  test('and of 4091: 136 m5.large or 68 m5.xlarge with all their pods', () => {
    expect(Math.floor(4091 / sizes('m5.large', 27)[2]!)).toBe(136);
    expect(Math.floor(4091 / sizes('m5.xlarge', 56)[2]!)).toBe(68);
  });
});
