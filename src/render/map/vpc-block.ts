/** A VPC: zones as columns, subnets of one tier side by side, the internet gateway on the left border, and the routes
 *  from subnets to gateways as quiet lines. */
import { nameLines } from '../svg/metrics.ts';
import { type Block, block, moved, writing } from './block.ts';
import { fit, widthOf } from './fit.ts';
import type { VpcView } from './inventory.ts';
import { FIRST_LANE, gutterWidth, LANE_STEP, type Lanes, lanesOf } from './lanes.ts';
import { routeLines } from './routes.ts';
import { subnetBlock } from './subnet-block.ts';

const HEADER = 24;
const PAD = 10;
const GAP = 8;
/** Half of an internet gateway's width: so much of it stands out of the border. */
export const HALF_GATEWAY = 30;
const GATEWAY_TOP = 26;

/** In the narrowest subnet a node still has room for an address of fifteen digits and dots. */
const LEAST_SUBNET = 130;
const ZONE_PAD = 8;
/** Widest zone that is of use. */
const mostZone = { nodes: 470, cards: 300, nothing: 230 } as const;

export function vpcBlock(vpc: VpcView, room: number, showAccount: boolean): Block {
  const lanes = lanesOf(vpc);
  const left = vpc.gateway === undefined ? PAD : HALF_GATEWAY + 10;
  const gatewayBlock = vpc.gateway === undefined ? undefined : gateway(vpc.gateway);
  const top = lanes.over.length === 0 ? HEADER : FIRST_LANE + (lanes.over.length - 1) * LANE_STEP + GAP;
  const zoneWidth = widthOfZones(vpc, lanes, room - left - PAD);
  const zones = zoneBlocks(vpc, lanes, zoneWidth, left, top);
  const label = vpcLabel(vpc, showAccount);
  const width = Math.max(
    left + vpc.zones.length * (zoneWidth + GAP) - GAP + PAD,
    Math.min(room, Math.ceil(widthOf(label[0]!, 'small')) + 16),
    180,
  );
  const body = block({
    id: `vpc/${vpc.name}`,
    look: 'box box-vpc',
    width,
    height: Math.max(
      GATEWAY_TOP + (gatewayBlock?.height ?? 0) + PAD,
      ...zones.map((zone) => zone.y + zone.height + PAD),
    ),
    marks: [writing(fit(label, 'small', width - 16), 8, 16, 'small')],
    children: [...zones, ...(gatewayBlock ? [moved(gatewayBlock, -HALF_GATEWAY, GATEWAY_TOP)] : [])],
    tip: `${label[0]}\naccount ${vpc.account}`,
  });
  return { ...body, lines: routeLines(vpc, lanes, body) };
}

function vpcLabel(vpc: VpcView, showAccount: boolean): readonly string[] {
  const [first, ...more] = vpc.cidrs;
  const account = showAccount ? `  account ${vpc.account}` : '';
  return [
    `VPC ${vpc.name}  ${vpc.cidrs.join(' ')}${account}`,
    `VPC ${vpc.name}  ${first}${more.length > 0 ? ` +${more.length}` : ''}`,
    `VPC ${vpc.name}`,
  ];
}

/** Zones with nodes need the most room; those of a VPC are equally wide. */
function widthOfZones(vpc: VpcView, lanes: Lanes, room: number): number {
  const subnets = vpc.zones.flatMap((zone) => zone.subnets);
  const most = subnets.some(({ nodes }) => nodes.length > 0)
    ? mostZone.nodes
    : subnets.some(({ cards }) => cards.length > 0)
      ? mostZone.cards
      : mostZone.nothing;
  const count = Math.max(1, vpc.zones.length);
  const least =
    Math.max(0, ...vpc.zones.map(({ name }) => gutterWidth(lanes, name))) + LEAST_SUBNET + ZONE_PAD;
  return Math.max(least, Math.min(most, Math.floor((room - GAP * (count - 1)) / count)));
}

/** The n-th subnets of all zones share a row, so that tiers read across. */
function zoneBlocks(vpc: VpcView, lanes: Lanes, width: number, left: number, top: number): Block[] {
  const columns = vpc.zones.map((zone) => {
    const gutter = gutterWidth(lanes, zone.name);
    return {
      zone,
      gutter,
      subnets: zone.subnets.map((subnet) => subnetBlock(subnet, width - gutter - ZONE_PAD)),
    };
  });
  const rows = Math.max(0, ...columns.map(({ subnets }) => subnets.length));
  const rowHeights = Array.from({ length: rows }, (_, row) =>
    Math.max(...columns.map(({ subnets }) => subnets[row]?.height ?? 0)),
  );
  const rowTops = rowHeights.map((_, row) =>
    rowHeights.slice(0, row).reduce((sum, height) => sum + height + GAP, HEADER),
  );
  const height = rowHeights.reduce((sum, each) => sum + each + GAP, HEADER);
  return columns.map(({ zone, gutter, subnets }, i) =>
    block({
      id: `az/${vpc.name}/${zone.name}`,
      look: 'box box-az dashed',
      x: left + i * (width + GAP),
      y: top,
      width,
      height,
      marks: [writing(fit([zone.name], 'small quiet', width - gutter - 8), gutter, 16, 'small quiet')],
      children: subnets.map((subnet, row) => ({
        ...subnet,
        x: gutter,
        y: rowTops[row]!,
        height: rowHeights[row]!,
      })),
    }),
  );
}

function gateway(name: string): Block {
  const lines = nameLines(name, 7, 2);
  return block({
    id: `gateway/${name}`,
    look: 'card named edge-gateway',
    width: 2 * HALF_GATEWAY,
    height: 29 + lines.length * 13,
    marks: [
      { kind: 'glyph', of: 'internet-gateway', x: HALF_GATEWAY - 8, y: 6, size: 16 },
      ...lines.map((line, i) =>
        writing(
          fit([line], 'small strong', 2 * HALF_GATEWAY - 6),
          HALF_GATEWAY,
          35 + i * 13,
          'small strong',
          'middle',
        ),
      ),
    ],
    tip: `internet gateway ${name}`,
  });
}
