/** Health checks of target groups, from annotations and the controller's defaults. The ALB's are in model_builder.go of
 *  pkg/ingress, the NLB's in pkg/service, with other values for instance targets of a Service with
 *  externalTrafficPolicy Local, which ask kube-proxy's health server. */
import type { Service } from '../api/objects.ts';
import { type Annotations, find, integer, oneOf, refuseValue, text } from './annotations.ts';
import type { Findings } from './findings.ts';
import type { HealthCheckPlan } from './plan.ts';

const ALB_SUFFIX = {
  port: 'healthcheck-port',
  protocol: 'healthcheck-protocol',
  path: 'healthcheck-path',
  codes: 'success-codes',
  interval: 'healthcheck-interval-seconds',
  timeout: 'healthcheck-timeout-seconds',
  healthy: 'healthy-threshold-count',
  unhealthy: 'unhealthy-threshold-count',
} as const;

const NLB_SUFFIX = {
  port: 'aws-load-balancer-healthcheck-port',
  protocol: 'aws-load-balancer-healthcheck-protocol',
  path: 'aws-load-balancer-healthcheck-path',
  codes: 'aws-load-balancer-healthcheck-success-codes',
  interval: 'aws-load-balancer-healthcheck-interval',
  timeout: 'aws-load-balancer-healthcheck-timeout',
  healthy: 'aws-load-balancer-healthcheck-healthy-threshold',
  unhealthy: 'aws-load-balancer-healthcheck-unhealthy-threshold',
} as const;

type Suffixes = typeof ALB_SUFFIX | typeof NLB_SUFFIX;

interface Defaults extends Omit<HealthCheckPlan, 'path' | 'successCodes'> {
  readonly path: string;
  readonly successCodes: string;
}

interface CheckedGroup {
  readonly service: Service;
  readonly targetType: 'ip' | 'instance';
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly grpc: boolean;
}

export function albHealthCheck(where: Annotations, group: CheckedGroup, findings: Findings): HealthCheckPlan {
  return read(where, ALB_SUFFIX, group, findings, ['HTTP', 'HTTPS'], {
    protocol: group.protocol,
    port: 'traffic-port',
    path: group.grpc ? '/AWS.ALB/healthcheck' : '/',
    successCodes: group.grpc ? '12' : '200',
    intervalSeconds: 15,
    timeoutSeconds: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  });
}

/** Whether the check goes to the health server that kube-proxy runs for externalTrafficPolicy Local. */
export function asksHealthServer(service: Service, targetType: 'ip' | 'instance'): boolean {
  return (
    targetType === 'instance' && service.externalTrafficPolicy === 'Local' && service.type === 'LoadBalancer'
  );
}

export function nlbHealthCheck(
  where: Annotations,
  group: Pick<CheckedGroup, 'service' | 'targetType'>,
  findings: Findings,
): HealthCheckPlan {
  const local = asksHealthServer(group.service, group.targetType);
  return read(where, NLB_SUFFIX, group, findings, ['TCP', 'HTTP', 'HTTPS'], {
    protocol: local ? 'HTTP' : 'TCP',
    port: local ? (group.service.healthCheckNodePort ?? 0) : 'traffic-port',
    path: local ? '/healthz' : '/',
    successCodes: '200-399',
    intervalSeconds: 10,
    timeoutSeconds: local ? 6 : 10,
    healthyThreshold: local ? 2 : 3,
    unhealthyThreshold: local ? 2 : 3,
  });
}

function read(
  where: Annotations,
  suffix: Suffixes,
  group: Pick<CheckedGroup, 'service' | 'targetType'>,
  findings: Findings,
  protocols: readonly HealthCheckPlan['protocol'][],
  defaults: Defaults,
): HealthCheckPlan {
  // The NLB's side of the controller ignores case here, the ALB's does not.
  const spelling =
    suffix === NLB_SUFFIX ? protocols.flatMap((each) => [each, each.toLowerCase()]) : protocols;
  const word = oneOf(where, suffix.protocol, spelling, defaults.protocol, findings).toUpperCase();
  const protocol = protocols.find((each) => each === word) ?? defaults.protocol;
  const web =
    protocol === 'TCP'
      ? {}
      : {
          path: text(where, suffix.path) ?? defaults.path,
          successCodes: text(where, suffix.codes) ?? defaults.successCodes,
        };
  return {
    protocol,
    port: checkPort(where, suffix.port, group, findings) ?? defaults.port,
    ...web,
    intervalSeconds: integer(where, suffix.interval, findings) ?? defaults.intervalSeconds,
    timeoutSeconds: integer(where, suffix.timeout, findings) ?? defaults.timeoutSeconds,
    healthyThreshold: integer(where, suffix.healthy, findings) ?? defaults.healthyThreshold,
    unhealthyThreshold: integer(where, suffix.unhealthy, findings) ?? defaults.unhealthyThreshold,
  };
}

/** A number, `traffic-port`, or the name of a Service port (its node port for instance targets). */
function checkPort(
  where: Annotations,
  suffix: string,
  group: Pick<CheckedGroup, 'service' | 'targetType'>,
  findings: Findings,
): HealthCheckPlan['port'] | undefined {
  const found = find(where, suffix);
  if (!found) return undefined;
  if (found.text === 'traffic-port') return 'traffic-port';
  if (/^\d+$/.test(found.text)) return Number(found.text);
  const port = group.service.ports.find((each) => each.name === found.text);
  if (!port)
    return refuseValue(found, findings, `failed to resolve healthCheckPort: no port named "${found.text}"`);
  if (group.targetType === 'instance') return port.nodePort;
  if (typeof port.targetPort === 'number') return port.targetPort;
  return refuseValue(
    found,
    findings,
    "cannot use named healthCheckPort for IP TargetType when service's targetPort is a named port",
  );
}
