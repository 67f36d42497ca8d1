/** Numbers and names as the charts and tables of a capacity report word them. */
import type { PeakKind } from '../../analysis/capacity/report.ts';

/** "12,345". */
export function amount(number: number): string {
  return number.toLocaleString('en-US');
}

/** "96 %"; "<1 %" of what is there at all, and "100 %" only of everything. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent > 0 && percent < 1) return '<1 %';
  if (percent > 99 && percent < 100) return '99 %';
  return `${Math.round(percent)} %`;
}

/** "1 node", "12 nodes". */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${amount(number)} ${number === 1 ? one : many}`;
}

export const peakWords: Readonly<Record<PeakKind, string>> = {
  'rolling-update': 'rolling update of one workload',
  'rolling-update-of-all': 'rolling update of all Deployments at once',
  'node-group-update': 'update of a node group',
  'node-replacement': 'replacement of a node',
  'zone-loss': 'loss of a zone',
  'control-plane-upgrade': 'upgrade of the control plane',
  'load-balancer-growth': 'growth of load balancers',
  'terminating-nodes': 'terminating nodes',
  cooldown: 'addresses that cool down',
  'branch-cooldown': 'branch ENIs that cool down',
};

/** The letter by which a peak is marked on a bar. */
export const peakLetters: Readonly<Record<PeakKind, string>> = {
  'rolling-update': 'R',
  'rolling-update-of-all': 'A',
  'node-group-update': 'G',
  'node-replacement': 'N',
  'zone-loss': 'Z',
  'control-plane-upgrade': 'U',
  'load-balancer-growth': 'L',
  'terminating-nodes': 'T',
  cooldown: 'C',
  'branch-cooldown': 'B',
};
