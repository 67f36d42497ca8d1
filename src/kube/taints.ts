/** Taints and tolerations (Kubernetes "Taints and Tolerations"; component-helpers scheduling/corev1). */
import type { Taint, Toleration } from '../api/objects.ts';

/** An empty key with Exists tolerates everything; an empty effect every effect; Equal also compares the value. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== '' && toleration.effect !== taint.effect) return false;
  if (toleration.key === '') return toleration.operator === 'Exists';
  if (toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || toleration.value === taint.value;
}

/** The first taint with one of `effects` that nothing tolerates. */
export function untolerated(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  effects: readonly Taint['effect'][],
): Taint | undefined {
  return taints.find(
    (taint) =>
      effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

/** Effects that keep a pod from being placed on a node. */
export const HARD_EFFECTS = ['NoSchedule', 'NoExecute'] as const;
