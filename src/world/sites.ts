/** Strata below the devices, VPC by VPC: who exists, where, with which addresses and endpoints. It depends on
 *  everything in a topology but what filters and routes say, so a changed rule leaves all of it as it was. */
import type { Ipv4 } from '../addressing/ip.ts';
import type { Issue } from '../base/issue.ts';
import { type CniEnvironment, readEnvironment } from '../cni/environment.ts';
import { instanceTypesWith } from '../cni/instance-types.ts';
import { podGroups } from '../cni/security-group-policies.ts';
import { eksAddons } from '../kube/eks-addons.ts';
import { AddressBook, type SubnetUse } from './address-book.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { endpointEnis } from './endpoint-enis.ts';
import type { EniPlan } from './eni-plan.ts';
import { eniConfigWarnings, eniPlaces } from './eni-subnets.ts';
import { branchEnis, controlPlaneEnis, nodeEnis } from './enis.ts';
import { givenBalancers } from './given-balancers.ts';
import { givenAddresses, givenPublicAddresses, serviceEnis } from './given-enis.ts';
import { planDumps } from './host-dumps.ts';
import { type InstancePlan, instanceEnis, planInstances } from './instances.ts';
import { limitsOf } from './limits.ts';
import { addressBalancers, type Balanced, planBalancers } from './load-balancers.ts';
import { natEnis, regionalAddresses } from './nat-gateways.ts';
import { planNodes } from './nodes.ts';
import { placePods, sizeNodes } from './placement.ts';
import { type AddressedPod, addressPods } from './pod-addresses.ts';
import { poolIssues } from './pool-issues.ts';
import { PublicAddresses } from './public-addresses.ts';
import { serve } from './services.ts';
import { targetsKnown } from './targets-known.ts';
import type { Topology } from './topology.ts';
import { planTrunks } from './trunks.ts';
import type { VpcSpec } from './vpc-spec.ts';

/** What stands in one VPC. */
export interface Site {
  readonly vpc: string;
  readonly enis: readonly EniPlan[];
  readonly instances: readonly InstancePlan[];
  /** Those that are given, and those that the cluster's controller makes. */
  readonly balancers: readonly Balanced[];
  /** Public addresses of regional NAT gateways, by name. */
  readonly regionalNat: ReadonlyMap<string, readonly Ipv4[]>;
  /** By subnet. */
  readonly use: ReadonlyMap<string, SubnetUse>;
  /** Of the VPC that holds the cluster. */
  readonly cluster: ClusterPlan | undefined;
}

/** What a cluster is made of, before devices. */
export type ClusterPlan = ReturnType<typeof planCluster>;

/** Everything that `planSites` reads of a topology: the same objects give the same sites. */
export function siteInputs(topology: Topology): unknown[] {
  const { hosts, instances, instanceTypes, cluster, objects, vpcs } = topology;
  return [
    hosts,
    instances,
    instanceTypes,
    cluster,
    objects,
    ...vpcs.flatMap(
      ({
        name,
        cidrs,
        subnets,
        internetGateway,
        natGateways,
        routeTables,
        securityGroups,
        endpoints,
        interfaces,
        loadBalancers,
      }) => [
        name,
        cidrs,
        subnets,
        internetGateway,
        natGateways,
        routeTables,
        endpoints,
        interfaces,
        loadBalancers,
        securityGroups.map((group) => `${group.name} ${JSON.stringify(group.tags)}`).join(),
      ],
    ),
  ];
}

export function planSites(topology: Topology): Site[] {
  const publicAddresses = new PublicAddresses([
    ...topology.hosts.map(({ address }) => address),
    ...givenPublicAddresses(topology),
  ]);
  return topology.vpcs.map((vpc) => {
    const book = new AddressBook(vpc.subnets, [
      ...pinnedAddresses(topology, vpc.name),
      ...givenAddresses(topology, vpc),
    ]);
    const nat = natEnis(vpc, book, publicAddresses);
    const regionalNat = regionalAddresses(vpc, publicAddresses);
    const endpoints = endpointEnis(vpc, book);
    const instances = planInstances(
      topology.instances.filter((each) => each.vpc === vpc.name),
      vpc,
      book,
    );
    const hosted = instances.flatMap((each) => instanceEnis(each, vpc, publicAddresses));
    const { cluster: spec } = topology;
    const cluster =
      spec?.vpc === vpc.name ? planCluster(topology, spec, vpc, book, publicAddresses) : undefined;
    const known = targetsKnown(instances, cluster?.nodes ?? [], cluster?.pods ?? []);
    const given = givenBalancers(vpc, known, book, publicAddresses);
    return {
      vpc: vpc.name,
      enis: [
        ...nat,
        ...endpoints,
        ...hosted,
        ...serviceEnis(vpc),
        ...given.flatMap(({ nodes }) => nodes.map(({ eni }) => eni)),
        ...(cluster?.enis ?? []),
      ],
      balancers: [...given, ...(cluster?.balancers ?? [])],
      instances,
      regionalNat,
      use: new Map(vpc.subnets.map(({ name }) => [name, book.useOf(name)])),
      cluster,
    };
  });
}

/** Another VPC may have the same numbers. */
function pinnedAddresses({ cluster, instances }: Topology, vpc: string): number[] {
  const hosted = cluster?.vpc === vpc ? cluster : undefined;
  return [
    ...(hosted?.nodes ?? []).flatMap(({ address, otherAddresses }) => [address, ...otherAddresses]),
    ...(hosted?.placements ?? []).map(({ address }) => address),
    ...instances.filter((one) => one.vpc === vpc).map(({ address }) => address),
  ].filter((address) => address !== undefined);
}

/** The cluster's strata, from its objects to the interfaces of its nodes and load balancers. */
function planCluster(
  topology: Topology,
  spec: ClusterSpec,
  vpc: VpcSpec,
  book: AddressBook,
  publicAddresses: PublicAddresses,
) {
  const env: CniEnvironment = readEnvironment(spec.cni.env, spec.cni.version);
  const written = topology.objects;
  const addons = eksAddons({ serviceCidr: spec.serviceCidr, coreDnsReplicas: spec.coreDnsReplicas, written });
  const objects = {
    pods: written.pods,
    workloads: [...written.workloads, ...addons.workloads],
    services: [...written.services, ...addons.services],
  };
  const controlPlane = controlPlaneEnis(spec, vpc, book);
  const planned = planNodes(spec, vpc, book);
  const typeOf = instanceTypesWith(topology.instanceTypes);
  const { trunks, warnings: trunkless } = planTrunks(
    planned.nodes,
    typeOf,
    env,
    vpc,
    written.eniConfigs,
    book,
  );
  const nodes = sizeNodes(planned.nodes, spec, env, typeOf, trunks);
  const groupsOf = podGroups(written);
  const placement = placePods(objects, nodes, spec, groupsOf);
  const { pods, pools } = addressPods(
    placement,
    nodes,
    spec,
    env,
    book,
    typeOf,
    trunks,
    groupsOf,
    eniPlaces(vpc, env, written.eniConfigs),
  );
  const apiServer = controlPlane.map(({ addresses }) => addresses[0]!.address);
  const served = serve(topology, spec, objects.services, pods, apiServer);
  const balancing = planBalancers(topology, spec, vpc, book, nodes, { pods, pools }, served);
  const balancers = addressBalancers(balancing.plans, vpc, book, publicAddresses);
  const dumps = planDumps(spec, nodes, pods, topology.locate);
  const podAt = new Map<Ipv4, AddressedPod>();
  for (const pod of pods)
    if (pod.address !== undefined && !pod.pod.spec.hostNetwork) podAt.set(pod.address, pod);
  const enis = [
    ...controlPlane,
    ...nodes.flatMap((node) => {
      const pool = pools.get(node.name)!;
      return [...nodeEnis(node, vpc, pool, podAt, publicAddresses), ...branchEnis(node, vpc, pool)];
    }),
    ...balancers.flatMap((balancer) => balancer.nodes.map(({ eni }) => eni)),
  ];
  const limits = limitsOf(spec, env, topology.objects, served.services);
  const apiAddress = spec.endpointAccess.public ? publicAddresses.next() : undefined;
  const homeless = planned.failed.map(
    ({ group, subnet }): Issue => ({
      severity: 'warning',
      code: 'node/no-address',
      message: `a node of ${group} has no address: subnet ${subnet} is full`,
    }),
  );
  const warnings: readonly Issue[] = [
    ...balancing.issues,
    ...limits.warnings,
    ...eniConfigWarnings(nodes, vpc, env, written.eniConfigs, topology.locate),
    ...poolIssues({ cluster: spec, vpc, env, nodes, pools, typeOf, locate: topology.locate }),
    ...homeless,
    ...trunkless,
  ];
  const { workloads } = objects;
  return {
    spec,
    env,
    typeOf,
    vpc,
    vpcCidrs: vpc.cidrs,
    workloads,
    controlPlane,
    nodes,
    pods,
    pools,
    served,
    balancing,
    balancers,
    dumps,
    enis,
    limits,
    apiAddress,
    warnings,
  };
}
