/** Targets that bind addresses to a new connection: DNAT, SNAT, MASQUERADE, REDIRECT (xt_nat, xt_MASQUERADE, xt_REDIRECT). */
import { formatIpv4, ipv4, parseAddress } from '../addressing/ip.ts';
import { ipv6, isIpv6 } from '../addressing/ip6.ts';
import type { GivenOption } from './match-module.ts';
import { givenValue } from './match-module.ts';
import { ANY, bindDestination, bindSource } from './nat.ts';
import { addressTowards } from './source-address.ts';
import { ACCEPT, DROP, type TargetModule } from './target-module.ts';

const flagNames = ['--random', '--random-fully', '--persistent'] as const;
const RANDOM = 0b011;
const flagOptions = { '--random': 0, '--random-fully': 0, '--persistent': 0 };

const parseFlags = (given: readonly GivenOption[]): number =>
  flagNames.reduce((bits, name, bit) => bits | (given.some((o) => o.name === name) ? 1 << bit : 0), 0);

const printFlags = (bits: number): string[] => flagNames.filter((_, bit) => bits & (1 << bit));

/** "80" or "1024-65535". */
function parsePortRange(text: string | undefined): readonly [number, number] | undefined {
  if (text === undefined) return [ANY, ANY];
  const parts = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  return parts ? [Number(parts[1]), Number(parts[2] ?? parts[1])] : undefined;
}

const printPortRange = (low: number, high: number): string => (low === high ? `${low}` : `${low}-${high}`);

/** `address[:port[-port]]`; an IPv6 address with a port stands in brackets. A range of addresses is not modelled. */
function parseTo(text = ''): readonly [number, number, number] | undefined {
  const [, bracketed, rest = ''] = /^\[([^\]]*)\](?::(.+))?$/.exec(text) ?? [];
  const plain = text.split(':');
  const [host, ports] =
    bracketed !== undefined ? [bracketed, rest || undefined] : plain.length > 2 ? [text] : plain;
  const address = parseAddress(host ?? '');
  const range = parsePortRange(ports);
  return address === undefined || range === undefined ? undefined : [address, ...range];
}

function printTo(address: number, low: number, high: number): string {
  const text = formatIpv4(address);
  return low === ANY ? text : `${isIpv6(address) ? `[${text}]` : text}:${printPortRange(low, high)}`;
}

/** numbers: address, port (ANY to keep it), flags. */
export const DNAT: TargetModule = {
  name: 'DNAT',
  options: { '--to-destination': 1, ...flagOptions },
  parse(given) {
    const to = parseTo(givenValue(given, '--to-destination'));
    return to && to[1] === to[2] ? { numbers: [to[0], to[1], parseFlags(given)], words: [] } : undefined;
  },
  print: ({ numbers: [address = 0, port = ANY, flags = 0] }) =>
    [`--to-destination ${printTo(address, port, port)}`, ...printFlags(flags)].join(' '),
  execute(numbers, flow) {
    bindDestination(flow, numbers[0]!, numbers[1]!);
    return ACCEPT;
  },
};

/** numbers: address, lowest and highest port, flags. */
export const SNAT: TargetModule = {
  name: 'SNAT',
  options: { '--to-source': 1, ...flagOptions },
  parse(given) {
    const to = parseTo(givenValue(given, '--to-source'));
    return to && { numbers: [...to, parseFlags(given)], words: [] };
  },
  print: ({ numbers: [address = 0, low = ANY, high = ANY, flags = 0] }) =>
    [`--to-source ${printTo(address, low, high)}`, ...printFlags(flags)].join(' '),
  execute(numbers, flow) {
    bindSource(flow, numbers[0]!, numbers[1]!, numbers[2]!, (numbers[3]! & RANDOM) !== 0);
    return ACCEPT;
  },
};

/** SNAT to the address of the interface the packet leaves by. numbers: lowest and highest port, flags. */
export const MASQUERADE: TargetModule = {
  name: 'MASQUERADE',
  options: { '--to-ports': 1, ...flagOptions },
  parse(given) {
    const ports = parsePortRange(givenValue(given, '--to-ports'));
    return ports && { numbers: [...ports, parseFlags(given)], words: [] };
  },
  print: ({ numbers: [low = ANY, high = ANY, flags = 0] }) =>
    [...(low === ANY ? [] : [`--to-ports ${printPortRange(low, high)}`]), ...printFlags(flags)].join(' '),
  execute(numbers, flow) {
    const address = addressTowards(
      flow.host,
      flow.outPort,
      isIpv6(flow.packet.dst) ? flow.packet.dst : flow.gateway,
    );
    if (address === undefined) return DROP;
    bindSource(flow, address, numbers[0]!, numbers[1]!, (numbers[2]! & RANDOM) !== 0);
    return ACCEPT;
  },
};

const LOOPBACK_ADDRESS = ipv4('127.0.0.1');

/** DNAT to the host itself: 127.0.0.1 for its own packets, else the address of the interface they came by.
 *  numbers: port, flags. */
export const REDIRECT: TargetModule = {
  name: 'REDIRECT',
  options: { '--to-ports': 1, '--random': 0 },
  parse(given) {
    const ports = parsePortRange(givenValue(given, '--to-ports'));
    return ports && ports[0] === ports[1] ? { numbers: [ports[0], parseFlags(given)], words: [] } : undefined;
  },
  print: ({ numbers: [port = ANY, flags = 0] }) =>
    [...(port === ANY ? [] : [`--to-ports ${port}`]), ...printFlags(flags)].join(' '),
  execute(numbers, flow) {
    const loopback = isIpv6(flow.packet.dst) ? ipv6('::1') : LOOPBACK_ADDRESS;
    const address = flow.inPort < 0 ? loopback : flow.host.interfaces[flow.inPort]?.addresses[0];
    if (address === undefined) return DROP;
    bindDestination(flow, address, numbers[0]!);
    return ACCEPT;
  },
};
