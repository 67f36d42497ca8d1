/** The states that listings and names go by, read off the sites once the devices have numbers. */
import { formatCidr } from '../addressing/cidr.ts';
import { poolShape } from '../cni/pool-shape.ts';
import { forFamily } from '../host/netfilter/table-family.ts';
import type { NodeRules } from './host-rules.ts';
import type { NodeRuleSets } from './node-rule-sets.ts';
import type { Roster } from './roster.ts';
import { publicSubnets } from './route-tables.ts';
import type { ClusterPlan, Site } from './sites.ts';
import type { VpcSpec } from './vpc-spec.ts';
import { podDevice } from './wire-hosts.ts';
import type {
  ClusterState,
  EndpointState,
  EniState,
  InstanceState,
  LoadBalancerState,
  SubnetState,
} from './world.ts';

export function clusterState(
  plan: ClusterPlan,
  { rules, rules6 }: NodeRuleSets,
  roster: Roster,
): ClusterState {
  const { spec, nodes, pods, served, enis, workloads } = plan;
  const eniAt = new Map(
    enis.flatMap(({ id, addresses }) => addresses.map(({ address }) => [address, id] as const)),
  );
  const eniOf = new Map(enis.map((eni) => [eni.id, eni]));
  const enisOf = new Map<string, string[]>();
  for (const { id, owner } of enis) enisOf.set(owner, [...(enisOf.get(owner) ?? []), id]);
  const mostEnis = (name: string): number | undefined => {
    const type = plan.typeOf(name);
    return type && poolShape(type, plan.env).maxEnis;
  };
  return {
    name: spec.name,
    apiAddress: plan.apiAddress,
    controlPlane: plan.controlPlane.map(({ addresses, host }) => ({
      address: addresses[0]!.address,
      device: roster.index(host.kind, host.id),
    })),
    nodes: nodes.map((node) => {
      const own = enisOf.get(`node/${node.name}`)!;
      return {
        name: node.name,
        group: node.group,
        instanceType: node.instanceType,
        subnet: node.subnet.name,
        az: node.zone,
        address: node.address,
        publicAddress: eniOf.get(own[0]!)!.publicAddress,
        device: roster.index('node', node.name),
        enis: own.map((id) => `eni/${id}`),
        maxPods: node.allocatable.pods,
        mostEnis: mostEnis(node.instanceType),
        pool: plan.pools.get(node.name)!,
        primaryInterface: node.primaryInterface,
        rules: inBothFamilies(rules.get(node.name)!, rules6.get(node.name)),
      };
    }),
    pods: pods.map((pod) => {
      const device = podDevice(pod);
      const eni = pod.address === undefined ? undefined : eniAt.get(pod.address);
      return {
        pod: pod.pod,
        dump: plan.dumps.pods.get(pod.id),
        id: pod.id,
        phase: pod.phase,
        ready: pod.ready,
        node: pod.node?.name,
        address: pod.address,
        eni: eni === undefined ? undefined : `eni/${eni}`,
        device: roster.index(device.kind, device.id),
        reasons: pod.reasons,
      };
    }),
    services: served.services,
    slices: served.slices,
    workloads,
  };
}

function inBothFamilies(rules: NodeRules, six: NodeRules | undefined): NodeRules {
  if (!six) return rules;
  const joined = (part: 'shared' | 'own') => [
    ...forFamily(rules[part], 'IPv4'),
    ...forFamily(six[part], 'IPv6'),
  ];
  return { ...rules, shared: joined('shared'), own: joined('own') };
}

export function balancerStates(sites: readonly Site[], roster: Roster): LoadBalancerState[] {
  const balancers = sites.flatMap((site) => site.balancers);
  return balancers.map(({ plan, nodes }) => ({
    kind: plan.kind,
    name: plan.name,
    scheme: plan.scheme,
    dnsName: plan.dnsName,
    hosts: plan.hosts,
    nodes: nodes.map(({ az, address, publicAddress, eni }) => ({
      az,
      address,
      publicAddress,
      device: roster.index(plan.kind, eni.host.id),
    })),
    listeners: plan.listeners.map(({ port, protocol }) => ({ port, protocol })),
    for: plan.of[0] ?? '',
  }));
}

export function eniStates(sites: readonly Site[], roster: Roster): EniState[] {
  return sites.flatMap(({ enis }) =>
    enis.map((eni) => ({
      id: eni.id,
      device: roster.index('eni', eni.id),
      host: roster.index(eni.host.kind, eni.host.id),
      subnet: eni.subnet,
      addresses: eni.addresses,
      ipv6Addresses: eni.ipv6Addresses ?? [],
      prefixes: eni.prefixes,
      publicAddress: eni.publicAddress,
      securityGroups: eni.securityGroups ?? [],
      sourceDestCheck: eni.sourceDestCheck,
      owner: eni.owner,
      branch: eni.branch,
    })),
  );
}

export function instanceStates(sites: readonly Site[], roster: Roster): InstanceState[] {
  return sites.flatMap(({ instances, enis }) =>
    instances.map(({ spec, address, ipv6Address, subnet }) => ({
      name: spec.name,
      address,
      ipv6Address,
      publicAddress: enis.find(({ host }) => host.kind === 'instance' && host.id === spec.name)
        ?.publicAddress,
      device: roster.index('instance', spec.name),
      subnet: subnet.name,
    })),
  );
}

export function subnetStates(vpcs: readonly VpcSpec[], sites: readonly Site[]): SubnetState[] {
  return vpcs.flatMap((vpc, place) => {
    const open = publicSubnets(vpc);
    return vpc.subnets.map((subnet) => ({
      name: subnet.name,
      vpc: vpc.name,
      cidr: formatCidr(subnet.cidr),
      az: subnet.az,
      routeTable: subnet.routeTable,
      networkAcl: subnet.networkAcl,
      public: open.has(subnet.name),
      ...sites[place]!.use.get(subnet.name)!,
    }));
  });
}

export function endpointStates(
  vpcs: readonly VpcSpec[],
  sites: readonly Site[],
  roster: Roster,
): EndpointState[] {
  return vpcs.flatMap((vpc, place) =>
    vpc.endpoints.map(({ name, service, type, state, privateDns, routeTables, securityGroups }) => ({
      name,
      vpc: vpc.name,
      service,
      type,
      state,
      privateDns,
      routeTables,
      securityGroups,
      addresses: sites[place]!.enis.filter(
        ({ host, owner }) => host.kind === 'interface-endpoint' && owner === `endpoint/${name}`,
      ).map(({ subnet, az, addresses, host }) => ({
        subnet,
        az,
        address: addresses[0]!.address,
        device: roster.index(host.kind, host.id),
      })),
      device: type === 'gateway' ? roster.index('gateway-endpoint', name) : undefined,
    })),
  );
}
