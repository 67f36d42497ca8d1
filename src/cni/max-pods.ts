/** How many pods a node takes: ENIs x (addresses per ENI - 1) + 2, because the first address of each ENI is its own
 *  and aws-node and kube-proxy use the host's (AWS "Choose an optimal Amazon EC2 node instance type", nodeadm). */
import type { InstanceType } from './instance-types.ts';

export interface MaxPodsOptions {
  /** MAX_ENI: at most that many ENIs; 0 or absent for what the type takes. */
  readonly maxEni?: number;
  /** Custom networking: the primary ENI carries no pods. */
  readonly customNetworking?: boolean;
  /** A /28 block in the place of each secondary address. */
  readonly prefixDelegation?: boolean;
}

export interface MaxPods {
  readonly pods: number;
  /** How the number came about, one sentence each. */
  readonly steps: readonly string[];
}

/** Host network pods that every node runs and that need no address of their own. */
const HOST_NETWORK_PODS = 2;

const ADDRESSES_PER_PREFIX = 16;

/** What the network interfaces allow. */
export function eniMaxPods(type: InstanceType, options: MaxPodsOptions = {}): MaxPods {
  const steps = [`${type.name}: ${type.maxEnis} ENIs with ${type.ipv4PerEni} IPv4 addresses each`];
  const enis = usableEnis(type, options, steps);
  const slots = type.ipv4PerEni - 1;
  const block = prefixBlock(type, options, steps);
  const pods = enis * slots * block + HOST_NETWORK_PODS;
  const each = block === 1 ? `${slots}` : `(${slots} x ${block})`;
  steps.push(`${enis} x ${each} + ${HOST_NETWORK_PODS} host network pods = ${pods}`);
  return { pods, steps };
}

function usableEnis(type: InstanceType, options: MaxPodsOptions, steps: string[]): number {
  let enis = type.maxEnis;
  if (options.maxEni && options.maxEni < enis) {
    enis = options.maxEni;
    steps.push(`MAX_ENI lowers the ENIs to ${enis}`);
  }
  if (options.customNetworking) {
    enis = Math.max(0, enis - 1);
    steps.push(`custom networking leaves ${enis} ENIs for pods: the primary one carries none`);
  }
  return enis;
}

/** The CNI delegates prefixes on Nitro and on bare metal only. */
function prefixBlock(type: InstanceType, options: MaxPodsOptions, steps: string[]): number {
  if (!options.prefixDelegation) return 1;
  if (type.hypervisor === 'nitro' || type.bareMetal) return ADDRESSES_PER_PREFIX;
  steps.push('prefix delegation needs a Nitro instance: single addresses are used');
  return 1;
}

/** Managed node groups without a custom AMI get at most 110 pods up to 30 vCPUs, else 250; where the number of vCPUs
 *  is not known, the lower cap. */
export function managedNodeGroupCap(vcpus: number | undefined): number {
  return vcpus !== undefined && vcpus > 30 ? 250 : 110;
}

/** The kubelet's maxPods on a node of a managed node group. */
export function managedMaxPods(type: InstanceType, options: MaxPodsOptions = {}): MaxPods {
  const { pods, steps } = eniMaxPods(type, options);
  const cap = managedNodeGroupCap(type.vcpus);
  if (pods <= cap) return { pods, steps };
  const size = type.vcpus === undefined ? 'an unknown number of vCPUs' : `${type.vcpus} vCPUs`;
  return { pods: cap, steps: [...steps, `the managed node group caps it at ${cap} for ${size}`] };
}
