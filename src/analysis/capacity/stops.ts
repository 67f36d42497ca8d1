/** What stops pods and nodes, in words with numbers. */
import type { Binding } from '../../kube/scheduler.ts';
import type { Shortage } from './holdings.ts';
import type { LimitKind, Stop } from './report.ts';

const KINDS: readonly (readonly [RegExp, LimitKind])[] = [
  [/^Too many pods/, 'max-pods'],
  [/^Insufficient cpu/, 'cpu'],
  [/^Insufficient memory/, 'memory'],
  [/vpc\.amazonaws\.com\/pod-eni/, 'branch-enis'],
];

/** Why the scheduler left a pod alone: what most of the nodes said. */
export function stopOf({ unschedulable = '' }: Binding): Stop {
  const reasons = [...unschedulable.matchAll(/(?<=[:,] )(\d+) ([^,]*?)(?=, \d|\.?$)/g)].map(
    ([, count, reason]) => ({ count: Number(count), reason: reason! }),
  );
  const [most] = reasons.sort((a, b) => b.count - a.count);
  const kind = KINDS.find(([pattern]) => most && pattern.test(most.reason))?.[1] ?? 'placement';
  return { kind, at: 'cluster', message: unschedulable };
}

export function shortageStop({ subnet, kind, addresses, pods, nodes }: Shortage): Stop {
  const who = [
    ...(nodes > 0 ? [counted(nodes, 'node')] : []),
    ...(pods > 0 ? [counted(pods, 'pod')] : []),
  ].join(' and ');
  const left = who === '' ? 'pools stay below their warm targets' : `${who} without an address`;
  switch (kind) {
    case 'prefix-blocks':
      return {
        kind,
        at: `subnet/${subnet}`,
        message: `subnet ${subnet} has no whole /28 left (InsufficientCidrBlocks): ${left}`,
      };
    case 'enis':
      return {
        kind,
        at: `subnet/${subnet}`,
        message: `the ENIs of the nodes in ${subnet} are full: ${left}`,
      };
    default:
      return {
        kind,
        at: `subnet/${subnet}`,
        message: `subnet ${subnet} is short of ${counted(addresses, 'address')}: ${left}`,
      };
  }
}

/** Why a pod or a node gets no address of a subnet. */
export function addressStop(kind: Shortage['kind'], subnet: string): Stop {
  const messages = {
    'subnet-addresses': `subnet ${subnet} has no address left for it`,
    'prefix-blocks': `subnet ${subnet} has no whole /28 left (InsufficientCidrBlocks)`,
    enis: 'the ENIs of its node are full',
  };
  return { kind, at: kind === 'enis' ? 'cluster' : `subnet/${subnet}`, message: messages[kind] };
}

/** "1 pod", "3 pods", "2 addresses". */
export function counted(count: number, noun: string): string {
  const plural = noun.endsWith('s') ? `${noun}es` : `${noun}s`;
  // The locale's own way takes its time the first time.
  const grouped = String(count).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${grouped} ${count === 1 ? noun : plural}`;
}
