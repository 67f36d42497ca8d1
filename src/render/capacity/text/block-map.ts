/** The /28 blocks of a subnet as a map, for those where prefix delegation is short of them. */
import { blockLetters, type CapacityReport, type SubnetCapacity } from '../../../analysis/capacity/report.ts';
import { labelled } from '../../text/lines.ts';
import { number } from './figures.ts';

const ROW = 64;
/** So many touched blocks are told one by one. */
const MOST_TOUCHED = 12;

export function blockMaps({ subnets, cluster, groups }: CapacityReport, width: number): string[] {
  if (cluster?.mode !== 'prefix-delegation') return [];
  const used = new Set(groups.flatMap((group) => group.subnets));
  const shown = subnets.filter(
    ({ name, prefixes }) =>
      (used.has(name) || prefixes.delegated > 0) && prefixes.stranded > 16 * prefixes.free,
  );
  return shown.flatMap((subnet, place) => [...(place > 0 ? [''] : []), ...blockMap(subnet, width)]);
}

function blockMap({ name, cidr, free, prefixes }: SubnetCapacity, width: number): string[] {
  const { map, total, delegated, stranded, touched, reservation } = prefixes;
  const rows = Array.from({ length: Math.ceil(map.length / ROW) }, (_, i) =>
    map.slice(i * ROW, (i + 1) * ROW),
  );
  const letters = Object.entries(blockLetters).filter(([letter]) => map.includes(letter));
  return [
    ...labelled(
      '',
      `/28 blocks of ${name} (${cidr}): ${number(total)}, of them ${number(prefixes.free)} whole and ${number(delegated)} delegated; ${number(stranded)} of ${number(free)} free addresses are in blocks that something touches`,
      0,
      width,
    ),
    ...rows.map((row) => `  ${row}`),
    ...labelled('', letters.map(([letter, words]) => `${letter} ${words}`).join('   '), 2, width),
    ...touched
      .slice(0, MOST_TOUCHED)
      .flatMap((block) =>
        labelled(`  ${block.cidr}`, `${block.free} free, touched by ${block.by.join(', ')}`, 21, width),
      ),
    ...(touched.length > MOST_TOUCHED ? [`  and ${number(touched.length - MOST_TOUCHED)} more`] : []),
    ...(reservation
      ? labelled(
          '  reserve',
          `${reservation.cidr} for prefixes: ${number(reservation.usable)} of its ${number(reservation.blocks)} blocks are whole or delegated, ${number(reservation.later)} can be; ${number(reservation.taken)} of its addresses are held`,
          21,
          width,
        )
      : []),
  ];
}
