/** An eksctl ClusterConfig as the topology file that says the same, so that one reader checks both. */
import type { Origin } from '../../base/origin.ts';
import { derived } from '../../base/origin.ts';
import { isContainer } from '../members.ts';
import type { Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { addonSettings } from './addons.ts';
import { clusterGroupName, idOf, nodeGroupOf, securityGroupsOf } from './groups.ts';
import { type Layout, vpcOf } from './layout.ts';
import { networkOf } from './network.ts';
import { type ClusterConfig, clusterConfig } from './schema.ts';

/** What eksctl can do that is not modelled. */
const notModelled = {
  fargateProfiles: 'Fargate pods',
  karpenter: 'Karpenter',
  localZones: 'Local Zones',
  outpost: 'Outposts',
  remoteNetworkConfig: 'hybrid nodes',
} as const;

export function topologyOf(
  reading: Reading,
  document: Record<string, unknown>,
): Record<string, unknown> | undefined {
  const config = conform(reading, clusterConfig, document, 'eksctl');
  if (!config) return undefined;
  warnOfLimits(reading, config);
  const layout = networkOf(reading, config);
  if (!layout) return undefined;
  const origin = derived('eksctl', reading.of(config));
  const endpoints = endpointsOf(config, layout);
  const topology = {
    metadata: { name: config.metadata.name },
    vpcs: [{ ...vpcOf(layout), securityGroups: securityGroupsOf(config), ...(endpoints && { endpoints }) }],
    cluster: clusterOf(reading, config, layout),
  };
  stamp(reading, topology, origin);
  return topology;
}

function clusterOf(reading: Reading, config: ClusterConfig, layout: Layout): Record<string, unknown> {
  const { name, version } = config.metadata;
  const service = config.kubernetesNetworkConfig?.serviceIPv4CIDR;
  const managed = (config.managedNodeGroups ?? []).map((group) =>
    nodeGroupOf(reading, config, group, layout, true),
  );
  const own = (config.nodeGroups ?? []).map((group) => nodeGroupOf(reading, config, group, layout, false));
  const cluster = {
    name,
    ...(version !== undefined && { version }),
    vpc: vpcOf(layout).name,
    subnets: controlPlaneSubnets(config, layout),
    securityGroup: clusterGroupName(config),
    ...(service !== undefined && { serviceCidr: service }),
    endpointAccess: endpointAccess(config),
    ...addonSettings(reading, config),
    nodeGroups: [...managed, ...own],
  };
  const { metadata, kubernetesNetworkConfig } = config;
  reading.origins.set(cluster, reading.of(config));
  reading.origins.setMember(cluster, 'name', reading.of(metadata, 'name'));
  reading.origins.setMember(cluster, 'version', reading.of(metadata, 'version'));
  if (kubernetesNetworkConfig)
    reading.origins.setMember(cluster, 'serviceCidr', reading.of(kubernetesNetworkConfig, 'serviceIPv4CIDR'));
  return cluster;
}

function controlPlaneSubnets(config: ClusterConfig, layout: Layout): readonly string[] {
  const { controlPlaneSubnetIDs: ids, controlPlaneOnPrivateSubnets: onPrivate } = config.vpc ?? {};
  const chosen = layout.subnets.filter(({ name, kind }) => {
    if (ids) return ids.includes(idOf(config, name) ?? name);
    return kind === 'private' || !onPrivate;
  });
  return (chosen.length > 0 ? chosen : layout.subnets).map(({ name }) => name);
}

function endpointAccess(config: ClusterConfig): Record<string, unknown> {
  const { clusterEndpoints, publicAccessCIDRs } = config.vpc ?? {};
  const isPrivate = config.privateCluster?.enabled === true;
  return {
    public: clusterEndpoints?.publicAccess ?? !isPrivate,
    private: clusterEndpoints?.privateAccess ?? isPrivate,
    ...(publicAccessCIDRs && { publicCidrs: publicAccessCIDRs }),
  };
}

/** A private cluster reaches AWS by endpoints (eksctl user guide, "EKS Fully-Private Cluster"). */
function endpointsOf(config: ClusterConfig, layout: Layout): object[] | undefined {
  if (!config.privateCluster?.enabled || config.privateCluster.skipEndpointCreation) return undefined;
  const extra = config.privateCluster.additionalEndpointServices ?? [];
  const subnets = layout.subnets.filter(({ kind }) => kind === 'private').map(({ name }) => name);
  const services = [...new Set(['ec2', 'ecr.api', 'ecr.dkr', 'sts', ...extra])];
  const routeTables = [
    ...new Set(layout.subnets.filter(({ kind }) => kind === 'private').map(({ az }) => `private-${az}`)),
  ];
  return [
    { name: 's3', service: 's3', type: 'gateway', routeTables },
    ...services.map((service) => ({ name: service, service, type: 'interface', subnets })),
  ];
}

function warnOfLimits(reading: Reading, config: ClusterConfig): void {
  const warn = (container: object, key: string, what: string): void =>
    reading.warn(reading.of(container, key), {
      code: 'eksctl/not-modelled',
      message: `${what} are not modelled: ${key} has no effect`,
    });
  for (const [key, what] of Object.entries(notModelled))
    if (config[key as keyof typeof notModelled] !== undefined) warn(config, key, what);
  if (config.kubernetesNetworkConfig?.ipFamily === 'IPv6')
    warn(config.kubernetesNetworkConfig, 'ipFamily', 'IPv6 clusters');
  if (config.autoModeConfig?.enabled) warn(config, 'autoModeConfig', 'Auto Mode nodes');
}

/** Gives every container that was made here an origin; written ones keep theirs. */
export function stamp(reading: Reading, value: unknown, origin: Origin): void {
  if (!isContainer(value)) return;
  if (!reading.origins.of(value)) reading.origins.set(value, origin);
  for (const member of Object.values(value)) stamp(reading, member, origin);
}
