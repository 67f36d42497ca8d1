/** The most nodes and pods that one zone has at a time: after the growth, while the node group is updated and all
 *  Deployments roll, and with the share of a lost zone where that is asked for. */
import { COREDNS_PODS, type PlanDemand, podsOfNode } from './demand.ts';

/** While a managed node group is updated it has up to twice as many nodes more as it has zones (EKS user guide, "Update
 *  behavior details", scale up phase). */
const UPDATE_NODES_PER_ZONE = 2;

export interface ZonePeak {
  /** Of the whole cluster, with the growth. */
  readonly nodesGrown: number;
  readonly podsGrown: number;
  /** In one zone. */
  readonly nodes: number;
  readonly pods: number;
  /** How `nodes` and `pods` came about, one sentence each. */
  readonly because: { readonly nodes: string; readonly pods: string };
}

export function zonePeak(demand: PlanDemand): ZonePeak {
  const { margin, surge, survivesZoneLoss } = demand;
  const zones = demand.zones - (survivesZoneLoss ? 1 : 0);
  const nodesGrown = grown(demand.nodes, margin);
  const podsAsked = demand.pods + COREDNS_PODS;
  const podsGrown = grown(podsAsked, margin);
  const podsRolling = grown(podsGrown, surge);
  const steady = Math.ceil(nodesGrown / zones);
  const nodes = steady + UPDATE_NODES_PER_ZONE;
  const share = Math.ceil((podsRolling * steady) / nodesGrown);
  const pods = Math.min(share, nodes * podsOfNode(demand));
  const lost = survivesZoneLoss ? ' once another is lost' : '';
  const full = pods < share ? `, of which ${nodes} nodes take ${count(pods)}` : '';
  return {
    nodesGrown,
    podsGrown,
    nodes,
    pods,
    because: {
      nodes: `${growth(demand.nodes, nodesGrown, margin, 'nodes')}; a zone has up to ${count(steady)}${lost}, and ${UPDATE_NODES_PER_ZONE} more while the node group is updated: ${count(nodes)}`,
      pods: `${growth(demand.pods, podsGrown, margin, `pods and CoreDNS's ${COREDNS_PODS}`)}${surge > 0 ? `; ${count(podsRolling)} while Deployments roll (${percent(surge)} twice)` : ''}; a zone has up to ${count(share)}${full}`,
    },
  };
}

function grown(number: number, by: number): number {
  return Math.ceil(number * (1 + by) - 1e-9); // 0.3 is not exact: 10 x 1.3 is 13, not 14
}

function growth(now: number, later: number, margin: number, what: string): string {
  return `${count(now)} ${what}${margin === 0 ? '' : `, and ${percent(margin)} more, are ${count(later)}`}`;
}

/** "12,345". */
export function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(2))} %`;
}
