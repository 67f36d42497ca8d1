/** A piece of advice before it is judged: what to change, and how many more pods that makes room for. */
import type { Advice } from '../report.ts';
import type { Metrics } from './metrics.ts';

export interface Candidate extends Advice {
  /** Pods that find room, by nodes to come and on those there are, and addresses that are free again. */
  readonly effect: number;
}

/** The numbers that every advice on addresses changes; those that stay are left out. */
export function numbersOf(before: Metrics, after: Metrics): Advice['numbers'] {
  const subnet = before.tightest?.subnet;
  const all = [
    { what: 'pods without an address', before: before.withoutAddress, after: after.withoutAddress },
    { what: 'addresses held by nodes and pods', before: before.held, after: after.held },
    {
      what: `free addresses in ${subnet}`,
      before: before.tightest?.free ?? 0,
      after: after.free.get(subnet ?? '') ?? 0,
    },
    { what: 'more nodes full of pods', before: before.nodes, after: after.nodes },
    { what: 'more pods on the nodes there are', before: before.pods, after: after.pods },
    { what: 'pods a node takes (maxPods)', before: before.maxPods, after: after.maxPods },
  ];
  return all.filter((one) => one.before !== one.after);
}

export function effectOf(before: Metrics, after: Metrics): number {
  const room = ({ nodes, pods, maxPods }: Metrics): number => nodes * maxPods + pods;
  const waiting = before.withoutAddress - after.withoutAddress;
  return waiting * 1000 + room(after) - room(before) + (before.held - after.held);
}
