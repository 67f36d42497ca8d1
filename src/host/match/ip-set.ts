/** Sets of addresses, ports and more (ipset), ready to be asked. Members of one shape (the prefix lengths of their
 *  networks) share a hash; of several shapes the kernel tries the longest prefixes first (ip_set_hash_gen.h,
 *  mtype_test_cidrs), so that a `nomatch` member makes an exception of a larger network. */
import { maskOf } from '../../addressing/cidr.ts';
import { parseIpv4 } from '../../addressing/ip.ts';
import { parseProtocol } from '../../packet/protocol.ts';
import { parseRuleProtocol } from '../netfilter/header-match.ts';
import { parseNumber, splitWords } from '../netfilter/rule-quoting.ts';
import type { IpSetSource } from '../rules.ts';
import { intern } from './interned.ts';

/** What one part of a member is compared with. */
export type Dimension = 'ip' | 'net' | 'port' | 'iface' | 'mark' | 'mac' | 'set';

export interface IpSet {
  readonly dimensions: readonly Dimension[];
  readonly family: IpSetSource['family'] | undefined;
  /** In the order in which they are tried. */
  readonly shapes: readonly Shape[];
  /** Bits of addresses and marks that count. */
  readonly addressMask: number;
  readonly markMask: number;
  /** `bitmap:port` knows no protocols. */
  readonly anyProtocol: boolean;
  /** Members may be networks, and say `nomatch`. */
  readonly hasNetworks: boolean;
  /** Of a list:set: its sets, as interned names. */
  readonly sets: readonly number[];
  /** Some member, or the type, was not understood: what is not found may be in it. */
  readonly partial: boolean;
}

interface Shape {
  /** Mask of each dimension. */
  readonly masks: Int32Array;
  readonly buckets: ReadonlyMap<number, readonly Member[]>;
}

interface Member {
  readonly values: Int32Array;
  /** Name of the interface, where the type has one. */
  readonly iface: string;
  readonly wild: boolean;
  readonly nomatch: boolean;
}

/** What is looked up: one number for each dimension, and a name for an interface. */
export interface Wanted {
  readonly values: Int32Array;
  iface: string;
}

export const NOT_IN_SET = 0;
export const IN_SET = 1;
/** The most specific member says `nomatch`. */
export const EXCEPTED = 2;

/** Whether a set has a member that fits. */
export function findMember(set: IpSet, wanted: Wanted): typeof NOT_IN_SET | typeof IN_SET | typeof EXCEPTED {
  const { shapes } = set;
  for (let i = 0; i < shapes.length; i++) {
    const { masks, buckets } = shapes[i]!;
    const bucket = buckets.get(hashOf(wanted.values, masks));
    if (bucket === undefined) continue;
    for (let j = 0; j < bucket.length; j++) {
      const member = bucket[j]!;
      if (!fits(member, wanted, masks)) continue;
      return member.nomatch ? EXCEPTED : IN_SET;
    }
  }
  return NOT_IN_SET;
}

function fits({ values, iface, wild }: Member, wanted: Wanted, masks: Int32Array): boolean {
  for (let i = 0; i < masks.length; i++)
    if (((values[i]! ^ wanted.values[i]!) & masks[i]!) !== 0) return false;
  return wild ? wanted.iface.startsWith(iface) : wanted.iface === iface;
}

function hashOf(values: Int32Array, masks: Int32Array): number {
  let hash = 0;
  for (let i = 0; i < masks.length; i++)
    hash = Math.imul(hash ^ (values[i]! & masks[i]!), 0x9e3779b1) ^ (hash >>> 15);
  return hash;
}

const compiled = new WeakMap<IpSetSource, IpSet>();

export function ipSetOf(source: IpSetSource): IpSet {
  let set = compiled.get(source);
  if (set === undefined) {
    set = compile(source);
    compiled.set(source, set);
  }
  return set;
}

const known = new Set(['ip', 'net', 'port', 'iface', 'mark', 'mac', 'set']);

function compile({ type, family, members, options = '' }: IpSetSource): IpSet {
  const [method = '', parts = ''] = type.split(':');
  const words = splitWords(options);
  const option = (name: string): string | undefined =>
    words.includes(name) ? words[words.indexOf(name) + 1] : undefined;
  const dimensions = parts.split(',') as Dimension[];
  const understood = ['hash', 'bitmap', 'list'].includes(method) && dimensions.every((one) => known.has(one));
  const isList = dimensions[0] === 'set';
  const read = understood && !isList ? members.map((member) => parseMember(member, dimensions, method)) : [];
  const all = read.flatMap((list) => list ?? []);
  return {
    dimensions,
    family: method === 'hash' && dimensions[0] !== 'mac' ? family : undefined,
    shapes: shapesOf(all, dimensions),
    addressMask: maskOf(Number(option('netmask') ?? 32)),
    markMask: parseNumber(option('markmask') ?? '0xffffffff') ?? -1,
    anyProtocol: type === 'bitmap:port',
    hasNetworks: dimensions.includes('net'),
    sets: isList ? members.map((member) => intern(splitWords(member)[0] ?? '')) : [],
    partial: !understood || read.includes(undefined),
  };
}

interface Part {
  readonly value: number;
  readonly mask: number;
  readonly name?: string;
}

interface ReadMember extends Member {
  readonly masks: Int32Array;
}

/** "10.0.0.1,tcp:80 timeout 30": one member, or several where a part is a range. */
function parseMember(
  text: string,
  dimensions: readonly Dimension[],
  method: string,
): ReadMember[] | undefined {
  const [element = '', ...flags] = splitWords(text);
  const parts = element.split(',');
  if (method === 'bitmap' && dimensions[0] === 'ip' && parts.length === 1 && dimensions.length === 2)
    parts.push('');
  const alternatives = dimensions.map((dimension, i) => parsePart(dimension, parts[i] ?? '', parts.length));
  if (alternatives.includes(undefined)) return undefined;
  const combined = alternatives.reduce<readonly (readonly Part[])[]>(
    (rows, part) => rows.flatMap((row) => part!.map((one) => [...row, one])),
    [[]],
  );
  return combined.map((row) => ({
    values: Int32Array.from(row, ({ value, mask }) => value & mask),
    masks: Int32Array.from(row, ({ mask }) => mask),
    iface: row.find(({ name }) => name !== undefined)?.name ?? '',
    wild: flags.includes('wildcard'),
    nomatch: flags.includes('nomatch'),
  }));
}

function parsePart(dimension: Dimension, text: string, count: number): readonly Part[] | undefined {
  switch (dimension) {
    case 'ip':
    case 'net':
      return parseAddresses(text);
    case 'port':
      return count === 1 ? parsePortNumbers(0, text) : parsePort(text);
    case 'iface':
      return [{ value: 0, mask: 0, name: text }];
    case 'mark': {
      const value = parseNumber(text);
      return value === undefined ? undefined : [{ value, mask: -1 }];
    }
    default:
      // Nobody knows MAC addresses: the rest of the member decides whether it may fit.
      return [{ value: 0, mask: 0 }];
  }
}

/** An address, a network, or a range as the networks that make it up. */
function parseAddresses(text: string): readonly Part[] | undefined {
  const [first = '', last] = text.split('-');
  if (last !== undefined) {
    const [from, to] = [parseIpv4(first), parseIpv4(last)];
    return from === undefined || to === undefined || from >>> 0 > to >>> 0
      ? undefined
      : networks(from >>> 0, to >>> 0);
  }
  const [host = '', length = '32'] = text.split('/');
  const value = parseIpv4(host);
  if (value === undefined || !/^\d{1,2}$/.test(length) || Number(length) > 32) return undefined;
  return [{ value, mask: maskOf(Number(length)) }];
}

function networks(from: number, to: number): Part[] {
  const parts: Part[] = [];
  for (let at = from; at <= to; ) {
    let length = 32;
    while (length > 0) {
      const size = 2 ** (33 - length);
      if (at % size !== 0 || at + size - 1 > to) break;
      length--;
    }
    parts.push({ value: at | 0, mask: maskOf(length) });
    at += 2 ** (32 - length);
  }
  return parts;
}

/** "tcp:80", "udp:1000-1010", "icmp:8/0", or "80" for TCP. */
function parsePort(text: string): readonly Part[] | undefined {
  const [left = '', right] = text.split(':');
  if (right === undefined) return parsePortNumbers(parseProtocol('tcp')!, left);
  const protocol = parseRuleProtocol(left);
  if (protocol === undefined) return undefined;
  const typed = /^(\d{1,3})\/(\d{1,3})$/.exec(right);
  if (typed) return [{ value: (protocol << 16) | (Number(typed[1]) << 8) | Number(typed[2]), mask: -1 }];
  if (right === 'echo-request' || right === 'ping') return [{ value: (protocol << 16) | (8 << 8), mask: -1 }];
  if (right === 'echo-reply' || right === 'pong') return [{ value: protocol << 16, mask: -1 }];
  return parsePortNumbers(protocol, right);
}

function parsePortNumbers(protocol: number, text: string): readonly Part[] | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const [low, high] = [Number(first), Number(last)];
  if (!(low <= high && high <= 65535)) return undefined;
  return Array.from({ length: high - low + 1 }, (_, i) => ({
    value: (protocol << 16) | (low + i),
    mask: -1,
  }));
}

function shapesOf(members: readonly ReadMember[], dimensions: readonly Dimension[]): Shape[] {
  const shapes = new Map<string, { readonly masks: Int32Array; readonly buckets: Map<number, Member[]> }>();
  for (const member of members) {
    const key = member.masks.join();
    const shape = shapes.get(key) ?? { masks: member.masks, buckets: new Map<number, Member[]>() };
    shapes.set(key, shape);
    const hash = hashOf(member.values, member.masks);
    const bucket = shape.buckets.get(hash);
    if (bucket) bucket.push(member);
    else shape.buckets.set(hash, [member]);
  }
  const longestFirst = (a: Shape, b: Shape): number =>
    dimensions.reduce((order, _, i) => order || (b.masks[i]! >>> 0) - (a.masks[i]! >>> 0), 0);
  return [...shapes.values()].sort(longestFirst);
}
