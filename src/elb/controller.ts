/** The AWS Load Balancer Controller: Ingresses of class alb become ALBs, Services of type LoadBalancer NLBs, with their
 *  security groups and the rules they add to the targets' groups. Follows the controller's source, release v3. */
import type { KubeObject } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import { type Built, buildAlb } from './alb.ts';
import { Findings } from './findings.ts';
import { whyNotServed } from './ingress-class.ts';
import { groupIngresses } from './ingress-group.ts';
import type { ControllerInput } from './input.ts';
import { backendGroupName } from './names.ts';
import { buildNlb } from './nlb.ts';
import type { ControllerOutput } from './plan.ts';
import { backendGroup } from './security-groups.ts';
import { whyNoNlb } from './service-class.ts';
import { mergePermissions } from './target-rules.ts';
import { clusterView } from './view.ts';

/** All load balancers of a cluster, and in `issues` why an Ingress or a Service gets none. */
export function planLoadBalancers(input: ControllerInput): ControllerOutput {
  const view = clusterView(input);
  const issues: Issue[] = [];
  const built: Built[] = [];
  const attempt = (build: (findings: Findings) => Built | undefined) => {
    const findings = new Findings(input.locate);
    const made = build(findings);
    if (made) built.push(made);
    issues.push(...findings.issues);
  };

  const general = new Findings(input.locate);
  const ingresses = inOrder(input.ingresses).filter((ingress) => {
    const why = whyNotServed(ingress, input.ingressClasses, input.controller);
    if (why) general.warn('elb/ingress-class', ingress, why.reason, why.hint);
    return !why;
  });
  const services = inOrder(input.services).filter((service) => {
    if (service.type !== 'LoadBalancer') return false;
    const why = whyNoNlb(service, input.controller);
    if (why) general.warn(why.code, service, why.reason, why.hint);
    return !why;
  });
  for (const group of groupIngresses(ingresses, general))
    attempt((findings) => buildAlb(view, group, findings));
  for (const service of services) attempt((findings) => buildNlb(view, service, findings));

  const plans = built.map(({ plan }) => plan).sort((a, b) => (a.name < b.name ? -1 : 1));
  const backend = backendGroupName(input.clusterName);
  const carriers = plans.filter(({ securityGroups }) => securityGroups.includes(backend));
  return {
    plans,
    backendGroup:
      carriers.length > 0
        ? backendGroup(
            input.clusterName,
            carriers.map(({ origin }) => origin),
          )
        : undefined,
    targetRules: mergePermissions(built.flatMap(({ permissions }) => permissions)),
    issues: [...general.issues, ...issues],
  };
}

function inOrder<T extends KubeObject>(objects: readonly T[]): T[] {
  const key = ({ metadata }: T) => `${metadata.namespace}/${metadata.name}`;
  return [...objects].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
