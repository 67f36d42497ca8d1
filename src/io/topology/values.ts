/** Texts of the topology file to numbers: addresses, blocks, ports, protocols. */
import { type Cidr, formatCidr, parseBlock, parseCidr } from '../../addressing/cidr.ts';
import { type Ipv4, parseAddress, parseIpv4 } from '../../addressing/ip.ts';
import { parseIpv6 } from '../../addressing/ip6.ts';
import { nearest } from '../../base/nearest.ts';
import { hasPorts, isIcmp, parseProtocol, protocolName } from '../../packet/protocol.ts';
import type { Reading } from '../reading.ts';

/** The block `text`, which is the member `key` of `container`; with host bits, an issue and the block without. */
export function readCidr(
  reading: Reading,
  container: object,
  key: string | number,
  text: string,
): Cidr | undefined {
  const parsed = parseCidr(text);
  if (!('fault' in parsed)) return parsed;
  const at = reading.of(container, key);
  if (parsed.canonical) {
    const hint = `did you mean ${formatCidr(parsed.canonical)}?`;
    reading.error(at, { code: parsed.fault, message: `${text} has host bits set`, hint });
    return parsed.canonical;
  }
  const hint = cidrHint(text);
  reading.error(at, { code: parsed.fault, message: `${JSON.stringify(text)} is not an IPv4 block`, hint });
  return undefined;
}

/** A block of IPv6. */
export function readIpv6Cidr(
  reading: Reading,
  container: object,
  key: string | number,
  text: string,
): Cidr | undefined {
  const [address = '', length] = text.split('/');
  const base = parseIpv6(address);
  const block = base !== undefined && length !== undefined ? parseBlock(text) : undefined;
  const at = reading.of(container, key);
  if (block === undefined) {
    const hint =
      base !== undefined && length === undefined
        ? `a single address is ${text}/128`
        : 'such as 2001:db8:1::/56';
    reading.error(at, {
      code: 'cidr/malformed',
      message: `${JSON.stringify(text)} is not an IPv6 block`,
      hint,
    });
    return undefined;
  }
  if (block.base !== base) {
    const hint = `did you mean ${formatCidr(block)}?`;
    reading.error(at, { code: 'cidr/host-bits', message: `${text} has host bits set`, hint });
  }
  return block;
}

/** A block of either family. */
export function readAnyCidr(
  reading: Reading,
  container: object,
  key: string | number,
  text: string,
): Cidr | undefined {
  return text.includes(':')
    ? readIpv6Cidr(reading, container, key, text)
    : readCidr(reading, container, key, text);
}

function cidrHint(text: string): string {
  if (text.includes(':')) return 'an IPv4 block such as 10.1.0.0/16 is wanted here';
  if (parseIpv4(text) !== undefined) return `a single address is ${text}/32`;
  const decimal = withoutLeadingZeros(text);
  if (!('fault' in parseCidr(decimal))) return `leading zeros are ambiguous: write ${decimal}`;
  return 'write four numbers from 0 to 255 and a length from 0 to 32, such as 10.1.0.0/16';
}

export function readAddress(
  reading: Reading,
  container: object,
  key: string | number,
  text: string,
): Ipv4 | undefined {
  const address = parseIpv4(text);
  if (address !== undefined) return address;
  const decimal = withoutLeadingZeros(text);
  const hint = text.includes(':')
    ? 'IPv6 is not modelled: write an IPv4 address such as 10.1.0.12'
    : parseIpv4(decimal) !== undefined
      ? `leading zeros are ambiguous: write ${decimal}`
      : 'write four numbers from 0 to 255, such as 10.1.0.12';
  const message = `${JSON.stringify(text)} is not an IPv4 address`;
  reading.error(reading.of(container, key), { code: 'address/malformed', message, hint });
  return undefined;
}

/** An address of either family. */
export function readAnyAddress(
  reading: Reading,
  container: object,
  key: string | number,
  text: string,
): number | undefined {
  const address = parseAddress(text);
  if (address !== undefined || !text.includes(':'))
    return address ?? readAddress(reading, container, key, text);
  const message = `${JSON.stringify(text)} is not an IPv6 address`;
  reading.error(reading.of(container, key), { code: 'address/malformed', message, hint: 'such as fd00::12' });
  return undefined;
}

function withoutLeadingZeros(text: string): string {
  return text.replace(/(^|\.)0+(?=\d)/g, '$1');
}

export function readProtocol(
  reading: Reading,
  container: object,
  key: string,
  value: string | number,
): number | undefined {
  const protocol = parseProtocol(String(value));
  if (protocol !== undefined) return protocol;
  const known = ['tcp', 'udp', 'icmp', 'icmpv6', 'sctp', 'all'];
  const close = nearest(String(value), known, 1)[0];
  reading.error(reading.of(container, key), {
    code: 'topology/unknown-protocol',
    message: `${JSON.stringify(value)} is not a protocol`,
    hint: close ? `did you mean ${close}?` : `one of ${known.join(', ')}, or a number from 0 to 255`,
  });
  return undefined;
}

export interface RulePorts {
  readonly protocol: string | number;
  readonly ports?: string | number | undefined;
  readonly type?: number | undefined;
  readonly code?: number | undefined;
}

/** Protocol and ports of a rule; for ICMP, type and code. */
export function readRule(
  reading: Reading,
  rule: RulePorts,
): { protocol: number; ports?: readonly [number, number] } | undefined {
  const protocol = readProtocol(reading, rule, 'protocol', rule.protocol);
  if (protocol === undefined) return undefined;
  if (isIcmp(protocol)) {
    if (rule.ports !== undefined)
      return misplaced(reading, rule, 'ports', 'ICMP has a type and a code, no ports');
    if (rule.type === undefined && rule.code === undefined) return { protocol };
    return { protocol, ports: [rule.type ?? -1, rule.code ?? -1] };
  }
  if (rule.type !== undefined || rule.code !== undefined)
    return misplaced(
      reading,
      rule,
      rule.type === undefined ? 'code' : 'type',
      'only ICMP has a type and a code',
    );
  if (rule.ports === undefined || rule.ports === 'all') return { protocol };
  if (!hasPorts(protocol))
    return misplaced(
      reading,
      rule,
      'ports',
      `a rule for protocol ${protocolName(protocol)} cannot name ports`,
    );
  const range = readPortRange(reading, rule, 'ports', rule.ports);
  return range && { protocol, ports: range };
}

function misplaced(reading: Reading, rule: object, key: string, message: string): undefined {
  reading.errorAtKey(reading.of(rule, key), { code: 'topology/misplaced-key', message });
  return undefined;
}

function readPortRange(
  reading: Reading,
  container: object,
  key: string,
  value: string | number,
): readonly [number, number] | undefined {
  const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(String(value));
  const from = Number(match?.[1] ?? -1);
  const to = Number(match?.[2] ?? from);
  if (match && from <= to && to <= 65535) return [from, to];
  const hint =
    match && from > to ? `did you mean ${to}-${from}?` : 'a port such as 443, a range such as 80-81';
  const message = `${JSON.stringify(value)} is not a port or a range of ports`;
  reading.error(reading.of(container, key), { code: 'topology/bad-ports', message, hint });
  return undefined;
}

/** "tcp/443" entries of `listen`. */
export function readListen(
  reading: Reading,
  list: readonly string[] | undefined,
): readonly { protocol: number; port: number }[] {
  return (list ?? []).flatMap((text, index) => {
    const [name = '', number = ''] = text.split('/');
    const protocol = parseProtocol(name);
    const port = /^\d{1,5}$/.test(number) ? Number(number) : 0;
    if (
      protocol !== undefined &&
      hasPorts(protocol) &&
      port >= 1 &&
      port <= 65535 &&
      text.split('/').length === 2
    )
      return [{ protocol, port }];
    reading.error(reading.of(list!, index), {
      code: 'topology/bad-listen',
      message: `${JSON.stringify(text)} is not a protocol and a port`,
      hint: /^\d+$/.test(text) ? `did you mean tcp/${text}?` : 'write it as tcp/443',
    });
    return [];
  });
}

/** What AWS keeps an address of a subnet for (VPC guide, "Subnet sizing"); undefined where it is free. */
export function reservedAddress(subnet: Cidr, address: Ipv4): string | undefined {
  const size = 2 ** (32 - subnet.length);
  const offset = (address - subnet.base) >>> 0;
  if (offset === 0) return 'the network address';
  if (offset === 1) return 'the VPC router';
  if (offset === 2) return 'reserved for DNS';
  if (offset === 3) return 'reserved by AWS';
  return offset === size - 1 ? 'the broadcast address' : undefined;
}
