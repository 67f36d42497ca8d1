/** The whole sheet as one block: title with counts, the map, signs, panels. */
import { formatCidr } from '../../addressing/cidr.ts';
import type { World } from '../../world/world.ts';
import { NORMAL, TITLE, textWidth } from '../svg/metrics.ts';
import { type Block, block, moved, writing } from './block.ts';
import { counted } from './fit.ts';
import { flow } from './flow.ts';
import { type Inventory, inventoryOf } from './inventory.ts';
import { legend } from './legend.ts';
import { routePanel } from './route-panel.ts';
import { territory } from './territory.ts';
import { unplacedPanel } from './unplaced-panel.ts';

export const MARGIN = 24;
/** The reference sheet is 1280 pixels wide. */
const ROOM = 1280 - 2 * MARGIN;
const LEAST_WIDTH = 640;
/** From this width on two panels stand side by side. */
const TWO_PANELS = 900;
const GAP = 16;

export function sheetOf(world: World): Block {
  const inventory = inventoryOf(world);
  const map = territory(world, inventory, ROOM);
  const words = [countsOf(world), clusterOf(world)].filter((text) => text !== '');
  const width = Math.max(
    LEAST_WIDTH,
    map.width,
    textWidth(world.topology.name, TITLE, true),
    ...words.map((text) => textWidth(text, NORMAL)),
  );
  const title = block({
    id: 'title',
    width,
    height: 24 + words.length * 17,
    marks: [
      writing(world.topology.name, 0, 16, 'title'),
      ...words.map((text, i) => writing(text, 0, 36 + i * 17, 'quiet')),
    ],
  });
  return below([title, map, legend(map, width), panels(world, inventory, width)]);
}

/** The pods without an address stand in the right corner. */
function panels(world: World, { unplaced }: Inventory, width: number): Block {
  const two = unplaced.length > 0 && width >= TWO_PANELS;
  const each = two ? Math.floor((width - GAP) / 2) : width;
  const placed = flow(
    [routePanel(world, each), ...(unplaced.length > 0 ? [unplacedPanel(unplaced, each)] : [])],
    width,
    { gap: GAP, stretch: true },
  );
  return block({ id: 'panels', width, height: placed.height, children: placed.blocks });
}

function below(parts: readonly Block[]): Block {
  let y = 0;
  const children = parts.map((part) => {
    const placed = moved(part, 0, y);
    y += part.height + GAP;
    return placed;
  });
  return block({
    id: 'sheet',
    width: Math.max(...parts.map(({ width }) => width)),
    height: y - GAP,
    children,
  });
}

/** "1 VPC, 2 zones, 4 subnets, ...": what there is, and nothing that is not. */
export function countsOf(world: World): string {
  const { vpcs, peerings, transitGateways, connections } = world.topology;
  const count = (number: number, one: string, many?: string): string[] =>
    number > 0 ? [counted(number, one, many)] : [];
  return [
    ...count(vpcs.length, 'VPC'),
    ...count(new Set(world.subnets.map(({ az }) => az)).size, 'availability zone'),
    ...count(world.subnets.length, 'subnet'),
    ...count(world.cluster?.nodes.length ?? 0, 'node'),
    ...count(world.cluster?.pods.length ?? 0, 'pod'),
    ...count(world.cluster?.services.length ?? 0, 'Service'),
    ...count(world.loadBalancers.length, 'load balancer'),
    ...count(
      vpcs.reduce((sum, { natGateways }) => sum + natGateways.length, 0),
      'NAT gateway',
    ),
    ...count(world.instances.length, 'instance'),
    ...count(peerings.length, 'peering'),
    ...count(transitGateways.length, 'transit gateway'),
    ...count(connections.length, 'connection'),
  ].join(', ');
}

function clusterOf(world: World): string {
  const { cluster } = world.topology;
  if (!cluster) return '';
  return `EKS cluster ${cluster.name}, Kubernetes ${cluster.version}, in VPC ${cluster.vpc}; Services ${formatCidr(cluster.serviceCidr)}`;
}
