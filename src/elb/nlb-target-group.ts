/** Target groups of an NLB, one per listener (model_build_target_group.go of pkg/service), and the rules that their
 *  targets need. With instance targets the client's address is preserved unless an attribute says otherwise, with ip
 *  targets it is not; for UDP it always is (NLB guide, "Client IP preservation"). */
import type { Cidr } from '../addressing/cidr.ts';
import type { Service } from '../api/objects.ts';
import { derived } from '../base/origin.ts';
import { TCP, UDP } from '../packet/protocol.ts';
import { targetGroupPort } from './alb-target-group.ts';
import {
  type Annotations,
  find,
  oneOf,
  pairs,
  parseBool,
  refuseValue,
  serviceAnnotations,
  text,
} from './annotations.ts';
import type { Findings } from './findings.ts';
import { asksHealthServer, nlbHealthCheck } from './health-check.ts';
import { objectName } from './names.ts';
import type { NlbListen } from './nlb-listeners.ts';
import { openTargets } from './open-targets.ts';
import type { TargetGroupPlan } from './plan.ts';
import type { Permission } from './target-rules.ts';
import { nodeTargets, podTargets, type TargetQuery } from './targets.ts';
import { type Draft, serviceKey } from './view.ts';

/** Sources for an NLB without security groups, whose targets must admit clients and health checks by address. */
export interface LegacySources {
  readonly clients: readonly Cidr[];
  /** Whether `clients` is the default and not the user's. */
  readonly defaulted: boolean;
  readonly balancerSubnets: readonly Cidr[];
}

function nlbTargetType(service: Service, findings: Findings): 'ip' | 'instance' {
  const where = serviceAnnotations(service);
  if (text(where, 'aws-load-balancer-type') === 'nlb-ip') return 'ip';
  return oneOf(where, 'aws-load-balancer-nlb-target-type', ['instance', 'ip'], 'instance', findings);
}

/** The target group of a listener; undefined when the controller gives up. */
export function nlbTargetGroup(
  draft: Draft,
  service: Service,
  listen: NlbListen,
  legacy: LegacySources | undefined,
): TargetGroupPlan | undefined {
  const { findings, view } = draft;
  const where = serviceAnnotations(service);
  const { port, targetProtocol } = listen;
  const targetType = nlbTargetType(service, findings);
  const number = targetGroupPort(targetType, port);
  if (number === 0) {
    findings.refuse(
      'elb/service-port',
      service,
      `unable to support instance target type with an unallocated NodePort (port ${port.port})`,
      'set aws-load-balancer-nlb-target-type: ip, or let node ports be allocated',
    );
    return undefined;
  }
  const healthCheck = nlbHealthCheck(where, { service, targetType }, findings);
  const attributes = targetGroupAttributes(where, port.port, findings);
  const preserveClientIp = preserves(where, attributes, targetType, targetProtocol, findings);
  const query: TargetQuery = {
    kind: 'nlb',
    service,
    port,
    enabledZones: draft.enabledZones,
    nodeLabels: pairs(where, 'aws-load-balancer-target-node-labels', findings),
    asksHealthServer: asksHealthServer(service, targetType),
  };
  const { targets, leftOut } = targetType === 'ip' ? podTargets(view, query) : nodeTargets(view, query);
  const name = objectName(service.metadata.namespace, service.metadata.name, [
    view.clusterName,
    serviceKey(service),
    `${number}`,
    `${port.port}`,
    targetType,
    targetProtocol,
    healthCheck.protocol,
    `${healthCheck.intervalSeconds}`,
  ]);
  const origin = derived('AWS Load Balancer Controller', service.origin);
  const group: TargetGroupPlan = {
    name,
    targetType,
    port: number,
    protocol: targetProtocol,
    service: { name: serviceKey(service), port: port.port },
    targets: targets.map(({ securityGroups: _, ...target }) => target),
    leftOut,
    healthCheck,
    preserveClientIp,
    crossZone: parseBool(attributes['load_balancing.cross_zone.enabled'] ?? ''),
    attributes,
    notModelled:
      attributes['proxy_protocol_v2.enabled'] === 'true' ? ['PROXY protocol v2 before the data'] : [],
    origin,
  };
  const wanted = legacy ? legacyPermissions(group, legacy) : sharedGroupPermissions(group, draft.sourceGroup);
  openTargets(draft, service, group, targets, wanted);
  draft.targetGroups.set(`${port.port}`, group);
  return group;
}

function targetGroupAttributes(where: Annotations, port: number, findings: Findings): Record<string, string> {
  const suffix = 'aws-load-balancer-target-group-attributes';
  const own = Object.entries(pairs(where, `${suffix}.${port}`, findings)).filter(([, value]) => value !== '');
  const attributes = { ...pairs(where, suffix, findings), ...Object.fromEntries(own) };
  const proxy = find(where, 'aws-load-balancer-proxy-protocol');
  if (!proxy) return attributes;
  if (proxy.text !== '*')
    refuseValue(proxy, findings, `invalid value ${proxy.text}, only value currently supported is *`);
  return { ...attributes, 'proxy_protocol_v2.enabled': 'true' };
}

function preserves(
  where: Annotations,
  attributes: Readonly<Record<string, string>>,
  targetType: 'ip' | 'instance',
  protocol: NlbListen['targetProtocol'],
  findings: Findings,
): boolean {
  if (protocol === 'UDP' || protocol === 'TCP_UDP') return true;
  const word = attributes['preserve_client_ip.enabled'];
  if (word === undefined) return targetType === 'instance';
  const value = parseBool(word);
  const found = find(where, 'aws-load-balancer-target-group-attributes');
  if (value === undefined && found)
    refuseValue(found, findings, `failed to parse attribute preserve_client_ip.enabled=${word}`);
  return value ?? false;
}

/** buildTargetGroupBindingNetworking: the traffic port, and the health check's over TCP. */
function sharedGroupPermissions(group: TargetGroupPlan, source: string | undefined): Permission[] {
  if (source === undefined) return [];
  const peer = { group: source };
  const wanted: Permission[] = [];
  const udp = group.protocol === 'UDP' || group.protocol === 'TCP_UDP';
  if (udp) wanted.push({ protocol: UDP, port: 'traffic-port', peer });
  if (
    group.protocol !== 'UDP' ||
    group.healthCheck.port === 'traffic-port' ||
    group.healthCheck.port === group.port
  )
    wanted.push({ protocol: TCP, port: 'traffic-port', peer });
  if (group.healthCheck.port !== 'traffic-port' && group.healthCheck.port !== group.port)
    wanted.push({ protocol: TCP, port: group.healthCheck.port, peer });
  return wanted;
}

/** buildTargetGroupBindingNetworkingLegacy: clients where their address is preserved, else the NLB's subnets; health
 *  checks come from the subnets. */
function legacyPermissions(group: TargetGroupPlan, sources: LegacySources): Permission[] {
  const traffic = group.preserveClientIp ? sources.clients : sources.balancerSubnets;
  const protocols = { TCP: [TCP], TLS: [TCP], UDP: [UDP], TCP_UDP: [TCP, UDP], HTTP: [TCP], HTTPS: [TCP] };
  const wanted: Permission[] = traffic.flatMap((cidr) =>
    protocols[group.protocol].map((protocol) => ({
      protocol,
      port: 'traffic-port' as const,
      peer: { cidr },
    })),
  );
  const { port } = group.healthCheck;
  const samePort = group.protocol !== 'UDP' && (port === 'traffic-port' || port === group.port);
  const admitted =
    samePort &&
    (!group.preserveClientIp || sources.defaulted || sources.clients.some((cidr) => cidr.length === 0));
  if (!admitted)
    for (const cidr of sources.balancerSubnets) wanted.push({ protocol: TCP, port, peer: { cidr } });
  return wanted;
}
