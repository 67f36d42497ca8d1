/** A planned network in a few lines: the peak, the subnets, what is left. */
import { formatCidr } from '../../addressing/cidr.ts';
import { count } from '../../analysis/plan/peak.ts';
import type { AddressPlan } from '../../analysis/plan/plan.ts';
import { renderTable } from '../table.ts';
import { labelled } from '../text/lines.ts';
import { spaceLeft } from './comments.ts';

export function planText(plan: AddressPlan, width: number): string {
  const { demand, peak, zone, subnets, cidrs } = plan;
  const rows = subnets.map((subnet) => [
    subnet.name,
    formatCidr(subnet.cidr),
    count(subnet.needed),
    count(subnet.usable - subnet.needed),
    subnet.reservations.length === 0 ? '-' : subnet.reservations.map(formatCidr).join(' '),
  ]);
  const lines: readonly (readonly [string, string])[] = [
    ['vpc', cidrs.map(formatCidr).join(', ')],
    ['nodes', peak.because.nodes],
    ['pods', peak.because.pods],
    ['interfaces', `up to ${count(zone.enis)} in a zone, of ${count(demand.eniQuota)} in the quota`],
    [
      'left',
      spaceLeft(plan)
        .map((line) => line.replace(/^# (left for more subnets: )?/, ''))
        .join(' '),
    ],
  ];
  return [
    ...lines.flatMap(([label, text]) => labelled(label, text, 12, width)),
    '',
    renderTable(['SUBNET', 'CIDR', 'NEEDED', 'FREE', 'FOR PREFIXES'], rows),
  ].join('\n');
}
