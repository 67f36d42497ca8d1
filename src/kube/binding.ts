/** What the scheduler says of a pod, and of the nodes it looked at. */
import type { Pod } from '../api/objects.ts';
import type { Scores } from './scheduler-scores.ts';

export interface NodeVerdict {
  readonly node: string;
  /** Why the pod cannot go there. */
  readonly reasons: readonly string[];
  readonly scores?: Scores | undefined;
  readonly total?: number | undefined;
}

export interface Binding {
  readonly pod: Pod;
  readonly node?: string | undefined;
  readonly because: 'pinned' | 'the only feasible node' | 'the highest score' | 'unschedulable';
  /** The scheduler's own text. */
  readonly unschedulable?: string | undefined;
  /** Each examined node by name; none in clusters of more than SHOWN_NODES. */
  readonly nodes: readonly NodeVerdict[];
}

/** In larger clusters a binding shows no nodes. */
export const SHOWN_NODES = 100;
export const NOT_SHOWN: readonly NodeVerdict[] = [];
