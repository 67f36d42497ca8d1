/** Target groups: who may serve a request, and which of them does. Healthy targets share alike (round robin, flow
 *  hash); when no target at all is healthy a load balancer fails open and sends to every one ("Target group health",
 *  Elastic Load Balancing guide). */
import { formatIpv4 } from '../addressing/ip.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { type Choice, note } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';

export interface Target {
  readonly address: number;
  readonly port: number;
  /** `all` serves every zone: a target outside the VPC. */
  readonly az: string;
  /** `pod/ns/name` or `node/name`. */
  readonly label: string;
  /** `unused`: registered, in a zone that the load balancer is not enabled in; it gets no traffic. */
  readonly health: 'healthy' | 'unhealthy' | 'unused';
  /** AWS's reason code (`Target.Timeout`), empty when healthy. */
  readonly reason: string;
}

export interface TargetGroup {
  readonly name: string;
  readonly targetType: 'ip' | 'instance';
  /** Every target is registered with a port of its own; this is the group's default. */
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP' | 'UDP' | 'TCP_UDP' | 'TLS';
  readonly targets: readonly Target[];
  /** NLB: targets see the client's address. */
  readonly preserveClientIp: boolean;
  /** The group's own setting; absent where the load balancer's holds. */
  readonly crossZone?: boolean | undefined;
  /** Nobody could read which targets it has. */
  readonly unknown?: boolean | undefined;
}

/** No target is registered, or none in use. */
export const NO_TARGETS = -1;
/** The node may not send to other zones, and in its own there is none to take it. */
export const NO_TARGETS_IN_ZONE = -2;

/** The targets among which a node of `zone` chooses (undefined: of all zones): only healthy ones, or every one. */
export function pickTarget(
  group: TargetGroup,
  zone: string | undefined,
  walk: Walk,
  kind: Choice,
  a: number,
  b: number,
): number {
  const healthyOnly = hasHealthy(group);
  const count = countEligible(group, zone, healthyOnly);
  if (count > 0) return nthEligible(group, zone, healthyOnly, walk.choose(kind, count, undefined, a, b));
  return countEligible(group, undefined, false) === 0 ? NO_TARGETS : NO_TARGETS_IN_ZONE;
}

/** No target is healthy, so all get traffic. */
export function failsOpen(group: TargetGroup): boolean {
  return !hasHealthy(group) && countEligible(group, undefined, false) > 0;
}

/** The zone whose targets a node may use; undefined for every zone. */
export function zoneLimit(
  group: TargetGroup,
  crossZone: boolean,
  az: string | undefined,
): string | undefined {
  return (group.crossZone ?? crossZone) ? undefined : az;
}

/** "pod/default/web-0 10.0.1.5:8080 (1 of 3 healthy targets of web)", for the words of a choice. */
export function pickText(group: TargetGroup, zone: string | undefined, picked: number): string {
  const healthyOnly = hasHealthy(group);
  const count = countEligible(group, zone, healthyOnly);
  const among = `${count} ${healthyOnly ? 'healthy ' : ''}target${count === 1 ? '' : 's'} of ${group.name}`;
  return `${targetText(group.targets[nthEligible(group, zone, healthyOnly, picked)]!)} (1 of ${among}${zone === undefined ? '' : ` in ${zone}`}${healthyOnly ? '' : ', none healthy: fail open'})`;
}

export function targetText({ label, address, port }: Target): string {
  return `${label} ${formatIpv4(address)}:${port}`;
}

/** "pod/default/web-0: Target.Timeout", for each target that is not healthy. */
export function healthText(group: TargetGroup): string {
  const ill = group.targets.filter(({ health }) => health !== 'healthy');
  return ill.map(({ label, health, reason }) => `${label}: ${reason || health}`).join(', ');
}

function hasHealthy({ targets }: TargetGroup): boolean {
  for (let i = 0; i < targets.length; i++) if (targets[i]!.health === 'healthy') return true;
  return false;
}

function isEligible({ health, az }: Target, zone: string | undefined, healthyOnly: boolean): boolean {
  return (
    (healthyOnly ? health === 'healthy' : health !== 'unused') &&
    (zone === undefined || az === zone || az === 'all')
  );
}

function countEligible({ targets }: TargetGroup, zone: string | undefined, healthyOnly: boolean): number {
  let count = 0;
  for (let i = 0; i < targets.length; i++) if (isEligible(targets[i]!, zone, healthyOnly)) count++;
  return count;
}

function nthEligible(
  { targets }: TargetGroup,
  zone: string | undefined,
  healthyOnly: boolean,
  n: number,
): number {
  let left = n;
  for (let i = 0; i < targets.length; i++)
    if (isEligible(targets[i]!, zone, healthyOnly) && left-- === 0) return i;
  return NO_TARGETS;
}

/** The targets of one of the load balancer's groups could not be read. */
export const targetsUnknown = note<DeviceRecord>({
  name: 'targets not known',
  nature: 'limit',
  word: ({ self }) =>
    `the targets behind ${self.kind}/${self.id} are not known: the topology does not have what describe-target-health prints`,
});
