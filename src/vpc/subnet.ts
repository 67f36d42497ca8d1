/** Subnet: the edge between its network interfaces and the VPC router. The network ACL judges what crosses the edge,
 *  in each direction anew, and sees nothing that stays inside ("Control subnet traffic with network access control
 *  lists", Amazon VPC guide). Of a transit gateway's attachment in it, the ACL is asked inbound on the way to the
 *  gateway and outbound on the way back ("How network ACLs work with transit gateways"). */
import { type Cidr, contains, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { ipv6 } from '../addressing/ip6.ts';
import type { Packet } from '../packet/packet.ts';
import { behaviour } from '../trace/device.ts';
import { type Outcome, SKIPPED } from '../trace/outcome.ts';
import { drop, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { ATTACHMENT_SESSION } from './flow.ts';
import { type AclHolder, checkAcl } from './network-acl.ts';
import {
  ENI_FROM_NETWORK,
  GATEWAY_FROM_VPC,
  SUBNET_ENTERING,
  SUBNET_FROM_ATTACHMENT,
  SUBNET_HAIRPIN,
  SUBNET_LEAVING,
  SUBNET_TO_ATTACHMENT,
  SUBNET_TO_BALANCER,
} from './ports.ts';
import { type InSubnet, neighbour } from './records.ts';

export interface Subnet extends AclHolder {
  readonly kind: 'subnet';
  readonly segment: number;
  readonly cidr: Cidr;
  readonly ipv6Cidr: Cidr | undefined;
  /** Index of the VPC router, and the number of the subnet's route table there. */
  readonly router: number;
  readonly routerPort: number;
}

/** The router has the first address after the base ("Subnet CIDR blocks", Amazon VPC guide). */
export const ROUTER_OFFSET = 1;

/** To packets of IPv6 the router is a link-local address, which it advertises ("Subnet sizing for IPv6"). */
export const ROUTER_6 = ipv6('fe80::1');

/** By either of its blocks. */
export function inSubnet({ cidr, ipv6Cidr }: Subnet, address: number): boolean {
  return contains(cidr, address) || (ipv6Cidr !== undefined && contains(ipv6Cidr, address));
}

export const subnet = behaviour<Subnet>({
  kind: 'subnet',
  label: 'subnet',
  icon: 'subnet',
  notModelled: [],
  receive(self, packet, walk) {
    switch (walk.port) {
      case SUBNET_LEAVING:
        return leave(self, packet, walk);
      case SUBNET_FROM_ATTACHMENT:
        // A NAT gateway serves it, whoever sent it.
        if (!walk.reply) walk.track(ATTACHMENT_SESSION, self.router);
        return leave(self, packet, walk);
      case SUBNET_TO_ATTACHMENT: {
        const end = checkAcl(self, packet, walk, 'ingress');
        if (end) return end;
        return walk.forward(packet.nextHop, GATEWAY_FROM_VPC);
      }
      case SUBNET_TO_BALANCER: {
        const end = checkAcl(self, packet, walk, 'egress');
        if (end) return end;
        const balancer = walk.ownerOf(self.segment, packet.nextHop);
        return walk.forward(neighbour<InSubnet>(walk, balancer).subnet, SUBNET_ENTERING);
      }
      case SUBNET_HAIRPIN:
        walk.step(stays, SKIPPED, 1);
        return handOver(self, packet, walk);
      default: {
        const end = checkAcl(self, packet, walk, 'ingress');
        if (end) return end;
        return handOver(self, packet, walk);
      }
    }
  },
});

function leave(self: Subnet, packet: Packet, walk: Walk): Outcome {
  if (inSubnet(self, packet.dst)) walk.step(stays, SKIPPED, 0);
  else {
    const end = checkAcl(self, packet, walk, 'egress');
    if (end) return end;
  }
  walk.setNextHop(0);
  return walk.forward(self.router, self.routerPort);
}

function handOver(self: Subnet, packet: Packet, walk: Walk): Outcome {
  const owner = walk.ownerOf(self.segment, packet.nextHop);
  return owner < 0 ? walk.stop(noSuchAddress, packet.nextHop) : walk.forward(owner, ENI_FROM_NETWORK);
}

const stays = step<Subnet>('network ACL skipped', ({ self, a, before }) => ({
  stage: a ? 'network ACL in' : 'network ACL out',
  because: a
    ? 'the packet was sent by this same subnet: it crosses no subnet edge'
    : `${formatIpv4(before.dst)} is in this subnet (${formatCidr(contains(self.cidr, before.dst) ? self.cidr : self.ipv6Cidr!)}): the packet crosses no subnet edge`,
}));

export const noSuchAddress = drop<Subnet>({
  code: 'subnet/no-such-address',
  means: 'The router handed the packet to the subnet, and no network interface there holds the address.',
  aws: 'NO_POSSIBLE_DESTINATION',
  causes: ['the target of a route is gone', 'the destination address is free, reserved or was released'],
  look: ['aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=<address>'],
  word: ({ self, a }) => ({
    stage: 'subnet',
    because: `no network interface in subnet/${self.id} (${formatCidr(self.cidr)}) holds ${formatIpv4(a)}`,
  }),
});
