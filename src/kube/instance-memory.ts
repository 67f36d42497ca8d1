/** Memory of EC2 instance types in GiB as advertised, for the families that clusters are mostly made of.
 *  Source: AWS "Amazon EC2 instance types" (general purpose, compute and memory optimized), read 2026-08. */

/** Families whose memory is a fixed multiple of their vCPUs: GiB per vCPU. */
const GIB_PER_VCPU: Readonly<Record<string, number>> = {
  c5: 2,
  c6i: 2,
  m5: 4,
  m6i: 4,
  m7i: 4,
  r5: 8,
  r6i: 8,
};

/** Burstable types have their own sizes, the same in t3, t3a and t4g. */
const BURSTABLE_GIB: Readonly<Record<string, number>> = {
  nano: 0.5,
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  '2xlarge': 32,
};

/** For every other type: the ratio of the general purpose families. Unsure: compute optimized types have half of it,
 *  memory optimized ones twice as much. */
export const FALLBACK_GIB_PER_VCPU = 4;

export interface InstanceMemory {
  readonly bytes: number;
  /** Not from the table: a default that should be reported. */
  readonly guessed: boolean;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** `memoryMiB` is what EC2 says of the type, where that is known. */
export function instanceMemory(instanceType: string, vcpus: number, memoryMiB?: number): InstanceMemory {
  if (memoryMiB !== undefined) return { bytes: memoryMiB * MIB, guessed: false };
  const [family = '', size = ''] = instanceType.split('.');
  const burstable = ['t3', 't3a', 't4g'].includes(family) ? BURSTABLE_GIB[size] : undefined;
  const ratio = GIB_PER_VCPU[family];
  const known = burstable ?? (ratio === undefined ? undefined : ratio * vcpus);
  return { bytes: (known ?? FALLBACK_GIB_PER_VCPU * vcpus) * GIB, guessed: known === undefined };
}
