/** What a topology file says of a resource that no file describes, so that nothing is guessed where packets meet it. */
import { type Account, made, nowhere } from './account.ts';
import type { Resource } from './resource.ts';

type Value = Record<string, unknown>;

/** Name of a route table or network ACL that must be there, and that no file describes. */
export const UNDESCRIBED = 'undescribed';

/** A main route table that says of no packet where it goes: not even other subnets of the VPC are certain, which a table
 *  may send elsewhere. */
export function unknownMainTable(account: Account, vpc: Resource, blocks: readonly string[]): Value {
  nowhere(account, vpc, 'its main route table', 'where packets go from its subnets is undetermined');
  const via = 'unknown/route-table';
  const routes = ['0.0.0.0/0', '::/0', ...blocks].map((to) => made(account, vpc, { to, via }));
  return made(account, vpc, { name: UNDESCRIBED, main: true, routes });
}

export function unknownAcl(account: Account, vpc: Resource): Value {
  nowhere(account, vpc, 'the network ACLs of all its subnets', 'what passes there is undetermined');
  const rules = (): Value[] => [
    made(account, vpc, { rule: 1, protocol: 'all', cidr: '0.0.0.0/0', action: 'unknown' }),
    made(account, vpc, { rule: 2, protocol: 'all', cidr: '::/0', action: 'unknown' }),
  ];
  return made(account, vpc, { name: UNDESCRIBED, ingress: rules(), egress: rules() });
}
