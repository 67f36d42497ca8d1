/** Node groups and pinned nodes of a cluster. */
import { isIpv6 } from '../../addressing/ip6.ts';
import { type InstanceType, instanceTypesWith, similarInstanceTypes } from '../../cni/instance-types.ts';
import type { NodeGroupSpec, NodeSpec } from '../../world/cluster-spec.ts';
import type { ClusterFile, NodeFile, NodeGroupFile } from '../../world/schema-cluster.ts';
import type { InterfaceSpec, VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { readInterfaces } from './interfaces.ts';
import { NODE_METADATA, readMetadata } from './metadata.ts';
import { checkReference, checkReferences, checkUnique, namesOf } from './names.ts';
import { readAddress, readAnyAddress, readCidr } from './values.ts';

/** What EKS makes of a managed node group that does not say. */
const DEFAULT_INSTANCE_TYPE = 't3.medium';
const DEFAULT_DESIRED = 2;

export interface NodeContext {
  readonly vpc: VpcSpec | undefined;
  readonly subnets: readonly string[];
  readonly securityGroup: string;
  /** Types that the topology describes itself. */
  readonly instanceTypes: readonly InstanceType[];
}

type Template = Pick<
  NodeGroupSpec,
  | 'instanceType'
  | 'labels'
  | 'taints'
  | 'securityGroups'
  | 'iptables'
  | 'sysctls'
  | 'maxPods'
  | 'primaryInterface'
  | 'metadata'
>;

export function readNodeGroups(
  reading: Reading,
  cluster: ClusterFile,
  context: NodeContext,
): readonly NodeGroupSpec[] {
  checkUnique(reading, ['node group', cluster.nodeGroups]);
  return (cluster.nodeGroups ?? []).map((group) => {
    const path = `cluster.nodeGroups.${group.name}`;
    const known = context.vpc && namesOf(context.vpc.subnets);
    const template = readTemplate(reading, path, group, context);
    const subnets = group.subnets
      ? checkReferences(reading, group.subnets, 'subnet', known)
      : reading.fill(`${path}.subnets`, context.subnets, 'EKS', context.subnets.join(', '));
    if (group.subnets?.length === 0)
      reading.error(reading.of(group, 'subnets'), {
        code: 'topology/no-subnets',
        message: `node group ${JSON.stringify(group.name)} has no subnet`,
      });
    return {
      name: group.name,
      ...template,
      ...readScaling(reading, path, group),
      subnets,
      origin: reading.of(group),
    };
  });
}

function readScaling(
  reading: Reading,
  path: string,
  group: NodeGroupFile,
): Pick<NodeGroupSpec, 'desired' | 'min' | 'max'> {
  const fallback = Math.min(Math.max(DEFAULT_DESIRED, group.min ?? 0), group.max ?? Number.POSITIVE_INFINITY);
  const desired = group.desired ?? reading.fill(`${path}.desired`, fallback, 'EKS');
  const min = group.min ?? reading.fill(`${path}.min`, Math.min(1, desired), 'EKS');
  const max = group.max ?? reading.fill(`${path}.max`, Math.max(DEFAULT_DESIRED, desired), 'EKS');
  if (min > desired || desired > max) {
    const key = group.desired === undefined ? (group.max === undefined ? 'min' : 'max') : 'desired';
    reading.error(reading.of(group, key), {
      code: 'topology/scaling',
      message: `min ${min}, desired ${desired}, max ${max} are not in this order`,
      hint: 'min must be at most desired, and desired at most max',
    });
  }
  return { desired, min, max };
}

export function readNodes(reading: Reading, cluster: ClusterFile, context: NodeContext): readonly NodeSpec[] {
  checkUnique(reading, ['node', cluster.nodes]);
  const known = context.vpc && namesOf(context.vpc.subnets);
  return (cluster.nodes ?? []).flatMap((node) => {
    const path = `cluster.nodes.${node.name}`;
    const template = readTemplate(reading, path, node, context);
    const { address: text } = node;
    const address = text === undefined ? undefined : readAddress(reading, node, 'address', text);
    const podCidr = node.podCIDR === undefined ? undefined : readCidr(reading, node, 'podCIDR', node.podCIDR);
    const otherAddresses = readAddresses(reading, node.otherAddresses);
    const nodeIps = readNodeIps(reading, node, [address, ...otherAddresses]);
    if (!checkReference(reading, node, 'subnet', 'subnet', node.subnet, known)) return [];
    const { name, subnet } = node;
    return [
      {
        name,
        ...template,
        subnet,
        ...(address !== undefined && { address }),
        ...(podCidr && { podCidr }),
        otherAddresses,
        nodeIps,
        interfaces: readNodeInterfaces(reading, node, template, context),
        origin: reading.of(node),
      },
    ];
  });
}

/** All of them or none: the primary one must be there, and the trunk of branches. */
function readNodeInterfaces(
  reading: Reading,
  { name, interfaces: written }: NodeFile,
  { securityGroups }: Template,
  { vpc }: NodeContext,
): readonly InterfaceSpec[] {
  if (!written?.length) return [];
  const interfaces = readInterfaces(reading, written, 0, {
    subnets: vpc && namesOf(vpc.subnets),
    securityGroups: vpc && namesOf(vpc.securityGroups),
    ownGroups: securityGroups,
  });
  if (interfaces.length < written.length) return interfaces;
  const missing = (what: string, hint: string): void =>
    reading.error(reading.of(written), {
      code: 'topology/missing-interface',
      message: `the interfaces of node ${JSON.stringify(name)} are given, and ${what} is not among them`,
      hint,
    });
  const [first] = interfaces;
  if (first!.card + first!.device > 0 || first!.type !== 'interface')
    missing('the primary one', 'it has device: 0');
  const types = new Set(interfaces.map(({ type }) => type));
  if (types.has('branch') && !types.has('trunk'))
    missing('the trunk of its branches', 'one interface of type: trunk carries them');
  return interfaces;
}

function readAddresses(reading: Reading, texts: readonly string[] = []): readonly number[] {
  return texts.flatMap((text, index) => readAnyAddress(reading, texts, index, text) ?? []);
}

/** The node has each of them; an address that the topology leaves open cannot be named. */
function readNodeIps(
  reading: Reading,
  { nodeIps: texts = [] }: NodeFile,
  own: readonly (number | undefined)[],
): readonly number[] {
  const addresses = readAddresses(reading, texts);
  const families = new Set(addresses.map(isIpv6));
  if (families.size < addresses.length)
    reading.error(reading.of(texts), {
      code: 'topology/one-of-each-family',
      message: 'nodeIps has two addresses of one family',
      hint: 'the kubelet takes one IPv4 address and one IPv6 address at most',
    });
  for (const [index, address] of addresses.entries())
    if (!own.includes(address))
      reading.error(reading.of(texts, index), {
        code: 'topology/unknown-reference',
        message: `the node has no address ${texts[index]}`,
        hint: 'write it under address or otherAddresses',
      });
  return addresses;
}

function readTemplate(
  reading: Reading,
  path: string,
  written: NodeGroupFile | NodeFile,
  context: NodeContext,
): Template {
  const known = context.vpc && namesOf(context.vpc.securityGroups);
  const groups = written.securityGroups;
  const { maxPods } = written;
  if (written.instanceType !== undefined) checkInstanceType(reading, written, written.instanceType, context);
  const sysctls = Object.entries(written.sysctls ?? {}).map(([key, value]) => [key, String(value)] as const);
  return {
    instanceType: written.instanceType ?? reading.fill(`${path}.instanceType`, DEFAULT_INSTANCE_TYPE, 'EKS'),
    labels: written.labels ?? {},
    taints: (written.taints ?? []).map(({ key, value, effect }) => ({ key, value: value ?? '', effect })),
    securityGroups: groups?.length
      ? checkReferences(reading, groups, 'security group', known)
      : [reading.fill(`${path}.securityGroups`, context.securityGroup, 'EKS')],
    iptables: written.iptables ?? reading.fill(`${path}.iptables`, 'nft' as const, 'EKS'),
    sysctls: Object.fromEntries(sysctls),
    primaryInterface:
      written.primaryInterface ?? reading.fill(`${path}.primaryInterface`, 'ens5' as const, 'EKS'),
    metadata: readMetadata(reading, path, written.metadata, NODE_METADATA),
    ...(maxPods !== undefined && { maxPods }),
  };
}

function checkInstanceType(
  reading: Reading,
  written: object,
  name: string,
  { instanceTypes }: NodeContext,
): void {
  if (instanceTypesWith(instanceTypes)(name) || reading.refused.has(name)) return;
  const close = similarInstanceTypes(name, instanceTypes);
  reading.error(reading.of(written, 'instanceType'), {
    code: 'topology/unknown-instance-type',
    message: `EC2 has no instance type ${JSON.stringify(name)}`,
    hint:
      close.length > 0
        ? `did you mean ${close.join(', ')}? One that is newer than this program goes under instanceTypes`
        : 'one that is newer than this program goes under instanceTypes, or in instanceTypesFile',
  });
}
