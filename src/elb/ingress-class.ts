/** Who serves an Ingress (classifyIngress of the controller): the kubernetes.io/ingress.class annotation, else
 *  spec.ingressClassName, else the default IngressClass; only class alb and controller ingress.k8s.aws/alb are the
 *  AWS Load Balancer Controller's. Not modelled: IngressClassParams. */
import type { Ingress, IngressClass } from '../api/objects.ts';
import { suggestion } from '../base/nearest.ts';

const ALB_CONTROLLER = 'ingress.k8s.aws/alb';

/** The class that the controller's Helm chart installs and the value it starts the controller with. */
const CHART_CLASS = 'alb';

interface NotServed {
  readonly reason: string;
  readonly hint: string;
}

/** Why the AWS Load Balancer Controller leaves `ingress` alone; undefined when it serves it. */
export function whyNotServed(
  ingress: Ingress,
  classes: readonly IngressClass[],
  controller: boolean,
): NotServed | undefined {
  const served = classOf(ingress, classes);
  if (typeof served !== 'string') return served;
  if (served !== ALB_CONTROLLER)
    return {
      reason: `its class is served by ${served}, not by the AWS Load Balancer Controller: no load balancer is made for it`,
      hint: `a controller of that class is reached by its own Service; for an ALB set spec.ingressClassName: ${CHART_CLASS}`,
    };
  if (controller) return undefined;
  return {
    reason:
      'class alb, but the AWS Load Balancer Controller does not run in this cluster: it gets no address',
    hint: 'install the controller (cluster.loadBalancerController: true)',
  };
}

/** The controller's name behind the Ingress's class, or why there is none. */
function classOf(ingress: Ingress, classes: readonly IngressClass[]): string | NotServed {
  const annotation = ingress.metadata.annotations['kubernetes.io/ingress.class'];
  if (annotation !== undefined) return annotation === CHART_CLASS ? ALB_CONTROLLER : `class "${annotation}"`;
  if (ingress.ingressClassName !== undefined) return controllerOf(ingress.ingressClassName, classes);
  const defaults = classes.filter((each) => each.isDefault);
  if (defaults.length > 1)
    return {
      reason: `it names no class and multiple default IngressClasses found: ${names(defaults).join(', ')}`,
      hint: 'leave one default IngressClass, or set spec.ingressClassName',
    };
  const only = defaults[0];
  if (only) return only.controller;
  return {
    reason: 'it names no class and no IngressClass is the default: no controller serves it',
    hint: `set spec.ingressClassName: ${CHART_CLASS} for an ALB`,
  };
}

function controllerOf(name: string, classes: readonly IngressClass[]): string | NotServed {
  const found = classes.find((each) => each.metadata.name === name);
  if (found) return found.controller;
  // The chart installs its class together with the controller; manifests seldom repeat it.
  if (name === CHART_CLASS) return ALB_CONTROLLER;
  return {
    reason: `invalid ingress class: IngressClass "${name}" not found: no controller serves it`,
    hint: suggestion(name, [...new Set([...names(classes), CHART_CLASS])]),
  };
}

function names(classes: readonly IngressClass[]): string[] {
  return classes.map((each) => each.metadata.name).sort();
}
