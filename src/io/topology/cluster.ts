/** The EKS cluster: its place in a VPC, its service range and add-ons (EKS guide). */
import { cidr } from '../../addressing/cidr.ts';
import type { InstanceType } from '../../cni/instance-types.ts';
import type { ClusterSpec, PlacementSpec } from '../../world/cluster-spec.ts';
import type { TopologyFile } from '../../world/schema.ts';
import type { ClusterFile } from '../../world/schema-cluster.ts';
import type { KubeProxyFile } from '../../world/schema-kube-proxy.ts';
import type { VpcSpec } from '../../world/vpc-spec.ts';
import { type GivenDumps, type HostDumps, podName } from '../host-dumps.ts';
import type { Reading } from '../reading.ts';
import { readCni } from './cni-settings.ts';
import { readInterfaces } from './interfaces.ts';
import { readKubeProxy } from './kube-proxy-settings.ts';
import { checkReference, checkReferences, namesOf } from './names.ts';
import { readNodeGroups, readNodes } from './nodes.ts';
import { readServiceRange } from './service-range.ts';
import { readAddress, readCidr } from './values.ts';

/** Version that eksctl makes where none is asked for. */
const DEFAULT_VERSION = '1.34';
const DEFAULT_COREDNS_REPLICAS = 2;
const NODE_PORT_RANGE = [30_000, 32_767] as const;

const anywhere = cidr('0.0.0.0/0');

/** Names that others need before the cluster itself is read. */
export interface ClusterNames {
  readonly name: string;
  readonly vpc: string | undefined;
  /** Security group that EKS makes unless it is written. */
  readonly madeGroup: string;
}

export function clusterNames(reading: Reading, file: TopologyFile): ClusterNames | undefined {
  const { cluster } = file;
  if (!cluster) return undefined;
  const name = cluster.name ?? reading.fill('cluster.name', file.metadata?.name ?? 'default', 'vpcsim');
  return { name, vpc: vpcOf(reading, file, cluster), madeGroup: `eks-cluster-sg-${name}` };
}

function vpcOf(reading: Reading, file: TopologyFile, cluster: ClusterFile): string | undefined {
  const names = namesOf(file.vpcs);
  if (cluster.vpc !== undefined)
    return checkReference(reading, cluster, 'vpc', 'VPC', cluster.vpc, names) ? cluster.vpc : undefined;
  if (names.size === 1) return reading.fill('cluster.vpc', [...names][0]!, 'vpcsim');
  if (names.size > 1)
    reading.error(reading.of(cluster), {
      code: 'topology/missing-key',
      message: 'cluster needs "vpc", as there is more than one VPC',
      hint: `one of ${[...names].join(', ')}`,
    });
  return undefined;
}

/** Where dumps of hosts come from. */
export interface Dumped {
  readonly dumps: HostDumps;
  readonly nodeRules?: GivenDumps | undefined;
  readonly podRules?: GivenDumps | undefined;
}

/** `kubeProxy` is what the file and the manifests say of it together. */
export function readCluster(
  reading: Reading,
  cluster: ClusterFile,
  names: ClusterNames,
  vpc: VpcSpec | undefined,
  kubeProxy: KubeProxyFile | undefined,
  { dumps, nodeRules, podRules }: Dumped,
  instanceTypes: readonly InstanceType[],
): ClusterSpec {
  const subnets = readSubnets(reading, cluster, vpc);
  const securityGroup = readSecurityGroup(reading, cluster, names, vpc);
  const context = { vpc, subnets, securityGroup, instanceTypes };
  const fill = <T>(key: string, value: T, by = 'EKS'): T => reading.fill(`cluster.${key}`, value, by);
  return {
    name: names.name,
    version: cluster.version ?? fill('version', DEFAULT_VERSION),
    vpc: vpc?.name ?? '',
    subnets,
    serviceCidr: readServiceRange(reading, cluster, vpc),
    nodePortRange: readNodePortRange(reading, cluster),
    securityGroup,
    controlPlaneGroups: checkReferences(
      reading,
      cluster.controlPlane?.securityGroups ?? [],
      'security group',
      vpc && namesOf(vpc.securityGroups),
    ),
    endpointAccess: readEndpointAccess(reading, cluster),
    cni: readCni(reading, cluster.cni),
    kubeProxy: readKubeProxy(reading, kubeProxy),
    networkPolicy: cluster.networkPolicy ?? fill('networkPolicy', 'none'),
    controllers: cluster.controllers ?? true,
    controlPlaneInterfaces: readInterfaces(reading, cluster.controlPlane?.interfaces, 0, {
      subnets: vpc && namesOf(vpc.subnets),
      securityGroups: vpc && namesOf(vpc.securityGroups),
      ownGroups: [securityGroup],
    }),
    loadBalancerController: cluster.loadBalancerController ?? fill('loadBalancerController', true, 'vpcsim'),
    coreDnsReplicas: cluster.coredns?.replicas ?? fill('coredns.replicas', DEFAULT_COREDNS_REPLICAS),
    nodeGroups: readNodeGroups(reading, cluster, context),
    nodes: readNodes(reading, cluster, context),
    placements: readPlacements(reading, cluster),
    nodeRules: dumps.byName(cluster.nodeRules, nodeRules),
    podRules: dumps.byName(cluster.podRules, podRules, podName),
    origin: reading.of(cluster),
  };
}

function readSubnets(reading: Reading, cluster: ClusterFile, vpc: VpcSpec | undefined): readonly string[] {
  const all = (vpc?.subnets ?? []).map(({ name }) => name);
  const subnets = cluster.subnets
    ? checkReferences(reading, cluster.subnets, 'subnet', vpc && new Set(all))
    : reading.fill('cluster.subnets', all, 'vpcsim', all.join(', '));
  const zones = new Set(vpc?.subnets.filter(({ name }) => subnets.includes(name)).map(({ az }) => az));
  const at = cluster.subnets ? reading.of(cluster, 'subnets') : reading.of(cluster);
  if (vpc && subnets.length === 0 && !reading.failed)
    reading.error(at, { code: 'topology/no-subnets', message: 'the cluster has no subnet' });
  else if (vpc && zones.size === 1)
    reading.warn(at, {
      code: 'eks/one-zone',
      message: `EKS wants subnets in two Availability Zones; all of these are in ${[...zones][0]}`,
    });
  return subnets;
}

function readSecurityGroup(
  reading: Reading,
  cluster: ClusterFile,
  names: ClusterNames,
  vpc: VpcSpec | undefined,
): string {
  const written = cluster.securityGroup;
  if (written === undefined) return reading.fill('cluster.securityGroup', names.madeGroup, 'EKS');
  const known = namesOf(vpc?.securityGroups);
  if (vpc) checkReference(reading, cluster, 'securityGroup', 'security group', written, known);
  return written;
}

/** --service-node-port-range of the API server; EKS leaves it at the default. */
function readNodePortRange(reading: Reading, cluster: ClusterFile): readonly [number, number] {
  const written = cluster.serviceNodePortRange;
  if (written === undefined) return NODE_PORT_RANGE;
  const [first = 0, last = 0] = written.split('-').map(Number);
  if (first >= 1 && first <= last && last <= 65_535) return [first, last];
  reading.error(reading.of(cluster, 'serviceNodePortRange'), {
    code: 'topology/bad-range',
    message: `${written} is no range of ports`,
    hint: 'two ports from 1 to 65535, the lower one first',
  });
  return NODE_PORT_RANGE;
}

function readEndpointAccess(reading: Reading, cluster: ClusterFile): ClusterSpec['endpointAccess'] {
  const written = cluster.endpointAccess;
  const fill = <T>(key: string, value: T, shown?: string): T =>
    reading.fill(`cluster.endpointAccess.${key}`, value, 'EKS', shown);
  const isPublic = written?.public ?? fill('public', true);
  const isPrivate = written?.private ?? fill('private', false);
  if (!isPublic && !isPrivate)
    reading.error(reading.of(written ?? cluster), {
      code: 'eks/no-endpoint',
      message: 'the API server has neither a public nor a private endpoint',
      hint: 'write private: true',
    });
  const list = written?.publicCidrs;
  const publicCidrs = list
    ? list.flatMap((text, index) => readCidr(reading, list, index, text) ?? [])
    : fill('publicCidrs', [anywhere], '0.0.0.0/0');
  return { public: isPublic, private: isPrivate, publicCidrs };
}

function readPlacements(reading: Reading, cluster: ClusterFile): readonly PlacementSpec[] {
  const nodes = namesOf(cluster.nodes);
  // Nodes of a group get their names from their addresses, which are not known yet.
  const open = (cluster.nodeGroups ?? []).length > 0;
  const seen = new Set<string>();
  return (cluster.placements ?? []).flatMap((placement) => {
    const { node, address: text } = placement;
    const pod = placement.pod.includes('/') ? placement.pod : `default/${placement.pod}`;
    if (seen.has(pod)) {
      const message = `${pod} is placed twice`;
      reading.error(reading.of(placement, 'pod'), { code: 'topology/duplicate-name', message });
      return [];
    }
    seen.add(pod);
    if (!open) checkReference(reading, placement, 'node', 'node', node, nodes);
    const address = text === undefined ? undefined : readAddress(reading, placement, 'address', text);
    return [{ pod, node, ...(address !== undefined && { address }), origin: reading.of(placement) }];
  });
}
