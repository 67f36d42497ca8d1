/** A node with ipamd on it, for tests. */
import { ipv4 } from '../../../src/addressing/ip.ts';
import { readEnvironment, type Variables } from '../../../src/cni/environment.ts';
import { instanceType } from '../../../src/cni/instance-types.ts';
import { addPod, grow, settle, startPool } from '../../../src/cni/ipamd/machine.ts';
import type { Pool, PoolSettings } from '../../../src/cni/ipamd/pool.ts';
import { eniMaxPods } from '../../../src/cni/max-pods.ts';
import { type ToyEc2, toyEc2 } from './toy-ec2.ts';

export const NODE = ipv4('10.0.0.0');

export interface Setup extends Partial<Omit<PoolSettings, 'env' | 'type'>> {
  readonly type?: string;
  readonly env?: Variables;
  readonly ec2?: ToyEc2;
}

/** m5.large in subnet "a", 10.0.0.0/16, whose first address the node has. */
export function onANode({ type = 'm5.large', env = {}, ec2 = wide(), ...more }: Setup = {}): Pool {
  const limits = instanceType(type)!;
  return startPool(
    {
      type: limits,
      env: readEnvironment(env),
      maxPods: eniMaxPods(limits).pods,
      node: { subnet: 'a', address: NODE },
      eniSubnets: { subnets: ['a'] },
      ...more,
    },
    ec2,
  );
}

export function wide(): ToyEc2 {
  return subnets({ a: '10.0.0.0/16' });
}

/** The first address of "a" is the node's. */
export function subnets(blocks: Readonly<Record<string, string>>): ToyEc2 {
  const ec2 = toyEc2(blocks);
  ec2.occupy('a', [NODE]);
  return ec2;
}

/** Pods come one after the other, each after the pool has grown; then time passes until nothing changes. */
export function withPods(pool: Pool, count: number, from = 0): Pool {
  for (let i = from; i < from + count; i++) {
    addPod(pool, `default/p${i}`);
    grow(pool);
  }
  settle(pool);
  return pool;
}

/** Used slots of each ENI, by card and device. */
export function slotsOf({ store }: Pool): number[] {
  return store.enis.map(({ singles, prefixes }) => singles.length + prefixes.length);
}
