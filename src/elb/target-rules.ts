/** Rules for the security groups of the targets' network interfaces (networking_manager.go). Each target group asks for
 *  permissions; per receiving group, protocol and source group they are merged to one range from the lowest to the
 *  highest port. A network interface with several groups needs exactly one that carries the cluster's tag. */
import { type Cidr, compareCidr, formatCidr } from '../addressing/cidr.ts';
import { derived, type Origin } from '../base/origin.ts';
import type { ControllerInput } from './input.ts';
import type { TargetRule } from './plan.ts';
import type { Registered } from './targets.ts';

/** What one target group wants its targets to admit. `port`: a number, or every registered target's own. */
export interface Permission {
  readonly protocol: number;
  readonly port: number | 'traffic-port';
  readonly peer: { readonly cidr: Cidr } | { readonly group: string };
}

/** A permission on one security group. */
export interface GroupPermission {
  readonly group: string;
  readonly protocol: number;
  readonly port: number;
  readonly peer: { readonly cidr: Cidr } | { readonly group: string };
  readonly targetGroup: string;
  readonly origin: Origin;
}

/** The description the controller writes on every rule it adds. */
const MARK = 'elbv2.k8s.aws/targetGroupBinding=shared';

/** The permissions of one target group by receiving group, or what the controller says instead of adding any. */
export function groupPermissions(
  input: ControllerInput,
  targetGroup: string,
  origin: Origin,
  targets: readonly Registered[],
  wanted: readonly Permission[],
): GroupPermission[] | { readonly fault: string } {
  if (wanted.length === 0) return [];
  const places = new Map<string, { readonly group: string; readonly targetPort: number }>();
  for (const target of targets) {
    const group = receivingGroup(input, target);
    if (typeof group !== 'string') return group;
    places.set(`${group}|${target.port}`, { group, targetPort: target.port });
  }
  return [...places.values()].flatMap(({ group, targetPort }) =>
    wanted.map(({ protocol, port, peer }) => ({
      group,
      protocol,
      port: port === 'traffic-port' ? targetPort : port,
      peer,
      targetGroup,
      origin,
    })),
  );
}

function receivingGroup(input: ControllerInput, target: Registered): string | { readonly fault: string } {
  const [first, ...others] = target.securityGroups;
  if (first !== undefined && others.length === 0) return first;
  const tag = `kubernetes.io/cluster/${input.clusterName}`;
  const tagged = target.securityGroups.filter((name) =>
    input.securityGroups.some((group) => group.name === name && tag in group.tags),
  );
  const only = tagged[0];
  if (only !== undefined && tagged.length === 1) return only;
  return {
    fault: `expected exactly one securityGroup tagged with ${tag} for the network interface of ${target.label}, got: [${[...tagged].sort().join(' ')}] (clusterName: ${input.clusterName})`,
  };
}

/** Merges the permissions of all target groups of the cluster, as computeRestrictedIngressPermissionsPerSG does. */
export function mergePermissions(permissions: readonly GroupPermission[]): TargetRule[] {
  const merged = new Map<string, GroupPermission[]>();
  for (const permission of permissions) {
    const { group, protocol, peer, port } = permission;
    const from = 'group' in peer ? peer.group : `${formatCidr(peer.cidr)} ${port}`;
    const key = `${group}|${protocol}|${from}`;
    const known = merged.get(key);
    if (known) known.push(permission);
    else merged.set(key, [permission]);
  }
  return [...merged.values()].map(toRule).sort(compareRules);
}

function toRule(permissions: readonly GroupPermission[]): TargetRule {
  const first = permissions[0]!;
  let lowest = first.port;
  let highest = first.port;
  for (const { port } of permissions) {
    lowest = Math.min(lowest, port);
    highest = Math.max(highest, port);
  }
  return {
    group: first.group,
    protocol: first.protocol,
    ports: [lowest, highest],
    peer: first.peer,
    description: MARK,
    targetGroups: [...new Set(permissions.map(({ targetGroup }) => targetGroup))].sort(),
    origin: derived('AWS Load Balancer Controller', ...new Set(permissions.map(({ origin }) => origin))),
  };
}

function compareRules(a: TargetRule, b: TargetRule): number {
  if (a.group !== b.group) return a.group < b.group ? -1 : 1;
  if ('cidr' in a.peer && 'cidr' in b.peer)
    return compareCidr(a.peer.cidr, b.peer.cidr) || a.protocol - b.protocol || a.ports![0] - b.ports![0];
  if ('cidr' in a.peer !== 'cidr' in b.peer) return 'group' in a.peer ? -1 : 1;
  return a.protocol - b.protocol;
}
