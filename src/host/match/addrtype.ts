/** The match on what an address is to this host (xt_addrtype.c, inet_dev_addr_type): only the local table is asked, so
 *  that types of routes in other tables never count. */

import { isOfTypes } from '../routing/address-type.ts';
import { answer, givenValue, has, isInverted, type MatchModule, NO, not } from './module.ts';

/** Bits are 1 << RTN_type (linux/rtnetlink.h), in the order iptables-save prints them. */
const addressTypes = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
];

function parseTypes(text: string | undefined): number | undefined {
  if (text === undefined) return 0;
  let bits = 0;
  for (const name of text.toUpperCase().split(',')) {
    const bit = addressTypes.indexOf(name);
    if (bit < 0) return undefined;
    bits |= 1 << bit;
  }
  return bits;
}

const printTypes = (bits: number): string => addressTypes.filter((_, bit) => bits & (1 << bit)).join(',');

/** numbers: source types, inverted, destination types, inverted, limited to the incoming (1) or outgoing (2) interface. */
export const addrtype: MatchModule = {
  name: 'addrtype',
  options: { '--src-type': 1, '--dst-type': 1, '--limit-iface-in': 0, '--limit-iface-out': 0 },
  parse(given) {
    const source = parseTypes(givenValue(given, '--src-type'));
    const destination = parseTypes(givenValue(given, '--dst-type'));
    if (source === undefined || destination === undefined || source + destination === 0) return undefined;
    const limit = has(given, '--limit-iface-in') ? 1 : has(given, '--limit-iface-out') ? 2 : 0;
    const numbers = [
      source,
      isInverted(given, '--src-type'),
      destination,
      isInverted(given, '--dst-type'),
      limit,
    ];
    return { numbers, words: [] };
  },
  print({ numbers: [source = 0, sourceInv, destination = 0, destinationInv, limit] }) {
    return [
      ...(source ? [`${not(sourceInv)}--src-type ${printTypes(source)}`] : []),
      ...(destination ? [`${not(destinationInv)}--dst-type ${printTypes(destination)}`] : []),
      ...(limit === 1 ? ['--limit-iface-in'] : limit === 2 ? ['--limit-iface-out'] : []),
    ].join(' ');
  },
  evaluate(code, at, { packet, host, inPort, outPort }) {
    const limit = code[at + 4]!;
    const port = limit === 1 ? inPort : limit === 2 ? outPort : -1;
    const { src, dst } = packet;
    if (code[at] !== 0 && isOfTypes(host.routing, src, port, code[at]!) === (code[at + 1] === 1)) return NO;
    if (code[at + 2] === 0) return answer(true);
    return answer(isOfTypes(host.routing, dst, port, code[at + 2]!) !== (code[at + 3] === 1));
  },
};
