import { describe, expect, test } from 'vitest';
import { formatCidr } from '../../src/addressing/cidr.ts';
import { formatIpv4, type Ipv4, ipv4 } from '../../src/addressing/ip.ts';
import { readEnvironment, type Variables } from '../../src/cni/environment.ts';
import { instanceType } from '../../src/cni/instance-types.ts';
import { type PoolPod, planIpPool } from '../../src/cni/ip-pool.ts';
import type { SubnetAddresses } from '../../src/cni/ipamd/subnet-addresses.ts';
import { eniMaxPods } from '../../src/cni/max-pods.ts';

/** A subnet 10.0.0.0 with `size` free addresses from .11 on; .10 is the node's. */
function subnet(size = 245): SubnetAddresses & { readonly free: Set<Ipv4> } {
  const free = new Set(Array.from({ length: size }, (_, i) => ipv4('10.0.0.11') + i));
  const base = ipv4('10.0.0.0');
  const wholeBlock = (start: Ipv4): boolean =>
    Array.from({ length: 16 }, (_, i) => start + i).every((one) => free.has(one));
  return {
    free,
    freeIn: () => free.size,
    contains: (_, address) => address >= base && address < base + 256,
    claim(_, wanted) {
      const address = wanted ?? Math.min(...free);
      return free.delete(address) ? address : undefined;
    },
    claimPrefix(_, wanted) {
      const starts = Array.from({ length: 16 }, (_, i) => base + 16 * i).filter(wholeBlock);
      const start = wanted ? wanted.base : starts[0];
      for (let i = 0; start !== undefined && i < 16; i++) free.delete(start + i);
      return start;
    },
    release: (_, address) => void free.add(address),
  };
}

const podList = (count: number): PoolPod[] =>
  Array.from({ length: count }, (_, i) => ({ name: `default/p${i}` }));

function plan(type: string, pods: readonly PoolPod[], variables: Variables = {}, addresses = subnet()) {
  const limits = instanceType(type)!;
  return planIpPool({
    type: limits,
    env: readEnvironment(variables),
    maxPods: eniMaxPods(limits).pods,
    node: { subnet: 'a', address: ipv4('10.0.0.10') },
    eniSubnets: { subnets: ['a'] },
    pods,
    addresses,
  });
}

describe('the addresses of a node', () => {
  test('a new node holds one ENI full of free addresses', () => {
    const { enis, warm, waiting } = plan('t3.small', []);
    expect(enis).toMatchObject([
      { device: 0, primary: ipv4('10.0.0.10'), secondary: ['10.0.0.11', '10.0.0.12', '10.0.0.13'].map(ipv4) },
    ]);
    expect([warm.length, waiting.length]).toEqual([3, 0]);
  });

  test('pods fill the lowest ENI first, lowest address first', () => {
    const { enis, assigned, warm } = plan('t3.small', podList(5));
    expect(enis.map(({ primary }) => formatIpv4(primary))).toEqual(['10.0.0.10', '10.0.0.14', '10.0.0.18']);
    expect(assigned.map(({ address, eni }) => [formatIpv4(address), eni])).toEqual([
      ['10.0.0.11', 0],
      ['10.0.0.12', 0],
      ['10.0.0.13', 0],
      ['10.0.0.15', 1],
      ['10.0.0.16', 1],
    ]);
    expect(warm.map(formatIpv4)).toEqual(['10.0.0.17', '10.0.0.19', '10.0.0.20', '10.0.0.21']);
  });

  test('a pinned address is honoured, and the others do not take it', () => {
    const pods = [{ name: 'a/x' }, { name: 'a/y', address: ipv4('10.0.0.99') }, { name: 'a/z' }];
    const { assigned } = plan('t3.small', pods);
    expect(assigned.map(({ address, eni }) => [formatIpv4(address), eni])).toEqual([
      ['10.0.0.11', 0],
      ['10.0.0.99', 0],
      ['10.0.0.12', 0],
    ]);
  });

  test('a pinned address goes before pods without one when the node is full', () => {
    const pods = [...podList(9), { name: 'a/pinned', address: ipv4('10.0.0.99') }];
    const { assigned, waiting } = plan('t3.small', pods);
    expect(assigned.at(-1)).toMatchObject({ pod: 'a/pinned', address: ipv4('10.0.0.99') });
    expect(waiting.map(({ pod }) => pod)).toEqual(['default/p8']);
  });
});

describe('prefixes of a node', () => {
  const prefixes = { ENABLE_PREFIX_DELEGATION: 'true' };

  test('a pod has an address of a prefix, and all others of it and of the next are warm', () => {
    const { enis, assigned, warm } = plan('m5.large', podList(1), prefixes);
    expect(enis[0]!.prefixes.map(formatCidr)).toEqual(['10.0.0.16/28', '10.0.0.32/28']);
    expect([formatIpv4(assigned[0]!.address), warm.length]).toEqual(['10.0.0.16', 31]);
  });

  test('a pinned address is of a prefix of the node', () => {
    const pods = [{ name: 'a/x' }, { name: 'a/y', address: ipv4('10.0.0.99') }];
    const { enis, assigned } = plan('m5.large', pods, prefixes);
    expect(enis[0]!.prefixes.map(formatCidr)).toEqual(['10.0.0.16/28', '10.0.0.96/28']);
    expect(assigned.map(({ address }) => formatIpv4(address))).toEqual(['10.0.0.96', '10.0.0.99']);
  });
});

test('a node that custom networking leaves without an ENI for pods never becomes ready', () => {
  const env = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true', MAX_ENI: '1' };
  const { assigned, waiting, because } = plan('m5.large', podList(1), env);
  expect(assigned).toEqual([]);
  expect(waiting[0]!.event).toMatch(
    /^network is not ready: .* Failed to attach any ENIs for custom networking\)$/,
  );
  expect(because).toMatch(/none of them is left for pods; Failed to attach any ENIs for custom networking$/);
});

describe('when addresses run out', () => {
  const failed =
    /^Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "[0-9a-f]{64}": plugin type="aws-cni" name="aws-cni" failed \(add\): add cmd: failed to assign an IP address to container$/;

  test('pods beyond what the ENIs hold get no address, in the words of the CNI', () => {
    const { assigned, waiting, failures } = plan('m5.large', podList(20), { MAX_ENI: '1' });
    expect([assigned.length, waiting.length, failures]).toEqual([9, 11, []]);
    expect(waiting[0]!.event).toMatch(failed);
  });

  test('a fixed pool does not grow for the thirteenth pod', () => {
    const { waiting } = plan('m5.large', podList(13), { MINIMUM_IP_TARGET: '12' });
    expect(waiting.map(({ pod }) => pod)).toEqual(['default/p12']);
  });

  test('an ENI is created with all its addresses or not at all; the first one takes what there is', () => {
    const small = subnet(12);
    const { enis, waiting, failures } = plan('m5.large', podList(10), {}, small);
    expect(enis.map(({ secondary }) => secondary.length)).toEqual([9]);
    expect([waiting.length, failures.length, small.free.size]).toEqual([1, 1, 3]);
    expect(plan('m5.large', podList(10), {}, subnet(4)).enis[0]!.secondary).toHaveLength(4);
  });
});
