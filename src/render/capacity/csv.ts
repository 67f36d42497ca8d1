/** The lines of a capacity report as CSV (RFC 4180): one row for each use of each subnet, today and at every other
 *  moment that the report has, so that a spreadsheet can pivot them. */
import { type CapacityReport, capacityUses, type UseLine } from '../../analysis/capacity/report.ts';

const COLUMNS = ['moment', 'of', 'subnet', 'az', 'cidr', 'use', 'addresses'] as const;

/** `moment`: "today", the kind of a peak (addresses beyond today's), "asked", or "week 3". */
export function capacityCsv({ subnets, peaks, scenario, growth }: CapacityReport): string {
  const about = new Map(subnets.map(({ name, az, cidr }) => [name, { az, cidr }]));
  const rows: string[][] = [];
  const add = (moment: string, of: string, subnet: string, lines: readonly UseLine[]): void => {
    const { az = '', cidr = '' } = about.get(subnet) ?? {};
    for (const { use, addresses } of lines)
      rows.push([moment, of, subnet, az, cidr, capacityUses[use], String(addresses)]);
  };
  for (const { name, lines } of subnets) add('today', '', name, lines);
  for (const { kind, of, subnets: extra } of peaks)
    for (const { subnet, extra: lines } of extra) add(kind, of, subnet, lines);
  for (const { subnet, lines } of scenario?.after.subnets ?? []) add('asked', '', subnet, lines);
  for (const point of growth?.timeline ?? [])
    for (const { subnet, lines } of point.subnets) add(`${growth!.per} ${point.at}`, '', subnet, lines);
  return `${[COLUMNS, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
