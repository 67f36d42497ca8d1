/** A capacity report for people: the answer first, then the tables it comes from. */
import { peakTitle } from '../../analysis/capacity/findings.ts';
import type { Advice, CapacityReport, Finding, Growth, Peak } from '../../analysis/capacity/report.ts';
import { counted } from '../../analysis/capacity/stops.ts';
import { labelled } from '../text/lines.ts';
import { type Paint, paintOf } from '../text/paint.ts';
import { blockMaps } from './text/block-map.ts';
import { figures, number, signed } from './text/figures.ts';
import { subnetLines } from './text/subnet-lines.ts';

export interface CapacityTextOptions {
  /** Columns of the terminal; 100 when not given, at least 60 and at most 160. */
  readonly width?: number;
  /** ANSI colours; off when not given. */
  readonly color?: boolean;
}

/** The report as text, with a newline at the end. */
export function capacityText(report: CapacityReport, options: CapacityTextOptions = {}): string {
  const width = Math.min(160, Math.max(60, options.width ?? 100));
  const paint = paintOf(options.color ?? false);
  const parts = [
    answer(report, width, paint),
    titled('SUBNETS', subnetLines(report, width), paint),
    titled('BLOCKS', blockMaps(report, width), paint),
    titled('NODES', groupPart(report, width), paint),
    titled('WORKLOADS', workloadPart(report, width), paint),
    titled('LIMITS', limitPart(report, width), paint),
    titled('PEAKS', peakPart(report, width), paint),
    titled('AFTER', scenarioPart(report, width), paint),
    titled('GROWTH', growthPart(report.growth, width), paint),
    titled('ADVICE', advicePart(report.advice, width), paint),
    report.assumptions.flatMap((text) => labelled('supposed', text, LABEL, width)),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

/** Columns of labels before running text. */
const LABEL = 10;

function titled(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : [paint.strong(title), ...lines];
}

function answer(report: CapacityReport, width: number, paint: Paint): string[] {
  return [
    ...headline(report, width),
    ...report.findings.flatMap((finding, place) => {
      const isTold = report.findings.slice(0, place).some(({ cure }) => cure === finding.cure);
      return findingLines(isTold ? { ...finding, cure: null } : finding, width, paint);
    }),
  ];
}

function headline({ topology, cluster, subnets }: CapacityReport, width: number): readonly string[] {
  if (!cluster) return labelled('', `${topology}: ${subnets.length} subnets`, 0, width);
  const { name, nodes, pods, hostNetworkPods, settings, mode, customNetworking } = cluster;
  const how = [
    mode === 'prefix-delegation' ? 'prefix delegation' : 'single addresses',
    ...(customNetworking ? ['custom networking'] : []),
    ...Object.entries(settings).map(([variable, value]) => `${variable}=${value}`),
  ].join(', ');
  const of = topology === name ? '' : `${topology}: `;
  return labelled(
    '',
    `${of}cluster ${name}, ${counted(nodes, 'node')}, ${counted(pods, 'pod')} with ${pods === 1 ? 'an address of its own' : 'addresses of their own'} and ${number(hostNetworkPods)} on the host network; ${how}`,
    0,
    width,
  );
}

const URGENCY = { now: 'NOW', peak: 'AT PEAK', later: 'LATER', none: 'FITS' } as const;

function findingLines({ urgency, message, cure }: Finding, width: number, paint: Paint): string[] {
  const colour = { now: paint.bad, peak: paint.unsure, later: paint.strong, none: paint.good }[urgency];
  const [first, ...rest] = labelled(URGENCY[urgency], message, LABEL, width);
  const word = URGENCY[urgency];
  return [
    `${colour(word)}${first!.slice(word.length)}`,
    ...rest,
    ...(cure === null ? [] : labelled('', `do: ${cure}`, LABEL, width)),
  ];
}

function groupPart({ groups }: CapacityReport, width: number): string[] {
  if (groups.length === 0) return [];
  return figures(
    [
      { title: 'GROUP' },
      { title: 'TYPE' },
      { title: 'NODES', isNumber: true },
      { title: 'PODS', isNumber: true },
      { title: 'MAX-PODS', isNumber: true },
      { title: 'HOLDS', isNumber: true },
      { title: '+PODS', isNumber: true },
      { title: '+NODES', isNumber: true },
      { title: 'STOPPED BY' },
    ],
    groups.map((group) => [
      group.kind === 'nodes' ? '-' : group.name,
      group.instanceType,
      group.max === null ? number(group.nodes) : `${number(group.nodes)} of ${number(group.max)}`,
      number(group.pods),
      number(group.maxPods),
      `${group.footprint.launched.addresses} to ${group.footprint.full.addresses}`,
      number(group.room.pods),
      group.room.nodes === group.room.fullNodes
        ? number(group.room.nodes)
        : `${number(group.room.fullNodes)} to ${number(group.room.nodes)}`,
      group.room.fullStoppedBy.message,
    ]),
    width,
  );
}

function workloadPart({ workloads }: CapacityReport, width: number): string[] {
  if (workloads.length === 0) return [];
  return figures(
    [
      { title: 'WORKLOAD' },
      { title: 'REPLICAS', isNumber: true },
      { title: 'MORE', isNumber: true },
      { title: 'STOPPED BY, ON THE NODES OF TODAY' },
    ],
    alikeWorkloads(workloads).map(([first, ...others]) => [
      others.length === 0 ? first!.workload : `${first!.workload} and ${others.length} like it`,
      number(first!.replicas),
      number(first!.more),
      first!.stoppedBy.message,
    ]),
    width,
  );
}

/** Those with as much room, stopped by the same, together. */
function alikeWorkloads(workloads: CapacityReport['workloads']): CapacityReport['workloads'][] {
  const keys = [...new Set(workloads.map(({ more, stoppedBy }) => `${more} ${stoppedBy.message}`))];
  return keys.map((key) => workloads.filter(({ more, stoppedBy }) => `${more} ${stoppedBy.message}` === key));
}

/** Where growth was asked for, the answer tells of that instead. */
function limitPart({ limits, growth }: CapacityReport, width: number): string[] {
  if (limits.length === 0 || !growth) return [];
  return figures(
    [
      { title: 'AT PODS', isNumber: true },
      { title: 'NODES', isNumber: true },
      { title: 'WHAT IS MET AS IT GROWS' },
    ],
    limits.map(({ pods, nodes, message }) => [number(pods), number(nodes), message]),
    width,
  );
}

function peakPart({ peaks }: CapacityReport, width: number): string[] {
  if (peaks.length === 0) return [];
  return figures(
    [
      { title: 'ADDRESSES', isNumber: true },
      { title: 'NODES', isNumber: true },
      { title: 'PODS', isNumber: true },
      { title: 'FITS' },
      { title: 'LEFT IN' },
      { title: '', isNumber: true },
      { title: 'WHAT' },
    ],
    shownPeaks(peaks).map((peak) => {
      const tightest = tightestOf(peak);
      return [
        signed(peak.addresses),
        signed(peak.nodes),
        signed(peak.pods.extra),
        peak.fits ? 'yes' : 'no',
        tightest?.subnet ?? '',
        tightest ? number(Math.max(0, tightest.free - tightest.addresses)) : '',
        peakWords(peak),
      ];
    }),
    width,
  );
}

/** Rolling updates that fit have a line for the largest few. */
const ROLLOUTS = 4;

function shownPeaks(peaks: CapacityReport['peaks']): CapacityReport['peaks'] {
  const shown = new Set(
    peaks.filter(({ kind, fits }) => kind === 'rolling-update' && fits).slice(0, ROLLOUTS),
  );
  return peaks.filter((peak) => peak.kind !== 'rolling-update' || !peak.fits || shown.has(peak));
}

/** The subnet that has the least left. */
function tightestOf({ subnets }: Peak): Peak['subnets'][number] | undefined {
  const left = ({ free, addresses }: Peak['subnets'][number]): number => free - addresses;
  const changed = subnets.filter(({ addresses }) => addresses !== 0);
  return changed.reduce<Peak['subnets'][number] | undefined>(
    (a, b) => (a && left(a) <= left(b) ? a : b),
    undefined,
  );
}

/** Rolling updates are alike: their numbers say it. */
function peakWords(peak: Peak): string {
  if (!peak.fits) return [peakTitle(peak), ...peak.stops.map(({ message }) => message)].join(': ');
  if (peak.kind === 'rolling-update') return peakTitle(peak);
  return [peakTitle(peak), ...peak.because].join(': ');
}

function scenarioPart({ scenario, subnets }: CapacityReport, width: number): string[] {
  if (!scenario) return [];
  const { after, added, stops } = scenario;
  const free = after.subnets.map(({ subnet, lines }) => {
    const left = lines.find(({ use }) => use === 'free')?.addresses ?? 0;
    const before = subnets.find(({ name }) => name === subnet)!.free;
    return `${subnet} ${number(before)} -> ${number(left)}`;
  });
  return [
    ...labelled(
      'asked',
      [
        ...scenario.replicas.map(({ workload, from, to }) => `${workload} ${number(from)} -> ${number(to)}`),
        ...scenario.nodes.map(({ group, from, to }) => `nodes of ${group} ${number(from)} -> ${number(to)}`),
      ].join(', '),
      LABEL,
      width,
    ),
    ...labelled(
      'then',
      [
        `${number(after.nodes)} nodes, ${number(after.pods)} pods with an address of their own`,
        ...added.map(({ group, nodes }) => `the cluster autoscaler adds ${number(nodes)} to ${group}`),
        ...(after.unschedulable > 0 ? [`${number(after.unschedulable)} pods without a node`] : []),
        ...(after.withoutAddress > 0 ? [`${number(after.withoutAddress)} pods without an address`] : []),
      ].join('; '),
      LABEL,
      width,
    ),
    ...labelled('free', free.join(', '), LABEL, width),
    ...stops.flatMap(({ message }) => labelled('stopped', message, LABEL, width)),
  ];
}

/** Rows of the timeline that are shown: the first, the last, those with events, and some between. */
const MOST_ROWS = 16;

function growthPart(growth: Growth | null, width: number): string[] {
  if (!growth) return [];
  const { timeline, events, per } = growth;
  const step = Math.ceil(timeline.length / MOST_ROWS);
  const shown = timeline.filter(
    ({ at }, place) => place % step === 0 || place === timeline.length - 1 || at === growth.runsOut?.at,
  );
  const names = changing(timeline).slice(0, MOST_COLUMNS);
  return [
    ...figures(
      [
        { title: per.toUpperCase(), isNumber: true },
        { title: 'PODS', isNumber: true },
        { title: 'NODES', isNumber: true },
        { title: 'WAITING', isNumber: true },
        ...names.map((name) => ({ title: `FREE ${name}`, isNumber: true })),
      ],
      shown.map(({ at, pods, nodes, unschedulable, withoutAddress, subnets }) => [
        number(at),
        number(pods),
        number(nodes),
        number(unschedulable + withoutAddress),
        ...names.map((name) => number(freeAt(subnets, name))),
      ]),
      width,
    ),
    ...shortened(events).flatMap(({ at, message }) => labelled(`${per} ${at}`, message, LABEL, width)),
  ];
}

const MOST_COLUMNS = 4;

/** Subnets whose free addresses change, those that change the most first; all where none does. */
function changing(timeline: Growth['timeline']): string[] {
  const [first, last] = [timeline[0]!, timeline.at(-1)!];
  const change = ({ subnet }: { readonly subnet: string }): number =>
    freeAt(first.subnets, subnet) - freeAt(last.subnets, subnet);
  const moving = first.subnets.filter((one) => change(one) !== 0);
  const shown = moving.length > 0 ? moving.sort((a, b) => change(b) - change(a)) : first.subnets;
  return shown.map(({ subnet }) => subnet);
}

function freeAt(subnets: Growth['timeline'][number]['subnets'], name: string): number {
  const { lines } = subnets.find(({ subnet }) => subnet === name)!;
  return lines.find(({ use }) => use === 'free')?.addresses ?? 0;
}

const MOST_EVENTS = 10;

/** The first events and the last. */
function shortened(events: Growth['events']): Growth['events'] {
  if (events.length <= MOST_EVENTS) return events;
  const half = MOST_EVENTS / 2;
  return [...events.slice(0, half), ...events.slice(-half)];
}

function advicePart(advice: readonly Advice[], width: number): string[] {
  return advice.flatMap(({ title, numbers, costs, changes }, place) => [
    ...labelled(`${place + 1}`, title, 3, width),
    ...numbers.flatMap(({ what, before, after }) =>
      labelled('', `${what}: ${number(before)} -> ${number(after)}`, 6, width),
    ),
    ...changes.flatMap(({ where, from, to }) =>
      labelled('', `${where}: ${from === null ? '' : `${from} -> `}${to}`, 6, width),
    ),
    ...costs.flatMap((cost) => labelled('', `cost: ${cost}`, 6, width)),
  ]);
}
