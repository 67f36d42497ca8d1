/** Builds the world: the sites of each VPC, and on them the devices. Nothing feeds back from a stratum to one below it
 *  in what is modelled so far. A build that follows another keeps what did not change, by the identity of its inputs. */
import { isIpv6 } from '../addressing/ip6.ts';
import type { Issue, Parsed } from '../base/issue.ts';
import type { LinuxHost } from '../host/linux-record.ts';
import { publicPairs } from './eni-plan.ts';
import { routeWarnings } from './graph.ts';
import { references } from './group-references.ts';
import { dumpWarnings } from './host-dumps.ts';
import { groupsWith } from './load-balancers.ts';
import { sendingPods } from './nat-gateways.ts';
import { networkQuotaWarnings } from './network-quotas.ts';
import { type NodeRuleSets, nodeRuleSets } from './node-rule-sets.ts';
import { quotaWarnings } from './quotas.ts';
import { Roster } from './roster.ts';
import { type ClusterPlan, planSites, type Site, siteInputs } from './sites.ts';
import {
  balancerStates,
  clusterState,
  endpointStates,
  eniStates,
  instanceStates,
  subnetStates,
} from './states.ts';
import { Strata } from './strata.ts';
import type { Topology } from './topology.ts';
import type { VpcSpec } from './vpc-spec.ts';
import { wireAwsServices } from './wire-aws-services.ts';
import {
  wireApiEndpoint,
  wireBalancers,
  wireControlPlane,
  wireInternet,
  wireServices,
} from './wire-edges.ts';
import { wireCluster, wireInstance } from './wire-hosts.ts';
import { linkTargets, wireLinks } from './wire-links.ts';
import { wireVpc } from './wire-vpc.ts';
import type { World } from './world.ts';

const NO_RULES: NodeRuleSets = { rules: new Map(), rules6: new Map() };

/** Builds the world of a topology. `previous`, a world of a like topology, lends what has not changed. */
export function buildWorld(topology: Topology, previous?: World): Parsed<World> {
  const strata = new Strata(previous?.strata);
  const sites = strata.keep('sites', siteInputs(topology), () => planSites(topology));
  const cluster = sites.find((site) => site.cluster)?.cluster;
  const errors = [...(cluster?.served.issues ?? []), ...(cluster?.dumps.issues ?? [])].filter(
    ({ severity }) => severity === 'error',
  );
  if (errors.length > 0) return { ok: false, issues: errors };

  const rules = strata.keep('rules', [sites], () => (cluster ? nodeRuleSets(cluster) : NO_RULES));
  // Devices keep their numbers while the sites are the same, and hosts their records.
  const roster = new Roster(strata.keep('numbers', [sites], () => new Map<string, number>()));
  const otherAddresses = new Set(
    topology.cluster?.nodes.flatMap((node) => node.otherAddresses.filter(isIpv6)),
  );
  const internet = wireInternet(topology.hosts, otherAddresses, roster);
  roster.adopt(
    strata.keep('hosts', [sites], () =>
      roster.placedBy((part) => wireHosts(sites, rules, topology, internet, part)),
    ),
  );
  const publicOwners = new Map(
    topology.hosts.flatMap(({ name, address, ipv6Address }) =>
      [address, ipv6Address].flatMap((one) =>
        one === undefined ? [] : [[one, roster.index('host', name)] as const],
      ),
    ),
  );
  const owners: ReadonlyMap<number, number>[] = [publicOwners];
  const securityGroups: World['securityGroups'][number][] = [];
  const held = sites.map(({ enis, cluster: own }, place) => {
    const spec = topology.vpcs[place]!;
    return { spec, enis, groups: groupsWith(spec, own?.balancing) };
  });
  const refer = references(topology, held, strata);
  sites.forEach((site, place) => {
    const { spec: vpc, groups } = held[place]!;
    owners.push(
      wireVpc(
        {
          spec: vpc,
          segment: place + 1,
          enis: site.enis,
          regionalNat: site.regionalNat,
          pods: strata.keep(`sending/${vpc.name}`, [sites], () => podsOf(site)),
          otherAddresses,
          links: linkTargets(vpc, topology, roster),
          publicAccess: topology.blockPublicAccess.find(
            ({ account, region }) => account === vpc.account && region === vpc.region,
          ),
          securityGroups: groups,
          refer,
          prefixLists: topology.prefixLists,
        },
        roster,
        strata,
        internet,
      ),
    );
    securityGroups.push(...groups.map((group) => ({ vpc: vpc.name, group })));
    publish(vpc, site, publicOwners, roster);
  });
  wireLinks(topology, roster);

  const awsServices = wireAwsServices(topology, internet, publicOwners, roster);

  const warnings: Issue[] = [
    ...topology.warnings,
    ...topology.vpcs.flatMap((vpc) => routeWarnings(vpc, topology.locate)),
    ...networkQuotaWarnings(topology),
    ...(cluster?.warnings ?? []),
    ...quotaWarnings(topology, held),
    ...misfits(topology, cluster, roster),
  ];
  const world: World = {
    topology,
    strata,
    devices: roster.devices(),
    receivers: roster.receivers(),
    owners,
    indexOf: roster.indexes(),
    cluster: cluster && strata.keep('cluster', [sites], () => clusterState(cluster, rules, roster)),
    loadBalancers: strata.keep('balancers', [sites], () => balancerStates(sites, roster)),
    enis: strata.keep('enis', [sites], () => eniStates(sites, roster)),
    instances: strata.keep('instances', [sites], () => instanceStates(sites, roster)),
    endpoints: strata.keep('endpoints', [sites], () => endpointStates(topology.vpcs, sites, roster)),
    awsServices,
    subnets: subnetStates(topology.vpcs, sites),
    securityGroups,
    warnings,
  };
  return { ok: true, value: world, warnings };
}

/** The devices that no rule of the VPC changes: nodes, pods, instances, load balancers, the control plane. */
function wireHosts(
  sites: readonly Site[],
  rules: NodeRuleSets,
  topology: Topology,
  internet: number,
  roster: Roster,
): void {
  sites.forEach(({ instances, enis, balancers, cluster }, place) => {
    const vpc = topology.vpcs[place]!;
    wireServices(enis, vpc, roster);
    wireBalancers(balancers, vpc, roster);
    for (const each of instances) wireInstance(each, roster);
    if (!cluster) return;
    wireCluster({ ...cluster, ...rules }, roster);
    wireControlPlane(cluster.controlPlane, vpc, roster);
    if (cluster.apiAddress !== undefined) wireApiEndpoint(cluster.spec, cluster.apiAddress, internet, roster);
  });
}

function podsOf({ enis, cluster }: Site): ReadonlyMap<string, number> {
  return cluster ? sendingPods(enis, cluster.env.externalSnat) : new Map();
}

/** What the internet reaches in a VPC, by its public addresses. */
function publish(
  vpc: VpcSpec,
  { enis, regionalNat, cluster }: Site,
  publicOwners: Map<number, number>,
  roster: Roster,
): void {
  const gateway = vpc.internetGateway;
  const inward = gateway
    ? roster.index('internet-gateway', gateway.name)
    : vpc.egressOnlyInternetGateway &&
      roster.index('egress-only-internet-gateway', vpc.egressOnlyInternetGateway.name);
  if (inward !== undefined)
    for (const address of enis.flatMap(({ ipv6Addresses = [] }) => ipv6Addresses))
      publicOwners.set(address, inward);
  if (gateway)
    for (const address of [
      ...enis.flatMap(publicPairs).map(([, outside]) => outside),
      ...[...regionalNat.values()].flat(),
    ])
      publicOwners.set(address, roster.index('internet-gateway', gateway.name));
  if (cluster?.apiAddress !== undefined)
    publicOwners.set(cluster.apiAddress, roster.index('eks-api-endpoint', cluster.spec.name));
}

/** Where dumps and the hosts they are for do not fit together. */
function misfits(topology: Topology, cluster: ClusterPlan | undefined, roster: Roster): Issue[] {
  const devices = roster.devices();
  const interfaces = (host: string): string[] =>
    (devices[roster.indexes().get(host)!] as LinuxHost).interfaces.map(({ name }) => name);
  const { nodes = [], pods = [] } = cluster?.dumps ?? {};
  return [
    ...[...nodes].flatMap(([name, dump]) => dumpWarnings(`node/${name}`, dump, interfaces(`node/${name}`))),
    ...[...pods].flatMap(([name, dump]) => dumpWarnings(`pod/${name}`, dump, interfaces(`pod/${name}`))),
    ...topology.instances.flatMap(({ name, rules }) =>
      rules ? dumpWarnings(`instance/${name}`, rules, interfaces(`instance/${name}`)) : [],
    ),
  ];
}
