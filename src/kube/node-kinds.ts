/** Candidate nodes by kind: those that a pod fits on and that score alike are of one kind, with the same resource score,
 *  as many soft taints, and of one class of spreading. Thousands of nodes are of a few kinds. */
import type { ClusterState } from './cluster-state.ts';
import type { NodeVerdicts } from './node-verdicts.ts';
import { FEASIBLE } from './reason-numbers.ts';
import { HIGHEST_RESOURCE_SCORE } from './scheduler-scores.ts';
import type { SpreadScoring } from './spread-scores.ts';

/** Kind of the nodes that the pod does not fit on. */
export const OUT = 0;

/** Of nodes that got another pod since they were looked at. */
export const UNKNOWN = -1;

const SCORES = HIGHEST_RESOURCE_SCORE + 1;

export class NodeKinds {
  readonly verdicts: NodeVerdicts;
  readonly spread: SpreadScoring | undefined;
  /** Kinds by position among the candidates; UNKNOWN where `look` is to be asked. */
  readonly known: Int32Array;
  /** Whether spreading leaves nodes of a kind out of its scores; undefined where it does so with none. */
  readonly isLeftOut: ((kind: number) => boolean) | undefined;
  readonly #state: ClusterState;
  readonly #taintSteps: number;
  /** How many of the changes of nodes were heard of. */
  #heard = 0;

  constructor(verdicts: NodeVerdicts, spread: SpreadScoring | undefined, state: ClusterState) {
    this.verdicts = verdicts;
    this.spread = spread;
    this.known = new Int32Array(verdicts.candidates.length).fill(UNKNOWN);
    const leavesOut = spread?.leavesOut;
    this.isLeftOut = leavesOut && ((kind) => leavesOut(this.spreadClassOf(kind)));
    this.#state = state;
    this.#taintSteps = state.mostSoftTaints + 1;
  }

  /** Hears of the pods that nodes got since; to be called before kinds are read. */
  update(): void {
    this.spread?.update();
    this.verdicts.update();
    const { changed, everyNode } = this.#state;
    const { known } = this;
    if (this.verdicts.candidates !== everyNode || changed.length - this.#heard > known.length)
      known.fill(UNKNOWN);
    else for (let i = this.#heard; i < changed.length; i++) known[changed[i]!] = UNKNOWN;
    this.#heard = changed.length;
  }

  look(position: number): number {
    const { verdicts } = this;
    const kind = verdicts.reasonsAt(position) === FEASIBLE ? this.#kindOf(position) : OUT;
    this.known[position] = kind;
    return kind;
  }

  #kindOf(position: number): number {
    const { verdicts, spread } = this;
    const spreadClass = spread ? spread.classes[verdicts.candidates[position]!]! : 0;
    const taints = this.#taintSteps > 1 ? verdicts.softTaintsAt(position) : 0;
    return 1 + (spreadClass * this.#taintSteps + taints) * SCORES + verdicts.resourceScores[position]!;
  }

  /** Kinds are below it. */
  get end(): number {
    return 1 + (this.spread?.classCount ?? 1) * this.#taintSteps * SCORES;
  }

  /** Of any kind but OUT. */
  resourceScoreOf(kind: number): number {
    return (kind - 1) % SCORES;
  }

  softTaintsOf(kind: number): number {
    return Math.floor((kind - 1) / SCORES) % this.#taintSteps;
  }

  spreadClassOf(kind: number): number {
    return Math.floor((kind - 1) / SCORES / this.#taintSteps);
  }
}
