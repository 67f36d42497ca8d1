/** What ipamd does while pods come and go and time passes. */
import { describe, expect, test } from 'vitest';
import { formatIpv4, ipv4 } from '../../../src/addressing/ip.ts';
import { readEnvironment } from '../../../src/cni/environment.ts';
import { addPod, advance, deletePod, grow, restartPool, settle } from '../../../src/cni/ipamd/machine.ts';
import type { Pool } from '../../../src/cni/ipamd/pool.ts';
import { isClosed } from '../../../src/cni/ipamd/subnets.ts';
import { onANode, slotsOf, subnets, wide, withPods } from './on-a-node.ts';

const PREFIXES = { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' };
const CUSTOM = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' };
const ONE_SUBNET = { ENABLE_SUBNET_DISCOVERY: 'false' };

const codes = ({ failures }: Pool) => [...failures.values()].map(({ code, subnet }) => `${code} ${subnet}`);
const addressOf = ({ store }: Pool, pod: string) => {
  const own = store.pods.get(pod);
  return own && formatIpv4(own.address);
};

describe('a pool that grows', () => {
  test('a new node fills its primary ENI before it is ready, and looks every five seconds after', () => {
    const pool = onANode();
    expect([slotsOf(pool), pool.now]).toEqual([[9], 0]);
    addPod(pool, 'default/a');
    advance(pool, 4);
    expect(slotsOf(pool)).toEqual([9]);
    advance(pool, 1);
    expect(slotsOf(pool)).toEqual([9, 9]);
  });

  test('one action a look: t3.small needs two looks for two ENIs', () => {
    const pool = onANode({ type: 't3.small' });
    for (let i = 0; i < 5; i++) addPod(pool, `default/p${i}`);
    expect([...pool.waiting.keys()]).toEqual(['default/p3', 'default/p4']);
    advance(pool, 5);
    expect([slotsOf(pool), pool.waiting.size]).toEqual([[3, 3], 0]);
    advance(pool, 20);
    expect(slotsOf(pool)).toEqual([3, 3, 3]);
  });

  test('free slots are filled before an ENI is made', () => {
    const pool = withPods(onANode({ env: { WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '5' } }), 5);
    expect(slotsOf(pool)).toEqual([7]);
    expect(slotsOf(withPods(pool, 5, 5))).toEqual([9, 3]);
  });

  test('a warm target of addresses on t3.small: three, three and one', () => {
    const env = { WARM_IP_TARGET: '2', MINIMUM_IP_TARGET: '5' };
    expect(slotsOf(withPods(onANode({ type: 't3.small', env }), 5))).toEqual([3, 3, 1]);
  });

  test('at most as many ENIs as the type takes, as MAX_ENI says, and as others leave', () => {
    expect(slotsOf(withPods(onANode(), 27))).toEqual([9, 9, 9]);
    expect(withPods(onANode({ env: { MAX_ENI: '1' } }), 20).waiting.size).toBe(11);
    expect(slotsOf(withPods(onANode({ unmanagedEnis: 1 }), 20))).toEqual([9, 9]);
  });

  test('the pool stops at the number of pods that the kubelet takes', () => {
    expect(slotsOf(withPods(onANode({ env: { WARM_ENI_TARGET: '2' }, maxPods: 18 }), 12))).toEqual([9, 9]);
  });

  test('a cordoned node gets no ENI and no address', () => {
    const node = { subnet: 'a', address: ipv4('10.0.0.0'), cordoned: true };
    expect(slotsOf(withPods(onANode({ node }), 3))).toEqual([0]);
    const env = { AWS_MANAGE_ENIS_NON_SCHEDULABLE: 'true' };
    expect(slotsOf(withPods(onANode({ node, env }), 3))).toEqual([9, 9]);
  });

  test('what others provision stays as it is', () => {
    const env = { DISABLE_NETWORK_RESOURCE_PROVISIONING: 'true' };
    expect(withPods(onANode({ env }), 2).waiting.size).toBe(2);
  });
});

describe('prefixes', () => {
  test('pods share a prefix, lowest address first, and one prefix is warm', () => {
    const pool = withPods(onANode({ env: PREFIXES, maxPods: 110 }), 17);
    expect(pool.store.enis[0]!.prefixes.map(formatIpv4)).toEqual(['10.0.0.16', '10.0.0.32', '10.0.0.48']);
    expect([addressOf(pool, 'default/p0'), addressOf(pool, 'default/p16')]).toEqual([
      '10.0.0.16',
      '10.0.0.32',
    ]);
  });

  test('two warm prefixes come two at a time, so that the stop at the kubelet’s limit is overshot by one', () => {
    const pool = onANode({ env: { ...PREFIXES, WARM_PREFIX_TARGET: '2' }, maxPods: 16 * 7 });
    for (let i = 0; i < 96; i++) addPod(pool, `default/p${i}`);
    settle(pool);
    expect(slotsOf(pool)).toEqual([8]);
  });

  test('a type without Nitro holds single addresses', () => {
    expect(slotsOf(withPods(onANode({ type: 'm4.large', env: PREFIXES }), 1))).toEqual([9, 9]);
  });

  test('one pod in each of three prefixes keeps all three', () => {
    const pool = withPods(onANode({ env: PREFIXES, maxPods: 110 }), 48);
    for (let i = 0; i < 48; i++) if (i % 16 > 0) deletePod(pool, `default/p${i}`);
    settle(pool);
    expect(slotsOf(pool)).toEqual([4]);
    for (const i of [0, 16, 32]) deletePod(pool, `default/p${i}`);
    settle(pool);
    expect(slotsOf(pool)).toEqual([1]);
  });
});

describe('an address between two pods', () => {
  test('rests for thirty seconds, although it counts as available', () => {
    const env = { MINIMUM_IP_TARGET: '1' };
    const pool = withPods(onANode({ env }), 1);
    deletePod(pool, 'default/p0');
    addPod(pool, 'default/next');
    advance(pool, 30);
    expect(pool.waiting.has('default/next')).toBe(true);
    advance(pool, 5);
    expect(addressOf(pool, 'default/next')).toBe('10.0.0.1');
  });

  test('or as long as IP_COOLDOWN_PERIOD says', () => {
    const pool = withPods(onANode({ env: { MINIMUM_IP_TARGET: '1', IP_COOLDOWN_PERIOD: '5' } }), 1);
    deletePod(pool, 'default/p0');
    addPod(pool, 'default/next');
    advance(pool, 10);
    expect(addressOf(pool, 'default/next')).toBe('10.0.0.1');
  });
});

describe('a pool that shrinks', () => {
  test('addresses above the target go back, at most once in thirty seconds', () => {
    const ec2 = wide();
    const pool = withPods(onANode({ env: { WARM_IP_TARGET: '2' }, ec2 }), 9);
    expect(slotsOf(pool)).toEqual([9, 2]);
    for (let i = 0; i < 4; i++) deletePod(pool, `default/p${i}`);
    advance(pool, 5);
    expect(slotsOf(pool)).toEqual([7]);
    deletePod(pool, 'default/p4');
    advance(pool, 30);
    expect(slotsOf(pool)).toEqual([7]);
    advance(pool, 5);
    expect(slotsOf(pool)).toEqual([6]);
  });

  test('an ENI that nobody needs goes when it is sixty seconds old', () => {
    const ec2 = wide();
    const pool = onANode({ env: { WARM_IP_TARGET: '2' }, ec2 });
    for (let i = 0; i < 9; i++) addPod(pool, `default/p${i}`);
    grow(pool);
    for (let i = 0; i < 4; i++) deletePod(pool, `default/p${i}`);
    advance(pool, 30);
    expect(slotsOf(pool)).toHaveLength(2);
    settle(pool);
    expect(slotsOf(pool)).toEqual([7]);
    expect(ec2.taken.get('a')!.size).toBe(8);
  });

  test('by default an ENI goes when two full ones are free, and not before its addresses have rested', () => {
    const pool = withPods(onANode(), 10);
    for (let i = 0; i < 9; i++) deletePod(pool, `default/p${i}`);
    settle(pool);
    // p9 stands on the second ENI: the third goes, the first is the node's own.
    expect(slotsOf(pool)).toEqual([9, 9]);
    expect(addressOf(pool, 'default/p9')).toBeDefined();
  });

  test('a pod on each ENI keeps all of them', () => {
    const pool = withPods(onANode(), 27);
    for (let i = 0; i < 27; i++) if (i % 9 > 0) deletePod(pool, `default/p${i}`);
    settle(pool);
    expect(slotsOf(pool)).toEqual([9, 9, 9]);
  });

  test('with WARM_ENI_TARGET=0 and every address taken, an ENI comes and goes without end', () => {
    const pool = withPods(onANode({ env: { WARM_ENI_TARGET: '0' } }), 9);
    expect([slotsOf(pool), pool.cards[0]!.breathes]).toEqual([[9, 9], true]);
    const seen = new Set<number>();
    for (let i = 0; i < 60; i++) {
      advance(pool, 5);
      seen.add(pool.store.enis.length);
    }
    expect([...seen].sort()).toEqual([1, 2]);
  });

  test('so does a prefix with WARM_PREFIX_TARGET=0', () => {
    const pool = withPods(onANode({ env: { ...PREFIXES, WARM_PREFIX_TARGET: '0' }, maxPods: 110 }), 16);
    expect([slotsOf(pool), pool.cards[0]!.breathes]).toEqual([[2], true]);
  });
});

describe('a subnet that has too little', () => {
  test('an ENI that is there takes what is left one by one; one that is not is never made in part', () => {
    const pool = withPods(onANode({ ec2: subnets({ a: '10.0.0.0/28' }) }), 10);
    expect([slotsOf(pool), pool.waiting.size]).toEqual([[9], 1]);
    const small = onANode({ ec2: subnets({ a: '10.0.0.0/29' }) });
    settle(small);
    expect(slotsOf(small)).toEqual([7]);
    expect(codes(small)).toEqual(['InsufficientFreeAddressesInSubnet a']);
  });

  test('after that ipamd asks for nothing for two minutes', () => {
    const ec2 = subnets({ a: '10.0.0.0/29' });
    const env = { ...ONE_SUBNET };
    const others = Array.from({ length: 7 }, (_, i) => ipv4('10.0.0.1') + i);
    ec2.occupy('a', others);
    const pool = onANode({ env, ec2 });
    ec2.vacate('a', others);
    addPod(pool, 'default/a');
    advance(pool, 120);
    expect(pool.waiting.size).toBe(1);
    advance(pool, 5);
    expect(addressOf(pool, 'default/a')).toBe('10.0.0.1');
  });

  test('sixteen free addresses that are no aligned block give no prefix', () => {
    const ec2 = subnets({ a: '10.0.0.0/27' });
    ec2.occupy('a', [ipv4('10.0.0.20')]);
    const pool = withPods(onANode({ env: { ...PREFIXES, ...ONE_SUBNET }, ec2, maxPods: 110 }), 1);
    expect([ec2.free('a'), codes(pool), pool.waiting.size]).toEqual([30, ['InsufficientCidrBlocks a'], 1]);
    expect([...pool.failures.values()][0]!.message).toBe(
      'The specified subnet does not have enough free cidr blocks to satisfy the request.',
    );
  });

  test('a new ENI with prefixes is refused with another code, after which ipamd does not pause', () => {
    const ec2 = subnets({ a: '10.0.0.0/27' });
    ec2.occupy('a', [ipv4('10.0.0.20')]);
    const pool = withPods(onANode({ env: PREFIXES, ec2, maxPods: 110 }), 1);
    expect(codes(pool)).toEqual(['InsufficientCidrBlocks a', 'InvalidParameterValue a']);
    expect(pool.lastInsufficient).toBe(-Infinity);
  });
});

describe('where new ENIs stand', () => {
  const both = () => subnets({ a: '10.0.0.0/26', b: '10.0.1.0/24' });

  test('in the open subnet of the zone with most free addresses', () => {
    const pool = withPods(onANode({ ec2: both(), eniSubnets: { subnets: ['a', 'b'] } }), 12);
    expect(pool.store.enis.map(({ subnet }) => subnet)).toEqual(['a', 'b', 'b']);
  });

  test('when the subnet of an ENI is full, in the next one', () => {
    const ec2 = subnets({ a: '10.0.0.0/29', b: '10.0.1.0/24' });
    const pool = withPods(onANode({ ec2, eniSubnets: { subnets: ['a', 'b'] } }), 12);
    expect(slotsOf(pool)).toEqual([7, 9, 9]);
  });

  test('under custom networking in the subnet and with the groups of the ENIConfig; the primary ENI stays empty', () => {
    const eniSubnets = { subnets: ['b'], securityGroups: ['pods'] };
    const pool = withPods(onANode({ env: CUSTOM, ec2: both(), eniSubnets, maxPods: 20 }), 1);
    expect(slotsOf(pool)).toEqual([0, 9, 9]);
    expect(pool.store.enis.map(({ subnet, securityGroups }) => [subnet, securityGroups])).toEqual([
      ['a', undefined],
      ['b', ['pods']],
      ['b', ['pods']],
    ]);
  });

  test('custom networking without an ENI for pods leaves the node unready', () => {
    const pool = withPods(onANode({ env: { ...CUSTOM, MAX_ENI: '1' } }), 1);
    expect([pool.notReady, pool.waiting.size]).toEqual([
      'Failed to attach any ENIs for custom networking',
      1,
    ]);
    const eniSubnets = { subnets: [], because: 'eniconfig: eniconfig is not available' };
    const none = onANode({ env: CUSTOM, eniSubnets });
    expect([none.notReady, none.obstacle]).toEqual([
      'Failed to attach any ENIs for custom networking',
      'eniconfig: eniconfig is not available',
    ]);
  });

  test('a node in a closed subnet gives its pods none of its own addresses', () => {
    const tags = { 'kubernetes.io/role/cni': '0' };
    const closed = isClosed({ name: 'a', az: 'x', tags }, readEnvironment({}));
    const node = { subnet: 'a', address: ipv4('10.0.0.0'), closed };
    const pool = withPods(onANode({ ec2: both(), node, eniSubnets: { subnets: ['b'] } }), 1);
    expect(slotsOf(pool)).toEqual([0, 9, 9]);
  });
});

describe('ENIs for other ends', () => {
  test('the trunk has the highest device number, no addresses for pods, and its place is kept for it', () => {
    const pool = withPods(onANode({ env: { ENABLE_POD_ENI: 'true' } }), 18);
    expect(pool.store.enis.map(({ device, role }) => `${device} ${role}`)).toEqual([
      '0 primary',
      '1 secondary',
      '2 trunk',
    ]);
    expect(slotsOf(pool)).toEqual([9, 9, 0]);
  });

  test('each further network card holds one address ready', () => {
    const pool = withPods(onANode({ type: 'p4d.24xlarge', env: { ENABLE_MULTI_NIC: 'true' } }), 1);
    expect(pool.store.enis.map(({ card, device }) => `${card}.${device}`)).toEqual([
      '0.0',
      '0.1',
      '1.0',
      '2.0',
      '3.0',
    ]);
    expect(slotsOf(pool)).toEqual([49, 49, 1, 1, 1]);
  });

  test('a prefix on a further card is given back and taken again without end', () => {
    const env = { ENABLE_MULTI_NIC: 'true', ...PREFIXES };
    const pool = withPods(onANode({ type: 'p4d.24xlarge', env, maxPods: 250 }), 1);
    expect(slotsOf(pool)).toEqual([2, 1, 1, 1]);
    expect(pool.cards.map(({ breathes }) => breathes)).toEqual([false, true, true, true]);
  });
});

test('after a change of mode pods keep their addresses, and unused ones of the old mode go', () => {
  const pool = withPods(onANode({ env: { WARM_IP_TARGET: '3' } }), 4);
  expect(slotsOf(pool)).toEqual([7]);
  restartPool(pool, { ...pool.settings, env: readEnvironment(PREFIXES), maxPods: 110 });
  settle(pool);
  const [primary] = pool.store.enis;
  expect([primary!.singles.length, primary!.prefixes.length]).toEqual([4, 1]);
  expect(addressOf(withPods(pool, 1, 4), 'default/p4')).toBe('10.0.0.16');
});
