/** Builds the world, stratum by stratum: objects, placement, addresses, endpoints, load balancers, host rules, devices.
 *  Each stratum is a function of those below it; nothing feeds back in what is modelled so far. A build that follows
 *  another keeps what did not change. */
import { formatCidr } from '../addressing/cidr.ts';
import type { Issue, Parsed } from '../base/issue.ts';
import { type CniEnvironment, readEnvironment } from '../cni/environment.ts';
import { eksAddons } from '../kube/eks-addons.ts';
import { AddressBook } from './address-book.ts';
import type { EniPlan } from './eni-plan.ts';
import { controlPlaneEnis, instanceEni, natEnis, nodeEnis, planInstances } from './enis.ts';
import { isPublic, routeWarnings } from './graph.ts';
import { hostRules } from './host-rules.ts';
import { limitsOf } from './limits.ts';
import { addressBalancers, groupsWith, planBalancers } from './load-balancers.ts';
import { planNodes } from './nodes.ts';
import { placePods, sizeNodes } from './placement.ts';
import { addressPods } from './pod-addresses.ts';
import { PublicAddresses } from './public-addresses.ts';
import { Roster } from './roster.ts';
import { serve } from './services.ts';
import { Strata } from './strata.ts';
import type { ClusterSpec, Topology, VpcSpec } from './topology.ts';
import { wireApiEndpoint, wireBalancers, wireControlPlane, wireInternet } from './wire-edges.ts';
import { type InstancePlan, podDevice, wireCluster, wireInstance } from './wire-hosts.ts';
import { wireVpc } from './wire-vpc.ts';
import type { ClusterState, LoadBalancerState, World } from './world.ts';

/** What a cluster is made of, before devices. */
type ClusterPlan = ReturnType<typeof planCluster>;

/** Builds the world of a topology. `previous`, a world of a like topology, lends what has not changed. */
export function buildWorld(topology: Topology, previous?: World): Parsed<World> {
  const strata = new Strata(previous?.strata);
  const publicAddresses = new PublicAddresses(topology.hosts.map(({ address }) => address));
  const { cluster } = topology;
  const roster = new Roster();
  const internet = wireInternet(topology.hosts, roster);
  const publicOwners = new Map(
    topology.hosts.map(({ name, address }) => [address, roster.index('host', name)]),
  );
  const owners: ReadonlyMap<number, number>[] = [publicOwners];
  const enis: EniPlan[] = [];
  const books = new Map<string, AddressBook>();
  const instances: InstancePlan[] = [];
  const securityGroups: World['securityGroups'][number][] = [];
  let plan: ClusterPlan | undefined;

  topology.vpcs.forEach((vpc, place) => {
    const book = new AddressBook(vpc.subnets, pinnedAddresses(topology));
    books.set(vpc.name, book);
    const nat = natEnis(vpc, book, publicAddresses);
    const hosted = planInstances(
      topology.instances.filter((each) => each.vpc === vpc.name),
      vpc,
      book,
    );
    const own =
      cluster?.vpc === vpc.name ? planCluster(topology, cluster, vpc, book, publicAddresses) : undefined;
    plan ??= own;
    const groups = groupsWith(vpc, own?.balancing);
    const interfaces = [
      ...nat,
      ...hosted.map((each) => instanceEni(each, vpc, publicAddresses)),
      ...(own?.enis ?? []),
    ];
    owners.push(
      wireVpc(
        { spec: vpc, segment: place + 1, enis: interfaces, securityGroups: groups },
        roster,
        strata,
        internet,
      ),
    );
    for (const each of hosted) wireInstance(each, roster);
    for (const { publicAddress } of interfaces)
      if (publicAddress !== undefined && vpc.internetGateway)
        publicOwners.set(publicAddress, roster.index('internet-gateway', vpc.internetGateway.name));
    enis.push(...interfaces);
    instances.push(...hosted);
    securityGroups.push(...groups.map((group) => ({ vpc: vpc.name, group })));
    if (own && cluster) wireOwn(own, cluster, vpc, internet, publicAddresses, publicOwners, roster, strata);
  });

  if (plan?.served.issues.some(({ severity }) => severity === 'error'))
    return { ok: false, issues: plan.served.issues };
  const warnings: Issue[] = [
    ...topology.warnings,
    ...topology.vpcs.flatMap((vpc) => routeWarnings(vpc, topology.locate)),
    ...(plan?.balancing.issues ?? []),
    ...(plan?.warnings ?? []),
  ];
  const world: World = {
    topology,
    strata,
    devices: roster.devices(),
    receivers: roster.receivers(),
    owners,
    indexOf: roster.indexes(),
    cluster: plan && cluster ? clusterState(plan, cluster, roster) : undefined,
    loadBalancers: plan ? balancerStates(plan, roster) : [],
    enis: enis.map((eni) => ({
      id: eni.id,
      device: roster.index('eni', eni.id),
      host: roster.index(eni.host.kind, eni.host.id),
      subnet: eni.subnet,
      addresses: eni.addresses,
      publicAddress: eni.publicAddress,
      securityGroups: eni.securityGroups ?? [],
      sourceDestCheck: eni.sourceDestCheck,
      owner: eni.owner,
    })),
    instances: instances.map(({ spec, address, subnet }) => ({
      name: spec.name,
      address,
      publicAddress: enis.find(({ id }) => id === spec.name)?.publicAddress,
      device: roster.index('instance', spec.name),
      subnet: subnet.name,
    })),
    subnets: topology.vpcs.flatMap((vpc) =>
      vpc.subnets.map((subnet) => ({
        name: subnet.name,
        vpc: vpc.name,
        cidr: formatCidr(subnet.cidr),
        az: subnet.az,
        routeTable: subnet.routeTable,
        networkAcl: subnet.networkAcl,
        public: isPublic(vpc, subnet),
        ...books.get(vpc.name)!.useOf(subnet.name),
      })),
    ),
    securityGroups,
    warnings,
  };
  return { ok: true, value: world, warnings };
}

function pinnedAddresses(topology: Topology): number[] {
  return [
    ...(topology.cluster?.nodes ?? []).map(({ address }) => address),
    ...(topology.cluster?.placements ?? []).map(({ address }) => address),
    ...topology.instances.map(({ address }) => address),
  ].filter((address) => address !== undefined);
}

/** The cluster's strata, from its objects to the interfaces of its nodes and load balancers. */
function planCluster(
  topology: Topology,
  cluster: ClusterSpec,
  vpc: VpcSpec,
  book: AddressBook,
  publicAddresses: PublicAddresses,
) {
  const env: CniEnvironment = readEnvironment(cluster.cni.env);
  const { workloads, services: writtenServices, pods: writtenPods } = topology.objects;
  const addons = eksAddons({
    serviceCidr: cluster.serviceCidr,
    coreDnsReplicas: cluster.coreDnsReplicas,
    written: { workloads, services: writtenServices },
  });
  const objects = {
    pods: writtenPods,
    workloads: [...workloads, ...addons.workloads],
    services: [...writtenServices, ...addons.services],
  };
  const controlPlane = controlPlaneEnis(cluster, vpc, book);
  const planned = planNodes(cluster, vpc, book);
  const nodes = sizeNodes(planned.nodes, cluster);
  const placement = placePods(objects, nodes, cluster);
  const addressed = addressPods(placement, nodes, cluster, env, book);
  const served = serve(
    topology,
    cluster,
    objects.services,
    addressed.pods,
    controlPlane.map(({ addresses }) => addresses[0]!.address),
  );
  const balancing = planBalancers(
    topology,
    cluster,
    vpc,
    book,
    nodes,
    addressed.pods,
    served.services,
    served.slices,
  );
  const balancers = addressBalancers(balancing.plans, vpc, book, publicAddresses);
  const rules = hostRules(vpc, env, nodes, served.services, served.slices);
  const podAt = new Map(
    addressed.pods.flatMap((pod) =>
      pod.address === undefined || pod.pod.spec.hostNetwork ? [] : [[pod.address, pod] as const],
    ),
  );
  const enis = [
    ...controlPlane,
    ...nodes.flatMap((node) => nodeEnis(node, vpc, addressed.pools.get(node.name)!, podAt, publicAddresses)),
    ...balancers.flatMap((balancer) => balancer.nodes.map(({ eni }) => eni)),
  ];
  const limits = limitsOf(cluster, env, topology.objects);
  const warnings: Issue[] = [
    ...limits.warnings,
    ...planned.failed.map(
      ({ group, subnet }): Issue => ({
        severity: 'warning',
        code: 'node/no-address',
        message: `a node of ${group} has no address: subnet ${subnet} is full`,
      }),
    ),
  ];
  return {
    env,
    objects,
    controlPlane,
    nodes,
    addressed,
    served,
    balancing,
    balancers,
    rules,
    enis,
    warnings,
  };
}

function wireOwn(
  plan: ClusterPlan,
  cluster: ClusterSpec,
  vpc: VpcSpec,
  internet: number,
  publicAddresses: PublicAddresses,
  publicOwners: Map<number, number>,
  roster: Roster,
  strata: Strata,
): void {
  const { env, limits, nodes, addressed, rules, served, balancers, controlPlane } = plan;
  wireCluster(
    { limits, env, nodes, pods: addressed.pods, pools: addressed.pools, rules, slices: served.slices },
    roster,
    strata,
  );
  wireControlPlane(controlPlane, vpc, roster);
  wireBalancers(balancers, vpc, roster);
  if (!cluster.endpointAccess.public) return;
  const address = publicAddresses.next();
  publicOwners.set(address, wireApiEndpoint(cluster, address, internet, roster));
}

function clusterState(plan: ClusterPlan, cluster: ClusterSpec, roster: Roster): ClusterState {
  const { nodes, addressed, served, rules, enis, objects } = plan;
  return {
    name: cluster.name,
    nodes: nodes.map((node) => {
      const own = enis.filter(({ owner }) => owner === `node/${node.name}`);
      return {
        name: node.name,
        group: node.group,
        instanceType: node.instanceType,
        subnet: node.subnet.name,
        az: node.zone,
        address: node.address,
        publicAddress: own[0]!.publicAddress,
        device: roster.index('node', node.name),
        enis: own.map(({ id }) => `eni/${id}`),
        maxPods: node.allocatable.pods,
        rules: rules.get(node.name)!,
      };
    }),
    pods: addressed.pods.map((pod) => {
      const device = podDevice(pod);
      const eni = enis.find(
        ({ addresses }) =>
          pod.address !== undefined && addresses.some(({ address }) => address === pod.address),
      );
      return {
        pod: pod.pod,
        id: pod.id,
        phase: pod.phase,
        ready: pod.ready,
        node: pod.node?.name,
        address: pod.address,
        eni: eni ? `eni/${eni.id}` : undefined,
        device: roster.index(device.kind, device.id),
        reasons: pod.reasons,
      };
    }),
    services: served.services,
    slices: served.slices,
    workloads: objects.workloads,
  };
}

function balancerStates({ balancers }: ClusterPlan, roster: Roster): LoadBalancerState[] {
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
      device: roster.index(plan.kind, eni.id),
    })),
    listeners: plan.listeners.map(({ port, protocol }) => ({ port, protocol })),
    for: plan.of[0] ?? '',
  }));
}
