/** The subnets side by side, use by use: what sums to the size of each. */
import { type CapacityReport, capacityUses, type SubnetCapacity } from '../../../analysis/capacity/report.ts';
import { type Column, figures, number } from './figures.ts';

/** As many subnets beside each other as the width has room for. */
export function subnetLines({ subnets }: CapacityReport, width: number): string[] {
  const shown = subnets.map((subnet) => ({ subnet, width: columnWidth(subnet) }));
  const parts: SubnetCapacity[][] = [];
  let room = 0;
  for (const { subnet, width: own } of shown) {
    if (room < own) {
      parts.push([]);
      room = width - LABELS;
    }
    parts.at(-1)!.push(subnet);
    room -= own;
  }
  return parts.flatMap((part, place) => [...(place > 0 ? [''] : []), ...table(part, width)]);
}

const LABELS = 32;

function columnWidth({ name, az, cidr }: SubnetCapacity): number {
  return 2 + Math.max(name.length, az.length, cidr.length, 18);
}

function table(subnets: readonly SubnetCapacity[], width: number): string[] {
  const columns: Column[] = [
    { title: 'ADDRESSES' },
    ...subnets.map(({ name }) => ({ title: name, isNumber: true })),
  ];
  const of = ({ lines }: SubnetCapacity, use: string): number =>
    lines.find((line) => line.use === use)?.addresses ?? 0;
  const uses = Object.entries(capacityUses).filter(
    ([use]) => use === 'free' || subnets.some((subnet) => of(subnet, use) > 0),
  );
  const rows = [
    ['zone', ...subnets.map(({ az }) => az)],
    ['block', ...subnets.map(({ cidr }) => cidr)],
    ...uses.map(([use, label]) => [label, ...subnets.map((subnet) => number(of(subnet, use)))]),
    ['size', ...subnets.map(({ size }) => number(size))],
    ['used', ...subnets.map(usedShare)],
    ['largest free block', ...subnets.map(({ largestFreeBlock }) => largestFreeBlock ?? 'none')],
    [
      'whole /28 blocks',
      ...subnets.map(({ prefixes }) => `${number(prefixes.free)} of ${number(prefixes.total)}`),
    ],
  ];
  return figures(columns, rows, width);
}

function usedShare({ size, free, lines }: SubnetCapacity): string {
  const kept = lines.find(({ use }) => use === 'prefix-reservation')?.addresses ?? 0;
  const percent = (100 * (size - free - kept)) / size;
  return `${percent > 0 && percent < 1 ? '<1' : Math.round(percent)} %`;
}
