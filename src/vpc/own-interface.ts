/** How the devices that AWS runs behind an interface of the VPC (NAT gateway, load balancer node, control plane) send:
 *  on-link to a neighbour of their subnet, else to the subnet's router. */
import { type Cidr, contains } from '../addressing/cidr.ts';
import type { Packet } from '../packet/packet.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { originate } from '../trace/mtu.ts';
import type { Outcome } from '../trace/outcome.ts';
import type { Walk } from '../trace/walk.ts';
import { VPC_MTU } from './mtu.ts';
import { ENI_FROM_HOST } from './ports.ts';
import { type InSubnet, neighbour } from './records.ts';

/** A device behind one interface. */
export interface BehindInterface extends DeviceRecord {
  /** Index of its network interface. */
  readonly eni: number;
  /** Address of its subnet's router. */
  readonly gateway: number;
  /** Primary private address of the interface. */
  readonly address: number;
}

/** To whom a frame for `dst` goes. */
export function nextHopTo(self: BehindInterface, walk: Walk, dst: number): number {
  const { subnet } = neighbour<InSubnet>(walk, self.eni);
  const { cidr } = neighbour<DeviceRecord & { readonly cidr: Cidr }>(walk, subnet);
  return contains(cidr, dst) ? dst : self.gateway;
}

/** Sends a packet that the device itself makes. */
export function sendOwn(self: BehindInterface, walk: Walk, packet: Packet): Outcome {
  return originate(walk, packet, VPC_MTU) || send(self, walk, packet.dst);
}

/** Sends the packet out by the device's own interface. */
export function send(self: BehindInterface, walk: Walk, dst: number): Outcome {
  walk.setNextHop(nextHopTo(self, walk, dst));
  return walk.forward(self.eni, ENI_FROM_HOST);
}
