/** `describe-target-groups`, `describe-target-health` and `describe-target-group-attributes` as target groups of the
 *  topology file. */
import { type Account, all, made, nowhere } from '../aws/account.ts';
import { number, part, parts, type Resource, text, texts } from '../aws/resource.ts';
import { attributesOf } from './attributes.ts';

type Value = Record<string, unknown>;

/** Those that a load balancer forwards to. */
export function targetGroupsOf(
  account: Account,
  balancer: string,
  instances: ReadonlySet<string>,
): readonly Value[] {
  return all(account, 'TargetGroups').flatMap((group) =>
    texts(group, 'LoadBalancerArns').includes(balancer) ? [targetGroupOf(account, group, instances)] : [],
  );
}

/** "arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID". */
export function targetGroupName(arn: string): string {
  return /targetgroup\/([^/]+)\//.exec(arn)?.[1] ?? arn;
}

function targetGroupOf(account: Account, group: Resource, instances: ReadonlySet<string>): Value {
  const arn = text(group, 'TargetGroupArn') ?? '';
  const attributes = attributesOf(account, 'TargetGroupAttributes', arn);
  const type = text(group, 'TargetType') ?? 'instance';
  const crossZone = attributes['load_balancing.cross_zone.enabled'];
  const preserve = attributes['preserve_client_ip.enabled'];
  const settings = [
    ...(type === 'lambda' ? ['its target is a Lambda function'] : []),
    ...(attributes['proxy_protocol_v2.enabled'] === 'true' ? ['proxy protocol v2'] : []),
    ...(attributes['stickiness.enabled'] === 'true' && attributes['stickiness.type'] === 'source_ip'
      ? ['stickiness by source address']
      : []),
  ];
  return made(account, group, {
    name: targetGroupName(arn),
    type: type === 'lambda' ? 'ip' : type,
    protocol: text(group, 'Protocol') ?? 'HTTP',
    port: number(group, 'Port') ?? 0,
    preserveClientIp: preserve === undefined ? undefined : preserve === 'true',
    crossZone: crossZone === 'true' || crossZone === 'false' ? crossZone === 'true' : undefined,
    targets: type === 'lambda' ? 'unknown' : targetsOf(account, arn, type, instances),
    notModelled: settings.length > 0 ? settings : undefined,
  });
}

function targetsOf(
  account: Account,
  arn: string,
  type: string,
  instances: ReadonlySet<string>,
): readonly Value[] | 'unknown' {
  const told = all(account, 'LoadBalancerTargetHealth').find((each) => text(each, 'TargetGroupArn') === arn);
  if (!told) return 'unknown';
  return parts(told, 'TargetHealthDescriptions').flatMap((each): Value[] => {
    const target = part(each, 'Target');
    const id = text(target, 'Id');
    if (id === undefined) return [];
    const place = placeOf(account, each, type, id, instances);
    if (!place) return [];
    const health = part(each, 'TargetHealth');
    const state = text(health, 'State') ?? 'healthy';
    const reason = text(health, 'Reason');
    return [
      made(account, each, {
        ...place,
        port: number(target, 'Port'),
        zone: text(target, 'AvailabilityZone'),
        health: healthOf(state),
        reason: reason ?? (state === 'healthy' ? undefined : state),
      }),
    ];
  });
}

function placeOf(
  account: Account,
  target: Resource,
  type: string,
  id: string,
  instances: ReadonlySet<string>,
): Value | undefined {
  if (type === 'ip') return { address: id };
  if (type === 'alb') return { loadBalancer: /loadbalancer\/app\/([^/]+)\//.exec(id)?.[1] ?? id };
  if (instances.has(id)) return { instance: id };
  nowhere(account, target, `instance ${id}`, 'the target is left out');
  return undefined;
}

/** TargetHealth.State: what is draining gets no new connections; what is being checked for the first time gets some only
 *  where no target is healthy; a target whose health cannot be told is used. */
function healthOf(state: string): 'healthy' | 'unhealthy' | 'unused' {
  if (state === 'healthy' || state === 'unavailable') return 'healthy';
  return state === 'unused' || state === 'draining' ? 'unused' : 'unhealthy';
}
