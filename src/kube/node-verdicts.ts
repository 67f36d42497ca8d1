/** What filters and resource scores say of each candidate node for all pods with the same demands. A node is judged
 *  when it is first looked at, and again only after it got another pod. */
import type { PodSpec } from '../api/objects.ts';
import type { ClusterState } from './cluster-state.ts';
import type { PodDemands } from './pod-demands.ts';
import { FEASIBLE } from './reason-numbers.ts';
import { refusal, shortages } from './scheduler-filters.ts';
import { balancedAllocation, leastAllocated, softTaints, WEIGHTS } from './scheduler-scores.ts';

const UNJUDGED = -1;

/** What no pod on the node changes. */
const UNKNOWN = 0;
const ADMITTED = 1;
const REFUSED = 2;

export class NodeVerdicts {
  readonly demands: PodDemands;
  /** Node indexes, ascending. What is said of a node is found at its position in here. */
  readonly candidates: Int32Array;
  /** NodeResourcesFit and NodeResourcesBalancedAllocation of the feasible nodes, weighted. */
  readonly resourceScores: Int16Array;
  readonly #spec: PodSpec;
  readonly #state: ClusterState;
  /** Numbers of reasons, or UNJUDGED. */
  readonly #verdicts: Int32Array;
  readonly #admission: Uint8Array;
  /** How many of the changes of nodes were heard of. */
  #heard: number;
  #softTaints: Int32Array | undefined;

  constructor(spec: PodSpec, demands: PodDemands, candidates: Int32Array, state: ClusterState) {
    this.demands = demands;
    this.candidates = candidates;
    this.#spec = spec;
    this.#state = state;
    this.#verdicts = new Int32Array(candidates.length).fill(UNJUDGED);
    this.#admission = new Uint8Array(candidates.length);
    this.#heard = state.changed.length;
    this.resourceScores = new Int16Array(candidates.length);
  }

  /** Hears of the pods that nodes got since; to be called before verdicts are read. */
  update(): void {
    const { changed, everyNode } = this.#state;
    if (this.candidates !== everyNode) {
      if (this.#heard < changed.length) this.candidates.forEach((_, position) => void this.#forget(position));
    } else for (let i = this.#heard; i < changed.length; i++) this.#forget(changed[i]!);
    this.#heard = changed.length;
  }

  /** Number of the reasons why the node is out, FEASIBLE where there is none. */
  reasonsAt(position: number): number {
    const verdict = this.#verdicts[position]!;
    return verdict === UNJUDGED ? this.#judge(position) : verdict;
  }

  /** PreferNoSchedule taints of the node that the pods do not tolerate. */
  softTaintsAt(position: number): number {
    this.#softTaints ??= Int32Array.from(this.candidates, (index) =>
      softTaints(this.#spec, this.#state.loads[index]!.node),
    );
    return this.#softTaints[position]!;
  }

  #forget(position: number): void {
    if (this.#admission[position] === ADMITTED) this.#verdicts[position] = UNJUDGED;
  }

  #judge(position: number): number {
    const load = this.#state.loads[this.candidates[position]!]!;
    const { reasons } = this.#state;
    if (this.#admission[position] === UNKNOWN) {
      const why = refusal(this.#spec, load.node);
      this.#admission[position] = why === undefined ? ADMITTED : REFUSED;
      if (why !== undefined) this.#verdicts[position] = reasons.numberOf([why]);
    }
    if (this.#admission[position] === REFUSED) return this.#verdicts[position]!;
    const verdict = reasons.numberOf(shortages(this.demands, load));
    this.#verdicts[position] = verdict;
    if (verdict === FEASIBLE)
      this.resourceScores[position] =
        WEIGHTS.NodeResourcesFit * leastAllocated(load, this.demands) +
        WEIGHTS.NodeResourcesBalancedAllocation * (balancedAllocation(load, this.demands) ?? 0);
    return verdict;
  }
}
