/** The regions with their VPCs in rows, beside the outside, and the lines from the gateways to the internet. */
import type { World } from '../../world/world.ts';
import { type Block, block, type Line, moved, writing } from './block.ts';
import type { Inventory, VpcView } from './inventory.ts';
import { linkColumn, linkRoom } from './link-column.ts';
import { type LinkView, linksOf } from './links.ts';
import { onPremisesBlock, streetWidth, wireLines } from './on-premises.ts';
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
  const { links, networks, wires } = linksOf(world.topology);
  const network = networks.length > 0 ? onPremisesBlock(networks) : undefined;
  const right = streetWidth(wires) + (network?.width ?? 0);
  let y = 0;
  const regions = inventory.regions.map(({ name, vpcs }) => {
    const own = links.filter((link) => link.region === name);
    const placed = moved(region(name, vpcs, own, room - left - right, accounts.size > 1), left, y);
    y += placed.height + GAP;
    return placed;
  });
  const street = Math.max(...regions.map((each) => each.x + each.width), left);
  const exits = regions.flatMap((each) => exitsOf(each, trunk));
  const globe = outside.children[0]!;
  const below = globe.y + globe.height / 2;
  // The internet stands at the height of the first gateway.
  const top = Math.max(0, (exits[0]?.points[0]?.[1] ?? 0) - below);
  const cards = new Map(
    regions.flatMap((each) =>
      each.children.map((child) => [child.id, { ...child, x: each.x + child.x, y: each.y + child.y }]),
    ),
  );
  const all = [moved(outside, 0, top), ...regions];
  if (network) {
    // It stands at the height of the first gateway that is wired to it.
    const first = wires.map(({ from }) => cards.get(from)).find((card) => card !== undefined);
    const placed = moved(
      network,
      street + streetWidth(wires),
      Math.max(0, (first?.y ?? 0) - network.children[0]!.y),
    );
    all.push(placed);
    for (const child of placed.children)
      cards.set(child.id, { ...child, x: placed.x + child.x, y: placed.y + child.y });
  }
  return block({
    id: 'territory',
    width: Math.max(...all.map((each) => each.x + each.width)),
    height: Math.max(...all.map((each) => each.y + each.height)),
    children: all,
    lines: [
      ...treeOf(
        exits.map(({ gateway, points }) => ({
          ends: true,
          look: 'internet',
          tip: `internet gateway ${gateway} to the internet`,
          points: [...points, [trunk, top + below], [outside.width, top + below]],
        })),
      ),
      ...wireLines(wires, cards, street),
    ],
  });
}

function region(
  name: string,
  vpcs: readonly VpcView[],
  links: readonly LinkView[],
  room: number,
  showAccount: boolean,
): Block {
  const anyGateway = vpcs.some(({ gateway }) => gateway !== undefined);
  const left = anyGateway ? HALF_GATEWAY + 12 : PAD;
  const space = room - left - PAD - (links.length > 0 ? linkRoom(links) : 0);
  const children: Block[] = [];
  let [x, y, rowHeight] = [left, HEADER, 0];
  for (const vpc of vpcs) {
    const made = vpcBlock(vpc, space, showAccount);
    const gap = vpc.gateway === undefined ? GAP : HALF_GATEWAY + GAP + 8;
    // Lines to links leave VPCs at the right, where nothing may stand.
    if (links.length === 0 && x > left && x + gap + made.width <= left + space) x += gap;
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
  const column = links.length > 0 ? linkColumn(links, children, HEADER) : undefined;
  return block({
    id: `region/${name}`,
    look: 'box box-region dashed',
    width: Math.max(180, ...children.map((each) => each.x + each.width + PAD), (column?.right ?? 0) + PAD),
    height: Math.max(y + rowHeight, column?.bottom ?? 0) + PAD,
    marks: [writing(`region ${name}`, 8, 16, 'small')],
    children: [...children, ...(column?.cards ?? [])],
    lines: column?.lines ?? [],
  });
}

function exitsOf(region: Block, trunk: number): Exit[] {
  const vpcs = region.children.filter(({ id }) => id.startsWith('vpc/'));
  const first = Math.min(...vpcs.map(({ x }) => x));
  return vpcs.flatMap((vpc) =>
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
