/** Security groups that interfaces hold and that no file describes. */
import { type Account, all, has } from './account.ts';
import { groupsOf } from './interfaces.ts';
import { type Resource, text } from './resource.ts';

interface Held {
  readonly vpc: string;
  readonly by: Resource;
}

const known = new WeakMap<Account, ReadonlyMap<string, Held>>();

/** By id: the VPC of the first interface that holds it, and that interface. */
export function heldGroups(account: Account): ReadonlyMap<string, Held> {
  const before = known.get(account);
  if (before) return before;
  const held = new Map<string, Held>();
  for (const eni of all(account, 'NetworkInterfaces')) {
    const vpc = text(eni, 'VpcId');
    if (vpc === undefined) continue;
    for (const id of groupsOf(eni, 'Groups'))
      if (!held.has(id) && !has(account, 'SecurityGroups', id)) held.set(id, { vpc, by: eni });
  }
  known.set(account, held);
  return held;
}
