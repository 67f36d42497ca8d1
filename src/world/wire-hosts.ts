/** Makes the Linux hosts: nodes with their interfaces, rules and routes, pod namespaces behind their veths, instances,
 *  and pods that have no network. */
import { type Cidr, cidr } from '../addressing/cidr.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import type { EndpointSlice } from '../api/objects.ts';
import { defaulted } from '../base/origin.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import { interfaceName } from '../cni/interface-names.ts';
import { eniTable, kernelRules, nodeRoutes, nodeRules, podRoutes, vlanName } from '../cni/pod-wiring.ts';
import type { IpPoolPlan } from '../cni/pool-plan.ts';
import { interfaceRoutes, interfaceRules } from '../host/ec2-net-utils.ts';
import { instance } from '../host/instance.ts';
import { type Ipv6Spec, linuxHost } from '../host/linux-host.ts';
import type { Interface } from '../host/linux-record.ts';
import { compileRules, type RuleSet } from '../host/netfilter/rule-set.ts';
import { forFamily } from '../host/netfilter/table-family.ts';
import { node as nodeBehaviour } from '../host/node.ts';
import { pod as podBehaviour } from '../host/pod.ts';
import type { Absent, HostDump } from '../host/rules.ts';
import { unplacedPod } from '../host/unplaced-pod.ts';
import { ROUTER_6 } from '../vpc/subnet.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { branchEniId, nodeEniId } from './eni-ids.ts';
import { type HostDumpPlan, routesWith } from './host-dumps.ts';
import type { NodeRules } from './host-rules.ts';
import type { InstancePlan } from './instances.ts';
import type { Limits } from './limits.ts';
import { nodeListening, podListening } from './listening.ts';
import type { SizedNode } from './placement.ts';
import { type AddressedPod, vethOf } from './pod-addresses.ts';
import type { Roster } from './roster.ts';
import type { VpcSpec } from './vpc-spec.ts';

/** Tables of nftables are executed for packets of IPv4. */
const nftables6 = (): Absent => ({ what: 'nftables, of its dump,', to: cidr('::/0') });

const lo: Interface = { name: 'lo', kind: 'lo', peer: -1, peerPort: 0, addresses: [] };
/** eth0 of a pod, after lo. */
const POD_INTERFACE = 1;

export interface ClusterWiring {
  readonly spec: Pick<ClusterSpec, 'controllers'>;
  readonly limits: Limits;
  readonly env: CniEnvironment;
  readonly vpc: VpcSpec;
  readonly vpcCidrs: readonly Cidr[];
  readonly nodes: readonly SizedNode[];
  readonly pods: readonly AddressedPod[];
  readonly pools: ReadonlyMap<string, IpPoolPlan>;
  readonly rules: ReadonlyMap<string, NodeRules>;
  readonly dumps: HostDumpPlan;
  /** Of the nodes that have IPv6. */
  readonly rules6: ReadonlyMap<string, NodeRules>;
  readonly served: { readonly slices: readonly EndpointSlice[] };
}

/** Kind and id of the device that stands for a pod. */
export function podDevice(pod: AddressedPod): { readonly kind: string; readonly id: string } {
  if (pod.address === undefined) return { kind: 'unplaced-pod', id: pod.id };
  return pod.pod.spec.hostNetwork ? { kind: 'node', id: pod.node!.name } : { kind: 'pod', id: pod.id };
}

export function wireCluster(wiring: ClusterWiring, roster: Roster): void {
  const listening = podListening(wiring.pods, wiring.served.slices);
  const byNode = new Map<string, AddressedPod[]>();
  for (const pod of wiring.pods)
    if (pod.node && pod.address !== undefined) {
      const list = byNode.get(pod.node.name) ?? [];
      list.push(pod);
      byNode.set(pod.node.name, list);
    }
  for (const node of wiring.nodes) wireNode(node, byNode.get(node.name) ?? [], wiring, listening, roster);
  for (const pod of wiring.pods)
    if (pod.address === undefined)
      roster.place(unplacedPod, {
        index: roster.index('unplaced-pod', pod.id),
        kind: 'unplaced-pod',
        id: pod.id,
        name: pod.id,
        az: pod.node?.zone,
        origin: pod.pod.origin,
        code: pod.phase === 'Pending' ? 'pod/pending' : 'pod/no-address',
        reason: pod.reasons[0] ?? pod.phase,
      });
}

function wireNode(
  node: SizedNode,
  pods: readonly AddressedPod[],
  { spec, env, vpc, vpcCidrs, pools, rules, rules6, dumps, limits }: ClusterWiring,
  listening: ReturnType<typeof podListening>,
  roster: Roster,
): void {
  const index = roster.index('node', node.name);
  const pool = pools.get(node.name)!;
  const own = pods.filter(({ pod }) => !pod.spec.hostNetwork);
  const blockOf = (name: string): Cidr => vpc.subnets.find((subnet) => subnet.name === name)!.cidr;
  const enis = pool.enis.map(({ name, card, device, primary, role, subnet }) => ({
    id: nodeEniId(node.name, { name, card, device }),
    table: eniTable(card, device),
    primary,
    interface: interfaceName(device, node.primaryInterface, card),
    subnet: blockOf(subnet),
    trunk: role === 'trunk',
  }));
  const firstVeth = 1 + enis.length + pool.branches.length;
  const wired = own.map((pod) => ({
    address: pod.address!,
    veth: vethOf(pod, env),
    table: enis[pod.eni ?? 0]!.table,
    branch: pod.branch && { vlan: pod.branch.vlan, subnet: blockOf(pod.branch.subnet) },
    origin: pod.pod.origin,
  }));
  const interfaces: Interface[] = [
    lo,
    ...enis.map(
      (eni, place): Interface => ({
        name: eni.interface,
        kind: 'eni',
        peer: roster.index('eni', eni.id),
        peerPort: 0,
        mtu: env.eniMtu,
        addresses:
          place === 0 ? [eni.primary, ...node.otherAddresses.filter((one) => !isIpv6(one))] : [eni.primary],
      }),
    ),
    ...pool.branches.map(
      (branch): Interface => ({
        name: vlanName(branch.vlan),
        kind: 'vlan',
        peer: roster.index('eni', branchEniId(node.name, branch)),
        peerPort: 0,
        mtu: env.eniMtu,
        addresses: [],
      }),
    ),
    ...wired.map(
      ({ veth }, place): Interface => ({
        name: veth,
        kind: 'veth',
        peer: roster.index('pod', own[place]!.id),
        peerPort: POD_INTERFACE,
        mtu: env.podMtu,
        addresses: [],
      }),
    ),
  ];
  const { shared, own: ownRules, sets, sysctls } = rules.get(node.name)!;
  const dump = dumps.nodes.get(node.name);
  const netfilter = compileRules(forFamily(shared, 'IPv4'), forFamily(ownRules, 'IPv4'), sets);
  const six = rules6.get(node.name);
  roster.place(
    nodeBehaviour,
    linuxHost({
      index,
      kind: 'node',
      id: node.name,
      name: node.name,
      az: node.zone,
      origin: node.origin,
      interfaces,
      rules: dump?.ipRules ?? nodeRules({ enis, pods: wired, env, vpcCidrs }),
      routes: routesWith(nodeRoutes({ enis, pods: wired, env }), dump),
      netfilter,
      forwarding: true,
      listening: nodeListening(pods),
      sysctls: {
        ...sysctls,
        ...(six ? { 'net.ipv6.conf.all.forwarding': '1' } : {}),
        ...node.sysctls,
      },
      absent: [
        ...limits.nodes({ podCidr: node.podCidr, addresses: pool.enis.map(({ primary }) => primary) }),
        ...(dump?.absent ?? []),
        ...(six && dump?.nftables ? [nftables6()] : []),
      ],
      heldRules: spec.controllers ? undefined : dump?.tables ? 'dump' : 'written',
      ipv6: six && ipv6Of(node, six, netfilter),
    }),
  );
  own.forEach((pod, place) => {
    const podDump = dumps.pods.get(pod.id);
    roster.place(
      podBehaviour,
      linuxHost({
        index: roster.index('pod', pod.id),
        kind: 'pod',
        id: pod.id,
        name: pod.id,
        az: node.zone,
        origin: pod.pod.origin,
        interfaces: [
          lo,
          {
            name: 'eth0',
            kind: 'other',
            peer: index,
            peerPort: firstVeth + place,
            mtu: env.podMtu,
            addresses: [pod.address!],
          },
        ],
        rules: podDump?.ipRules ?? kernelRules,
        routes: routesWith(podRoutes(pod.address!), podDump),
        netfilter: netfilterOf(podDump),
        listening: listening.get(pod.id) ?? [],
        absent: podDump?.absent ? [...limits.pods, ...podDump.absent] : limits.pods,
      }),
    );
  });
}

/** Rules of a host that has none but those of its dump. */
function netfilterOf(dump: HostDump | undefined): RuleSet | null {
  return dump?.tables ? compileRules(forFamily(dump.tables, 'IPv4'), [], dump.sets) : null;
}

/** Its addresses are those of the primary interface, through which a router is found (RFC 4861). */
function ipv6Of(node: SizedNode, { shared, own, sets }: NodeRules, beside: RuleSet): Ipv6Spec {
  const dev = node.primaryInterface;
  const origin = defaulted('Linux', 'default route by router advertisement');
  return {
    addresses: [[], node.otherAddresses.filter(isIpv6)],
    routes: [{ table: 'main', to: cidr('::/0'), dev, origin }],
    netfilter: compileRules(forFamily(shared, 'IPv6'), forFamily(own, 'IPv6'), sets, beside),
  };
}

/** The routes that router advertisements give: the subnet's block on the link, and everything else by the router. */
function instanceIpv6(
  { spec, subnet, ipv6Address }: InstancePlan,
  beside: RuleSet | null,
): Ipv6Spec | undefined {
  if (ipv6Address === undefined) return undefined;
  const dev = spec.primaryInterface;
  const origin = defaulted('Linux', 'routes by router advertisement');
  const { tables, sets } = spec.rules ?? {};
  return {
    addresses: [[], [ipv6Address]],
    routes: [
      { table: 'main', to: subnet.ipv6Cidr!, dev, origin },
      { table: 'main', to: cidr('::/0'), via: ROUTER_6, dev, origin },
    ],
    netfilter: tables && beside ? compileRules(forFamily(tables, 'IPv6'), [], sets, beside) : null,
    beyond: true,
  };
}

export function wireInstance(plan: InstancePlan, roster: Roster): void {
  const { spec, subnet, interfaces } = plan;
  const netfilter = netfilterOf(spec.rules);
  const six = instanceIpv6(plan, netfilter);
  const own = interfaceRules(interfaces);
  const rules = spec.rules?.ipRules ?? (own.length > 0 ? [...kernelRules, ...own] : undefined);
  roster.place(
    instance,
    linuxHost({
      index: roster.index('instance', spec.name),
      kind: 'instance',
      id: spec.name,
      name: spec.name,
      az: subnet.az,
      origin: spec.origin,
      interfaces: [
        lo,
        ...interfaces.map(
          ({ name, eni, addresses }): Interface => ({
            name,
            kind: 'eni',
            peer: roster.index('eni', eni),
            peerPort: 0,
            ...(spec.mtu !== undefined && { mtu: spec.mtu }),
            addresses,
          }),
        ),
      ],
      ...(rules && { rules }),
      routes: routesWith(interfaceRoutes(interfaces), spec.rules),
      netfilter,
      forwarding: spec.forwarding,
      ipv6: six,
      ...(six && spec.forwarding === true && { sysctls: { 'net.ipv6.conf.all.forwarding': '1' } }),
      listening: spec.listen.map(({ protocol, port }) => ({
        protocol,
        port,
        by: `listen of instance ${spec.name}`,
      })),
      absent: [...(spec.rules?.absent ?? []), ...(six && spec.rules?.nftables ? [nftables6()] : [])],
    }),
  );
}
