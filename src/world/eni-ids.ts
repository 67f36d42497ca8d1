/** Names of the interfaces of nodes: their own, where they are given, else made of the node's name. */
import type { BranchEni, PoolEni } from '../cni/pool-plan.ts';

/** `node` for the primary interface, `node/device` for the others of its card, `node/card.device` on further cards. */
export function nodeEniId(
  node: string,
  { name, card, device }: Pick<PoolEni, 'name' | 'card' | 'device'>,
): string {
  if (name !== undefined) return name;
  if (card > 0) return `${node}/${card}.${device}`;
  return device === 0 ? node : `${node}/${device}`;
}

/** A branch is known by the number of its VLAN on the node's trunk. */
export function branchEniId(node: string, { name, vlan }: Pick<BranchEni, 'name' | 'vlan'>): string {
  return name ?? `${node}/vlan.${vlan}`;
}
