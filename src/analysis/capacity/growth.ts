/** The cluster as it grows by so many percent a day, week or month: what the scheduler and the cluster autoscaler make
 *  of it, until something has no place or no address and a little further. */
import type { Pod, Workload } from '../../api/objects.ts';
import type { GrowthRate } from './asked.ts';
import { settle } from './autoscaler.ts';
import { addressed, type Fleet, membersOf } from './fleet.ts';
import { growingWorkloads } from './growing.ts';
import { type CapacityModel, type Outcome, outcomeOf, snapshotOf } from './model.ts';
import { furtherReplicas } from './more-pods.ts';
import type { Growth, GrowthEvent, Stop, TimelinePoint } from './report.ts';
import { counted, shortageStop } from './stops.ts';

/** Ten years of weeks. */
const MOST_STEPS = 520;
const MOST_PODS = 200_000;
/** Shown after the step in which something runs out. */
const STEPS_AFTER = 4;

export function growthOf(model: CapacityModel, { percent, per }: GrowthRate): Growth {
  const timeline: TimelinePoint[] = [];
  const events: GrowthEvent[] = [];
  const full = new Map<string, number>();
  const grown = growingWorkloads(model).map((workload) => ({ workload, replicas: workload.replicas }));
  let runsOut: Growth['runsOut'] = null;
  let fleet: Fleet = model.fleet;
  let pending: readonly Pod[] = [];
  for (let at = 0; at <= MOST_STEPS; at++) {
    const more = at === 0 ? [] : due(grown, (1 + percent / 100) ** at, fleet);
    const before = fleet;
    const settled = settle(model, fleet, [...pending, ...more]);
    fleet = settled.fleet;
    pending = settled.unplaced.map(({ pod }) => pod);
    const outcome = outcomeOf(model, fleet);
    timeline.push({ at, ...snapshotOf(outcome, pending.length) });
    for (const [group, count] of settled.added)
      events.push({ at, kind: 'node-added', message: added(model, fleet, group, count) });
    const stop = stopAt(model, outcome, settled.stops, pending.length > 0);
    for (const subnet of shortOf(outcome, settled.full))
      if (!full.has(subnet)) {
        full.set(subnet, at);
        events.push({ at, kind: 'subnet-full', message: `subnet ${subnet} has less than is asked for` });
      }
    if (stop && !runsOut) {
      runsOut = { at, stop };
      const kind = pending.length > 0 ? (stop.kind === 'group-max' ? 'group-max' : 'no-place') : 'no-address';
      events.push({ at, kind, message: stop.message });
    }
    if (runsOut && at >= runsOut.at + STEPS_AFTER) break;
    if (podsOf(fleet) > MOST_PODS || (grown.length === 0 && before === fleet)) break;
  }
  return {
    percent,
    per,
    runsOut,
    bySubnet: [...model.lines.keys()].map((subnet) => ({ subnet, at: full.get(subnet) ?? null })),
    events,
    timeline,
  };
}

/** Subnets that could not give what ipamd or a new node asked for. */
function shortOf({ holdings }: Outcome, withoutNodes: ReadonlySet<string>): string[] {
  const pools = holdings.shortages.filter(({ kind, addresses }) => kind !== 'enis' && addresses > 0);
  return [...new Set([...withoutNodes, ...pools.map(({ subnet }) => subnet)])];
}

/** The replicas that have come since the last step. */
function due(
  grown: { readonly workload: Workload; replicas: number }[],
  factor: number,
  fleet: Fleet,
): Pod[] {
  return grown.flatMap((one) => {
    const { workload, replicas } = one;
    one.replicas = Math.max(replicas, Math.round(workload.replicas * factor));
    return furtherReplicas(fleet, workload, one.replicas - replicas, replicas - workload.replicas);
  });
}

function stopAt(
  model: CapacityModel,
  { holdings }: Outcome,
  stops: readonly Stop[],
  isPending: boolean,
): Stop | undefined {
  if (isPending) return stops[0];
  if (holdings.withoutAddress <= model.today.withoutAddress) return undefined;
  const shortage = holdings.shortages.find(({ pods, nodes }) => pods > 0 || nodes > 0);
  return shortage && shortageStop(shortage);
}

function added({ cluster }: CapacityModel, fleet: Fleet, group: string, count: number): string {
  const { max } = cluster.spec.nodeGroups.find(({ name }) => name === group)!;
  return `the cluster autoscaler adds ${counted(count, 'node')} to ${group}: ${membersOf(fleet, group).length} of at most ${max}`;
}

function podsOf({ members }: Fleet): number {
  return [...members.values()].reduce((sum, { pods }) => sum + addressed(pods), 0);
}
