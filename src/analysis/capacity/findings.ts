/** The answer in a few sentences: what waits now, what would wait at a peak, what runs out as it grows, and what to do. */
import type {
  AdviceKind,
  CapacityReport,
  Finding,
  LimitKind,
  Peak,
  PrefixReservation,
  Stop,
  SubnetCapacity,
} from './report.ts';
import { counted } from './stops.ts';

type Found = Omit<CapacityReport, 'findings' | 'assumptions' | 'fits' | 'schema'>;

export function findingsOf(found: Found): Finding[] {
  const findings = [
    ...fragmentation(found),
    ...waitingNow(found),
    ...asked(found),
    ...running(found),
    ...atPeaks(found),
    ...growing(found),
  ];
  if (findings.some(({ urgency }) => urgency !== 'later')) return findings;
  const now: Finding = {
    urgency: 'none',
    message: 'everything that is there has its place and its address',
    cure: null,
  };
  return found.cluster
    ? [now, ...findings]
    : [{ ...now, message: 'no cluster: only what its VPCs hold is counted' }];
}

/** Which advice cures what. */
const CURES: Readonly<Record<LimitKind, readonly AdviceKind[]>> = {
  'max-pods': ['prefix-delegation', 'larger-nodes', 'group-max'],
  enis: ['prefix-delegation', 'larger-nodes', 'group-max'],
  cpu: ['group-max'],
  memory: ['group-max'],
  placement: ['group-max'],
  'subnet-addresses': [
    'warm-ip-target',
    'secondary-cidr',
    'larger-subnets',
    'warm-eni-target',
    'larger-nodes',
  ],
  'prefix-blocks': ['prefix-reservation', 'larger-subnets', 'secondary-cidr'],
  'group-max': ['group-max', 'prefix-delegation'],
  'branch-enis': ['larger-nodes', 'group-max'],
};

function cureOf({ advice }: Found, kind: LimitKind | undefined): string | null {
  if (kind === undefined) return null;
  const [cure] = CURES[kind].flatMap((name) => advice.filter((one) => one.kind === name));
  return cure?.title ?? null;
}

/** Prefixes are wanted, addresses are free, and no block is whole. */
function fragmentation(found: Found): Finding[] {
  if (found.cluster?.mode !== 'prefix-delegation') return [];
  const fails = new Set([
    ...found.waiting.flatMap(({ message }) => (message.includes('InsufficientCidrBlocks') ? [message] : [])),
  ]);
  const used = new Set(found.groups.flatMap(({ subnets }) => subnets));
  return found.subnets
    .filter((subnet) => isFragmented(subnet) && (used.has(subnet.name) || subnet.prefixes.delegated > 0))
    .map(({ name, free, prefixes: { reservation } }) => ({
      urgency: fails.size > 0 ? 'now' : 'later',
      message: `subnet ${name} has ${counted(free, 'free address')} and not one whole /28: prefix delegation fails there with InsufficientCidrBlocks`,
      cure: reservation && reservationWords(reservation),
    }));
}

function reservationWords({ cidr, blocks, usable, later, taken, by }: PrefixReservation): string {
  const how = `reserve ${cidr} for prefixes (aws ec2 create-subnet-cidr-reservation --reservation-type prefix)`;
  if (usable > 0) return `${how}: ${usable} of its ${counted(blocks, 'block')} are whole or delegated`;
  const who = `${by.slice(0, 3).join(', ')}${by.length > 3 ? ` and ${by.length - 3} more` : ''}`;
  return `${how}: ${counted(later, 'block')} of it ${later === 1 ? 'is' : 'are'} whole once ${who} (${counted(taken, 'address')}) moved out`;
}

export function isFragmented({ free, prefixes }: SubnetCapacity): boolean {
  return prefixes.free === 0 && free >= 16;
}

const WAITING = { address: 'subnet-addresses', node: 'subnet-addresses', unschedulable: 'max-pods' } as const;

function waitingNow(found: Found): Finding[] {
  return found.waiting.map(({ kind, count, example, message }) => {
    const who = counted(count, kind === 'node' ? 'node' : 'pod');
    const words = {
      address: `${who} without an address: ${message}`,
      node: message,
      unschedulable: `${who} without a node, such as ${example}: ${message}`,
    };
    const isBlocks = message.includes('InsufficientCidrBlocks');
    return {
      urgency: 'now',
      message: words[kind],
      cure: cureOf(found, isBlocks ? 'prefix-blocks' : WAITING[kind]),
    };
  });
}

function asked(found: Found): Finding[] {
  const { scenario } = found;
  if (!scenario) return [];
  const what = [
    ...scenario.replicas.map(({ workload, to }) => `${workload} at ${to}`),
    ...scenario.nodes.map(({ group, to }) => `${group} at ${counted(to, 'node')}`),
  ].join(', ');
  const added = scenario.added.map(({ group, nodes }) => `${counted(nodes, 'node')} more in ${group}`);
  const { after } = scenario;
  if (scenario.fits)
    return [
      {
        urgency: 'later',
        message: `${what}: fits${added.length > 0 ? `, with ${added.join(', ')}` : ''}`,
        cure: null,
      },
    ];
  const short = [
    ...(after.unschedulable > 0 ? [`${counted(after.unschedulable, 'pod')} without a node`] : []),
    ...(after.withoutAddress > 0 ? [`${counted(after.withoutAddress, 'pod')} without an address`] : []),
  ].join(', ');
  const [stop] = scenario.stops;
  return [
    {
      urgency: 'later',
      message: `${what}: does not fit${short === '' ? '' : `, ${short}`}: ${wordsOf(scenario.stops)}`,
      cure: cureOf(found, stop?.kind),
    },
  ];
}

function running(found: Found): Finding[] {
  const { growth } = found;
  if (!growth) return [];
  const rate = `at ${growth.percent} % a ${growth.per}`;
  const end = growth.timeline.at(-1)!;
  if (!growth.runsOut)
    return [
      {
        urgency: 'later',
        message: `${rate} nothing runs out within ${counted(end.at, growth.per)}: ${counted(end.pods, 'pod')} then`,
        cure: null,
      },
    ];
  const { at, stop } = growth.runsOut;
  const then = growth.timeline.find((point) => point.at === at)!;
  return [
    {
      urgency: 'later',
      message: `${rate} it runs out in ${growth.per} ${at}, at ${counted(then.pods + then.unschedulable, 'pod')}: ${stop.message}`,
      cure: cureOf(found, stop.kind),
    },
  ];
}

/** One finding for each kind of peak that does not fit. */
function atPeaks(found: Found): Finding[] {
  const bad = found.peaks.filter((peak) => !peak.fits && !peak.stops.every((stop) => isTold(found, stop)));
  return [...new Set(bad.map(({ kind }) => kind))].map((kind) => {
    const [first, ...others] = bad.filter((peak) => peak.kind === kind);
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    return {
      urgency: 'peak',
      message: `${peakTitle(first!)}${more}: ${wordsOf(first!.stops)}`,
      cure: cureOf(found, first!.stops[0]?.kind),
    };
  });
}

/** What stops it stops pods already now. */
function isTold({ waiting }: Found, { at }: Stop): boolean {
  const subnet = at.replace('subnet/', '');
  return (
    at !== subnet && waiting.some(({ kind, message }) => kind === 'address' && message.endsWith(` ${subnet}`))
  );
}

/** "rolling update of deploy/production/web". */
export function peakTitle({ kind, of }: Pick<Peak, 'kind' | 'of'>): string {
  const titles: Readonly<Record<Peak['kind'], string>> = {
    'rolling-update': `rolling update of ${of}`,
    'rolling-update-of-all': `rolling update of all ${of} at once`,
    'node-group-update': `update of node ${of.replace('/', ' ')}`,
    'node-replacement': `a node of ${of.replace('/', ' ')} is replaced`,
    'zone-loss': `loss of ${of.replace('/', ' ')}`,
    'control-plane-upgrade': 'upgrade of the control plane',
    'load-balancer-growth': `${of} grows under load`,
    'terminating-nodes': `a node of ${of.replace('/', ' ')} terminates`,
    cooldown: 'addresses in cooldown',
    'branch-cooldown': 'branch ENIs in cooldown',
  };
  return titles[kind];
}

function wordsOf(stops: readonly Stop[]): string {
  return stops
    .slice(0, 2)
    .map(({ message }) => message)
    .join('; ');
}

const ORDINALS = ['first', 'then', 'then'] as const;

function growing({ limits, growth }: Found): Finding[] {
  if (growth) return [];
  return limits.map(({ pods, message }, place) => ({
    urgency: 'later',
    message: `as it grows, ${ORDINALS[place] ?? 'then'} at ${counted(pods, 'pod')}: ${message}`,
    cure: null,
  }));
}
