/** What becomes of one backend of an Ingress (enhanced_backend_builder.go, model_build_actions.go): the action of its
 *  rule, from the Service or from `actions.<name>`, and the conditions of `conditions.<name>`. */
import type { Ingress, IngressBackend } from '../api/objects.ts';
import { suggestion } from '../base/nearest.ts';
import { derived } from '../base/origin.ts';
import { type ActionAnnotation, type ActionTarget, actionShape } from './action-annotation.ts';
import { albTargetGroup } from './alb-target-group.ts';
import { find, ingressAnnotations, json, text } from './annotations.ts';
import { backendConditions } from './condition-annotation.ts';
import type { ActionPlan, ConditionPlan, FixedResponseAction } from './plan.ts';
import type { Draft } from './view.ts';

interface BackendPlan {
  readonly action: ActionPlan;
  readonly conditions: readonly ConditionPlan[];
  readonly notModelled: readonly string[];
}

/** Undefined when the controller gives up on the group because of it. */
export function albBackend(
  draft: Draft,
  groupId: string,
  ingress: Ingress,
  backend: IngressBackend,
  protocol: 'HTTP' | 'HTTPS',
): BackendPlan | undefined {
  const conditions = backendConditions(ingress, backend.service, draft.findings);
  const action =
    backend.port === 'use-annotation'
      ? annotatedAction(draft, groupId, ingress, backend)
      : forwardTo(
          draft,
          groupId,
          ingress,
          [{ service: backend.service, port: backend.port, weight: 1 }],
          false,
        );
  return (
    action && {
      action,
      conditions,
      notModelled: [
        ...unmodelled(draft, ingress, backend.service, protocol),
        ...unknownTargets(draft, action),
      ],
    }
  );
}

function annotatedAction(
  draft: Draft,
  groupId: string,
  ingress: Ingress,
  backend: IngressBackend,
): ActionPlan | undefined {
  const where = ingressAnnotations(ingress);
  const suffix = `actions.${backend.service}`;
  if (!find(where, suffix)) {
    draft.findings.warn(
      'elb/backend',
      ingress,
      `missing ${suffix} configuration: its rules answer 503 "Backend action does not exist"`,
      undefined,
      backend.origin,
    );
    return unavailable('Backend action does not exist');
  }
  const annotation = json(where, suffix, actionShape, draft.findings);
  return annotation && toAction(draft, groupId, ingress, annotation);
}

function toAction(
  draft: Draft,
  groupId: string,
  ingress: Ingress,
  annotation: ActionAnnotation,
): ActionPlan | undefined {
  switch (annotation.type) {
    case 'fixed-response': {
      const { statuscode, contenttype, messagebody } = annotation.fixedresponseconfig;
      return {
        type: 'fixed-response',
        statusCode: Number(statuscode),
        contentType: contenttype ?? 'text/plain',
        body: messagebody ?? '',
      };
    }
    case 'redirect': {
      const { statuscode, protocol, host, port, path, query } = annotation.redirectconfig;
      return {
        type: 'redirect',
        statusCode: statuscode === 'HTTP_301' ? 301 : 302,
        protocol: protocol ?? '#{protocol}',
        host: host ?? '#{host}',
        port: port ?? '#{port}',
        path: path ?? '/#{path}',
        query: query ?? '#{query}',
      };
    }
    case 'forward': {
      const targets: readonly ActionTarget[] = annotation.forwardconfig?.targetgroups ?? [annotation];
      const sticky = annotation.forwardconfig?.targetgroupstickinessconfig?.enabled ?? false;
      return forwardTo(draft, groupId, ingress, targets.map(toDestination), sticky);
    }
  }
}

type Destination = { readonly weight: number } & (
  | { readonly service: string; readonly port: number | string }
  | { readonly targetGroup: string }
);

function toDestination(target: ActionTarget): Destination {
  const weight = target.weight ?? 1;
  const { servicename, serviceport } = target;
  if (servicename != null && serviceport != null) {
    const numeric = typeof serviceport === 'string' && /^\d+$/.test(serviceport);
    return { service: servicename, port: numeric ? Number(serviceport) : serviceport, weight };
  }
  // An ARN is arn:aws:elasticloadbalancing:region:account:targetgroup/name/id.
  const arn = target.targetgrouparn;
  return { targetGroup: arn?.split('/')[1] ?? arn ?? target.targetgroupname ?? '', weight };
}

function forwardTo(
  draft: Draft,
  groupId: string,
  ingress: Ingress,
  destinations: readonly Destination[],
  sticky: boolean,
): ActionPlan | undefined {
  const targetGroups: { name: string; weight: number }[] = [];
  const { namespace } = ingress.metadata;
  for (const destination of destinations) {
    if ('targetGroup' in destination) {
      targetGroups.push({
        name: foreignTargetGroup(draft, ingress, destination.targetGroup),
        weight: destination.weight,
      });
      continue;
    }
    const service = draft.view.servicesByName.get(`${namespace}/${destination.service}`);
    if (!service) {
      const near = [...draft.view.servicesByName.keys()].filter((key) => key.startsWith(`${namespace}/`));
      const hint = suggestion(`${namespace}/${destination.service}`, near);
      const missing = `service ${namespace}/${destination.service} not found`;
      if (destinations.length > 1) {
        draft.findings.refuse('elb/backend', ingress, missing, hint);
        return undefined;
      }
      draft.findings.warn('elb/backend', ingress, `${missing}: its rules answer 503`, hint);
      return unavailable('Backend service does not exist');
    }
    const name = albTargetGroup(draft, groupId, ingress, service, destination.port);
    if (name === undefined) return undefined;
    targetGroups.push({ name, weight: destination.weight });
  }
  return { type: 'forward', targetGroups, sticky };
}

/** A target group made elsewhere: its targets are not in the cluster's objects. */
function foreignTargetGroup(draft: Draft, ingress: Ingress, name: string): string {
  const id = `target group ${name}`;
  if (!draft.targetGroups.has(id))
    draft.targetGroups.set(id, {
      name,
      targetType: 'ip',
      port: 1,
      protocol: 'HTTP',
      targets: [],
      leftOut: [],
      healthCheck: {
        protocol: 'HTTP',
        port: 'traffic-port',
        intervalSeconds: 30,
        timeoutSeconds: 5,
        healthyThreshold: 5,
        unhealthyThreshold: 2,
      },
      preserveClientIp: false,
      attributes: {},
      notModelled: ['made outside the cluster, its targets are not known'],
      origin: derived('AWS Load Balancer Controller', ingress.origin),
    });
  return name;
}

function unknownTargets(draft: Draft, action: ActionPlan): string[] {
  if (action.type !== 'forward') return [];
  const groups = [...draft.targetGroups.values()];
  return action.targetGroups.flatMap(({ name }) =>
    (groups.find((group) => group.name === name)?.notModelled ?? []).map(
      (what) => `target group ${name}: ${what}`,
    ),
  );
}

function unavailable(body: string): FixedResponseAction {
  return { type: 'fixed-response', statusCode: 503, contentType: 'text/plain', body };
}

function unmodelled(draft: Draft, ingress: Ingress, name: string, protocol: 'HTTP' | 'HTTPS'): string[] {
  const service = draft.view.servicesByName.get(`${ingress.metadata.namespace}/${name}`);
  const where = service ? ingressAnnotations(service, ingress) : ingressAnnotations(ingress);
  const found: string[] = [];
  const auth = text(where, 'auth-type');
  if (protocol === 'HTTPS' && auth !== undefined && auth !== 'none')
    found.push(`authentication by ${auth} before the action`);
  if (protocol === 'HTTPS' && find(where, 'jwt-validation')) found.push('JWT validation before the action');
  if (find(where, `transforms.${name}`)) found.push('rewrite of host or path (transforms)');
  return found;
}
