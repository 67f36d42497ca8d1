/** A well-formed topology file and its manifests to the topology: every part read, then what they say of each
 *  other. */
import type { InstanceType } from '../cni/instance-types.ts';
import type { TopologyFile } from '../world/schema.ts';
import type { KubeProxyFile } from '../world/schema-kube-proxy.ts';
import type { Topology } from '../world/topology.ts';
import type { SecurityGroupSpec } from '../world/vpc-spec.ts';
import { refuseHomeless } from './host-dumps.ts';
import { checkPlacements, checkServices } from './kubernetes/cross-checks.ts';
import { kubeProxyDocument } from './kubernetes/kube-proxy-document.ts';
import { itemsOf, readManifests } from './kubernetes/manifests.ts';
import { checkVpcReferences } from './kubernetes/vpc-references.ts';
import { mergeMaps } from './merge.ts';
import type { Reading } from './reading.ts';
import { checkAddresses } from './topology/addresses.ts';
import { type ClusterNames, clusterNames, type Dumped, readCluster } from './topology/cluster.ts';
import { readLinks } from './topology/links.ts';
import { readExpectations, readHosts, readInstances } from './topology/outside.ts';
import { readPrefixLists } from './topology/prefix-lists.ts';
import { readPublicAccess } from './topology/public-access.ts';
import { selfReferencingGroup } from './topology/security-groups.ts';
import { checkServiceRange } from './topology/service-range.ts';
import { readVpcs, regionOf } from './topology/vpcs.ts';

export interface ReadOptions extends Dumped {
  readonly variant?: string | undefined;
  /** Whether every file could be read, so that what is missing is missing indeed. */
  readonly complete: boolean;
  /** Types that the topology describes, and those of the file it names. */
  readonly instanceTypes: readonly InstanceType[];
}

export function readTopology(
  reading: Reading,
  file: TopologyFile,
  manifests: readonly Record<string, unknown>[],
  options: ReadOptions,
): Topology {
  const { instanceTypes } = options;
  const name =
    file.metadata?.name ?? reading.fill('metadata.name', file.cluster?.name ?? 'topology', 'vpcsim');
  const names = clusterNames(reading, file);
  const prefixLists = readPrefixLists(reading, file, new Set((file.vpcs ?? []).map(regionOf)));
  const plain = readVpcs(reading, file, madeGroups(file, names), prefixLists);
  const links = readLinks(reading, file, plain, prefixLists);
  const { vpcs } = links;
  const vpc = vpcs.find((candidate) => candidate.name === names?.vpc);
  const kubeProxy = kubeProxyOf(reading, file, manifests);
  const cluster = names && readCluster(reading, file.cluster!, names, vpc, kubeProxy, options, instanceTypes);
  refuseHomeless(reading, file, { ...options.nodeRules, ...options.podRules });
  const instances = readInstances(reading, file, vpcs, options.dumps);
  const hosts = readHosts(reading, file, vpcs);
  const objects = readManifests(reading, manifests);
  checkAddresses(reading, vpcs, cluster, instances);
  if (cluster) checkServices(reading, objects.services, cluster, objects.serviceCidrs);
  if (cluster) checkServiceRange(reading, file.cluster!, cluster, links, hosts);
  if (cluster && vpc) checkVpcReferences(reading, vpc, objects);
  if (cluster && options.complete) checkPlacements(reading, cluster, objects);
  const variant = options.variant === undefined ? undefined : file.variants?.[options.variant];
  return {
    name,
    ...links,
    prefixLists,
    blockPublicAccess: readPublicAccess(reading, file, vpcs),
    ...(cluster && { cluster }),
    instanceTypes,
    objects,
    hosts,
    instances,
    expectations: readExpectations(reading, variant?.expect ?? file.expect),
    variants: Object.keys(file.variants ?? {}),
    defaults: reading.defaults,
    warnings: [],
    locate: (origin) => reading.sources.locate(origin),
  };
}

/** The topology file's word counts where the manifests have a configuration too. */
function kubeProxyOf(
  reading: Reading,
  { cluster }: TopologyFile,
  manifests: readonly Record<string, unknown>[],
): KubeProxyFile | undefined {
  const deployed = kubeProxyDocument(reading, manifests.flatMap(itemsOf));
  const written = cluster?.kubeProxy;
  return deployed && written ? mergeMaps(reading, deployed, written) : (written ?? deployed);
}

/** The cluster security group that EKS makes, unless the file names one of its own. */
function madeGroups(
  file: TopologyFile,
  names: ClusterNames | undefined,
): ReadonlyMap<string, readonly SecurityGroupSpec[]> {
  const chosen = file.cluster?.securityGroup;
  if (!names?.vpc || (chosen !== undefined && chosen !== names.madeGroup)) return new Map();
  const tags = { [`kubernetes.io/cluster/${names.name}`]: 'owned' };
  return new Map([[names.vpc, [selfReferencingGroup(names.madeGroup, 'EKS', tags)]]]);
}
