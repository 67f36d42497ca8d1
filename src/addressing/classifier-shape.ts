/** The rules of one shape, found by what they test: an open-addressing hash table whose slots lead to buckets, one bucket
 *  for each distinct tuple of values. A slot's tuple is compared before it is believed, so colliding hashes cost a step
 *  and never an answer. Everything is int32: a lookup allocates nothing. */

/** Protocol, source, destination, source port, destination port. 0: the shape does not test the field. */
export type Masks = readonly [number, number, number, number, number];

export interface Shape {
  readonly protocol: number;
  readonly src: number;
  readonly dst: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Lowest and highest rule. */
  readonly first: number;
  readonly last: number;
  /** Bucket number or -1; a power of two of them, at most half in use, searched by linear probing. */
  readonly slots: Int32Array;
  /** Five masked values a bucket. */
  readonly values: Int32Array;
  /** Bucket `b` is `rules[starts[b]]` up to before `rules[starts[b + 1]]`, ascending. */
  readonly starts: Int32Array;
  readonly rules: Int32Array;
  /** All rules, ascending: for a packet whose port is not known. */
  readonly all: Int32Array;
}

/** The port of a packet is not known. */
export const ANY_PORT = -1;

/** `ascending` are the numbers of the rules, `values` what each tests for, five a rule. */
export function buildShape(masks: Masks, ascending: readonly number[], values: readonly number[]): Shape {
  const count = ascending.length;
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(count * 2))).fill(-1);
  const distinct = new Int32Array(count * 5);
  const bucketOf = new Int32Array(count);
  let buckets = 0;
  for (let i = 0; i < count; i++) {
    const at = i * 5;
    const slot = slotOf(
      slots,
      distinct,
      values[at]!,
      values[at + 1]!,
      values[at + 2]!,
      values[at + 3]!,
      values[at + 4]!,
    );
    if (slots[slot] === -1) {
      for (let field = 0; field < 5; field++) distinct[buckets * 5 + field] = values[at + field]!;
      slots[slot] = buckets++;
    }
    bucketOf[i] = slots[slot]!;
  }
  const starts = new Int32Array(buckets + 1);
  for (const bucket of bucketOf) starts[bucket + 1]!++;
  for (let bucket = 0; bucket < buckets; bucket++) starts[bucket + 1]! += starts[bucket]!;
  const filled = starts.slice();
  const rules = new Int32Array(count);
  for (let i = 0; i < count; i++) rules[filled[bucketOf[i]!]!++] = ascending[i]!;
  return {
    protocol: masks[0],
    src: masks[1],
    dst: masks[2],
    sourcePort: masks[3],
    destinationPort: masks[4],
    first: ascending[0]!,
    last: ascending.at(-1)!,
    slots,
    values: distinct.slice(0, buckets * 5),
    starts,
    rules,
    all: Int32Array.from(ascending),
  };
}

/** The first rule from `from` on whose tests the packet passes, or `otherwise` when that comes no later. */
export function nextOfShape(
  shape: Shape,
  from: number,
  otherwise: number,
  protocol: number,
  src: number,
  dst: number,
  sourcePort: number,
  destinationPort: number,
): number {
  if (
    (sourcePort === ANY_PORT && shape.sourcePort !== 0) ||
    (destinationPort === ANY_PORT && shape.destinationPort !== 0)
  )
    return firstFrom(shape.all, 0, shape.all.length, from, otherwise);
  const slot = slotOf(
    shape.slots,
    shape.values,
    protocol & shape.protocol,
    src & shape.src,
    dst & shape.dst,
    sourcePort & shape.sourcePort,
    destinationPort & shape.destinationPort,
  );
  const bucket = shape.slots[slot]!;
  if (bucket < 0) return otherwise;
  return firstFrom(shape.rules, shape.starts[bucket]!, shape.starts[bucket + 1]!, from, otherwise);
}

/** The slot that leads to this tuple's bucket, or the empty one where it would be. */
function slotOf(
  slots: Int32Array,
  values: Int32Array,
  protocol: number,
  src: number,
  dst: number,
  sourcePort: number,
  destinationPort: number,
): number {
  const wrap = slots.length - 1;
  let slot = hash(protocol, src, dst, sourcePort, destinationPort) & wrap;
  for (;;) {
    const at = slots[slot]! * 5;
    if (
      at < 0 ||
      (values[at] === protocol &&
        values[at + 1] === src &&
        values[at + 2] === dst &&
        values[at + 3] === sourcePort &&
        values[at + 4] === destinationPort)
    )
      return slot;
    slot = (slot + 1) & wrap;
  }
}

/** Multiply by odd constants, then fold the high bits down: a /16 varies only in its high half. */
function hash(
  protocol: number,
  src: number,
  dst: number,
  sourcePort: number,
  destinationPort: number,
): number {
  let mixed =
    Math.imul(protocol, 0x27d4eb2f) ^
    Math.imul(src, 0x9e3779b1) ^
    Math.imul(dst, 0x85ebca77) ^
    Math.imul(sourcePort, 0xc2b2ae3d) ^
    Math.imul(destinationPort, 0x165667b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 16);
}

/** The first of the ascending `rules[low..high)` that is `from` or more, unless `otherwise` is lower. */
function firstFrom(rules: Int32Array, low: number, high: number, from: number, otherwise: number): number {
  const end = high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rules[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low < end && rules[low]! < otherwise ? rules[low]! : otherwise;
}
