/** Target groups of an ALB: one per Ingress, Service and Service port (model_build_target_group.go of pkg/ingress). */
import type { Ingress, Service, ServicePort } from '../api/objects.ts';
import { derived } from '../base/origin.ts';
import { TCP } from '../packet/protocol.ts';
import { ingressAnnotations, oneOf, pairs } from './annotations.ts';
import { albHealthCheck } from './health-check.ts';
import { objectName } from './names.ts';
import { openTargets } from './open-targets.ts';
import type { HealthCheckPlan } from './plan.ts';
import type { Permission } from './target-rules.ts';
import { nodeTargets, podTargets, type TargetQuery } from './targets.ts';
import { type Draft, serviceKey } from './view.ts';

/** The port of a Service by number or name, as an Ingress backend gives it. */
function lookUpPort(service: Service, port: number | string): ServicePort | undefined {
  return service.ports.find((each) => (typeof port === 'number' ? each.port === port : each.name === port));
}

/** The name of the target group for a backend, made at its first use; undefined when the controller gives up on it. */
export function albTargetGroup(
  draft: Draft,
  groupId: string,
  ingress: Ingress,
  service: Service,
  port: number | string,
): string | undefined {
  const { namespace, name } = ingress.metadata;
  const id = `${namespace}/${name}-${service.metadata.name}:${port}`;
  const known = draft.targetGroups.get(id);
  if (known) return known.name;

  const { findings, view } = draft;
  const servicePort = lookUpPort(service, port);
  if (!servicePort) {
    const ports = service.ports.map((each) =>
      each.name === '' ? `${each.port}` : `${each.port} (${each.name})`,
    );
    findings.refuse(
      'elb/backend',
      ingress,
      `unable to find port ${port} on service ${serviceKey(service)}`,
      `its ports: ${ports.join(', ')}`,
    );
    return undefined;
  }
  const where = ingressAnnotations(service, ingress);
  const targetType = oneOf(where, 'target-type', ['instance', 'ip'], 'instance', findings);
  const protocol = oneOf(where, 'backend-protocol', ['HTTP', 'HTTPS'], 'HTTP', findings);
  const version = oneOf(where, 'backend-protocol-version', ['HTTP1', 'HTTP2', 'GRPC'], 'HTTP1', findings);
  const number = targetGroupPort(targetType, servicePort);
  if (number === 0) {
    findings.refuse(
      'elb/backend',
      ingress,
      `TargetGroup port is empty. When using Instance targets, your service must be of type 'NodePort' or 'LoadBalancer' (${serviceKey(service)} is ${service.type})`,
      'set alb.ingress.kubernetes.io/target-type: ip, or make the Service a NodePort',
    );
    return undefined;
  }
  const healthCheck = albHealthCheck(
    where,
    { service, targetType, protocol, grpc: version === 'GRPC' },
    findings,
  );
  const query: TargetQuery = {
    kind: 'alb',
    service,
    port: servicePort,
    enabledZones: draft.enabledZones,
    nodeLabels: pairs(where, 'target-node-labels', findings),
    asksHealthServer: false,
  };
  const { targets, leftOut } = targetType === 'ip' ? podTargets(view, query) : nodeTargets(view, query);
  const groupName = objectName(service.metadata.namespace, service.metadata.name, [
    view.clusterName,
    groupId,
    namespace,
    name,
    serviceKey(service),
    `${port}`,
    `${number}`,
    targetType,
    protocol,
    version,
  ]);
  const origin = derived('AWS Load Balancer Controller', ingress.origin, service.origin);
  draft.targetGroups.set(id, {
    name: groupName,
    targetType,
    port: number,
    protocol,
    protocolVersion: version,
    service: { name: serviceKey(service), port: servicePort.port },
    targets: targets.map(({ securityGroups: _, ...target }) => target),
    leftOut,
    healthCheck,
    preserveClientIp: false,
    attributes: pairs(where, 'target-group-attributes', findings),
    notModelled: [],
    origin,
  });
  const wanted = wantedPermissions(draft.sourceGroup, healthCheck);
  openTargets(draft, service, { name: groupName, origin }, targets, wanted);
  return groupName;
}

/** 1 stands for a named target port, which may differ from pod to pod. */
export function targetGroupPort(targetType: 'ip' | 'instance', port: ServicePort): number {
  if (targetType === 'instance') return port.nodePort ?? 0;
  return typeof port.targetPort === 'number' ? port.targetPort : 1;
}

function wantedPermissions(group: string | undefined, healthCheck: HealthCheckPlan): Permission[] {
  if (group === undefined) return [];
  const wanted: Permission[] = [{ protocol: TCP, port: 'traffic-port', peer: { group } }];
  if (healthCheck.port !== 'traffic-port')
    wanted.push({ protocol: TCP, port: healthCheck.port, peer: { group } });
  return wanted;
}
