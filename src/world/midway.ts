/** A packet that begins in the middle of the VPC: in a subnet, as if one of its interfaces had sent it, or at the VPC's
 *  router, as if a gateway had brought it. What stands before that place is not asked, and no reply is followed. */
import { addressAt } from '../addressing/cidr.ts';
import { suggestion } from '../base/nearest.ts';
import { NO_TABLE, SUBNET_LEAVING } from '../vpc/ports.ts';
import { ROUTER_OFFSET, type Subnet } from '../vpc/subnet.ts';
import type { VpcRouter } from '../vpc/vpc-router.ts';
import { type Found, found, missing } from './found.ts';
import type { Sender } from './sender.ts';
import type { World } from './world.ts';

/** Kinds of devices that packets begin at without having been made there. */
export type MidwayKind = 'subnet' | 'vpc-router';

const ports: Readonly<Record<MidwayKind, number>> = { subnet: SUBNET_LEAVING, 'vpc-router': NO_TABLE };

/** The sender at `kind/name`. The address is that of the subnet's router, where the flow names no other. */
export function midway(world: World, kind: MidwayKind, name: string): Found<Sender> {
  const index = world.indexOf.get(`${kind}/${name}`);
  const device = index === undefined ? undefined : (world.devices[index] as Subnet | VpcRouter);
  if (index === undefined || device?.kind !== kind) return unknown(world, kind, name);
  const block = device.kind === 'subnet' ? device.cidr : device.cidrs[0]!;
  return found({
    device: index,
    port: ports[kind],
    address: addressAt(block, ROUTER_OFFSET),
    label: `${kind}/${name}`,
    namespace: undefined,
    outside: false,
    unplaced: false,
  });
}

function unknown(world: World, kind: MidwayKind, name: string) {
  const known = world.devices.filter((device) => device.kind === kind).map(({ id }) => id);
  return missing('usage/unknown-name', `no ${kind} "${name}"`, suggestion(name, known));
}
