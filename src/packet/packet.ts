/** The one packet of a walk: fixed int32 fields, changed in place by the walk only (`walk.rewrite...`).
 *  Outside a walk everything is a readonly `Header`. */
import { formatIpv4 } from '../addressing/ip.ts';
import type { Application } from './application.ts';
import type { Header } from './headers.ts';
import { hasPorts, isIcmp, protocolName, TCP } from './protocol.ts';

/** Bits of `Packet.free`: the port is a representative of a range that nobody can know the number of. */
export const FREE_SOURCE_PORT = 1;
export const FREE_DESTINATION_PORT = 2;

/** The range a free port stands for: masquerading with --random-fully, NAT gateways and load balancers (1024-65535). */
export const FREE_PORT_FIRST = 1024;
export const FREE_PORT_LAST = 65535;

/** Bits of `Packet.flags`. */
export const SYN = 1;
export const ACK = 2;
export const RST = 4;
/** Don't fragment (RFC 791). */
export const DF = 8;

export class Packet {
  protocol = TCP;
  src = 0;
  dst = 0;
  /** For ICMP echo: the identifier. */
  sourcePort = 0;
  /** For ICMP: type * 256 + code. */
  destinationPort = 0;
  ttl = 64;
  /** Type of service, or differentiated services and ECN (RFC 2474, RFC 3168). */
  tos = 0;
  mark = 0;
  free = 0;
  flags = SYN;
  /** Bytes of the IP packet, of the largest fragment where it is in fragments; 0: so small that it fits everywhere. */
  size = 0;
  /** Bytes of the packet before it was cut into fragments; 0 where it is whole. */
  whole = 0;
  /** Of a packet that opens a TCP connection: the IP packet that its maximum segment size stands for; 0: not said. */
  segment = 0;
  /** The layer 3 neighbour the frame is addressed to: who takes it off the wire. Not part of the header. */
  nextHop = 0;
  /** Index of the device on the way that lost which security groups the sender holds: rules that name a group then do not
   *  match. -1: they are known. Not part of the header. */
  groupsLostAt = -1;
  /** For an ICMP error: the header it complains about, as it was where the error was made. */
  innerProtocol = 0;
  innerSrc = 0;
  innerDst = 0;
  innerSourcePort = 0;
  innerDestinationPort = 0;
  application: Application | undefined = undefined;

  copyFrom(other: Packet): this {
    this.protocol = other.protocol;
    this.src = other.src;
    this.dst = other.dst;
    this.sourcePort = other.sourcePort;
    this.destinationPort = other.destinationPort;
    this.ttl = other.ttl;
    this.tos = other.tos;
    this.mark = other.mark;
    this.free = other.free;
    this.flags = other.flags;
    this.size = other.size;
    this.whole = other.whole;
    this.segment = other.segment;
    this.nextHop = other.nextHop;
    this.groupsLostAt = other.groupsLostAt;
    this.innerProtocol = other.innerProtocol;
    this.innerSrc = other.innerSrc;
    this.innerDst = other.innerDst;
    this.innerSourcePort = other.innerSourcePort;
    this.innerDestinationPort = other.innerDestinationPort;
    this.application = other.application;
    return this;
  }

  /** Whether this is an ICMP error about another packet. */
  get isError(): boolean {
    return this.innerProtocol !== 0;
  }
}

/** The readable header of numbers as a packet or a record holds them. */
export function headerOf(packet: {
  readonly protocol: number;
  readonly src: number;
  readonly dst: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly ttl: number;
  readonly mark: number;
  readonly free: number;
}): Header {
  const header: { -readonly [K in keyof Header]: Header[K] } = {
    protocol: protocolName(packet.protocol),
    src: formatIpv4(packet.src),
    dst: formatIpv4(packet.dst),
    ttl: packet.ttl,
  };
  if (hasPorts(packet.protocol)) {
    header.sport = packet.sourcePort;
    header.dport = packet.destinationPort;
    if (packet.free !== 0) header.free = freePorts[packet.free & 3]!;
  } else if (isIcmp(packet.protocol))
    header.icmp = { type: packet.destinationPort >> 8, code: packet.destinationPort & 255 };
  if (packet.mark !== 0) header.mark = packet.mark >>> 0;
  return header;
}

/** By the bits of `Packet.free`. */
const freePorts: readonly NonNullable<Header['free']>[] = [[], ['sport'], ['dport'], ['sport', 'dport']];
