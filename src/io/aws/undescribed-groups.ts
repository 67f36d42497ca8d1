/** Security groups that interfaces hold and no file describes: they are there, with rules that nobody knows. */
import { type Account, all, made, nowhere } from './account.ts';
import { heldGroups } from './held-groups.ts';
import { text } from './resource.ts';
import { rulesApart } from './security-groups.ts';

/** As groups of the topology file, those of one VPC. */
export function undescribedGroups(account: Account, vpc: string): Record<string, unknown>[] {
  return [...heldGroups(account)].flatMap(([id, held]) => {
    if (held.vpc !== vpc) return [];
    const rules = rulesApart(account, id, vpc);
    if (!all(account, 'SecurityGroupRules').some((rule) => text(rule, 'GroupId') === id))
      nowhere(account, held.by, `security group ${id}`, 'what it admits is undetermined');
    return [made(account, held.by, { name: id, ...rules })];
  });
}
