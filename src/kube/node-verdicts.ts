/** What filters and resource scores say of each candidate node for all pods with the same demands. A node is judged
 *  when it is first looked at, and again only after it got another pod. */
import type { PodSpec } from '../api/objects.ts';
import type { ClusterState } from './cluster-state.ts';
import type { PodDemands } from './pod-demands.ts';
import { FEASIBLE } from './reason-numbers.ts';
import { refusal, shortages } from './scheduler-filters.ts';
import { balancedAllocation, leastAllocated, softTaints, WEIGHTS } from './scheduler-scores.ts';

const NEVER_SEEN = -1;

export class NodeVerdicts {
  readonly demands: PodDemands;
  /** Node indexes, ascending. What is said of a node is found at its position in here. */
  readonly candidates: Int32Array;
  /** NodeResourcesFit and NodeResourcesBalancedAllocation of the feasible nodes, weighted. */
  readonly resourceScores: Int16Array;
  readonly #spec: PodSpec;
  readonly #state: ClusterState;
  readonly #podsOn: Int32Array;
  /** How many pods the node had when it was judged. */
  readonly #podsSeen: Int32Array;
  /** Numbers of reasons; negative where they hold for ever. */
  readonly #verdicts: Int32Array;
  #softTaints: Int32Array | undefined;

  constructor(spec: PodSpec, demands: PodDemands, candidates: Int32Array, state: ClusterState) {
    this.demands = demands;
    this.candidates = candidates;
    this.#spec = spec;
    this.#state = state;
    this.#podsOn = state.podsOn;
    this.#podsSeen = new Int32Array(candidates.length).fill(NEVER_SEEN);
    this.#verdicts = new Int32Array(candidates.length);
    this.resourceScores = new Int16Array(candidates.length);
  }

  /** Number of the reasons why the node is out, FEASIBLE where there is none. */
  reasonsAt(position: number): number {
    if (this.#podsSeen[position] !== this.#podsOn[this.candidates[position]!]) this.#judge(position);
    return Math.abs(this.#verdicts[position]!);
  }

  /** PreferNoSchedule taints of the node that the pods do not tolerate. */
  softTaintsAt(position: number): number {
    this.#softTaints ??= Int32Array.from(this.candidates, (index) =>
      softTaints(this.#spec, this.#state.loads[index]!.node),
    );
    return this.#softTaints[position]!;
  }

  #judge(position: number): void {
    const index = this.candidates[position]!;
    const load = this.#state.loads[index]!;
    const { reasons } = this.#state;
    if (this.#podsSeen[position] === NEVER_SEEN) {
      const why = refusal(this.#spec, load.node);
      if (why !== undefined) this.#verdicts[position] = -reasons.numberOf([why]);
    }
    this.#podsSeen[position] = load.pods;
    if (this.#verdicts[position]! < 0) return;
    const verdict = reasons.numberOf(shortages(this.demands, load));
    this.#verdicts[position] = verdict;
    if (verdict === FEASIBLE)
      this.resourceScores[position] =
        WEIGHTS.NodeResourcesFit * leastAllocated(load, this.demands) +
        WEIGHTS.NodeResourcesBalancedAllocation * (balancedAllocation(load, this.demands) ?? 0);
  }
}
