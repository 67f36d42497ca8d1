/** Finds, in a first-match list (netfilter chain, `ip rule`, security group, network ACL), the rules worth looking at.
 *  Rules are grouped by shape: the packet fields they test for equality, and under which masks (tuple space search,
 *  Srinivasan et al., SIGCOMM 1999). Each shape is one hash table; candidates come back in list order.
 *  A candidate only may match: the caller evaluates the whole rule. Only fields that no rule of the list changes may
 *  be tested here; marks and conntrack state never are. */
import { buildShape, type Masks, nextOfShape, type Shape } from './classifier-shape.ts';

/** As a port: it is not known which (`Packet.free`), so that a test of the port does not rule anything out. */
export { ANY_PORT } from './classifier-shape.ts';

/** The packet fields a `Test` can name. */
export const FIELD = { protocol: 0, src: 1, dst: 2, sourcePort: 3, destinationPort: 4 } as const;

/** A rule with this test matches only packets where `(field & mask) === value`. */
export interface Test {
  readonly field: (typeof FIELD)[keyof typeof FIELD];
  readonly mask: number;
  readonly value: number;
}

/** Plain data, made once by `classifier`. */
export interface Classifier {
  /** How many rules the list has. */
  readonly size: number;
  /** By their first rule. */
  readonly shapes: readonly Shape[];
  /** At `i`: the first rule from `i` on that is in no shape, or `size`. Absent when that is every rule. */
  readonly nextScanned: Int32Array | undefined;
}

/** Below this a plain scan is as quick as hashing. */
const SHORTEST_HASHED_LIST = 16;
/** One probe must save several rule evaluations... */
const SMALLEST_SHAPE = 4;
/** ...and their number bounds what a lookup costs, whatever the rules are. */
const MOST_SHAPES = 32;

/** `rules[i]` holds the equality tests that are part of rule `i`; none at all is fine. */
export function classifier(rules: readonly (readonly Test[])[]): Classifier {
  const size = rules.length;
  if (size < SHORTEST_HASHED_LIST) return { size, shapes: [], nextScanned: undefined };
  const groups = new Map<string, Group>();
  const impossible: number[] = [];
  for (const [rule, tests] of rules.entries()) {
    const key = keyOf(tests);
    if (key === undefined) {
      impossible.push(rule);
      continue;
    }
    const name = key.masks.join();
    const group = groups.get(name) ?? { masks: key.masks, rules: [], values: [] };
    groups.set(name, group);
    group.rules.push(rule);
    group.values.push(...key.values);
  }
  const hashed = [...groups.values()]
    .filter(({ masks, rules }) => rules.length >= SMALLEST_SHAPE && masks.some((mask) => mask !== 0))
    .sort((a, b) => b.rules.length - a.rules.length || a.rules[0]! - b.rules[0]!)
    .slice(0, MOST_SHAPES)
    .sort((a, b) => a.rules[0]! - b.rules[0]!);
  return {
    size,
    shapes: hashed.map(({ masks, rules, values }) => buildShape(masks, rules, values)),
    nextScanned: scanned(size, [impossible, ...hashed.map(({ rules }) => rules)]),
  };
}

/** The first rule after `after` (-1 to begin) that may match this packet, or -1. Every rule left out cannot match. */
export function nextCandidate(
  list: Classifier,
  after: number,
  protocol: number,
  src: number,
  dst: number,
  sourcePort: number,
  destinationPort: number,
): number {
  const from = after + 1;
  let best = list.nextScanned === undefined ? from : list.nextScanned[from]!;
  const { shapes } = list;
  for (let i = 0; i < shapes.length && best > from; i++) {
    const shape = shapes[i]!;
    if (shape.first >= best) break;
    if (shape.last < from) continue;
    best = nextOfShape(shape, from, best, protocol, src, dst, sourcePort, destinationPort);
  }
  return best < list.size ? best : -1;
}

interface Group {
  readonly masks: Masks;
  readonly rules: number[];
  /** Five for each rule. */
  readonly values: number[];
}

/** All tests of a rule as one mask and one value a field, or undefined when no packet can pass them together. */
function keyOf(tests: readonly Test[]): { masks: Masks; values: Masks } | undefined {
  const masks: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  const values: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  for (const { field, mask, value } of tests) {
    if ((value & ~mask) !== 0 || ((values[field] ^ value) & masks[field] & mask) !== 0) return undefined;
    masks[field] |= mask;
    values[field] |= value;
  }
  return { masks, values };
}

function scanned(size: number, notScanned: readonly (readonly number[])[]): Int32Array | undefined {
  if (notScanned.every((rules) => rules.length === 0)) return undefined;
  const next = new Int32Array(size + 1);
  for (const rules of notScanned) for (const rule of rules) next[rule] = -1;
  next[size] = size;
  for (let i = size - 1; i >= 0; i--) next[i] = next[i]! < 0 ? next[i + 1]! : i;
  return next;
}
