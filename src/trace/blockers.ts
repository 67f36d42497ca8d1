/** Every independent blocker of a trace, in path order, each once. */
import type { Leg } from './branch.ts';
import type { HopReader } from './hops.ts';
import type { Denial } from './memory.ts';
import type { Blocker, Hop } from './trace.ts';
import { awsCodesOf, dropOf } from './vocabulary.ts';
import type { Words } from './words.ts';

export class Blockers {
  readonly list: Blocker[] = [];
  readonly #seen = new Set<string>();
  readonly #hops: HopReader;
  readonly #words: Words;

  constructor(hops: HopReader, words: Words) {
    this.#hops = hops;
    this.#words = words;
  }

  /** Those of hops that the path shows. */
  collect(path: number, hops: readonly Hop[], direction: Blocker['direction']): void {
    for (const hop of hops)
      for (const denial of this.#hops.denialsOf(hop)) this.#add(path, hop.n, direction, denial);
  }

  /** Those of a ghost off the shown line, which contributes nothing else. */
  collectGhost(path: number, legs: readonly Leg[]): void {
    for (const { forwardTail, replyTail } of legs)
      for (const [tail, direction] of [
        [forwardTail, 'forward'],
        [replyTail, 'reply'],
      ] as const) {
        const hops: Hop[] = [];
        this.#hops.read(tail, hops, 0);
        for (const hop of hops)
          for (const denial of this.#hops.denialsOf(hop)) this.#add(path, null, direction, denial);
      }
  }

  #add(
    path: number,
    hop: number | null,
    direction: Blocker['direction'],
    { drop, device, text, at }: Denial,
  ): void {
    const definition = dropOf(drop);
    const { code } = definition;
    const key = [direction, code, device, text.because, text.rule ?? ''].join('\n');
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.list.push({
      path,
      hop,
      direction,
      code,
      awsCode: text.aws ?? awsCodesOf(definition)[0] ?? null,
      device: this.#words.device(device),
      because: text.because,
      ...(text.rule ? { rule: text.rule } : {}),
      ...(at ? { source: at } : {}),
      ...(text.nearest ? { nearest: text.nearest } : {}),
      ...(text.fix ? { fix: text.fix } : {}),
      ...(text.change ? { change: text.change } : {}),
    });
  }
}
