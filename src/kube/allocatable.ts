/** What an EKS node offers to pods: capacity less kubeReserved less the hard eviction threshold, as nodeadm sets them
 *  on AL2023 (awslabs/amazon-eks-ami nodeadm, kubelet configuration). systemReserved is not set. */
import { instanceMemory } from './instance-memory.ts';

export interface Allocatable {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly pods: number;
}

export interface NodeSize {
  readonly instanceType: string;
  readonly vcpus: number;
  /** As EC2 advertises it; undefined: that of the family. */
  readonly memoryMiB?: number | undefined;
  /** From the ENI formula: nodeadm reserves memory for this many pods whatever the kubelet is told. */
  readonly eniMaxPods: number;
  /** The kubelet's own. */
  readonly maxPods: number;
}

export interface NodeCapacity {
  readonly allocatable: Allocatable;
  readonly reserved: { readonly cpuMillis: number; readonly memoryBytes: number };
  /** The type is not in the memory table. */
  readonly memoryGuessed: boolean;
}

const MIB = 1024 ** 2;

/** Memory that Linux does not see, taken by firmware and kernel: Karpenter's default for VM_MEMORY_OVERHEAD_PERCENT.
 *  Unsure: real nodes lose between 2 and 7 %. */
export const MEMORY_UNSEEN_FRACTION = 0.075;

/** evictionHard memory.available. */
export const EVICTION_BYTES = 100 * MIB;

export function nodeCapacity(size: NodeSize): NodeCapacity {
  const advertised = instanceMemory(size.instanceType, size.vcpus, size.memoryMiB);
  const capacity = Math.floor((advertised.bytes * (1 - MEMORY_UNSEEN_FRACTION)) / MIB) * MIB;
  const reserved = {
    cpuMillis: reservedCpuMillis(size.vcpus),
    memoryBytes: reservedMemoryBytes(size.eniMaxPods),
  };
  return {
    allocatable: {
      cpuMillis: size.vcpus * 1000 - reserved.cpuMillis,
      memoryBytes: Math.max(0, capacity - reserved.memoryBytes - EVICTION_BYTES),
      pods: size.maxPods,
    },
    reserved,
    memoryGuessed: advertised.guessed,
  };
}

/** 255 Mi and 11 Mi for each pod. */
export function reservedMemoryBytes(eniMaxPods: number): number {
  return (255 + 11 * eniMaxPods) * MIB;
}

/** 6 % of the first core, 1 % of the second, 0.5 % of the third and fourth, 0.25 % of the rest; whole millicores. */
export function reservedCpuMillis(vcpus: number): number {
  const tiers = [
    { cores: 1, millisPerCore: 60 },
    { cores: 1, millisPerCore: 10 },
    { cores: 2, millisPerCore: 5 },
    { cores: Infinity, millisPerCore: 2.5 },
  ];
  let left = vcpus;
  let reserved = 0;
  for (const { cores, millisPerCore } of tiers) {
    const inTier = Math.min(left, cores);
    reserved += Math.floor(inTier * millisPerCore);
    left -= inTier;
  }
  return reserved;
}
