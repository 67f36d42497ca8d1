/** Places for thousands of pods at once, quickly: they must pass the scheduler's filters, and go to the nodes that let
 *  them in one after the other, those with the most room first, which is where its scores lead. Topology spread
 *  constraints are left out. */
import type { Pod, PodSpec } from '../../api/objects.ts';
import { type Binding, NOT_SHOWN } from '../../kube/binding.ts';
import { ClusterState, type SchedulableNode } from '../../kube/cluster-state.ts';
import { fitError } from '../../kube/fit-error.ts';
import { demandsOf, type PodDemands } from '../../kube/pod-demands.ts';
import { refusal, shortages } from '../../kube/scheduler-filters.ts';

export interface EvenFill {
  readonly nodes: readonly SchedulableNode[];
  /** The pods of each node, by its name. */
  readonly standing: Iterable<readonly [string, readonly Pod[]]>;
  readonly pods: readonly Pod[];
}

/** A binding for each pod, in the order of `pods`. */
export function fillEvenly({ nodes, standing, pods }: EvenFill): Binding[] {
  const state = new ClusterState(nodes);
  for (const [node, there] of standing) state.stand(state.indexOf(node)!, there);
  const roundOf = rounds(state);
  return pods.map((pod) => {
    const round = roundOf(pod.spec);
    const index = nextNode(round, state);
    if (index === undefined) {
      round.refused ??= refusalOf(round, state);
      return { pod, because: 'unschedulable', unschedulable: round.refused, nodes: NOT_SHOWN };
    }
    state.place(pod, index, round.demands);
    return { pod, node: state.loads[index]!.node.name, because: 'the highest score', nodes: NOT_SHOWN };
  });
}

/** The nodes that let pods of a spec in, taken in turn; those that are full drop out. */
interface Round {
  readonly demands: PodDemands;
  readonly spec: PodSpec;
  open: readonly number[];
  at: number;
  /** Said of the first pod without a place, and so of the others: none leaves. */
  refused?: string;
}

/** One round for all specs that ask for the same. */
function rounds(state: ClusterState): (spec: PodSpec) => Round {
  const { loads } = state;
  const share = loads.map(({ pods, node }) => pods / Math.max(1, node.allocatable.pods));
  const emptiest = [...loads.keys()].sort((a, b) => share[a]! - share[b]! || a - b);
  const admitting = new Map<string, number[]>();
  const known = new Map<string, Round>();
  const bySpec = new Map<PodSpec, Round>();
  const made = (spec: PodSpec): Round => {
    const demands = demandsOf(spec);
    const where = JSON.stringify([spec.nodeSelector, spec.requiredNodeTerms, spec.tolerations]);
    const what = `${where}${JSON.stringify(demands)}`;
    const like = known.get(what);
    if (like) return like;
    const open =
      admitting.get(where) ?? emptiest.filter((index) => refusal(spec, loads[index]!.node) === undefined);
    admitting.set(where, open);
    const round = { demands, spec, open, at: 0 };
    known.set(what, round);
    return round;
  };
  return (spec) => {
    const round = bySpec.get(spec) ?? made(spec);
    bySpec.set(spec, round);
    return round;
  };
}

function nextNode(round: Round, { loads }: ClusterState): number | undefined {
  while (round.open.length > 0) {
    if (round.at >= round.open.length) {
      round.at = 0;
      // Whoever was full on the way is out.
      round.open = round.open.filter((index) => shortages(round.demands, loads[index]!).length === 0);
      if (round.open.length === 0) return undefined;
    }
    const index = round.open[round.at++]!;
    if (shortages(round.demands, loads[index]!).length === 0) return index;
  }
  return undefined;
}

function refusalOf({ spec, demands }: Round, { loads }: ClusterState): string {
  const counts = new Map<string, number>();
  for (const load of loads)
    for (const reason of [refusal(spec, load.node) ?? shortages(demands, load)].flat())
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return fitError(loads.length, counts);
}
