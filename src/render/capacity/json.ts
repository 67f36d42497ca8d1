/** A capacity report as JSON text, `vpcsim.capacity/v1`. */
import type { CapacityReport } from '../../analysis/capacity/report.ts';

/** Indented by two, with a newline at the end. */
export function capacityJson(report: CapacityReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
