/** Security groups that interfaces hold and that no file describes. */
import { type Account, all, has } from './account.ts';
import { groupsOf } from './interfaces.ts';
import { parts, type Resource, text } from './resource.ts';

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
  const hold = (by: Resource, key: string): void => {
    const vpc = text(by, 'VpcId');
    for (const id of vpc === undefined ? [] : groupsOf(by, key))
      if (!held.has(id) && !has(account, 'SecurityGroups', id)) held.set(id, { vpc: vpc!, by });
  };
  for (const eni of all(account, 'NetworkInterfaces')) hold(eni, 'Groups');
  for (const endpoint of all(account, 'VpcEndpoints')) hold(endpoint, 'Groups');
  for (const instance of all(account, 'Reservations').flatMap((each) => parts(each, 'Instances')))
    hold(instance, 'SecurityGroups');
  known.set(account, held);
  return held;
}
