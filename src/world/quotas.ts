/** Filters beyond AWS's default quotas: AWS refuses them unless the quota was raised ("Amazon VPC quotas"). */
import type { Issue } from '../base/issue.ts';
import { type Origin, source } from '../base/origin.ts';
import type { SecurityGroupInput, SecurityGroupRule } from '../vpc/security-group.ts';
import type { GroupsOfVpc } from './group-references.ts';
import { prefixListNamed } from './prefix-lists.ts';
import type { Topology } from './topology.ts';

const GROUPS_OF_REGION = 2500;
/** Of each direction; a prefix list counts for as many as it may hold. */
const RULES_OF_GROUP = 60;
const GROUPS_OF_INTERFACE = 5;
/** The quota of groups times that of rules cannot be raised beyond it. */
const RULES_OF_INTERFACE = 1000;
const RULES_OF_ACL = 20;

type Direction = 'ingress' | 'egress';
const directions: readonly Direction[] = ['ingress', 'egress'];

interface Held extends GroupsOfVpc {
  readonly groups: readonly SecurityGroupInput[];
}

interface Excess {
  readonly code: string;
  readonly origin: Origin | undefined;
  readonly message: string;
}

/** A warning for each quota that is passed. */
export function quotaWarnings(topology: Topology, vpcs: readonly Held[]): Issue[] {
  const found = [...regionsOver(vpcs), ...vpcs.flatMap((each) => vpcOver(topology, each))];
  return found.map(({ code, origin, message }) => {
    const written = source(origin);
    return { severity: 'warning', code, at: written && topology.locate(written), message };
  });
}

function regionsOver(vpcs: readonly Held[]): Excess[] {
  const counts = new Map<string, number>();
  for (const { spec, groups } of vpcs)
    counts.set(spec.region, (counts.get(spec.region) ?? 0) + groups.length);
  return [...counts].flatMap(([region, count]) => {
    const message = `${region} has ${count} security groups: the default quota is ${GROUPS_OF_REGION}`;
    return count > GROUPS_OF_REGION ? [{ code: 'quota/groups-of-region', origin: undefined, message }] : [];
  });
}

function vpcOver({ prefixLists }: Topology, { spec, enis, groups }: Held): Excess[] {
  const weightOf = ({ peer }: SecurityGroupRule): number =>
    'prefixList' in peer ? (prefixListNamed(prefixLists, peer.prefixList, spec.region)?.maxEntries ?? 1) : 1;
  const weights = new Map(
    groups.map(({ name, ingress, egress }) => [
      name,
      { ingress: sum(ingress.map(weightOf)), egress: sum(egress.map(weightOf)) },
    ]),
  );
  const over: Excess[] = [];
  for (const [name, weight] of weights)
    for (const direction of directions) {
      if (weight[direction] <= RULES_OF_GROUP) continue;
      const origin = spec.securityGroups.find((group) => group.name === name)?.origin;
      const message = `sg/${name} counts for ${weight[direction]} ${direction} rules: the default quota is ${RULES_OF_GROUP}`;
      over.push({ code: 'quota/rules-of-group', origin, message });
    }
  for (const { id, securityGroups, origin } of enis) {
    const held = securityGroups ?? [];
    if (held.length > GROUPS_OF_INTERFACE) {
      const message = `eni/${id} holds ${held.length} security groups: the default quota is ${GROUPS_OF_INTERFACE}`;
      over.push({ code: 'quota/groups-of-interface', origin, message });
    }
    for (const direction of directions) {
      const rules = sum(held.map((name) => weights.get(name)?.[direction] ?? 0));
      const message = `the groups of eni/${id} count for ${rules} ${direction} rules: ${RULES_OF_INTERFACE} is the most that AWS allows`;
      if (rules > RULES_OF_INTERFACE) over.push({ code: 'quota/rules-of-interface', origin, message });
    }
  }
  for (const { name, origin, ...acl } of spec.networkAcls)
    for (const direction of directions) {
      const count = acl[direction].length;
      const message = `nacl/${name} has ${count} ${direction} rules: the default quota is ${RULES_OF_ACL}`;
      if (count > RULES_OF_ACL) over.push({ code: 'quota/rules-of-acl', origin, message });
    }
  return over;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
