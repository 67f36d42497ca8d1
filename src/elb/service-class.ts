/** Who makes the load balancer of a Service of type LoadBalancer (service_utils.go, webhooks/core/service_mutator.go):
 *  since v2.5 the controller's webhook sets loadBalancerClass service.k8s.aws/nlb on every new Service without a class,
 *  so that without an annotation it becomes an internal NLB with instance targets. */
import type { Service } from '../api/objects.ts';

const NLB_CLASS = 'service.k8s.aws/nlb';
const TYPE = 'service.beta.kubernetes.io/aws-load-balancer-type';
const TARGET_TYPE = 'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type';

interface NotMade {
  readonly code: 'elb/no-controller' | 'elb/class' | 'elb/classic';
  readonly reason: string;
  readonly hint: string;
}

/** Why the AWS Load Balancer Controller makes no NLB for `service`; undefined when it does. */
export function whyNoNlb(service: Service, controller: boolean): NotMade | undefined {
  const type = service.metadata.annotations[TYPE] ?? '';
  const external = type === 'nlb-ip' || type === 'external';
  const given = service.loadBalancerClass ?? '';
  if (given !== '' && given !== NLB_CLASS)
    return {
      code: 'elb/class',
      reason: `loadBalancerClass ${given} is not the AWS Load Balancer Controller's: no load balancer is made for it`,
      hint: `known: ${NLB_CLASS}`,
    };
  if (!controller) return withoutController(given, type, external);
  // A Service that already has a load balancer and no class was made before the webhook saw it.
  if (given === '' && service.loadBalancerIngress.length > 0) {
    const targetType = service.metadata.annotations[TARGET_TYPE] ?? '';
    const own = type === 'nlb-ip' || (type === 'external' && /^(ip|instance)$/.test(targetType));
    if (!own) return inTree(type, 'it has no loadBalancerClass and its load balancer exists already');
  }
  return undefined;
}

function withoutController(given: string, type: string, external: boolean): NotMade {
  if (given === NLB_CLASS || external)
    return {
      code: 'elb/no-controller',
      reason:
        'only the AWS Load Balancer Controller serves it, which does not run in this cluster: it gets no address',
      hint: 'install the controller (cluster.loadBalancerController: true)',
    };
  return inTree(type, 'the AWS Load Balancer Controller does not run in this cluster');
}

function inTree(type: string, because: string): NotMade {
  const what = type === 'nlb' ? 'a Network Load Balancer of the legacy kind' : 'a Classic Load Balancer';
  return {
    code: 'elb/classic',
    reason: `${because}, so the cloud provider's service controller makes ${what}, which is not modelled`,
    hint: 'trace to its node port instead, or run the AWS Load Balancer Controller',
  };
}
