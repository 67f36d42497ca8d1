/** Hops that are one place for the reader: a diagram with much to show draws them as one station with a range of
 *  numbers. A hop that denies always stands alone, and so does everything around the place where paths part. */
import type { Hop, Path } from '../trace/trace.ts';
import { nameOf } from './fate.ts';
import { roundOf } from './fold.ts';

/** 0: every hop stands alone. 1: the VPC's fabric between two interfaces is one place, a load balancer or gateway is
 *  one with its interfaces, the internet with its host. 2: a node is one with its interface, an
 *  internet gateway with the fabric behind it. */
export type Detail = 0 | 1 | 2;

export type Stay = readonly Hop[];

const fabric: ReadonlySet<string> = new Set(['subnet', 'vpc-router']);
const border: ReadonlySet<string> = new Set([...fabric, 'internet-gateway']);

/** Devices that have one network interface, which shows nothing that they do not. */
const appliances: ReadonlySet<string> = new Set([
  'alb',
  'nlb',
  'nat-gateway',
  'interface-endpoint',
  'eks-control-plane',
  'aws-managed',
]);

interface Grouping {
  readonly detail: Detail;
  /** After which hops other paths go another way; nowhere when not given. */
  readonly parts?: (index: number) => boolean;
  /** Of `deniers`: what stands alone. */
  readonly alone: ReadonlySet<string>;
}

/** The hops of one direction of a path in stays. */
export function staysOf(hops: readonly Hop[], { detail, parts, alone }: Grouping): readonly Stay[] {
  if (detail === 0) return hops.map((hop) => [hop]);
  const stays: Hop[][] = [];
  hops.forEach((hop, i) => {
    const stay = stays.at(-1);
    const before = hops[i - 1];
    const apart =
      before === undefined ||
      before.ghost !== hop.ghost ||
      alone.has(placeOf(before)) ||
      alone.has(placeOf(hop)) ||
      parts?.(i - 1) === true;
    if (stay && !apart && together(stay, before, hop, hops[i + 1], detail)) stay.push(hop);
    else stays.push([hop]);
  });
  return stays;
}

function together(stay: Stay, before: Hop, hop: Hop, after: Hop | undefined, detail: Detail): boolean {
  const [a, b] = [before.device.kind, hop.device.kind];
  const wide = detail === 2 ? border : fabric;
  if (wide.has(a)) return wide.has(b);
  if (a === 'eni') {
    if (appliances.has(b)) return true;
    if (b === 'instance') return after !== undefined && nameOf(after) === nameOf(before);
    return detail === 2 && b === 'node';
  }
  if (b === 'eni') {
    if (appliances.has(a)) return true;
    if (a === 'instance') return stay.some((other) => nameOf(other) === nameOf(hop));
    return detail === 2 && a === 'node' && stay.length === 1;
  }
  return (a === 'host' && b === 'internet') || (a === 'internet' && b === 'host');
}

/** Devices that deny, there or on the way back: each is a place of its own
 *  on that leg. */
export function deniers(paths: readonly Path[]): ReadonlySet<string> {
  // The end of a circle is not drawn.
  const hops = paths.flatMap((path) => [...drawnHops(path).hops, ...path.reply.hops]);
  return new Set(hops.filter(({ steps }) => steps.some((step) => step.verdict === 'denied')).map(placeOf));
}

/** A device on one leg. */
function placeOf(hop: Hop): string {
  return `${nameOf(hop)}#${hop.leg}`;
}

const ranks: readonly (readonly string[])[] = [
  [...appliances, 'host', 'internet-gateway'],
  ['node', 'instance'],
  ['vpc-router'],
];

/** The hop that names a stay. */
export function mainHop(stay: Stay): Hop {
  for (const kinds of ranks) {
    const hop = stay.find(({ device }) => kinds.includes(device.kind));
    if (hop) return hop;
  }
  return stay[0]!;
}

/** "7", or "4-5". */
export function numberOf(stay: Stay): string {
  const [first, last] = [stay[0]!.n, stay.at(-1)!.n];
  return first === last ? `${first}` : `${first}-${last}`;
}

/** A path that circles is drawn for one round; `again` is the hop at which the round begins anew. */
export function drawnHops(path: Path): { readonly hops: readonly Hop[]; readonly again: number | undefined } {
  const round = roundOf(path.hops);
  if (!round) return { hops: path.hops, again: undefined };
  const { start, period } = round;
  return { hops: path.hops.slice(0, start + period), again: path.hops[start]!.n };
}

/** Whether a path that shares the first `index + 1` devices with this one goes on elsewhere. */
export function partings(
  hops: readonly Hop[],
  others: readonly (readonly Hop[])[],
): (index: number) => boolean {
  const places = new Set<number>();
  for (const other of others) {
    let i = 0;
    while (i < hops.length && i < other.length && nameOf(hops[i]!) === nameOf(other[i]!)) i++;
    if (i < hops.length || i < other.length) places.add(i - 1);
  }
  return (index) => places.has(index);
}
