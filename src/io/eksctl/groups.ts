/** Node groups and security groups of a ClusterConfig, as the topology file would write them. */
import { isMap } from '../members.ts';
import type { Reading } from '../reading.ts';
import { type Layout, stackName } from './layout.ts';
import type { ClusterConfig, EksctlNodeGroup } from './schema.ts';

const DEFAULT_INSTANCE_TYPE = 'm5.large';
const DEFAULT_CAPACITY = 2;

type Rule = { protocol: string; ports?: string; from: string };
type Group = { name: string; ingress: Rule[]; tags?: Record<string, string> };

const everything = (from: string): Rule => ({ protocol: 'all', from });

export function clusterGroupName(config: ClusterConfig): string {
  return `eks-cluster-sg-${config.metadata.name}`;
}

/** The groups that eksctl and EKS make: EKS's own, the shared node group, and one per unmanaged node group. */
export function securityGroupsOf(config: ClusterConfig): readonly Group[] {
  const { name } = config.metadata;
  const own = clusterGroupName(config);
  const shared = sharedGroupName(config);
  const manages = config.vpc?.manageSharedNodeSecurityGroupRules !== false;
  const controlPlane = `${stackName(name)}-ControlPlaneSecurityGroup`;
  const locals = (config.nodeGroups ?? []).filter((group) => group.securityGroups?.withLocal !== false);
  return [
    {
      name: own,
      ingress: [everything(`sg/${own}`), ...(manages ? [everything(`sg/${shared}`)] : [])],
      tags: { [`kubernetes.io/cluster/${name}`]: 'owned' },
    },
    {
      name: shared,
      ingress: [everything(`sg/${shared}`), ...(manages ? [everything(`sg/${own}`)] : [])],
    },
    {
      name: controlPlane,
      ingress: locals.map((group) => ({
        protocol: 'tcp',
        ports: '443',
        from: `sg/${localGroupName(config, group)}`,
      })),
    },
    ...locals.map((group) => ({
      name: localGroupName(config, group),
      ingress: [
        { protocol: 'tcp', ports: '1025-65535', from: `sg/${controlPlane}` },
        { protocol: 'tcp', ports: '443', from: `sg/${controlPlane}` },
        ...(group.ssh?.allow ? [ssh] : []),
      ],
      tags: { [`kubernetes.io/cluster/${name}`]: 'owned' },
    })),
    ...(config.managedNodeGroups ?? [])
      .filter((group) => group.ssh?.allow)
      .map((group) => ({ name: remoteAccessName(config, group), ingress: [ssh] })),
  ];
}

const ssh: Rule = { protocol: 'tcp', ports: '22', from: '0.0.0.0/0' };

function sharedGroupName(config: ClusterConfig): string {
  return `${stackName(config.metadata.name)}-ClusterSharedNodeSecurityGroup`;
}

function localGroupName(config: ClusterConfig, group: EksctlNodeGroup): string {
  return `eksctl-${config.metadata.name}-nodegroup-${group.name}-SG`;
}

function remoteAccessName(config: ClusterConfig, group: EksctlNodeGroup): string {
  return `eksctl-${config.metadata.name}-nodegroup-${group.name}-remoteAccess`;
}

export function nodeGroupOf(
  reading: Reading,
  config: ClusterConfig,
  group: EksctlNodeGroup,
  layout: Layout,
  managed: boolean,
): Record<string, unknown> {
  const path = `cluster.nodeGroups.${group.name}`;
  const min =
    group.minSize ?? reading.fill(`${path}.min`, group.desiredCapacity ?? DEFAULT_CAPACITY, 'eksctl');
  const desired = group.desiredCapacity ?? reading.fill(`${path}.desired`, min, 'eksctl');
  const max = group.maxSize ?? reading.fill(`${path}.max`, Math.max(min, desired), 'eksctl');
  const made: Record<string, unknown> = {
    name: group.name,
    instanceType: instanceTypeOf(reading, path, group),
    desired,
    min,
    max,
    subnets: subnetsOf(reading, config, group, layout, path),
    securityGroups: groupsOf(reading, config, group, managed),
    iptables: 'nft',
    ...(group.labels && { labels: group.labels }),
    ...(group.taints && { taints: taintsOf(reading, group) }),
    ...(group.maxPodsPerNode && { maxPods: group.maxPodsPerNode }),
    ...('spot' in group && group.spot !== undefined && { capacityType: group.spot ? 'SPOT' : 'ON_DEMAND' }),
  };
  reading.origins.set(made, reading.of(group));
  return made;
}

function instanceTypeOf(reading: Reading, path: string, group: EksctlNodeGroup): string {
  if (group.instanceType !== undefined && group.instanceType !== 'mixed') return group.instanceType;
  const several =
    'instanceTypes' in group
      ? group.instanceTypes
      : 'instancesDistribution' in group
        ? group.instancesDistribution?.instanceTypes
        : undefined;
  return several?.[0] ?? reading.fill(`${path}.instanceType`, DEFAULT_INSTANCE_TYPE, 'eksctl');
}

function subnetsOf(
  reading: Reading,
  config: ClusterConfig,
  group: EksctlNodeGroup,
  layout: Layout,
  path: string,
): readonly string[] {
  const { subnets: wanted, availabilityZones: zones } = group;
  if (wanted)
    return wanted.flatMap((name, index) => subnetNamed(reading, config, layout, wanted, name, index));
  const isPrivate =
    group.privateNetworking ??
    reading.fill(`${path}.privateNetworking`, config.privateCluster?.enabled === true, 'eksctl');
  const kind = isPrivate ? 'private' : 'public';
  const ofKind = layout.subnets.filter((subnet) => subnet.kind === kind);
  zones?.forEach((zone, index) => {
    if (ofKind.some(({ az }) => az === zone)) return;
    const known = ofKind.map(({ az }) => az);
    reading.unknown(reading.of(zones, index), `${kind} subnet in a zone`, zone, known);
  });
  if (ofKind.length === 0)
    reading.error(reading.of(group), {
      code: 'eksctl/no-subnets',
      message: `the VPC has no ${kind} subnet for node group ${JSON.stringify(group.name)}`,
      hint: isPrivate ? undefined : 'write privateNetworking: true',
    });
  return ofKind.filter(({ az }) => zones?.includes(az) ?? true).map(({ name }) => name);
}

/** By key, by id, or by zone, as eksctl reads them. */
function subnetNamed(
  reading: Reading,
  config: ClusterConfig,
  layout: Layout,
  list: readonly string[],
  name: string,
  index: number,
): readonly string[] {
  const found = layout.subnets.filter((subnet) => subnet.name === name || idOf(config, subnet.name) === name);
  if (found.length > 0) return found.map((subnet) => subnet.name);
  const known = layout.subnets.map((subnet) => subnet.name);
  reading.unknown(reading.of(list, index), 'subnet', name, known);
  return [];
}

/** The AWS id of an existing subnet, where the file gives it. */
export function idOf(config: ClusterConfig, name: string): string | undefined {
  const { public: open, private: closed } = config.vpc?.subnets ?? {};
  const key = name.replace(/^(public|private)-/, '');
  if (name.startsWith('private-')) return (closed?.[name] ?? closed?.[key])?.id;
  return (open?.[name] ?? closed?.[name] ?? open?.[key])?.id;
}

function groupsOf(
  reading: Reading,
  config: ClusterConfig,
  group: EksctlNodeGroup,
  managed: boolean,
): readonly string[] {
  const { attachIDs, withLocal, withShared } = group.securityGroups ?? {};
  attachIDs?.forEach((id, index) => {
    const message = `security group ${id} exists in AWS only: its rules are not known here`;
    reading.warn(reading.of(attachIDs, index), { code: 'eksctl/unknown-security-group', message });
  });
  if (managed)
    return [clusterGroupName(config), ...(group.ssh?.allow ? [remoteAccessName(config, group)] : [])];
  return [
    ...(withLocal === false ? [] : [localGroupName(config, group)]),
    ...(withShared === false ? [] : [sharedGroupName(config)]),
  ];
}

/** A list of {key, value, effect}, or the older map of key to "value:effect". */
function taintsOf(reading: Reading, group: EksctlNodeGroup): unknown {
  const { taints } = group;
  if (!isMap(taints)) return taints;
  return Object.entries(taints).map(([key, text]) => {
    const [value = '', effect = ''] = String(text).split(':');
    const taint = { key, value, effect };
    reading.origins.set(taint, reading.of(taints, key));
    return taint;
  });
}
