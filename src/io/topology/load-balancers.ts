/** Load balancers that exist by themselves ("Elastic Load Balancing API": LoadBalancer, Listener, Rule, TargetGroup). */
import type { Ipv4 } from '../../addressing/ip.ts';
import { dnsName } from '../../elb/names.ts';
import type { ActionPlan, ConditionPlan, ListenerPlan } from '../../elb/plan.ts';
import type { LoadBalancerSpec, TargetGroupSpec, TargetSpec } from '../../world/balancer-spec.ts';
import type { LoadBalancerFile } from '../../world/schema-load-balancers.ts';
import type { Reading } from '../reading.ts';
import { checkReference, checkReferences, checkUnique, namesOf } from './names.ts';
import { readAddress, readCidr } from './values.ts';

export interface BalancerContext {
  /** `vpcs.NAME`. */
  readonly path: string;
  readonly region: string;
  readonly subnets: ReadonlySet<string>;
  readonly securityGroups: ReadonlySet<string>;
  /** Instances and nodes that targets may name. */
  readonly machines: ReadonlySet<string>;
}

type TargetGroupFile = NonNullable<LoadBalancerFile['targetGroups']>[number];
type TargetFile = Exclude<NonNullable<TargetGroupFile['targets']>, string>[number];
type ListenerFile = NonNullable<LoadBalancerFile['listeners']>[number];
type ActionFile = ListenerFile['defaultAction'];
type RuleFile = Exclude<NonNullable<ListenerFile['rules']>, string>[number];
type ConditionFile = RuleFile['conditions'][number];

export function readLoadBalancers(
  reading: Reading,
  written: readonly LoadBalancerFile[] = [],
  context: BalancerContext,
): readonly LoadBalancerSpec[] {
  checkUnique(reading, ['load balancer', written]);
  const balancers = namesOf(written.filter(({ type }) => type === 'application'));
  return written.map((each) => readLoadBalancer(reading, each, context, balancers));
}

function readLoadBalancer(
  reading: Reading,
  written: LoadBalancerFile,
  context: BalancerContext,
  balancers: ReadonlySet<string>,
): LoadBalancerSpec {
  const { name, type, subnets, securityGroups, targetGroups } = written;
  const path = `${context.path}.loadBalancers.${name}`;
  const scheme = written.scheme ?? reading.fill(`${path}.scheme`, 'internet-facing' as const, 'AWS');
  const kind = type === 'application' ? 'alb' : 'nlb';
  checkUnique(reading, ['target group', targetGroups]);
  const groups = namesOf(targetGroups);
  const application = type === 'application';
  return {
    name,
    type,
    scheme,
    dnsName: (
      written.dnsName ??
      reading.fill(`${path}.dnsName`, dnsName(kind, name, scheme === 'internal', context.region), 'vpcsim')
    ).toLowerCase(),
    state: written.state ?? 'active',
    nodes: subnets.flatMap((node) => {
      if (!checkReference(reading, node, 'subnet', 'subnet', node.subnet, context.subnets)) return [];
      return [
        {
          subnet: node.subnet,
          interface: node.interface,
          address: addressIn(reading, node, 'address'),
          publicAddress: addressIn(reading, node, 'publicAddress'),
        },
      ];
    }),
    securityGroups: securityGroups
      ? checkReferences(reading, securityGroups, 'security group', context.securityGroups)
      : [],
    crossZone: written.crossZone ?? reading.fill(`${path}.crossZone`, application, 'AWS'),
    listeners: readListeners(reading, written, groups),
    targetGroups: (targetGroups ?? []).map((group) =>
      readTargetGroup(reading, `${path}.targetGroups.${group.name}`, group, context, balancers),
    ),
    for: written.for,
    notModelled: written.notModelled ?? [],
    origin: reading.of(written),
  };
}

function addressIn<K extends string>(
  reading: Reading,
  written: { readonly [key in K]?: string | undefined },
  key: K,
): Ipv4 | undefined {
  const text = written[key];
  return text === undefined ? undefined : readAddress(reading, written, key, text);
}

function readListeners(
  reading: Reading,
  { type, listeners = [] }: LoadBalancerFile,
  groups: ReadonlySet<string>,
): readonly ListenerPlan[] {
  const taken = new Set<string>();
  return listeners.map((written): ListenerPlan => {
    const { port, protocol, defaultAction } = written;
    const rules: readonly RuleFile[] = written.rules === 'unknown' ? [] : (written.rules ?? []);
    const web = protocol === 'HTTP' || protocol === 'HTTPS';
    if (web !== (type === 'application'))
      reading.error(reading.of(written, 'protocol'), {
        code: 'elb/protocol',
        message: `a load balancer of type ${type} has no listeners of protocol ${protocol}`,
        hint: type === 'application' ? 'HTTP or HTTPS' : 'TCP, UDP, TCP_UDP or TLS',
      });
    const transports = protocol === 'TCP_UDP' ? ['TCP', 'UDP'] : [protocol === 'UDP' ? 'UDP' : 'TCP'];
    for (const transport of transports) {
      if (taken.has(`${transport} ${port}`))
        reading.error(reading.of(written, 'port'), {
          code: 'topology/duplicate-name',
          message: `there is another listener for ${transport} port ${port}`,
        });
      taken.add(`${transport} ${port}`);
    }
    if (rules.length > 0 && type === 'network')
      reading.errorAtKey(reading.of(written, 'rules'), {
        code: 'topology/misplaced-key',
        message: 'a Network Load Balancer has no rules',
      });
    const priorities = new Set<number>();
    return {
      port,
      protocol,
      certificates: [],
      rules: rules
        .map((rule) => {
          if (priorities.has(rule.priority))
            reading.error(reading.of(rule, 'priority'), {
              code: 'topology/duplicate-name',
              message: `another rule of this listener has priority ${rule.priority}`,
            });
          priorities.add(rule.priority);
          return {
            priority: rule.priority,
            conditions: rule.conditions.flatMap((each) => readCondition(reading, each) ?? []),
            action: readAction(reading, rule.action, groups),
            notModelled: rule.action.before ?? [],
            origin: reading.of(rule),
          };
        })
        .sort((a, b) => a.priority - b.priority),
      defaultAction: readAction(reading, defaultAction, groups),
      notModelled: defaultAction.before ?? [],
      ...(written.rules === 'unknown' && { rulesUnknown: true }),
      origin: reading.of(written),
    };
  });
}

function readAction(reading: Reading, written: ActionFile, groups: ReadonlySet<string>): ActionPlan {
  const { type, targetGroups = [], statusCode } = written;
  switch (type) {
    case 'forward':
      if (targetGroups.length === 0)
        reading.error(reading.of(written), {
          code: 'elb/no-target-group',
          message: 'an action of type forward names at least one target group',
        });
      return {
        type,
        targetGroups: targetGroups.flatMap((group) =>
          checkReference(reading, group, 'name', 'target group of this load balancer', group.name, groups)
            ? [{ name: group.name, weight: group.weight ?? 1 }]
            : [],
        ),
        sticky: false,
      };
    case 'redirect':
      return {
        type,
        statusCode: statusCode === 302 ? 302 : 301,
        protocol: written.protocol ?? '#{protocol}',
        host: written.host ?? '#{host}',
        port: written.port ?? '#{port}',
        path: written.path ?? '/#{path}',
        query: written.query ?? '#{query}',
      };
    case 'fixed-response':
      return { type, statusCode: statusCode ?? 200, contentType: 'text/plain', body: '' };
  }
}

function readCondition(reading: Reading, written: ConditionFile): ConditionPlan | undefined {
  const { field, values, name, regex = false } = written;
  switch (field) {
    case 'http-header':
      if (name !== undefined) return { field, name, values, regex };
      reading.error(reading.of(written), {
        code: 'elb/condition',
        message: 'a condition on a header names it',
        hint: 'write name: X-Header',
      });
      return undefined;
    case 'query-string':
      return {
        field,
        values: values.map((text) => {
          const equals = text.indexOf('=');
          return equals < 0 ? { value: text } : { key: text.slice(0, equals), value: text.slice(equals + 1) };
        }),
      };
    case 'source-ip':
      return { field, values: values.flatMap((text, index) => readCidr(reading, values, index, text) ?? []) };
    case 'http-request-method':
      return { field, values };
    default:
      return { field, values, regex };
  }
}

function readTargetGroup(
  reading: Reading,
  path: string,
  written: TargetGroupFile,
  context: BalancerContext,
  balancers: ReadonlySet<string>,
): TargetGroupSpec {
  const { name, protocol, port, type: targetType = 'instance', targets = [] } = written;
  return {
    name,
    targetType,
    protocol,
    port,
    preserveClientIp:
      written.preserveClientIp ??
      reading.fill(`${path}.preserveClientIp`, keepsClient(targetType, protocol), 'AWS'),
    ...(written.crossZone !== undefined && { crossZone: written.crossZone }),
    targets:
      targets === 'unknown'
        ? undefined
        : targets.flatMap((target) => readTarget(reading, target, port, context, balancers) ?? []),
    notModelled: written.notModelled ?? [],
    origin: reading.of(written),
  };
}

/** "Client IP preservation", Network Load Balancer guide: off only for TCP and TLS to addresses. An ALB is a proxy. */
function keepsClient(type: TargetGroupSpec['targetType'], protocol: TargetGroupSpec['protocol']): boolean {
  if (protocol === 'HTTP' || protocol === 'HTTPS') return false;
  return type !== 'ip' || protocol === 'UDP' || protocol === 'TCP_UDP';
}

function readTarget(
  reading: Reading,
  written: TargetFile,
  port: number,
  { machines }: BalancerContext,
  balancers: ReadonlySet<string>,
): TargetSpec | undefined {
  const at = readPlace(reading, written, machines, balancers);
  const { health = 'healthy', zone } = written;
  return at && { at, port: written.port ?? port, zone, health, reason: written.reason ?? '' };
}

function readPlace(
  reading: Reading,
  written: TargetFile,
  machines: ReadonlySet<string>,
  balancers: ReadonlySet<string>,
): TargetSpec['at'] | undefined {
  const { instance, address, loadBalancer } = written;
  if ([instance, address, loadBalancer].filter((one) => one !== undefined).length !== 1) {
    reading.error(reading.of(written), {
      code: 'elb/target',
      message: 'a target is one thing',
      hint: 'write either instance, address or loadBalancer',
    });
    return undefined;
  }
  if (instance !== undefined)
    return checkReference(reading, written, 'instance', 'instance or node', instance, machines)
      ? { machine: instance }
      : undefined;
  if (loadBalancer !== undefined)
    return checkReference(
      reading,
      written,
      'loadBalancer',
      'Application Load Balancer of this VPC',
      loadBalancer,
      balancers,
    )
      ? { loadBalancer }
      : undefined;
  const read = addressIn(reading, written, 'address');
  return read === undefined ? undefined : { address: read };
}
