/** Mutations over the rounds of a run: each changes one rule of the model, and has to be found. */
import type { World } from '../../index.ts';
import { labFiles, labOf } from '../../index.ts';
import type { Report } from '../report.ts';
import type { Files } from './cluster.ts';
import { type Agreed, judgeMutation, mutate } from './mutate.ts';
import type { Random } from './random.ts';
import { predict } from './round.ts';
import { worldOfTexts } from './topology-file.ts';

export class Mutations {
  readonly #wanted: number;
  readonly #rounds: number;
  readonly #results: { readonly what: string; readonly found: string }[] = [];

  /** `wanted` in all, spread over `rounds`. */
  constructor(wanted: number, rounds: number) {
    this.#wanted = wanted;
    this.#rounds = rounds;
  }

  /** The part of round number `round`. */
  try(files: Files, world: World, agreed: readonly Agreed[], random: Random, round: number): void {
    const due = Math.round((this.#wanted * (round + 1)) / this.#rounds);
    if (agreed.length === 0 || this.#results.length >= due) return;
    const dumps = new Map(
      labFiles(labOf(world)).flatMap(({ path, text }) => {
        const node = /^node-(.*)\/iptables$/.exec(path)?.[1];
        return node === undefined ? [] : [[node, text] as const];
      }),
    );
    while (this.#results.length < due) {
      const mutation = mutate(dumps, agreed, random);
      if (mutation === undefined) return;
      const { node, rules, what } = mutation;
      const changed = worldOfTexts({ ...files, [`${node}.iptables`]: rules });
      const found = judgeMutation(mutation, changed, agreed, predict);
      this.#results.push({ what: `${node}: ${what}`, found });
    }
  }

  tell(report: Report): void {
    if (this.#wanted === 0) return;
    const count = (found: string): number => this.#results.filter((one) => one.found === found).length;
    report.note(
      `mutations: ${this.#results.length} rules of the model changed, ${count('by its effect') + count('by its text')} found, ${count('by its effect')} of them by more than the text of the rule`,
    );
    this.#results.forEach(({ what, found }, i) => {
      report.ran(`mutation/${i + 1}`, found === 'not found' ? [`not noticed: ${what}`] : []);
    });
    if (this.#results.length < this.#wanted)
      report.ran('mutation', [`only ${this.#results.length} of ${this.#wanted} rules could be changed`]);
  }
}
