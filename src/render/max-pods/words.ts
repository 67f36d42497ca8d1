/** Words that the renderings of max-pods share. */
import type { MaxPodsReport } from '../../analysis/max-pods.ts';

/** What the command works on: a report, and what of a topology uses the type. */
export interface NamedReport {
  readonly report: MaxPodsReport;
  /** "node group workers". */
  readonly usedBy: readonly string[];
}

/** "1 pod", "29 pods". */
export function podsOf(count: number): string {
  return count === 1 ? '1 pod' : `${count} pods`;
}
