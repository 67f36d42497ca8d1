/** A peak in the form of the report, from what comes of the cluster at its worst moment. */
import type { Binding } from '../../kube/scheduler.ts';
import { type Counts, difference, linesOf } from './counts.ts';
import { addressed } from './fleet.ts';
import { type CapacityModel, freeIn, type Outcome } from './model.ts';
import type { Peak, PeakSubnet, Stop } from './report.ts';
import { shortageStop, stopOf } from './stops.ts';
import { codeOf } from './subnet-map.ts';

export interface PeakInput {
  readonly kind: Peak['kind'];
  readonly of: string;
  readonly outcome: Outcome;
  readonly unplaced?: readonly Binding[];
  /** Of what could not be placed, where more is known than the scheduler's words. */
  readonly stops?: readonly Stop[];
  readonly extraPods?: number;
  readonly seconds?: number;
  /** Which subnets count; all of them where absent. */
  readonly subnets?: (name: string) => boolean;
  readonly because: readonly string[];
}

export function peakOf(model: CapacityModel, input: PeakInput): Peak {
  const { kind, of, outcome, unplaced = [], because } = input;
  const { holdings, fleet } = outcome;
  const shortages = holdings.shortages.filter((one) => !isOfToday(model, one));
  const withoutAddress = Math.max(0, holdings.withoutAddress - model.today.withoutAddress);
  const grave = shortages.filter(({ pods, nodes }) => pods > 0 || nodes > 0);
  const stops = [...(input.stops ?? unplaced.map(stopOf)), ...grave.map(shortageStop)];
  const subnets = peakSubnets(model, outcome).filter(({ subnet }) => input.subnets?.(subnet) ?? true);
  return {
    kind,
    of,
    fits: unplaced.length === 0 && withoutAddress === 0 && grave.length === 0,
    addresses: subnets.reduce((sum, { addresses }) => sum + addresses, 0),
    seconds: input.seconds ?? null,
    nodes: fleet.members.size - model.fleet.members.size,
    pods: {
      extra: input.extraPods ?? morePods(model, outcome),
      unschedulable: unplaced.length,
      withoutAddress,
    },
    subnets,
    stops: [...new Map(stops.map((stop) => [stop.message, stop])).values()],
    because: [
      ...because,
      ...shortages.filter((one) => !grave.includes(one)).map((one) => shortageStop(one).message),
    ],
  };
}

function isOfToday({ today }: CapacityModel, one: Outcome['holdings']['shortages'][number]): boolean {
  return today.shortages.some(
    ({ subnet, kind, pods, nodes }) =>
      subnet === one.subnet && kind === one.kind && pods >= one.pods && nodes >= one.nodes,
  );
}

function morePods(model: CapacityModel, { fleet }: Outcome): number {
  const count = ({ members }: Outcome['fleet']): number =>
    [...members.values()].reduce((sum, { pods }) => sum + addressed(pods), 0);
  return count(fleet) - count(model.fleet);
}

/** Subnets in which anything changes. */
function peakSubnets(model: CapacityModel, { lines, holdings }: Outcome): PeakSubnet[] {
  return [...model.lines].flatMap(([name, before]) => {
    const extra = linesOf(taken(difference(lines.get(name)!, before)));
    const short = holdings.shortages
      .filter(({ subnet, kind }) => subnet === name && kind !== 'enis')
      .reduce((sum, { addresses }) => sum + addresses, 0);
    if (extra.length === 0 && short === 0) return [];
    const addresses = extra.reduce((sum, line) => sum + line.addresses, 0);
    return [{ subnet: name, extra, addresses, free: freeIn(model, name), short }];
  });
}

/** Without what is left free. */
function taken(more: Counts): Counts {
  more[codeOf.free] = 0;
  more[codeOf['prefix-reservation']] = 0;
  return more;
}
