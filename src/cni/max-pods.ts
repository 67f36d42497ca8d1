/** How many pods a node takes, by the rule sets that people meet. They begin with the same sum, ENIs x (addresses per
 *  ENI - 1) + 2, and differ in what they know of the CNI's settings and in what they cap it at. */
import type { InstanceType } from './instance-types.ts';
import { al2Script } from './max-pods/al2-script.ts';
import { cni } from './max-pods/cni.ts';
import { karpenter } from './max-pods/karpenter.ts';
import { managedNodeGroup } from './max-pods/managed-node-group.ts';
import { nodeadm } from './max-pods/nodeadm.ts';
import type { MaxPods, MaxPodsOptions, RuleSet } from './max-pods/rule-set.ts';

export type {
  Limit,
  LimitKind,
  MaxPods,
  MaxPodsOptions,
  RuleSet,
  RuleSetName,
} from './max-pods/rule-set.ts';

/** What most nodes of EKS have goes first; the CNI's own view, which the others should agree with, last. */
export const ruleSets: readonly RuleSet[] = [managedNodeGroup, nodeadm, karpenter, al2Script, cni];

/** What ipamd has addresses for: the rule set `cni`. */
export function eniMaxPods(type: InstanceType, options: MaxPodsOptions = {}): MaxPods {
  return cni.apply(type, options);
}

/** The kubelet's maxPods on a node of a managed node group. */
export function managedMaxPods(type: InstanceType, options: MaxPodsOptions = {}): MaxPods {
  return managedNodeGroup.apply(type, options);
}

/** The kubelet's maxPods on any other AL2023 node. */
export function nodeadmMaxPods(type: InstanceType, options: MaxPodsOptions = {}): MaxPods {
  return nodeadm.apply(type, options);
}
