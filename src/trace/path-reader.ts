/** Reads one path after another of a trace: the hops of its legs there and back, its choices and notes. */
import type { Locate } from '../base/origin.ts';
import { Blockers } from './blockers.ts';
import type { ChoiceMade, Leg } from './branch.ts';
import type { Raw } from './engine.ts';
import { HopReader } from './hops.ts';
import { type Memory, memoryOf } from './memory.ts';
import type { Merged } from './merge.ts';
import { symptomOf } from './symptom.ts';
import type { Hop, Path } from './trace.ts';
import { dropOf } from './vocabulary.ts';
import { Words } from './words.ts';

export class PathReader {
  readonly blockers: Blockers;
  readonly words: Words;
  readonly #memory: Memory;
  readonly #hops: HopReader;
  readonly #via: readonly string[];

  constructor(raw: Raw, locate: Locate, via: readonly string[]) {
    const memory = memoryOf(raw.network, locate);
    this.#memory = memory;
    this.#via = via;
    this.#hops = new HopReader(raw, memory);
    this.words = new Words(raw.network, memory);
    this.blockers = new Blockers(this.#hops, this.words);
  }

  path({ draft, share, via }: Merged, id: number): Path {
    const { end } = draft;
    const own = legsOf(draft.leg);
    // The real legs, and what a ghost walked beyond them; a ghost's chain begins with the hops it shares.
    const chain = draft.ghosts.length > 0 ? legsOf(draft.ghosts[0]!) : own;
    const forward: Hop[] = [];
    const back: Hop[] = [];
    const legs: Path['legs'][number][] = [];
    chain.forEach((leg, index) => {
      const first = forward.length;
      this.#hops.read(leg.forwardTail >= 0 ? leg.forwardTail : (own[index]?.forwardTail ?? -1), forward, 0);
      legs.push({ index, hops: forward.slice(first).map((hop) => hop.n) });
    });
    // The way back runs through the legs in reverse; an answer that refuses comes back on the leg it refused.
    const returning = end.disposition === 'rejected' ? own : chain;
    for (let i = returning.length - 1; i >= 0; i--)
      this.#hops.read(returning[i]!.replyTail, back, forward.length);
    this.blockers.collect(id, forward, 'forward');
    this.blockers.collect(id, back, 'reply');
    if (draft.lostError) this.blockers.collectGhost(id, [{ ...draft.lostError, replyTail: -1 }]);
    for (let i = 1; i < draft.ghosts.length; i++) this.blockers.collectGhost(id, legsOf(draft.ghosts[i]!));
    return {
      id,
      share,
      via: via.map((index) => this.#via[index] ?? '').filter((label) => label !== ''),
      choices: choicesOf(draft.choices).map((made) => ({ why: this.words.choice(made), share: made.weight })),
      legs,
      hops: forward,
      disposition: end.disposition,
      code: end.drop >= 0 ? dropOf(end.drop).code : null,
      device: this.words.device(end.device),
      symptom: symptomOf(draft),
      reply: {
        disposition: draft.replyDisposition,
        code: draft.replyDrop >= 0 ? dropOf(draft.replyDrop).code : null,
        device: draft.replyDevice >= 0 ? this.words.device(draft.replyDevice) : null,
        hops: back,
        asymmetric: this.#isAsymmetric(forward, back),
      },
      ...this.words.notes(draft.notes),
    };
  }

  /** The reply visits devices that the request did not; which parts of the fabric it crosses does not count. */
  #isAsymmetric(forward: readonly Hop[], back: readonly Hop[]): boolean {
    if (back.length === 0) return false;
    const there = new Set<Hop['device']>();
    for (const hop of forward) there.add(hop.device);
    for (const hop of back) if (!there.has(hop.device) && !this.#memory.isFabric(hop.device)) return true;
    return false;
  }
}

function legsOf(leg: Leg): Leg[] {
  const legs: Leg[] = [];
  for (let one: Leg | undefined = leg; one; one = one.previous) legs.push(one);
  return legs.reverse();
}

function choicesOf(choices: ChoiceMade | undefined): ChoiceMade[] {
  const made: ChoiceMade[] = [];
  for (let one = choices; one; one = one.previous) made.push(one);
  return made.reverse();
}
