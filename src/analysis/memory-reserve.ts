/** The memory that a node keeps back for the kubelet and the system, which grows with the number of pods it is told:
 *  255 MiB and 11 MiB for each (nodeadm; bootstrap.sh of AL2). Where that and the eviction threshold are more than the
 *  node has, the kubelet does not start (pkg/kubelet/cm validateNodeAllocatable). */
import type { InstanceType } from '../cni/instance-types.ts';
import {
  EVICTION_BYTES,
  MEMORY_UNSEEN_FRACTION,
  reservedCpuMillis,
  reservedMemoryBytes,
} from '../kube/allocatable.ts';
import { instanceMemory } from '../kube/instance-memory.ts';

export interface MemoryReserve {
  /** How many pods the reserve is computed for. */
  readonly pods: number;
  readonly reservedMiB: number;
  /** Of the node, as Linux sees it. */
  readonly memoryMiB: number;
  readonly cpuMillis: number | undefined;
  /** Beyond so many pods the reserve would be the whole node. */
  readonly mostPods: number;
  /** The reserve is more than the node has. */
  readonly tooMuch: boolean;
  readonly because: string;
}

const MIB = 1024 ** 2;

/** Undefined where the memory of the type is not known, or nothing is reserved. */
export function memoryReserve(type: InstanceType, pods: number | undefined): MemoryReserve | undefined {
  if (pods === undefined) return undefined;
  const advertised = instanceMemory(type.name, type.vcpus ?? 0, type.memoryMiB);
  if (advertised.guessed || advertised.bytes === 0) return undefined;
  const memoryMiB = Math.floor((advertised.bytes * (1 - MEMORY_UNSEEN_FRACTION)) / MIB);
  const evictionMiB = EVICTION_BYTES / MIB;
  const reservedMiB = reservedMemoryBytes(pods) / MIB;
  const [base, each] = [
    reservedMemoryBytes(0) / MIB,
    (reservedMemoryBytes(1) - reservedMemoryBytes(0)) / MIB,
  ];
  const all = `${base} + ${each} MiB a pod + ${evictionMiB} MiB for eviction`;
  const mostPods = Math.max(0, Math.floor((memoryMiB - evictionMiB - base) / each));
  return {
    pods,
    reservedMiB,
    memoryMiB,
    cpuMillis: type.vcpus === undefined ? undefined : reservedCpuMillis(type.vcpus),
    mostPods,
    tooMuch: pods > mostPods,
    because:
      pods > mostPods
        ? `${all} = more than the ${memoryMiB} MiB of the node: with ${pods} pods the kubelet does not start`
        : `${all} = all of ${memoryMiB} MiB`,
  };
}
