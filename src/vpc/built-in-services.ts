/** Services of the VPC that no route table, network ACL or security group sees: the resolver at the base of the VPC's
 *  primary block plus two, and link-local addresses (instance metadata, time, resolver). A host asks them by any of its
 *  interfaces ("Route table concepts" and "Control subnet traffic with network access control lists", Amazon VPC guide;
 *  security groups: "Amazon DNS server"). */
import { type Cidr, cidr, contains } from '../addressing/cidr.ts';
import { formatIpv4, ipv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { Packet } from '../packet/packet.ts';
import { protocolName } from '../packet/protocol.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { originate } from '../trace/mtu.ts';
import { MATCHED, type Outcome } from '../trace/outcome.ts';
import { drop, note, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { BUILT_IN_SESSION } from './flow.ts';
import { VPC_MTU } from './mtu.ts';
import { ENI_FROM_BUILT_IN } from './ports.ts';

/** Indexes of the devices that answer in a VPC. */
export interface BuiltInServices {
  readonly metadata: number;
  readonly dns: number;
  readonly time: number;
}

/** What knows the blocks of its VPC, the primary one first, and its services: the VPC router. */
export interface VpcBlocks extends DeviceRecord {
  readonly cidrs: readonly Cidr[];
  readonly builtIn?: BuiltInServices | undefined;
}

const RESOLVER_OFFSET = 2;
const LINK_LOCAL_PREFIX = 0xa9fe;
/** 169.254.169.0/24: instance metadata, time, resolver, licences of Windows. */
const SERVICE_PREFIX = 0xa9fea9;
export const METADATA = ipv4('169.254.169.254');
export const RESOLVER = ipv4('169.254.169.253');
export const TIME = ipv4('169.254.169.123');

/** Link-local, and none that AWS answers: such an address is known on its own link alone (RFC 3927 section 2.6.2). */
export function isForeignLinkLocal(address: number): boolean {
  return address >>> 16 === LINK_LOCAL_PREFIX && address >>> 8 !== SERVICE_PREFIX;
}

/** Resolver and metadata ("Subnet sizing for IPv6"); what has an address of its own link only. */
const services6 = cidr('fd00:ec2::/32');
const linkLocal6 = cidr('fe80::/10');

/** Amazon DNS at the VPC's own address: the base of the primary block plus two ("Amazon DNS server", VPC guide). */
export function resolverOf(cidrs: readonly Cidr[]): number {
  return (cidrs[0]!.base + RESOLVER_OFFSET) | 0;
}

/** Hands a packet that a host sends to a built-in service to it, or says that nobody models it; 0 for any other. */
export function toBuiltIn(vpc: VpcBlocks, packet: Packet, walk: Walk): Outcome | 0 {
  const { dst } = packet;
  if (isIpv6(dst))
    return contains(services6, dst) || contains(linkLocal6, dst) ? walk.undetermined(builtInService, dst) : 0;
  if (dst >>> 16 !== LINK_LOCAL_PREFIX && dst !== resolverOf(vpc.cidrs)) return 0;
  const { builtIn } = vpc;
  const service =
    dst === METADATA
      ? builtIn?.metadata
      : dst === TIME
        ? builtIn?.time
        : dst === RESOLVER || dst === resolverOf(vpc.cidrs)
          ? builtIn?.dns
          : undefined;
  if (service === undefined) return walk.undetermined(builtInService, dst);
  walk.step(unfiltered, MATCHED, service);
  return walk.forward(service, 0);
}

/** The answer of a built-in service goes to the interface by which it was asked. */
export function answerByInterface(packet: Packet, walk: Walk): Outcome {
  const flow = walk.findSession(BUILT_IN_SESSION);
  const end = originate(walk, packet, VPC_MTU);
  return end || walk.forward(walk.sessions.mark(flow >> 1), ENI_FROM_BUILT_IN);
}

/** Remembers by which interface the packet came, and whether it is one of the service's port. */
export function admitTo(port: number, protocols: readonly number[], packet: Packet, walk: Walk): Outcome | 0 {
  walk.track(BUILT_IN_SESSION, walk.device, walk.from);
  if (packet.destinationPort === port && protocols.includes(packet.protocol)) return 0;
  return walk.deny(otherPort, port, protocols[0]!);
}

const stage = 'built-in service';

const unfiltered = step('built-in service', ({ a, before, device }) => ({
  stage,
  because: `${formatIpv4(before.dst)} is ${device(a).name}: no security group, network ACL or route table sees the packet`,
}));

export const otherPort = drop({
  code: 'builtin/other-port',
  means: 'A built-in service of the VPC does not answer on this port or protocol.',
  causes: ['the address is right and the port is not: DNS is 53, instance metadata 80, time 123'],
  look: ['the port that the application uses'],
  word: ({ self, a, b, before }) => ({
    stage,
    because: `${self.name} answers on ${protocolName(b)}/${a}, not on ${protocolName(before.protocol)}/${before.destinationPort}`,
    fix: `use ${protocolName(b)}/${a}`,
  }),
});

export const builtInService = note({
  name: 'built-in service',
  nature: 'limit',
  word: ({ a }) => `${formatIpv4(a)} is a built-in service of the VPC, which is not modelled`,
});
