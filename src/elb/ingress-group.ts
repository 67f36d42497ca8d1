/** Ingress groups: the Ingresses that share one ALB (group_loader.go). An Ingress without group.name is a group of its
 *  own. Members are sorted by group.order, then by namespace/name. */
import type { Ingress } from '../api/objects.ts';
import { find, ingressAnnotations, integer, text } from './annotations.ts';
import type { Findings } from './findings.ts';

export interface IngressGroup {
  /** As the controller prints it: the group's name, or `ns/name` of the only Ingress. */
  readonly id: string;
  /** Whether it has a name of its own. */
  readonly named: boolean;
  readonly members: readonly Ingress[];
}

/** Groups by id, before their members are sorted; an Ingress with a bad group name belongs to none. */
export function groupIngresses(ingresses: readonly Ingress[], findings: Findings): IngressGroup[] {
  const groups = new Map<string, { named: boolean; members: Ingress[] }>();
  for (const ingress of ingresses) {
    const { namespace, name } = ingress.metadata;
    const found = find(ingressAnnotations(ingress), 'group.name');
    if (found && !/^([a-z0-9][-a-z0-9.]{0,61})?[a-z0-9]$/.test(found.text)) {
      findings.warn(
        'elb/annotation',
        ingress,
        `no load balancer is made: ${found.key}: groupName must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
        undefined,
        found.origin,
      );
      continue;
    }
    const id = found?.text ?? `${namespace}/${name}`;
    const group = groups.get(id) ?? { named: found !== undefined, members: [] };
    group.members.push(ingress);
    groups.set(id, group);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { named, members }]) => ({ id, named, members }));
}

/** Members in the order in which their rules are written. */
export function sortMembers(members: readonly Ingress[], findings: Findings): Ingress[] {
  const order = new Map<Ingress, number>();
  for (const ingress of members) {
    const value = integer(ingressAnnotations(ingress), 'group.order', findings) ?? 0;
    if (value < -1000 || value > 1000)
      findings.refuse(
        'elb/annotation',
        ingress,
        `explicit Ingress group order must be within [-1000:1000], order: ${value}`,
      );
    order.set(ingress, value);
  }
  const key = ({ metadata }: Ingress) => `${metadata.namespace}/${metadata.name}`;
  return [...members].sort((a, b) => order.get(a)! - order.get(b)! || (key(a) < key(b) ? -1 : 1));
}

/** The one value that the members which set an annotation agree on; a conflict fails the whole group. */
export function agreed(
  group: IngressGroup,
  suffix: string,
  what: string,
  findings: Findings,
): string | undefined {
  const values = new Map<string, Ingress>();
  for (const ingress of group.members) {
    const value = text(ingressAnnotations(ingress), suffix);
    if (value !== undefined && !values.has(value)) values.set(value, ingress);
  }
  const [first, second] = [...values];
  if (first && second) {
    const both = [...values].map(
      ([value, { metadata }]) => `${metadata.namespace}/${metadata.name}: ${value}`,
    );
    findings.refuse('elb/group-conflict', second[1], `conflicting ${what}: ${both.join(' | ')}`);
  }
  return first?.[0];
}
