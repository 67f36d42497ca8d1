/** One NLB out of a Service of type LoadBalancer (model_builder.go of pkg/service). */
import { type Cidr, compareCidr, contains } from '../addressing/cidr.ts';
import { parseIpv4 } from '../addressing/ip.ts';
import type { Service } from '../api/objects.ts';
import { derived } from '../base/origin.ts';
import { TCP, UDP } from '../packet/protocol.ts';
import type { Built } from './alb.ts';
import {
  find,
  flag,
  list,
  oneOf,
  pairs,
  parseBool,
  refuseValue,
  serviceAnnotations,
  text,
} from './annotations.ts';
import { cidrOrNetwork } from './cidr-text.ts';
import type { Findings } from './findings.ts';
import type { SubnetInfo } from './input.ts';
import { backendGroupName, dnsName, objectName } from './names.ts';
import { type NlbListen, nlbListens } from './nlb-listeners.ts';
import { type LegacySources, nlbTargetGroup } from './nlb-target-group.ts';
import type { ListenerPlan, LoadBalancerNode, LoadBalancerPlan, ManagedGroup, Scheme } from './plan.ts';
import { frontendGroup, namedGroups } from './security-groups.ts';
import { chooseSubnets } from './subnets.ts';
import { type ClusterView, type Draft, serviceKey } from './view.ts';

const EVERYONE: Cidr = { base: 0, length: 0 };

export function buildNlb(view: ClusterView, service: Service, findings: Findings): Built | undefined {
  const where = serviceAnnotations(service);
  const { name: serviceName, namespace } = service.metadata;
  const origin = derived('AWS Load Balancer Controller', service.origin);
  const scheme = schemeOf(service, findings);
  const named = list(where, 'aws-load-balancer-subnets');
  const { chosen, verdicts } = chooseSubnets(view, { kind: 'nlb', scheme, named, owner: service }, findings);
  const listens = nlbListens(service, findings);
  const groups = securityGroups(view, service, listens, findings);
  const draft: Draft = {
    view,
    findings,
    enabledZones: chosen.map(({ az }) => az),
    targetGroups: new Map(),
    permissions: [],
    sourceGroup: groups.source,
  };
  const legacy =
    groups.names.length === 0 ? legacySources(view, service, scheme, chosen, findings) : undefined;
  const listeners = listens.flatMap((listen) => listener(draft, service, listen, legacy));
  const attributes = attributesOf(service, findings);
  const name = nameOf(view, service, scheme, findings);
  const nodes = nodesOf(service, scheme, chosen, findings);
  if (findings.refused) return undefined;
  const plan: LoadBalancerPlan = {
    kind: 'nlb',
    name,
    scheme,
    dnsName: dnsName('nlb', name, scheme === 'internal', view.region),
    hosts: [],
    of: [`service/${namespace}/${serviceName}`],
    nodes,
    subnets: verdicts,
    securityGroups: groups.names,
    frontendGroup: groups.frontend,
    // Off by default for an NLB (NLB guide, "Cross-zone load balancing").
    crossZone: parseBool(attributes['load_balancing.cross_zone.enabled'] ?? '') ?? false,
    listeners,
    targetGroups: [...draft.targetGroups.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    attributes,
    notModelled: unmodelled(service, listens),
    origin,
  };
  return { plan, permissions: draft.permissions };
}

function listener(
  draft: Draft,
  service: Service,
  listen: NlbListen,
  legacy: LegacySources | undefined,
): ListenerPlan[] {
  const group = nlbTargetGroup(draft, service, listen, legacy);
  if (!group) return [];
  return [
    {
      port: listen.port.port,
      protocol: listen.protocol,
      certificates: listen.certificates,
      rules: [],
      defaultAction: { type: 'forward', targetGroups: [{ name: group.name, weight: 1 }], sticky: false },
      notModelled: [],
      origin: derived('AWS Load Balancer Controller', service.origin),
    },
  ];
}

function schemeOf(service: Service, findings: Findings): Scheme {
  const where = serviceAnnotations(service);
  const old = flag(where, 'aws-load-balancer-internal', findings) ?? true;
  return oneOf(
    where,
    'aws-load-balancer-scheme',
    ['internal', 'internet-facing'],
    old ? 'internal' : 'internet-facing',
    findings,
  );
}

function nameOf(view: ClusterView, service: Service, scheme: Scheme, findings: Findings): string {
  const found = find(serviceAnnotations(service), 'aws-load-balancer-name');
  if (found && found.text.length > 32)
    refuseValue(found, findings, 'load balancer name cannot be longer than 32 characters');
  const { name, namespace } = service.metadata;
  return found?.text ?? objectName(namespace, name, [view.clusterName, serviceKey(service), scheme]);
}

interface Groups {
  readonly names: readonly string[];
  readonly frontend?: ManagedGroup | undefined;
  readonly source?: string | undefined;
}

function securityGroups(
  view: ClusterView,
  service: Service,
  listens: readonly NlbListen[],
  findings: Findings,
): Groups {
  const where = serviceAnnotations(service);
  if (flag(where, 'aws-load-balancer-disable-nlb-sg', findings)) return { names: [] };
  const backend = backendGroupName(view.clusterName);
  const named = list(where, 'aws-load-balancer-security-groups') ?? [];
  if (named.length > 0) {
    const names = namedGroups(view, named, service, findings);
    const manages = flag(where, 'aws-load-balancer-manage-backend-security-group-rules', findings) ?? false;
    return manages ? { names: [...names, backend], source: backend } : { names };
  }
  const { name, namespace } = service.metadata;
  const groupName = objectName(namespace, name, [view.clusterName, name, namespace, serviceKey(service)]);
  const ranges = sourceRanges(service, findings);
  const prefixLists = find(where, 'aws-load-balancer-security-group-prefix-lists') !== undefined;
  const from = ranges.length > 0 || prefixLists ? ranges : [EVERYONE];
  const openings = listens.flatMap(({ port, protocol }) =>
    (protocol === 'TCP_UDP' ? [TCP, UDP] : [protocol === 'UDP' ? UDP : TCP]).map((number) => ({
      protocol: number,
      port: port.port,
      from,
    })),
  );
  const frontend = frontendGroup(
    groupName,
    openings,
    derived('AWS Load Balancer Controller', service.origin),
  );
  return { names: [frontend.name, backend], frontend, source: backend };
}

/** spec.loadBalancerSourceRanges, else the annotation. */
function sourceRanges(service: Service, findings: Findings): Cidr[] {
  const where = serviceAnnotations(service);
  const spec = service.loadBalancerSourceRanges;
  const words = spec.length > 0 ? spec : (list(where, 'load-balancer-source-ranges') ?? []);
  const blocks: Cidr[] = [];
  for (const word of words) {
    const block = cidrOrNetwork(word.trim());
    if (block) blocks.push(block);
    else if (word.includes(':'))
      findings.refuse('elb/source-ranges', service, `unsupported v6 cidr ${word} when lb is not dualstack`);
    else findings.refuse('elb/source-ranges', service, `invalid CIDR address: ${word}`);
  }
  return blocks.sort(compareCidr);
}

/** Without a group of its own the NLB filters nobody; the targets admit clients and health checks by address, unless
 *  the annotation says that the controller shall add no rules. */
function legacySources(
  view: ClusterView,
  service: Service,
  scheme: Scheme,
  chosen: readonly SubnetInfo[],
  findings: Findings,
): LegacySources | undefined {
  const where = serviceAnnotations(service);
  if (flag(where, 'aws-load-balancer-manage-backend-security-group-rules', findings) === false)
    return undefined;
  const ranges = sourceRanges(service, findings);
  return {
    clients: ranges.length > 0 ? ranges : scheme === 'internal' ? view.vpcCidrs : [EVERYONE],
    defaulted: ranges.length === 0,
    balancerSubnets: chosen.map(({ cidr }) => cidr).sort(compareCidr),
  };
}

function attributesOf(service: Service, findings: Findings): Record<string, string> {
  const where = serviceAnnotations(service);
  const attributes = pairs(where, 'aws-load-balancer-attributes', findings);
  const crossZone = flag(where, 'aws-load-balancer-cross-zone-load-balancing-enabled', findings);
  if (crossZone !== undefined) attributes['load_balancing.cross_zone.enabled'] = `${crossZone}`;
  return Object.fromEntries(Object.entries(attributes).sort());
}

function nodesOf(
  service: Service,
  scheme: Scheme,
  chosen: readonly SubnetInfo[],
  findings: Findings,
): LoadBalancerNode[] {
  const found = find(serviceAnnotations(service), 'aws-load-balancer-private-ipv4-addresses');
  const words = list(serviceAnnotations(service), 'aws-load-balancer-private-ipv4-addresses');
  if (!found || !words) return chosen.map(({ az, name }) => ({ az, subnet: name }));
  if (scheme !== 'internal')
    refuseValue(found, findings, 'private IPv4 addresses can only be set for internal load balancers');
  if (words.length !== chosen.length)
    refuseValue(
      found,
      findings,
      `count of private IPv4 addresses (${words.length}) and subnets (${chosen.length}) must match`,
    );
  const addresses = words.map(parseIpv4);
  return chosen.map(({ az, name, cidr }) => {
    const inside = addresses.filter((address) => address !== undefined && contains(cidr, address));
    if (inside.length !== 1)
      refuseValue(found, findings, `expect one private IPv4 address configured for subnet: ${name}`);
    return { az, subnet: name, address: inside[0] };
  });
}

function unmodelled(service: Service, listens: readonly NlbListen[]): string[] {
  const where = serviceAnnotations(service);
  const found: string[] = [];
  if (find(where, 'aws-load-balancer-security-group-prefix-lists'))
    found.push('prefix lists in the frontend group');
  if (find(where, 'aws-load-balancer-quic-enabled-ports')) found.push('QUIC listeners');
  if (listens.some(({ protocol, port }) => find(where, `actions.${protocol}-${port.port}`)))
    found.push('weighted target groups of an NLB listener (actions annotation)');
  const family = text(where, 'aws-load-balancer-ip-address-type');
  if (family !== undefined && family !== 'ipv4') found.push(`IPv6 addresses (ip-address-type ${family})`);
  return found;
}
