/** Capacity reports in tests. */
import type { CapacityWords } from '../../src/analysis/capacity/asked.ts';
import { capacityOf } from '../../src/analysis/capacity/capacity.ts';
import type { CapacityReport } from '../../src/analysis/capacity/report.ts';
import type { Topology } from '../../src/world/topology.ts';

/** Of a topology and words that are known to be right. */
export function reportOf(topology: Topology, words?: CapacityWords): CapacityReport {
  const report = capacityOf(topology, words);
  if (!report.ok) throw new Error(JSON.stringify(report.issues, null, 2));
  return report.value;
}
