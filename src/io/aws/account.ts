/** What the readers of an account's dumps share: the inventory, and how values of the topology file are made of it. */
import type { Reading } from '../reading.ts';
import type { Inventory } from './inventory.ts';
import { originOf, pathOf, type Resource, text } from './resource.ts';

export interface Account {
  readonly reading: Reading;
  readonly inventory: Inventory;
}

type Value = Record<string, unknown>;

/** A map of the topology file that says what `resource` says; members that are undefined are left out. */
export function made(account: Account, resource: Resource, value: Value): Value {
  const { origins } = account.reading;
  const origin = originOf(resource);
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member === undefined) delete value[key];
    else if (Array.isArray(member)) origins.set(member, origin);
  }
  origins.set(value, origin);
  return value;
}

/** All resources under a key such as `Subnets`. */
export function all(account: Account, collection: string): readonly Resource[] {
  return [...(account.inventory.of(collection)?.values() ?? [])];
}

/** Whether the dumps have a resource of that name. */
export function has(account: Account, collection: string, id: string | undefined): boolean {
  return id !== undefined && account.inventory.of(collection)?.has(id) === true;
}

/** Resources under a key, by the VPC that their member `key` names; those of no VPC that is described are named. */
export function byVpc(
  account: Account,
  collection: string,
  vpcOf: (resource: Resource) => string | undefined = (resource) => text(resource, 'VpcId'),
): ReadonlyMap<string, readonly Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of all(account, collection)) {
    const vpc = vpcOf(resource);
    if (vpc === undefined) continue;
    if (!has(account, 'Vpcs', vpc)) {
      nowhere(account, resource, `VPC ${vpc}`, 'it is left out');
      continue;
    }
    const group = groups.get(vpc);
    if (group) group.push(resource);
    else groups.set(vpc, [resource]);
  }
  return groups;
}

/** Those of `ids` that some file describes; the others are named. */
export function described(
  account: Account,
  resource: Resource,
  collection: string,
  ids: readonly string[],
): readonly string[] {
  return ids.filter((id) => {
    if (has(account, collection, id)) return true;
    nowhere(account, resource, id, 'it is left out there');
    return false;
  });
}

/** Warns of an id that the dumps do not describe. */
export function nowhere(account: Account, resource: Resource, what: string, so: string): void {
  account.reading.warn(originOf(resource), {
    code: 'aws/not-described',
    message: `${pathOf(resource)}: no file describes ${what}: ${so}`,
  });
}

/** Warns of something that is read past. */
export function leftOut(account: Account, resource: Resource, what: string): void {
  account.reading.warn(originOf(resource), {
    code: 'aws/left-out',
    message: `${pathOf(resource)}: ${what}`,
  });
}
