/** A path of a trace in Batfish's words: what it crosses, how it ends, what it translates. Paths are compared at the level
 *  of hosts, gateways and load balancers: Batfish has a node for each subnet and VPC and none for an attachment, a
 *  peering or an interface, and which of them are crossed follows from the rest. */
import type { Header, Hop, Path, World } from '../../index.ts';
import type { Disposition } from './batfish-format.ts';

/** What drop codes are that Batfish does not call DENIED_IN. */
const dispositionOf: Readonly<Record<string, Disposition>> = {
  'rt/no-route': 'NO_ROUTE',
  'rt/blackhole': 'NULL_ROUTED',
  'tgw/no-route': 'NO_ROUTE',
  'tgw/blackhole': 'NULL_ROUTED',
  'tgw/no-attachment-in-zone': 'NULL_ROUTED',
  'internet/private-destination': 'NULL_ROUTED',
  'subnet/no-such-address': 'NEIGHBOR_UNREACHABLE',
  'eni/no-neighbour': 'NEIGHBOR_UNREACHABLE',
  'eni/source-check': 'DENIED_OUT',
  'sg/no-egress-rule': 'DENIED_OUT',
  'nacl/denied-out': 'DENIED_OUT',
};

/** How one direction of a path ends. */
export function dispositionIn(
  world: World,
  { disposition, code, hops }: Pick<Path['reply'], 'disposition' | 'code' | 'hops'>,
): Disposition {
  switch (disposition) {
    case 'delivered':
    case 'answered':
      return 'ACCEPTED';
    case 'exited':
      return 'EXITS_NETWORK';
    case 'loop':
      return 'LOOP';
    case 'dropped':
    case 'rejected': {
      // One code for the address that nobody has: Batfish asks whether a subnet has its block.
      const last = walked(hops).at(-1);
      if (code === 'vpc/no-such-address')
        return last && inSubnet(world, last) ? 'NEIGHBOR_UNREACHABLE' : 'NULL_ROUTED';
      return dispositionOf[code ?? ''] ?? 'DENIED_IN';
    }
    default:
      return 'INSUFFICIENT_INFO';
  }
}

/** Whether a subnet of the VPC of this router has the destination in its block. */
function inSubnet({ topology }: World, { device, in: { dst } }: Hop): boolean {
  const number = dst.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return topology.vpcs.some(
    ({ name, subnets }) =>
      name === device.id &&
      subnets.some(({ cidr: { base, length } }) => {
        const first = base >>> 0;
        return number >= first && number < first + 2 ** (32 - length);
      }),
  );
}

/** Nodes of Batfish that the comparison leaves out. */
export const isFabric = (node: string): boolean => /^(subnet-|vpc-|aws-)/.test(node);

/** The nodes that the hops are, without fabric, each stay once. */
export function nodesOf(world: World, hops: readonly Hop[]): string[] {
  return stays(walked(hops).flatMap((hop) => nodeOf(world, hop) ?? []));
}

/** Every one that is not the same as the one before. */
export function stays(nodes: readonly string[]): string[] {
  return nodes.filter((node, i) => node !== nodes[i - 1]);
}

/** The node of Batfish where a hop is. An interface is where its host is: Batfish filters there. */
export function nodeOf(world: World, { device, az }: Pick<Hop, 'device' | 'az'>): string | undefined {
  switch (device.kind) {
    case 'alb':
    case 'nlb':
      return `${az}/${device.name.replace(/ \(.*\)$/, '')}`;
    case 'eni': {
      const eni = world.enis.find(({ id }) => id === device.id);
      const host = eni && world.devices[eni.host];
      return host && nodeOf(world, { device: host, az: host.az ?? az });
    }
    case 'instance':
    case 'node':
    case 'host':
    case 'internet':
    case 'internet-gateway':
    case 'egress-only-internet-gateway':
    case 'nat-gateway':
    case 'regional-nat-gateway':
    case 'gateway-endpoint':
    case 'transit-gateway':
    case 'vpn-gateway':
      return device.id;
    default:
      return undefined;
  }
}

/** Without those behind the first blocker. */
export function walked(hops: readonly Hop[]): readonly Hop[] {
  return hops.filter(({ ghost }) => !ghost);
}

/** An address that a hop replaced. */
export interface Translated {
  readonly at: string;
  readonly type: 'SOURCE_NAT' | 'DEST_NAT';
  readonly from: string;
  readonly to: string;
  readonly port: number | undefined;
  /** Nobody knows the new port. */
  readonly free: boolean;
}

export function translationsOf(world: World, hops: readonly Hop[]): Translated[] {
  return walked(hops).flatMap((hop): Translated[] => {
    const at = nodeOf(world, hop) ?? hop.device.id;
    const { in: before, out: after } = hop;
    const source = { type: 'SOURCE_NAT', address: 'src', port: 'sport' } as const;
    const destination = { type: 'DEST_NAT', address: 'dst', port: 'dport' } as const;
    return [source, destination].flatMap(({ type, address, port }) =>
      before[address] === after[address]
        ? []
        : [
            {
              at,
              type,
              from: before[address],
              to: after[address],
              port: after[port],
              free: isFree(after, port),
            },
          ],
    );
  });
}

function isFree({ free }: Header, port: 'sport' | 'dport'): boolean {
  return free?.includes(port) ?? false;
}
