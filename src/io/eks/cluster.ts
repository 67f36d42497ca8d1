/** What `aws eks describe-cluster` says of a cluster; where it is not there, what can be read off the objects. */
import { formatCidr } from '../../addressing/cidr.ts';
import { parseIpv4 } from '../../addressing/ip.ts';
import type { VpcFile } from '../../world/schema-vpc.ts';
import { type Account, all, has } from '../aws/account.ts';
import { flag, originOf, part, type Resource, text, texts } from '../aws/resource.ts';
import type { Reading } from '../reading.ts';
import { type KubeValue, textAt, type Value } from './values.ts';

export function clusterOf(
  account: Account,
  objects: readonly KubeValue[],
  vpc: string,
  home: VpcFile | undefined,
): Value {
  const described = all(account, 'EksClusters');
  const cluster = described.find((each) => vpcOf(each) === vpc) ?? described[0];
  const name = (cluster && text(cluster, 'name')) ?? nameOfInterfaces(home);
  const version = (cluster && text(cluster, 'version')) ?? versionOf(objects);
  return {
    name: name ?? 'cluster',
    ...(version !== undefined && { version }),
    vpc,
    subnets: subnetsOf(account, cluster, home),
    ...serviceRange(account.reading, cluster, objects),
    ...settingsOf(account, cluster),
  };
}

function vpcOf(cluster: Resource): string | undefined {
  return text(part(cluster, 'resourcesVpcConfig'), 'vpcId');
}

function settingsOf(account: Account, cluster: Resource | undefined): Value {
  const config = part(cluster, 'resourcesVpcConfig');
  if (!cluster || !config) return {};
  const group = text(config, 'clusterSecurityGroupId');
  const access: Value = {
    public: flag(config, 'endpointPublicAccess') ?? true,
    private: flag(config, 'endpointPrivateAccess') ?? false,
    publicCidrs: texts(config, 'publicAccessCidrs').filter((block) => !block.includes(':')),
  };
  account.reading.origins.set(access, originOf(config));
  return {
    ...(group !== undefined && has(account, 'SecurityGroups', group) && { securityGroup: group }),
    endpointAccess: access,
  };
}

function subnetsOf(
  account: Account,
  cluster: Resource | undefined,
  home: VpcFile | undefined,
): readonly string[] {
  const told = texts(part(cluster, 'resourcesVpcConfig'), 'subnetIds').filter((id) =>
    has(account, 'Subnets', id),
  );
  if (told.length > 0) return told;
  const feet = controlPlaneInterfaces(home).map(({ subnet }) => subnet);
  return feet.length > 0 ? [...new Set(feet)] : (home?.subnets ?? []).map(({ name }) => name);
}

/** The Service `kubernetes` has the first address of the range; EKS's own choices are /16. */
function serviceRange(reading: Reading, cluster: Resource | undefined, objects: readonly KubeValue[]): Value {
  const told = text(part(cluster, 'kubernetesNetworkConfig'), 'serviceIpv4Cidr');
  if (told !== undefined) return { serviceCidr: told };
  const api = objects.find(
    ({ kind, metadata }) =>
      kind === 'Service' &&
      metadata?.name === 'kubernetes' &&
      (metadata.namespace ?? 'default') === 'default',
  );
  const first = parseIpv4(textAt(api, 'spec', 'clusterIP') ?? '');
  if (first === undefined) return {};
  const serviceCidr = formatCidr({ base: first & 0xffff_0000, length: 16 });
  reading.warn(reading.of(api!), {
    code: 'eks/not-described',
    message: `no file describes the cluster (aws eks describe-cluster): its Service range is taken to be ${serviceCidr}`,
  });
  return { serviceCidr };
}

function versionOf(objects: readonly KubeValue[]): string | undefined {
  const node = objects.find(({ kind }) => kind === 'Node');
  return /^v(1\.\d+)/.exec(textAt(node, 'status', 'nodeInfo', 'kubeletVersion') ?? '')?.[1];
}

const DESCRIPTION = /^Amazon EKS (\S+)$/;

function nameOfInterfaces(home: VpcFile | undefined): string | undefined {
  return controlPlaneInterfaces(home)
    .map(({ owner }) => DESCRIPTION.exec(owner ?? '')?.[1])
    .find((name) => name !== undefined);
}

function controlPlaneInterfaces(home: VpcFile | undefined): NonNullable<VpcFile['interfaces']> {
  return (home?.interfaces ?? []).filter(({ owner }) => DESCRIPTION.test(owner ?? ''));
}

/** The interfaces that EKS put into the VPC for this cluster: their description names it. */
export function controlPlaneOf(reading: Reading, home: VpcFile | undefined, name: string): Value {
  const own = controlPlaneInterfaces(home).filter(({ owner }) => DESCRIPTION.exec(owner ?? '')?.[1] === name);
  if (own.length === 0) return {};
  const interfaces = own.map((each): Value => {
    const { owner: _, ...rest } = each;
    reading.origins.set(rest, reading.of(each));
    return rest;
  });
  const controlPlane: Value = { interfaces };
  reading.origins.set(controlPlane, reading.of(own[0]!));
  return { controlPlane };
}
