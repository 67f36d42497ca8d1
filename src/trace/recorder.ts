/** Steps and hops as fixed-width integer records in one growing array; objects and texts are made when they are read.
 *
 *  hop  : previous hop | device | port | from | flags | protocol src dst sport dport ttl mark free | steps
 *  step : kind * 8 + verdict (or a rewrite) | a b c d
 *
 *  A hop points to the one before it, so branches share the hops they have in common. */

export const HOP_WIDTH = 14;
export const STEP_WIDTH = 5;

export const HOP_PREVIOUS = 0;
export const HOP_DEVICE = 1;
export const HOP_PORT = 2;
export const HOP_FROM = 3;
export const HOP_FLAGS = 4;
export const HOP_PACKET = 5;
export const HOP_STEPS = 13;

/** Bits of a hop's flags; the leg's number is above them. */
export const HOP_GHOST = 1;
export const HOP_REPLY = 2;
export const HOP_LEG_SHIFT = 4;

/** Records that change the header: they belong to the step before them. */
export const REWRITE_SOURCE = -1;
export const REWRITE_DESTINATION = -2;
export const REWRITE_MARK = -3;
export const REWRITE_TTL = -4;
/** A denial: `a` is the drop code's number + DROP_BASE in place of a step kind. */
export const DROP_BASE = 1 << 20;

export class Recorder {
  data = new Int32Array(4096);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  reserve(count: number): void {
    if (this.length + count <= this.data.length) return;
    const larger = new Int32Array(Math.max(this.data.length * 2, this.length + count));
    larger.set(this.data);
    this.data = larger;
  }
}
