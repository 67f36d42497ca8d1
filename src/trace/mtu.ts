/** Packets that are larger than a link takes (RFC 791, RFC 1191, RFC 8201): they are cut into fragments, or dropped and
 *  the sender is told.
 *
 *  A device with an MTU has one line, before it changes the packet:
 *
 *    if (packet.size > MTU) { const end = tooBig(walk, packet, MTU, teller); if (end) return end; }
 *
 *  `teller` says where its ICMP error enters the network, on the side that the packet came from; leave it out for a
 *  device that tells nobody. Packets of a flow that says no size have size 0. A device that limits the maximum segment
 *  size of TCP handshakes that pass calls `clampSegments(walk, packet, MTU)`. */
import { isIpv6 } from '../addressing/ip6.ts';
import { DF, type Packet, RST } from '../packet/packet.ts';
import { FRAGMENTATION_NEEDED, TCP, UNREACHABLE } from '../packet/protocol.ts';
import { MATCHED, type Outcome } from './outcome.ts';
import { drop, note, step } from './vocabulary.ts';
import type { Walk } from './walk.ts';

/** Where an ICMP error begins its way back. */
export interface Teller {
  /** From which address; 0: that which the packet was sent to. */
  readonly address: number;
  /** The next device, and the port by which it gets the error. */
  readonly device: number;
  readonly port: number;
}

/** Type and code of ICMP "fragmentation needed and DF set". */
export const TOO_BIG_ERROR = (UNREACHABLE << 8) | FRAGMENTATION_NEEDED;

const IPV4_HEADER = 20;
/** Of each fragment: the header and the fragment header. */
const IPV6_HEADERS = 48;

/** Treats a packet larger than `mtu`: cuts it (0: go on), or ends its way. */
export function tooBig(
  walk: Walk,
  packet: Packet,
  mtu: number,
  teller: Teller | undefined = undefined,
): Outcome | 0 {
  if (mayBeCut(packet)) {
    cut(walk, packet, mtu);
    return 0;
  }
  if (teller === undefined) return walk.stop(tooBigPacket, packet.size, mtu, 0);
  return walk.stopTooBig(tooBigPacket, mtu, teller);
}

/** Routers cut packets of IPv4 that do not forbid it. */
export function mayBeCut({ flags, dst }: Packet): boolean {
  return (flags & DF) === 0 && !isIpv6(dst);
}

/** Cuts the packet, or its fragments once more; each carries a multiple of eight bytes but the last. */
export function cut(walk: Walk, packet: Packet, mtu: number): void {
  const whole = packet.whole || packet.size;
  const headers = isIpv6(packet.dst) ? IPV6_HEADERS : IPV4_HEADER;
  const carried = (mtu - headers) & ~7;
  walk.step(fragmented, MATCHED, whole, mtu, Math.ceil((whole - headers) / carried));
  walk.setSize(carried + headers, whole);
  walk.remark(fragmentsPass);
}

/** What an end does as it sends a packet of its own by an interface with this MTU: a handshake announces the largest
 *  segment it takes; TCP keeps to what it knows of the path, everything else is cut, or refused to the application where
 *  that forbids fragments (ip_append_data, __ip_make_skb). */
export function originate(walk: Walk, packet: Packet, mtu: number): Outcome | 0 {
  const { transfer } = walk;
  if (transfer === undefined) return 0;
  if (transfer.handshake) {
    if (packet.protocol === TCP && (packet.flags & RST) === 0) walk.setSegment(mtu);
    return 0;
  }
  const known = Math.min(mtu, walk.reply ? transfer.back : transfer.there);
  if (packet.size <= known) return 0;
  if (packet.protocol === TCP) {
    walk.step(smallerSegments, MATCHED, packet.size, known, known === mtu ? 1 : 0);
    walk.setSize(known, 0);
    return 0;
  }
  // Answers to echo requests never forbid fragments (icmp_init).
  if (transfer.df === true && !walk.reply) return walk.deny(messageTooLong, packet.size, known);
  cut(walk, packet, known);
  return 0;
}

/** Lowers the maximum segment size that a TCP handshake announces to what fits into packets of `mtu` bytes. */
export function clampSegments(walk: Walk, packet: Packet, mtu: number): void {
  if (packet.segment <= mtu) return;
  walk.step(clamped, MATCHED, packet.segment, mtu);
  walk.setSegment(mtu);
}

const stage = 'MTU';

const fragmented = step('fragmented', ({ a, b, c }) => ({
  stage,
  because: `${a} bytes over an MTU of ${b}, and nothing forbids it: cut into ${c} fragments`,
}));

const smallerSegments = step('smaller segments', ({ a, b, c }) => ({
  stage,
  because: c
    ? `the MTU is ${b}: TCP sends segments of ${b} bytes with their headers, in place of ${a}`
    : `TCP sends segments of ${b} bytes with their headers, in place of ${a}: the other end, or an ICMP error, asked for it`,
}));

const clamped = step('segments clamped', ({ a, b }) => ({
  stage,
  because: `the maximum segment size of the handshake, ${a - 40}, becomes ${b - 40}: packets of ${b} bytes`,
}));

const fragmentsPass = note({
  name: 'fragments',
  nature: 'assumption',
  word: () => 'security groups, network ACLs and other filters treat all fragments of a packet as the first',
});

/** a: size of the packet, b: MTU, c: 1 where the sender is told. */
export const tooBigPacket = drop({
  code: 'mtu/too-big',
  means:
    'The packet is larger than the next link takes, and must not be cut. A sender that hears of it sends smaller ones.',
  causes: [
    'a network ACL or security group that does not let ICMP "fragmentation needed" pass',
    'hosts with MTU 9001 behind a device with less: 8500 (transit gateway, peering of Regions), 1500 (internet gateway, NAT gateway, VPN)',
    'the VPN or the interface drops large packets without telling anybody',
  ],
  look: [
    'tracepath <address>; ping -M do -s <size - 28> <address>',
    'ip route get <address>   (shows a path MTU that was learnt)',
    'ip link   (MTU of the interfaces)',
  ],
  word: ({ self, a, b, c }) => ({
    stage,
    because:
      `${a} bytes over the MTU of ${b} at ${self.kind}/${self.id}, and the packet must not be cut` +
      (c ? ': dropped, ICMP "fragmentation needed" goes back' : ': dropped, and nobody is told'),
    fix: c
      ? `let ICMP type 3 code 4 pass back to the sender, or lower the MTU of the sender to ${b}`
      : `lower the MTU of the sender to ${b}`,
  }),
});

/** a: size of the packet, b: what the sender knows of the path. */
export const messageTooLong = drop({
  code: 'mtu/message-too-long',
  means:
    'The sender itself refuses the packet: it is larger than the path takes, and it is told not to cut it.',
  symptom: { kind: 'message-too-long', text: '"Message too long" (EMSGSIZE) at once, from the own kernel' },
  causes: ['the application sets IP_PMTUDISC_DO (ping -M do) and sends more than the path MTU'],
  look: ['ip link', 'ip route get <address>   (shows a path MTU that was learnt)'],
  word: ({ self, a, b }) => ({
    stage,
    because: `${a} bytes, and ${self.kind}/${self.id} knows that the path takes ${b}`,
    fix: `send at most ${b} bytes, or let the kernel cut the packet`,
  }),
});

/** a: path MTU, b: device that told, c: unused. */
export const pathMtuLearnt = note({
  name: 'path MTU',
  nature: 'remark',
  word: ({ a, b, device }) =>
    `the first packet of full size is lost: ${device(b).kind}/${device(b).id} tells its sender a path MTU of ${a}, and what follows keeps to it`,
});
