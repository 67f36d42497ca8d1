/** One ALB out of a group of Ingresses (model_builder.go of pkg/ingress). A fault in any member means that the whole
 *  group gets no load balancer. */
import type { Ingress } from '../api/objects.ts';
import { derived } from '../base/origin.ts';
import { TCP } from '../packet/protocol.ts';
import { type ListenPort, listenPorts, sslRedirectPort } from './alb-listen-ports.ts';
import { albListener } from './alb-rules.ts';
import { find, flag, ingressAnnotations, pairs } from './annotations.ts';
import type { Findings } from './findings.ts';
import { agreed, type IngressGroup, sortMembers } from './ingress-group.ts';
import { backendGroupName, dnsName, groupedName, objectName } from './names.ts';
import type { LoadBalancerPlan, ManagedGroup, Scheme } from './plan.ts';
import { frontendGroup, namedGroups } from './security-groups.ts';
import { chooseSubnets } from './subnets.ts';
import type { GroupPermission } from './target-rules.ts';
import type { ClusterView, Draft } from './view.ts';

export interface Built {
  readonly plan: LoadBalancerPlan;
  readonly permissions: readonly GroupPermission[];
}

/** Annotations whose effect on packets is not modelled. */
const NOT_MODELLED: Readonly<Record<string, string>> = {
  'customer-owned-ipv4-pool': 'addresses from a customer-owned pool',
  'enable-frontend-nlb': 'an NLB in front of the ALB',
  'mutual-authentication': 'mutual TLS',
  'security-group-prefix-lists': 'prefix lists in the frontend security group',
  'waf-acl-id': 'AWS WAF',
  'wafv2-acl-arn': 'AWS WAF',
  'wafv2-acl-name': 'AWS WAF',
};

export function buildAlb(view: ClusterView, unsorted: IngressGroup, findings: Findings): Built | undefined {
  const group = { ...unsorted, members: sortMembers(unsorted.members, findings) };
  const owner = group.members[0]!;
  const scheme = schemeOf(group, owner, findings);
  const ports = listenPorts(group, findings);
  const named = agreed(group, 'subnets', 'subnets', findings)
    ?.split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  const { chosen, verdicts } = chooseSubnets(view, { kind: 'alb', scheme, named, owner }, findings);
  const origin = derived('AWS Load Balancer Controller', ...group.members.map((ingress) => ingress.origin));
  const groups = securityGroups(view, group, ports, findings);
  const sslRedirect = sslRedirectPort(group, ports, findings);
  const draft: Draft = {
    view,
    findings,
    enabledZones: chosen.map(({ az }) => az),
    targetGroups: new Map(),
    permissions: [],
    sourceGroup: groups.source,
  };
  const listeners = ports.map((listen) => albListener(draft, group.id, listen, sslRedirect));
  const name = nameOf(view, group, scheme, findings);
  const attributes = mergedAttributes(group, findings);
  const notModelled = unmodelled(group, findings);
  if (findings.refused) return undefined;
  const plan: LoadBalancerPlan = {
    kind: 'alb',
    name,
    scheme,
    dnsName: dnsName('alb', name, scheme === 'internal', view.region),
    hosts: hostsOf(group.members),
    of: group.members.map(({ metadata }) => `ingress/${metadata.namespace}/${metadata.name}`),
    nodes: chosen.map((subnet) => ({ az: subnet.az, subnet: subnet.name })),
    subnets: verdicts,
    securityGroups: groups.names,
    frontendGroup: groups.frontend,
    crossZone: true,
    listeners,
    targetGroups: [...draft.targetGroups.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    attributes,
    notModelled,
    origin,
  };
  return { plan, permissions: draft.permissions };
}

function schemeOf(group: IngressGroup, owner: Ingress, findings: Findings): Scheme {
  const word = agreed(group, 'scheme', 'scheme', findings) ?? 'internal';
  if (word !== 'internal' && word !== 'internet-facing')
    findings.refuse('elb/annotation', owner, `unknown scheme: ${word}`, 'known: internal, internet-facing');
  return word === 'internet-facing' ? word : 'internal';
}

function nameOf(view: ClusterView, group: IngressGroup, scheme: Scheme, findings: Findings): string {
  const given = agreed(group, 'load-balancer-name', 'load balancer name', findings);
  if (given !== undefined) {
    if (given.length > 32)
      findings.refuse(
        'elb/annotation',
        group.members[0]!,
        'load balancer name cannot be longer than 32 characters',
      );
    return given;
  }
  return generatedName(group, [view.clusterName, group.id, scheme]);
}

function generatedName(group: IngressGroup, hashed: readonly string[]): string {
  if (group.named) return groupedName(group.id, hashed);
  const { namespace, name } = group.members[0]!.metadata;
  return objectName(namespace, name, hashed);
}

interface Groups {
  readonly names: readonly string[];
  readonly frontend?: ManagedGroup | undefined;
  /** The group that the targets must admit; absent where the controller adds no rules. */
  readonly source?: string | undefined;
}

function securityGroups(
  view: ClusterView,
  group: IngressGroup,
  ports: readonly ListenPort[],
  findings: Findings,
): Groups {
  const backend = backendGroupName(view.clusterName);
  const owner = group.members[0]!;
  const named = agreed(group, 'security-groups', 'securityGroups', findings);
  agreed(
    group,
    'manage-backend-security-group-rules',
    'manage backend security group rules settings',
    findings,
  );
  if (named === undefined) {
    const origin = derived('AWS Load Balancer Controller', ...group.members.map((ingress) => ingress.origin));
    const openings = ports.map(({ port, inbound }) => ({ protocol: TCP, port, from: inbound }));
    const frontend = frontendGroup(generatedName(group, [view.clusterName, group.id]), openings, origin);
    return { names: [frontend.name, backend], frontend, source: backend };
  }
  const words = named.split(',').map((word) => word.trim());
  const names = namedGroups(view, words.filter(Boolean), owner, findings);
  const manages = group.members.some(
    (ingress) => flag(ingressAnnotations(ingress), 'manage-backend-security-group-rules', findings) ?? false,
  );
  return manages ? { names: [...names, backend], source: backend } : { names };
}

function mergedAttributes(group: IngressGroup, findings: Findings): Record<string, string> {
  const merged = new Map<string, string>();
  for (const ingress of group.members)
    for (const [key, value] of Object.entries(
      pairs(ingressAnnotations(ingress), 'load-balancer-attributes', findings),
    )) {
      const known = merged.get(key);
      if (known !== undefined && known !== value)
        findings.refuse(
          'elb/group-conflict',
          ingress,
          `conflicting load balancer attributes ${key}: ${known} | ${value}`,
        );
      merged.set(key, value);
    }
  return Object.fromEntries([...merged].sort());
}

function hostsOf(members: readonly Ingress[]): string[] {
  const hosts = new Set(members.flatMap((ingress) => ingress.rules.map((rule) => rule.host)));
  hosts.delete('');
  return [...hosts].sort();
}

function unmodelled(group: IngressGroup, findings: Findings): string[] {
  const found = new Set<string>();
  for (const ingress of group.members) {
    for (const [suffix, what] of Object.entries(NOT_MODELLED))
      if (find(ingressAnnotations(ingress), suffix)) found.add(what);
  }
  const family = agreed(group, 'ip-address-type', 'IPAddressType', findings);
  if (family !== undefined && family !== 'ipv4') found.add(`IPv6 addresses (ip-address-type ${family})`);
  return [...found].sort();
}
