/** The regions with their VPCs in rows, beside the outside, and the lines from the gateways to the internet. */
import type { World } from '../../world/world.ts';
import { type Block, block, type Line, moved, writing } from './block.ts';
import type { Inventory, VpcView } from './inventory.ts';
import { outsideBlock } from './outside.ts';
import { treeOf } from './tree.ts';
import { HALF_GATEWAY, vpcBlock } from './vpc-block.ts';

/** Between the outside and the regions; the trunk of the lines runs in it. */
const STREET = 20;
const HEADER = 24;
const PAD = 10;
const GAP = 16;
/** A VPC that is not the first of its row is reached over the row. */
const OVERPASS = 12;

/** An internet gateway's way out, as far as the trunk. */
interface Exit {
  readonly gateway: string;
  readonly points: Line['points'];
}

export function territory(world: World, inventory: Inventory, room: number): Block {
  const outside = outsideBlock(world);
  const left = outside.width + STREET;
  const trunk = left - STREET / 2;
  const accounts = new Set(world.topology.vpcs.map(({ account }) => account));
  let y = 0;
  const regions = inventory.regions.map(({ name, vpcs }) => {
    const placed = moved(region(name, vpcs, room - left, accounts.size > 1), left, y);
    y += placed.height + GAP;
    return placed;
  });
  const exits = regions.flatMap((each) => exitsOf(each, trunk));
  const globe = outside.children[0]!;
  const below = globe.y + globe.height / 2;
  // The internet stands at the height of the first gateway.
  const top = Math.max(0, (exits[0]?.points[0]?.[1] ?? 0) - below);
  const all = [moved(outside, 0, top), ...regions];
  return block({
    id: 'territory',
    width: Math.max(...all.map((each) => each.x + each.width)),
    height: Math.max(...all.map((each) => each.y + each.height)),
    children: all,
    lines: treeOf(
      exits.map(({ gateway, points }) => ({
        ends: true,
        look: 'internet',
        tip: `internet gateway ${gateway} to the internet`,
        points: [...points, [trunk, top + below], [outside.width, top + below]],
      })),
    ),
  });
}

function region(name: string, vpcs: readonly VpcView[], room: number, showAccount: boolean): Block {
  const anyGateway = vpcs.some(({ gateway }) => gateway !== undefined);
  const left = anyGateway ? HALF_GATEWAY + 12 : PAD;
  const space = room - left - PAD;
  const children: Block[] = [];
  let [x, y, rowHeight] = [left, HEADER, 0];
  for (const vpc of vpcs) {
    const made = vpcBlock(vpc, space, showAccount);
    const gap = vpc.gateway === undefined ? GAP : HALF_GATEWAY + GAP + 8;
    if (x > left && x + gap + made.width <= left + space) x += gap;
    else if (rowHeight > 0) {
      x = left;
      y += rowHeight + GAP;
      rowHeight = 0;
    }
    if (rowHeight === 0 && vpcs.length > 1 && anyGateway) y += OVERPASS;
    children.push(moved(made, x, y));
    x += made.width;
    rowHeight = Math.max(rowHeight, made.height);
  }
  return block({
    id: `region/${name}`,
    look: 'box box-region dashed',
    width: Math.max(180, ...children.map((each) => each.x + each.width + PAD)),
    height: y + rowHeight + PAD,
    marks: [writing(`region ${name}`, 8, 16, 'small')],
    children,
  });
}

function exitsOf(region: Block, trunk: number): Exit[] {
  const first = Math.min(...region.children.map(({ x }) => x));
  return region.children.flatMap((vpc) =>
    vpc.children
      .filter(({ id }) => id.startsWith('gateway/'))
      .map((gateway): Exit => {
        const x = region.x + vpc.x + gateway.x;
        const y = region.y + vpc.y + gateway.y + gateway.height / 2;
        const over = region.y + vpc.y - OVERPASS / 2;
        const way: Line['points'] =
          vpc.x === first
            ? [[trunk, y]]
            : [
                [x - 8, y],
                [x - 8, over],
                [trunk, over],
              ];
        return { gateway: gateway.id.slice('gateway/'.length), points: [[x, y], ...way] };
      }),
  );
}
