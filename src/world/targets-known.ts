/** What targets of given load balancers may be, as the world has it. */
import type { Ipv4 } from '../addressing/ip.ts';
import type { TargetsKnown } from './given-balancers.ts';
import type { InstancePlan } from './instances.ts';
import type { SizedNode } from './placement.ts';
import type { AddressedPod } from './pod-addresses.ts';

/** Instances and nodes by name, and who has an address. */
export function targetsKnown(
  instances: readonly InstancePlan[],
  nodes: readonly SizedNode[],
  pods: readonly AddressedPod[],
): TargetsKnown {
  const machines = new Map<string, NonNullable<ReturnType<TargetsKnown['machine']>>>();
  for (const { spec, address, subnet } of instances)
    machines.set(spec.name, { address, az: subnet.az, label: `instance/${spec.name}` });
  for (const { name, address, zone } of nodes)
    machines.set(name, { address, az: zone, label: `node/${name}` });
  const holders = new Map<Ipv4, string>();
  for (const { address, label } of machines.values()) holders.set(address, label);
  for (const { id, address, pod } of pods)
    if (address !== undefined && !pod.spec.hostNetwork) holders.set(address, `pod/${id}`);
  return { machine: (name) => machines.get(name), holderOf: (address) => holders.get(address) };
}
