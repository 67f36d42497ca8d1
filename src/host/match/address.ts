/** Matches on where a packet comes from and goes to, beyond single networks: iprange, mac, physdev, pkttype, devgroup. */
import { formatIpv4, parseIpv4 } from '../../addressing/ip.ts';
import { hex, parseMasked } from '../netfilter/rule-quoting.ts';
import { addressType, isMulticast } from '../routing/address-type.ts';
import { RTN_BROADCAST } from '../routing/route-type.ts';
import { LOOPBACK } from '../routing/routing.ts';
import {
  answer,
  type GivenOption,
  givenValue,
  inverted,
  isInverted,
  MAYBE_NO,
  type MatchModule,
  NO,
  not,
} from './module.ts';

/** "10.0.0.1-10.0.0.9", or one address. */
function parseAddressRange(text: string): readonly [number, number] | undefined {
  const [first = '', last = first, ...rest] = text.split('-');
  const [low, high] = [parseIpv4(first), parseIpv4(last)];
  if (low === undefined || high === undefined || rest.length > 0 || low >>> 0 > high >>> 0) return undefined;
  return [low, high];
}

const ABSENT = -1;

function parseSide(given: readonly GivenOption[], name: string): number[] | undefined {
  const text = givenValue(given, name);
  if (text === undefined) return [ABSENT, 0, 0];
  const range = parseAddressRange(text);
  return range && [isInverted(given, name), ...range];
}

function rangeHolds(code: Int32Array, at: number, address: number): boolean {
  if (code[at] === ABSENT) return true;
  const inside = address >>> 0 >= code[at + 1]! >>> 0 && address >>> 0 <= code[at + 2]! >>> 0;
  return inside !== (code[at] === 1);
}

/** numbers: for source and destination whether inverted (-1 where it is not tested), first and last address. */
export const iprange: MatchModule = {
  name: 'iprange',
  options: { '--src-range': 1, '--dst-range': 1 },
  parse(given) {
    const source = parseSide(given, '--src-range');
    const destination = parseSide(given, '--dst-range');
    return source && destination && given.length > 0
      ? { numbers: [...source, ...destination], words: [] }
      : undefined;
  },
  print: ({ numbers }) =>
    ['--src-range', '--dst-range']
      .flatMap((name, side) => {
        const [inv, low = 0, high = 0] = numbers.slice(3 * side);
        return inv === ABSENT ? [] : [`${not(inv)}${name} ${formatIpv4(low)}-${formatIpv4(high)}`];
      })
      .join(' '),
  evaluate: (code, at, { packet }) =>
    answer(rangeHolds(code, at, packet.src) && rangeHolds(code, at + 3, packet.dst)),
};

/** The source address of the frame: nobody knows it, and what came in by lo has none (mac_mt).
 *  numbers: inverted. words: the address. */
export const mac: MatchModule = {
  name: 'mac',
  unknown: 'from which MAC address it comes',
  options: { '--mac-source': 1 },
  parse(given) {
    const text = givenValue(given, '--mac-source') ?? '';
    // Dumps that are shown to others often have "XX" in place of it.
    const redacted = /^(XX:){5}XX$/i.test(text);
    if (!redacted && !/^([\da-f]{2}:){5}[\da-f]{2}$/i.test(text)) return undefined;
    return { numbers: [isInverted(given, '--mac-source')], words: [redacted ? text : text.toLowerCase()] };
  },
  print: ({ numbers: [inv], words: [address] }) => `${not(inv)}--mac-source ${address}`,
  evaluate: (code, at, { inPort }) => (inPort <= LOOPBACK ? NO : inverted(MAYBE_NO, code[at])),
};

const ports = ['--physdev-in', '--physdev-out'] as const;
const bridgeFlags = ['--physdev-is-in', '--physdev-is-out', '--physdev-is-bridged'] as const;
/** In the order in which iptables-save prints them. */
const physdevOrder = [
  '--physdev-is-in',
  '--physdev-in',
  '--physdev-is-out',
  '--physdev-out',
  '--physdev-is-bridged',
];

/** Ports of a bridge. No packet of the model crosses one: then only what is inverted holds (physdev_mt).
 *  numbers: whether all is inverted. words: the options as printed. */
export const physdev: MatchModule = {
  name: 'physdev',
  options: {
    ...Object.fromEntries(ports.map((name) => [name, 1])),
    ...Object.fromEntries(bridgeFlags.map((name) => [name, 0])),
  },
  parse(given) {
    const words = [...given]
      .sort((a, b) => physdevOrder.indexOf(a.name) - physdevOrder.indexOf(b.name))
      .flatMap((option) => [...(option.not ? ['!'] : []), option.name, ...option.values]);
    return given.length > 0 ? { numbers: [given.every((option) => option.not) ? 1 : 0], words } : undefined;
  },
  print: ({ words }) => words.join(' '),
  evaluate: (code, at) => answer(code[at] === 1),
};

const packetTypes = ['unicast', 'broadcast', 'multicast'];

/** How the frame was addressed; what the host itself sends counts as unicast. numbers: type, inverted. */
export const pkttype: MatchModule = {
  name: 'pkttype',
  options: { '--pkt-type': 1 },
  parse(given) {
    const name = givenValue(given, '--pkt-type')?.toLowerCase() ?? '';
    const type = packetTypes.indexOf(name === 'host' ? 'unicast' : name);
    return type < 0 ? undefined : { numbers: [type, isInverted(given, '--pkt-type')], words: [] };
  },
  print: ({ numbers: [type = 0, inv] }) => `${not(inv)}--pkt-type ${packetTypes[type]}`,
  evaluate(code, at, { packet, inPort, host }) {
    const type =
      inPort <= LOOPBACK
        ? 0
        : isMulticast(packet.dst)
          ? 2
          : addressType(host.routing, packet.dst, -1) === RTN_BROADCAST
            ? 1
            : 0;
    return answer((type === code[at]) !== (code[at + 1] === 1));
  },
};

/** Groups of interfaces (`ip link set ... group`). words: the options as printed. numbers: none. */
export const devgroup: MatchModule = {
  name: 'devgroup',
  unknown: 'in which group the interface is',
  options: { '--src-group': 1, '--dst-group': 1 },
  parse(given) {
    const words = given.map(({ name, not: inv, values: [text] }) => {
      const masked = parseMasked(text);
      return (
        masked && `${not(inv)}${name} ${hex(masked.value)}${masked.mask === -1 ? '' : `/${hex(masked.mask)}`}`
      );
    });
    if (given.length === 0 || words.includes(undefined)) return undefined;
    return { numbers: [], words: words as string[] };
  },
  print: ({ words }) => words.join(' '),
  evaluate: () => MAYBE_NO,
};
