/** Nodes as the map shows them: with their interfaces and pods, or, where a subnet has many, group by group. */
import { formatIpv4 } from '../../addressing/ip.ts';
import { useText } from '../../world/eni-plan.ts';
import type { EniState, NodeState, PodState, World } from '../../world/world.ts';
import { counted } from './fit.ts';
import { groupBy, order, type PodGroup, podGroups, type WorkloadOf } from './pods.ts';

/** More nodes in a subnet than these become one entry a node group. */
const MOST_NODES = 8;

export interface NodeView {
  readonly id: string;
  /** From long to short. */
  readonly names: readonly string[];
  readonly type: string;
  /** Private first; of a group of nodes the first and the last. */
  readonly addresses: readonly string[];
  /** "7 of 11 pods". */
  readonly fill: string;
  readonly enis: readonly EniView[];
  /** Words for the interfaces of many nodes. */
  readonly enisText: string | undefined;
  readonly groups: readonly PodGroup[];
  /** Pods on this node that wait for an address. */
  readonly waiting: number;
  readonly tip: string;
}

export interface EniView {
  readonly id: string;
  /** In the order of the interface. */
  readonly uses: readonly ('primary' | 'pod' | 'warm')[];
  readonly tip: string;
}

/** By subnet. */
export function nodesOf(world: World, workloadOf: WorkloadOf, crowded: boolean): Map<string, NodeView[]> {
  const pods = groupBy(
    (world.cluster?.pods ?? []).filter(({ node }) => node !== undefined),
    ({ node }) => node!,
  );
  const enis = new Map(world.enis.map((eni) => [`eni/${eni.id}`, eni]));
  const branches = groupBy(
    world.enis.filter(({ branch }) => branch),
    ({ host }) => String(host),
  );
  const views = new Map<string, NodeView[]>();
  for (const [subnet, nodes] of groupBy(world.cluster?.nodes ?? [], (node) => node.subnet)) {
    const inOrder = [...nodes].sort((a, b) => order(a.name, b.name));
    const podsOf = (some: readonly NodeState[]): PodState[] =>
      some.flatMap(({ name }) => pods.get(name) ?? []);
    const enisOf = (node: NodeState): EniState[] => [
      ...node.enis.flatMap((id) => enis.get(id) ?? []),
      ...(branches.get(String(node.device)) ?? []),
    ];
    views.set(
      subnet,
      nodes.length <= MOST_NODES
        ? inOrder.map((node) => single(node, enisOf(node), podsOf([node]), workloadOf, crowded))
        : [...groupBy(inOrder, ({ group }) => group ?? '')].map(([group, some]) =>
            many(subnet, group, some, some.flatMap(enisOf), podsOf(some), workloadOf),
          ),
    );
  }
  return views;
}

function single(
  node: NodeState,
  enis: readonly EniState[],
  pods: readonly PodState[],
  workloadOf: WorkloadOf,
  crowded: boolean,
): NodeView {
  const running = pods.filter(({ phase }) => phase === 'Running');
  const dot = node.name.indexOf('.');
  return {
    id: `node/${node.name}`,
    names: dot > 0 ? [node.name, node.name.slice(0, dot)] : [node.name],
    type: node.instanceType,
    addresses: [node.address, node.publicAddress].flatMap((address) =>
      address === undefined ? [] : [formatIpv4(address)],
    ),
    fill: `${running.length} of ${counted(node.maxPods, 'pod')}`,
    enis: enis.map(eniView),
    enisText: undefined,
    groups: podGroups(running, workloadOf, crowded),
    waiting: pods.length - running.length,
    tip: [
      `node ${node.name}, ${node.instanceType}${node.group === undefined ? '' : `, group ${node.group}`}`,
      `${running.length} of at most ${counted(node.maxPods, 'pod')}, ${counted(enis.length, 'ENI')}`,
    ].join('\n'),
  };
}

function many(
  subnet: string,
  group: string,
  nodes: readonly NodeState[],
  enis: readonly EniState[],
  pods: readonly PodState[],
  workloadOf: WorkloadOf,
): NodeView {
  const running = pods.filter(({ phase }) => phase === 'Running');
  const uses = enis.flatMap((eni) => eniView(eni).uses);
  const count = counted(nodes.length, 'node');
  return {
    id: `nodes/${subnet}/${group}`,
    names: group === '' ? [count] : [`${count}, group ${group}`, `${count}, ${group}`, count],
    type: [...new Set(nodes.map(({ instanceType }) => instanceType))].join(' '),
    addresses: [`${formatIpv4(nodes[0]!.address)} …`],
    fill: `${running.length} of ${nodes.reduce((sum, { maxPods }) => sum + maxPods, 0)} pods`,
    enis: [],
    enisText: `${counted(enis.length, 'ENI')}: ${counted(uses.filter((use) => use === 'pod').length, 'pod address', 'pod addresses')}, ${uses.filter((use) => use === 'warm').length} warm`,
    groups: podGroups(running, workloadOf, true),
    waiting: pods.length - running.length,
    tip: nodes.map(({ name, address }) => `${name} ${formatIpv4(address)}`).join('\n'),
  };
}

/** The first address is the interface's own; secondary ones are a pod's, or held warm for pods to come. */
function eniView(eni: EniState): EniView {
  const uses = eni.addresses.map(({ use }, i) =>
    i === 0 && !eni.branch
      ? ('primary' as const)
      : use === 'pod' || use === 'branch'
        ? ('pod' as const)
        : ('warm' as const),
  );
  return {
    id: `eni/${eni.id}`,
    uses,
    tip: [
      eni.branch ? `branch ENI, VLAN ${eni.branch.vlan} of trunk ${eni.branch.trunk}` : `ENI ${eni.id}`,
      ...(eni.securityGroups.length === 0 ? [] : [`security groups ${eni.securityGroups.join(', ')}`]),
      ...eni.addresses.map((one) => `${formatIpv4(one.address)} ${useText(one)}`),
      ...(eni.publicAddress === undefined ? [] : [`public ${formatIpv4(eni.publicAddress)}`]),
    ].join('\n'),
  };
}
