/** The cluster with other numbers of replicas and nodes: the scheduler places what comes, the cluster autoscaler adds
 *  nodes for what finds no place. */
import type { Pod, Workload } from '../../api/objects.ts';
import type { CapacityAsked } from './asked.ts';
import { launchAll, settle } from './autoscaler.ts';
import { type Fleet, type Member, membersOf, withMembers, withoutMembers } from './fleet.ts';
import { type CapacityModel, outcomeOf, snapshotOf } from './model.ts';
import { furtherReplicas, startedAgain, workloadName } from './more-pods.ts';
import { peakOf } from './peak.ts';
import type { Scenario, Stop } from './report.ts';

export function scenarioOf(model: CapacityModel, { replicas, nodes }: CapacityAsked): Scenario | null {
  if (replicas.length === 0 && nodes.length === 0) return null;
  const stops: Stop[] = [];
  let { fleet } = model;
  const pods: Pod[] = [];
  const from = new Map(nodes.map(({ group }) => [group.name, membersOf(fleet, group.name).length]));
  for (const { group, to } of nodes) {
    const now = membersOf(fleet, group.name);
    const gone = new Set(now.slice(to).map(({ node }) => node.name));
    pods.push(...startedAgain(now.slice(to).flatMap((member) => member.pods)));
    fleet = withoutMembers(fleet, ({ node }) => gone.has(node.name));
    fleet = withMembers(fleet, launchAll(fleet, group, Math.max(0, to - now.length)));
    if (to > group.max)
      stops.push({
        kind: 'group-max',
        at: `group/${group.name}`,
        message: `node group ${group.name} has a maximum of ${group.max} nodes, ${to} are asked for`,
      });
  }
  for (const { workload, to } of replicas) {
    const more = to - workload.replicas;
    if (more > 0) pods.push(...furtherReplicas(fleet, workload, more));
    else fleet = withFewer(fleet, workload, -more);
  }
  const settled = settle(model, fleet, pods);
  const outcome = outcomeOf(model, settled.fleet);
  const peak = peakOf(model, {
    kind: 'rolling-update',
    of: 'scenario',
    outcome,
    unplaced: settled.unplaced,
    stops: [...stops, ...settled.stops],
    because: [],
  });
  return {
    replicas: replicas.map(({ workload, to }) => ({
      workload: workloadName(workload),
      from: workload.replicas,
      to,
    })),
    nodes: nodes.map(({ group, to }) => ({ group: group.name, from: from.get(group.name)!, to })),
    added: [...settled.added].map(([group, count]) => ({ group, nodes: count })),
    after: snapshotOf(outcome, settled.unplaced.length),
    fits: peak.fits && stops.length === 0,
    stops: peak.stops,
  };
}

/** Takes pods of a workload away, each from the node with the most of them. */
function withFewer(fleet: Fleet, workload: Workload, count: number): Fleet {
  const isOwn = isPodOf(workload);
  const members = new Map(fleet.members);
  for (let i = 0; i < count; i++) {
    let most: { readonly member: Member; readonly own: number } | undefined;
    for (const member of members.values()) {
      const own = member.pods.filter(isOwn).length;
      if (own > (most?.own ?? 0)) most = { member, own };
    }
    if (!most) break;
    const { node, pods } = most.member;
    const last = pods.findLastIndex(isOwn);
    members.set(node.name, { ...most.member, pods: pods.filter((_, index) => index !== last) });
  }
  return { ...fleet, members };
}

function isPodOf({ kind, metadata }: Workload): (pod: Pod) => boolean {
  return ({ metadata: { namespace }, owner = '' }) =>
    namespace === metadata.namespace &&
    (kind === 'StatefulSet'
      ? owner === `StatefulSet/${metadata.name}`
      : owner.replace(/-[^-]*$/, '') === `ReplicaSet/${metadata.name}`);
}
