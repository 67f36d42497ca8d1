/** All subnets as bars, a panel for each zone. */
import type { CapacityReport, SubnetCapacity } from '../../analysis/capacity/report.ts';
import { type Block, block, moved, writing } from '../map/block.ts';
import { subnetRow } from './subnet-row.ts';
import { amount, counted } from './words.ts';

const PAD = 14;
const GAP = 16;

/** From so many subnets on, panels stand side by side. */
const MANY = 7;

export function zonePanels(report: CapacityReport, width: number): Block {
  const vpcs = new Set(report.subnets.map(({ vpc }) => vpc));
  const zones = new Map<string, SubnetCapacity[]>();
  for (const subnet of report.subnets) {
    const zone = vpcs.size > 1 ? `${subnet.vpc}, ${subnet.az}` : subnet.az;
    zones.set(zone, [...(zones.get(zone) ?? []), subnet]);
  }
  const columns = report.subnets.length < MANY ? 1 : zones.size % 3 === 0 ? 3 : Math.min(2, zones.size);
  const each = Math.floor((width - GAP * (columns - 1)) / columns);
  const panels = [...zones].map(([zone, subnets]) => zonePanel(report, zone, subnets, each));
  const placed = inColumns(panels, columns, each);
  return block({ id: 'zones', width, height: placed.height, children: placed.blocks });
}

function zonePanel(
  report: CapacityReport,
  zone: string,
  subnets: readonly SubnetCapacity[],
  width: number,
): Block {
  const free = subnets.reduce((sum, subnet) => sum + subnet.free, 0);
  const children: Block[] = [];
  let y = 34;
  for (const subnet of subnets) {
    const row = moved(subnetRow(report, subnet, width - 2 * PAD), PAD, y);
    children.push(row);
    y += row.height + GAP;
  }
  return block({
    id: `zone/${zone}`,
    look: 'panel',
    radius: 6,
    width,
    height: y - GAP + PAD,
    marks: [
      writing(zone, PAD, 22, 'title'),
      writing(
        `${counted(subnets.length, 'subnet')}, ${amount(free)} addresses free`,
        width - PAD,
        22,
        'small quiet',
        'end',
      ),
    ],
    children,
  });
}

/** The next panel goes where the column is shortest. */
function inColumns(panels: readonly Block[], columns: number, each: number) {
  const ends = Array.from({ length: columns }, () => 0);
  const blocks = panels.map((panel) => {
    const column = ends.indexOf(Math.min(...ends));
    const placed = moved(panel, column * (each + GAP), ends[column]!);
    ends[column]! += panel.height + GAP;
    return placed;
  });
  return { blocks, height: Math.max(0, Math.max(...ends) - GAP) };
}
