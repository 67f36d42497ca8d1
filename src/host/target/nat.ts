/** Targets that bind addresses to a new connection: DNAT, SNAT, MASQUERADE, REDIRECT, NETMAP (xt_nat, xt_MASQUERADE,
 *  xt_REDIRECT, xt_NETMAP). */
import { formatIpv4, ipv4, parseAddress } from '../../addressing/ip.ts';
import { ipv6, isIpv6 } from '../../addressing/ip6.ts';
import type { GivenOption } from '../match/module.ts';
import { givenValue } from '../match/module.ts';
import { parsePorts } from '../match/port-ranges.ts';
import { OUTPUT, PREROUTING } from '../netfilter/base-chains.ts';
import { parseNetwork, printNetwork } from '../netfilter/header-match.ts';
import { ANY, bindDestination, bindSource } from '../netfilter/nat.ts';
import { addressFrom } from '../netfilter/nat-range.ts';
import { addressTowards } from '../routing/source-address.ts';
import { ACCEPT, DROP, type TargetModule } from './module.ts';

const flagNames = ['--random', '--random-fully', '--persistent'] as const;
const RANDOM = 0b011;
const PERSISTENT = 0b100;
const KEEPS_ADDRESS = 0b1000;
const flagOptions = { '--random': 0, '--random-fully': 0, '--persistent': 0 };

const parseFlags = (given: readonly GivenOption[]): number =>
  flagNames.reduce((bits, name, bit) => bits | (given.some((o) => o.name === name) ? 1 << bit : 0), 0);

const printFlags = (bits: number): string[] => flagNames.filter((_, bit) => bits & (1 << bit));

/** "80", "http" or "1024-65535". */
function parsePortRange(text: string | undefined): readonly [number, number] | undefined {
  if (text === undefined) return [ANY, ANY];
  return parsePorts(text.replace('-', ':'));
}

const printPortRange = (low: number, high: number): string => (low === high ? `${low}` : `${low}-${high}`);

interface Translation {
  readonly first: number;
  readonly last: number;
  readonly low: number;
  readonly high: number;
  /** Port that the first one of the range stands for; ANY where ports are not shifted. */
  readonly base: number;
  readonly keeps: number;
}

/** `[address[-address]][:port[-port][/base]]`; an IPv6 address with a port stands in brackets. */
function parseTo(text = ''): Translation | undefined {
  const [, bracketed, rest = ''] = /^\[([^\]]*)\](?::(.+))?$/.exec(text) ?? [];
  const plain = text.split(':');
  const [host = '', ports] =
    bracketed !== undefined ? [bracketed, rest || undefined] : plain.length > 2 ? [text] : plain;
  const [range, base] = ports?.split('/') ?? [];
  const portRange = parsePortRange(range);
  const shift = base === undefined ? [ANY] : parsePorts(base);
  if (portRange === undefined || shift === undefined) return undefined;
  const [low, high] = portRange;
  const common = { low, high, base: shift[0]!, keeps: 0 };
  if (host === '') return low === ANY ? undefined : { ...common, first: 0, last: 0, keeps: KEEPS_ADDRESS };
  const [from = '', to = from] = host.split('-');
  const [first, last] = [parseAddress(from), parseAddress(to)];
  if (first === undefined || last === undefined || first >>> 0 > last >>> 0) return undefined;
  // Of IPv6 single addresses only.
  return first !== last && (isIpv6(first) || isIpv6(last)) ? undefined : { ...common, first, last };
}

function printTo([
  first = 0,
  last = 0,
  low = ANY,
  high = ANY,
  base = ANY,
  flags = 0,
]: readonly number[]): string {
  const addresses = first === last ? formatIpv4(first) : `${formatIpv4(first)}-${formatIpv4(last)}`;
  const text = flags & KEEPS_ADDRESS ? '' : addresses;
  if (low === ANY) return text;
  const shift = base === ANY ? '' : `/${base}`;
  return `${isIpv6(first) ? `[${text}]` : text}:${printPortRange(low, high)}${shift}`;
}

/** numbers: first and last address, lowest and highest port (ANY to keep it), base of shifted ports, flags. */
function natTo(
  name: 'DNAT' | 'SNAT',
  option: string,
  bind: (...numbers: Parameters<typeof bindDestination>) => void,
): TargetModule {
  return {
    name,
    options: { [option]: 1, ...flagOptions },
    parse(given) {
      const to = parseTo(givenValue(given, option));
      if (to === undefined) return undefined;
      const { first, last, low, high, base, keeps } = to;
      return { numbers: [first, last, low, high, base, parseFlags(given) | keeps], words: [] };
    },
    print: ({ numbers }) => [`${option} ${printTo(numbers)}`, ...printFlags(numbers[5] ?? 0)].join(' '),
    execute(numbers, flow) {
      const { src, dst } = flow.packet;
      const flags = numbers[5]!;
      const [first, last] = [numbers[0]!, numbers[1]!];
      const own = name === 'DNAT' ? dst : src;
      // A source that lies in the range already stays what it is (get_unique_tuple).
      const stays =
        (flags & KEEPS_ADDRESS) !== 0 ||
        (name === 'SNAT' && (flags & RANDOM) === 0 && own >>> 0 >= first >>> 0 && own >>> 0 <= last >>> 0);
      const address = stays ? own : addressFrom(first, last, src, dst, (flags & PERSISTENT) !== 0, flow.zone);
      bind(flow, address, numbers[2]!, numbers[3]!, (flags & RANDOM) !== 0, numbers[4]!);
      return ACCEPT;
    },
  };
}

export const DNAT = natTo('DNAT', '--to-destination', bindDestination);
export const SNAT = natTo('SNAT', '--to-source', bindSource);

/** Options of MASQUERADE and REDIRECT. numbers: lowest and highest port, flags. */
const toPorts = {
  options: { '--to-ports': 1, ...flagOptions },
  parse(given: readonly GivenOption[]) {
    const ports = parsePortRange(givenValue(given, '--to-ports'));
    return ports && { numbers: [...ports, parseFlags(given)], words: [] };
  },
  print: ({ numbers: [low = ANY, high = ANY, flags = 0] }: { numbers: readonly number[] }): string =>
    [...(low === ANY ? [] : [`--to-ports ${printPortRange(low, high)}`]), ...printFlags(flags)].join(' '),
};

/** SNAT to the address of the interface the packet leaves by. */
export const MASQUERADE: TargetModule = {
  ...toPorts,
  name: 'MASQUERADE',
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

/** DNAT to the host itself: 127.0.0.1 for its own packets, else the address of the interface they came by. */
export const REDIRECT: TargetModule = {
  ...toPorts,
  name: 'REDIRECT',
  execute(numbers, flow) {
    const six = isIpv6(flow.packet.dst);
    const loopback = six ? ipv6('::1') : LOOPBACK_ADDRESS;
    // Of IPv6 the newest address comes first (ipv6_link_dev_addr).
    const own = flow.host.interfaces[flow.inPort]?.addresses.at(six ? -1 : 0);
    const address = flow.inPort < 0 ? loopback : own;
    if (address === undefined) return DROP;
    bindDestination(flow, address, numbers[0]!, numbers[1]!, (numbers[2]! & RANDOM) !== 0);
    return ACCEPT;
  },
};

/** One network for another, host bits kept: of the destination on the way in, of the source on the way out.
 *  numbers: network, mask. */
export const NETMAP: TargetModule = {
  name: 'NETMAP',
  options: { '--to': 1 },
  parse(given) {
    const network = parseNetwork(givenValue(given, '--to') ?? '');
    // The host bits of an IPv6 address are not in its number.
    if (network === undefined || isIpv6(network.base)) return undefined;
    return { numbers: [network.base, network.mask], words: [] };
  },
  print: ({ numbers: [base = 0, mask = 0] }) => `--to ${printNetwork(base, mask)}`,
  execute(numbers, flow) {
    const [base, mask] = [numbers[0]!, numbers[1]!];
    const { src, dst } = flow.packet;
    if (flow.hook === PREROUTING || flow.hook === OUTPUT)
      bindDestination(flow, (dst & ~mask) | base, ANY, ANY);
    else bindSource(flow, (src & ~mask) | base, ANY, ANY);
    return ACCEPT;
  },
};
