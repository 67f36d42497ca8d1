/** What the nodes of a fleet hold, node after node in the order in which they came: today's pools as they are, and what
 *  ipamd adds to them for more pods and more nodes while the subnets have room. */
import { SubnetCounts } from './counts.ts';
import { addressed, branching, type Fleet, type Member, needing } from './fleet.ts';
import type { FreeAddresses } from './free-addresses.ts';
import { assign, branch, copyOf, grow, type Held, lackingOf, launched, type NodeSubnets } from './held.ts';
import { nodeShapes } from './node-shape.ts';

/** What a subnet could not give. */
export interface Shortage {
  readonly subnet: string;
  /** `enis`: the node's ENIs are full, whatever the subnet has. */
  readonly kind: 'subnet-addresses' | 'prefix-blocks' | 'enis';
  /** Addresses asked for in vain, what would be warm included. */
  readonly addresses: number;
  /** Pods that are left without one. */
  readonly pods: number;
  /** Nodes that could not be launched. */
  readonly nodes: number;
}

export interface Holdings {
  readonly counts: SubnetCounts;
  /** By node; without those that were not launched. */
  readonly held: ReadonlyMap<string, Held>;
  readonly shortages: readonly Shortage[];
  /** Pods without an address, those of nodes that were not launched included. */
  readonly withoutAddress: number;
  readonly notLaunched: readonly string[];
}

/** `free`: what the subnets have beside today's pools; it is used up. */
export function holdingsOf(fleet: Fleet, free: ReadonlyMap<string, FreeAddresses>): Holdings {
  const shapeOf = nodeShapes(fleet.around);
  const counts = new SubnetCounts();
  const shortages: Shortage[] = [];
  const notLaunched: string[] = [];
  const all = new Map<string, Held>();
  // Nodes have their own addresses before any ENI grows.
  for (const { node, held, pods } of fleet.members.values()) {
    const { name: subnet } = node.subnet;
    const there = held ?? launched(subnet, free.get(subnet)!);
    if (there) all.set(node.name, there);
    else {
      notLaunched.push(node.name);
      const kind = 'subnet-addresses';
      shortages.push({ subnet, kind, addresses: 1, pods: addressed(pods), nodes: 1 });
    }
  }
  for (const [name, before] of all) {
    const member = fleet.members.get(name)!;
    const subnets = subnetsOf(fleet, member);
    const pods = needing(member.pods);
    const branches = branching(member.pods);
    const isAtRest = before.rest === pods && before.branches === branches;
    // What is at rest stays as it is.
    const held = isAtRest || before !== member.held ? before : copyOf(before);
    if (held !== before) all.set(name, held);
    const shape = shapeOf(member.node);
    const lacking = isAtRest ? lackingOf(held, shape, pods) : grow(held, shape, pods, subnets, free);
    const unbranched = isAtRest ? 0 : branch(held, branches, subnets.pod, free.get(subnets.pod)!);
    const without = isAtRest ? pods - held.assigned : assign(held, pods) + unbranched;
    counts.addAll(held.counts);
    if (lacking || without > 0) {
      const { kind = unbranched > 0 ? 'subnet-addresses' : 'enis', addresses = unbranched } = lacking ?? {};
      shortages.push({ subnet: subnets.pod, kind, addresses, pods: without, nodes: 0 });
    }
  }
  return {
    counts,
    held: all,
    shortages: summed(shortages),
    withoutAddress: shortages.reduce((sum, { pods }) => sum + pods, 0),
    notLaunched,
  };
}

/** A node's further ENIs stand where those that it has do. */
export function subnetsOf({ around }: Fleet, { node, held }: Pick<Member, 'node' | 'held'>): NodeSubnets {
  const { name } = node.subnet;
  return { node: name, pod: held?.further ?? around.podSubnets.get(name) ?? name };
}

function summed(shortages: readonly Shortage[]): Shortage[] {
  const sums = new Map<string, Shortage>();
  for (const one of shortages) {
    const key = `${one.subnet} ${one.kind}`;
    const sum = sums.get(key);
    sums.set(
      key,
      sum
        ? {
            ...sum,
            addresses: sum.addresses + one.addresses,
            pods: sum.pods + one.pods,
            nodes: sum.nodes + one.nodes,
          }
        : one,
    );
  }
  return [...sums.values()];
}
