/** The scheduler's text for a pod that no node takes (framework.FitError). */
import { compareText } from './order.ts';
import type { ReasonNumbers } from './reason-numbers.ts';

/** "0/3 nodes are available: 1 Insufficient cpu, 2 Too many pods." `against`: how many nodes each reason rules out. */
export function fitError(nodes: number, against: ReadonlyMap<string, number>): string {
  if (nodes === 0) return 'no nodes available to schedule pods';
  const list = [...against].map(([reason, count]) => `${count} ${reason}`).sort(compareText);
  return `0/${nodes} nodes are available${list.length > 0 ? `: ${list.join(', ')}.` : ''}`;
}

/** How many nodes each reason rules out. `against`: by node the number of the reasons against it. */
export function nodesByReason(against: Int32Array, reasons: ReasonNumbers): Map<string, number> {
  const nodes = new Int32Array(reasons.size);
  for (const number of against) nodes[number]!++;
  const counts = new Map<string, number>();
  nodes.forEach((count, number) => {
    if (count === 0) return;
    for (const reason of reasons.reasonsOf(number)) counts.set(reason, (counts.get(reason) ?? 0) + count);
  });
  return counts;
}
