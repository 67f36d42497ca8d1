/** Asks for the rules that let a load balancer reach the targets of one target group. */
import type { Service } from '../api/objects.ts';
import type { Origin } from '../base/origin.ts';
import { groupPermissions, type Permission } from './target-rules.ts';
import type { Registered } from './targets.ts';
import type { Draft } from './view.ts';

export function openTargets(
  draft: Draft,
  service: Service,
  group: { readonly name: string; readonly origin: Origin },
  targets: readonly Registered[],
  wanted: readonly Permission[],
): void {
  const permissions = groupPermissions(draft.view, group.name, group.origin, targets, wanted);
  if ('fault' in permissions)
    draft.findings.warn(
      'elb/target-security-group',
      service,
      `${permissions.fault}: no rule is added for target group ${group.name}, its targets time out`,
      'leave exactly one security group with that tag on each network interface',
    );
  else draft.permissions.push(...permissions);
}
