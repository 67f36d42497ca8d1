/** IP protocol numbers (IANA "Protocol Numbers") and how this field writes them. */

export const ANY_PROTOCOL = -1;
export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const ICMPV6 = 58;
export const SCTP = 132;

const names: ReadonlyMap<number, string> = new Map([
  [ANY_PROTOCOL, 'all'],
  [ICMP, 'icmp'],
  [TCP, 'tcp'],
  [UDP, 'udp'],
  [ICMPV6, 'icmpv6'],
  [SCTP, 'sctp'],
]);
const numbers: ReadonlyMap<string, number> = new Map([...names].map(([number, name]) => [name, number]));

export function protocolName(protocol: number): string {
  return names.get(protocol) ?? String(protocol);
}

/** Number of a protocol written by name ("tcp", "all", "-1") or number; undefined when neither. */
export function parseProtocol(text: string): number | undefined {
  const named = numbers.get(text.toLowerCase());
  if (named !== undefined) return named;
  if (text === '-1') return ANY_PROTOCOL;
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined;
}

/** Whether the protocol carries ports. */
export function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP;
}

/** Of either family. */
export function isIcmp(protocol: number): boolean {
  return protocol === ICMP || protocol === ICMPV6;
}

/** ICMP types and codes the model speaks of (RFC 792). */
export const ECHO_REPLY = 0;
export const UNREACHABLE = 3;
export const ECHO_REQUEST = 8;
export const TIME_EXCEEDED = 11;
export const NET_UNREACHABLE = 0;
export const HOST_UNREACHABLE = 1;
export const PORT_UNREACHABLE = 3;
export const FRAGMENTATION_NEEDED = 4;
export const ADMIN_PROHIBITED = 13;

/** Types of ICMPv6 (RFC 4443). */
export const ECHO_REQUEST_6 = 128;
export const ECHO_REPLY_6 = 129;

/** Whether this is an echo request; `typeAndCode` stands in the place of the destination port. */
export function isEchoRequest(protocol: number, typeAndCode: number): boolean {
  return protocol === ICMP
    ? typeAndCode === ECHO_REQUEST << 8
    : protocol === ICMPV6 && typeAndCode === ECHO_REQUEST_6 << 8;
}
