/** How many pods a rolling update has too many and too few at most (deployment controller, util
 *  ResolveFenceposts: surge rounds up, unavailable rounds down, and both 0 makes one unavailable). */
import type { Workload } from '../api/objects.ts';

export interface Rollout {
  /** Pods beyond the replicas. */
  readonly surge: number;
  /** Replicas that may be missing. */
  readonly unavailable: number;
}

const DEFAULT = '25%';

/** A Deployment's. Recreate takes all pods away before it makes any. */
export function rolloutOf({ replicas, strategy }: Pick<Workload, 'replicas' | 'strategy'>): Rollout {
  if (strategy?.type === 'Recreate') return { surge: 0, unavailable: replicas };
  const { maxSurge = DEFAULT, maxUnavailable = DEFAULT } = strategy ?? {};
  const surge = resolved(maxSurge, replicas, Math.ceil);
  const unavailable = Math.min(replicas, resolved(maxUnavailable, replicas, Math.floor));
  return { surge, unavailable: surge === 0 && unavailable === 0 ? Math.min(1, replicas) : unavailable };
}

function resolved(value: number | string, replicas: number, round: (value: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseInt(value, 10) * replicas) / 100);
}
