/** Rule set `nodeadm`: what an AL2023 node sets of itself (awslabs/amazon-eks-ami nodeadm, internal/kubelet
 *  CalcMaxPods): the type's own number, or what kubelet.maxPodsExpression makes of it; the user's kubelet.config.maxPods
 *  wins over both. It knows neither a cap nor any setting of the CNI. */
import type { InstanceType } from '../instance-types.ts';
import { evaluateCel } from './cel.ts';
import { eniSum, standardPods } from './eni-sum.ts';
import { limitSteps, maxPodsLimit, podsPerCoreLimit } from './kubelet-settings.ts';
import { type Limit, lowest, type RuleSet } from './rule-set.ts';

const MAX_INT32 = 2 ** 31 - 1;

const RECENT_VARIABLES = /\b(?:vcpus|memory_mib)\b/;

export const nodeadm: RuleSet = {
  name: 'nodeadm',
  title: 'AL2023 by itself',
  heeds: new Set(['maxPods', 'podsPerCore', 'maxPodsExpression']),
  apply(type, options) {
    const sum = eniSum(type);
    const { maxPodsExpression: expression, maxPods } = options;
    const computed = expression === undefined ? undefined : byExpression(type, expression);
    const set = maxPods === undefined ? undefined : maxPodsLimit(maxPods);
    const chosen = set ?? computed?.limit;
    const base = chosen ? [chosen] : sum.limits;
    const perCore = podsPerCoreLimit(type, options);
    return lowest([...base, ...perCore], {
      formula: set ? String(set.pods) : computed?.limit ? expression! : sum.formula,
      steps: [
        ...sum.steps,
        ...(computed?.limit ? [`${computed.limit.because}: ${computed.limit.pods}`] : []),
        ...(set ? [`${set.because} wins`] : []),
        ...limitSteps(perCore, (chosen ?? sum).pods),
      ],
      // maxPods of the kubelet's configuration does not count for the memory reserve.
      reservedFor: computed?.limit?.pods ?? standardPods(type),
      warnings: computed?.warning === undefined ? [] : [computed.warning],
    });
  },
};

/** What the expression yields; where it yields nothing usable nodeadm warns, and the standard value holds. */
function byExpression(
  type: InstanceType,
  expression: string,
): { readonly limit?: Limit; readonly warning?: string } {
  const result = evaluateCel(expression, {
    default_enis: type.maxEnis,
    ips_per_eni: type.ipv4PerEni,
    max_pods: standardPods(type),
    vcpus: type.vcpus,
    memory_mib: type.memoryMiB,
  });
  const warned = (fault: string) => ({
    warning: `nodeadm warns and takes the standard value: maxPodsExpression ${fault}`,
  });
  if ('fault' in result)
    return result.beyond
      ? { warning: `maxPodsExpression is left out: it ${result.fault}` }
      : warned(result.fault);
  if (result.value <= 0 || result.value > MAX_INT32)
    return warned(`gives ${result.value}, which is no positive number of 32 bits`);
  return {
    limit: { what: 'kubelet', pods: result.value, because: `maxPodsExpression ${expression}` },
    ...(RECENT_VARIABLES.test(expression) && {
      warning:
        'maxPodsExpression: images of July 2026 and before have neither vcpus nor memory_mib, and take the standard value',
    }),
  };
}
