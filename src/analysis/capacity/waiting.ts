/** What the topology asks for and has no place or no address for now. */
import type { ClusterPlan } from '../../world/sites.ts';
import type { Waiting } from './report.ts';

/** Alike ones are counted together. */
export function waitingNow({ pods, pools, warnings }: ClusterPlan): Waiting[] {
  const found = new Map<string, Waiting>();
  const add = (kind: Waiting['kind'], example: string, message: string): void => {
    const key = `${kind} ${message}`;
    const one = found.get(key);
    found.set(key, one ? { ...one, count: one.count + 1 } : { kind, count: 1, example, message });
  };
  for (const { code, message } of warnings) if (code === 'node/no-address') add('node', message, message);
  for (const { id, phase, node, reasons } of pods) {
    if (phase === 'Pending') add('unschedulable', `pod/${id}`, reasons[0] ?? '');
    if (phase !== 'ContainerCreating' || !node) continue;
    const [failure] = pools.get(node.name)?.failures ?? [];
    add('address', `pod/${id}`, failure ? `${failure.code} in subnet ${failure.subnet}` : NO_SLOT);
  }
  return [...found.values()];
}

const NO_SLOT = 'its node has no address left and its ENIs are full';
