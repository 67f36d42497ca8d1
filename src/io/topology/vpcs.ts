/** VPCs with all that stands in them. */
import { formatCidr, overlaps } from '../../addressing/cidr.ts';
import type { TopologyFile } from '../../world/schema.ts';
import type { VpcFile } from '../../world/schema-vpc.ts';
import type { PrefixListSpec, SecurityGroupSpec, VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkDeviceNames } from './device-names.ts';
import { readDns } from './dns.ts';
import { readEndpoints } from './endpoints.ts';
import { readServiceInterfaces } from './interfaces.ts';
import { readVpcIpv6Cidrs } from './ipv6.ts';
import { readLoadBalancers } from './load-balancers.ts';
import { checkUnique, namesOf } from './names.ts';
import { readNatGateways } from './nat-gateways.ts';
import { readNetworkAcls } from './network-acls.ts';
import { readRouteTables } from './route-tables.ts';
import { routeTargetNames } from './route-target-names.ts';
import { DEFAULT_GROUP, groupNames, type KnownPeers, unseenPeerings } from './rule-peers.ts';
import { readSecurityGroups } from './security-groups.ts';
import { readSubnets } from './subnets.ts';
import { readVpcCidrs } from './vpc-cidrs.ts';

const DEFAULT_REGION = 'us-east-1';
/** Name of the internet gateway of the first VPC that names none. */
const USUAL_GATEWAY = 'igw';
/** The account number of AWS's own examples. */
const DEFAULT_ACCOUNT = '111122223333';

/** `madeGroups`: security groups that EKS makes, by the name of their VPC. */
export function readVpcs(
  reading: Reading,
  file: TopologyFile,
  madeGroups: ReadonlyMap<string, readonly SecurityGroupSpec[]>,
  prefixLists: readonly PrefixListSpec[],
): readonly VpcSpec[] {
  checkUnique(reading, ['VPC', file.vpcs]);
  checkDeviceNames(reading, file);
  const written = file.vpcs ?? [];
  const groups = new Map(written.map((vpc) => [vpc.name, groupNames(vpc, madeGroups.get(vpc.name) ?? [])]));
  const unseen = unseenPeerings(file);
  const regions = new Map(written.map((vpc) => [vpc.name, regionOf(vpc)]));
  const vpcs = written.map((vpc) => {
    const instances = (file.instances ?? []).filter((instance) => vpcOfInstance(file, instance) === vpc.name);
    const region = regionOf(vpc);
    const lists = { lists: prefixLists, region };
    const peers = { vpc: vpc.name, region, groups, regions, unseen, prefixLists: lists };
    return readVpc(reading, file, vpc, instances, madeGroups.get(vpc.name) ?? [], peers);
  });
  warnOfOverlaps(reading, file, vpcs);
  return vpcs;
}

/** The VPC an instance is written into: by name, or the only one that has its subnet. */
export function vpcOfInstance(
  file: TopologyFile,
  instance: { readonly vpc?: string | undefined; readonly subnet: string },
): string | undefined {
  if (instance.vpc !== undefined) return instance.vpc;
  const having = (file.vpcs ?? []).filter(({ subnets }) => namesOf(subnets).has(instance.subnet));
  return having.length === 1 ? having[0]!.name : undefined;
}

function readVpc(
  reading: Reading,
  file: TopologyFile,
  vpc: VpcFile,
  instances: NonNullable<TopologyFile['instances']>,
  made: readonly SecurityGroupSpec[],
  peers: KnownPeers,
): VpcSpec {
  const path = `vpcs.${vpc.name}`;
  const { region, prefixLists } = peers;
  if (vpc.region === undefined) reading.fill(`${path}.region`, region, 'vpcsim');
  const account = vpc.account ?? reading.fill(`${path}.account`, DEFAULT_ACCOUNT, 'vpcsim');
  const { cidrs, complete } = readVpcCidrs(reading, vpc);
  const ipv6Cidrs = readVpcIpv6Cidrs(reading, vpc);
  const gateway = internetGateway(reading, file, vpc);
  const egressOnly = egressOnlyGateway(reading, vpc);
  const targets = routeTargetNames(reading, file, vpc, { gateway, egressOnly }, instances);
  const routeTables = readRouteTables(reading, vpc, {
    cidrs: [...cidrs, ...ipv6Cidrs],
    targets,
    prefixLists,
  });
  const networkAcls = readNetworkAcls(reading, vpc);
  const subnets = readSubnets(reading, vpc, {
    cidrs: complete ? cidrs : undefined,
    ipv6Cidrs,
    region,
    routeTables: namesOf(routeTables),
    mainRouteTable: routeTables.find(({ main }) => main)!.name,
    networkAcls: namesOf(networkAcls),
  });
  return {
    name: vpc.name,
    region,
    account,
    cidrs,
    ipv6Cidrs,
    subnets,
    ...(gateway && { internetGateway: gateway }),
    ...(egressOnly && { egressOnlyInternetGateway: egressOnly }),
    ...(vpc.vpnGateway && { vpnGateway: vpnGateway(reading, vpc.name, vpc.vpnGateway) }),
    natGateways: readNatGateways(reading, vpc, { subnets, region, hasGateway: gateway !== undefined }),
    routeTables,
    securityGroups: readSecurityGroups(reading, vpc, made, peers),
    networkAcls,
    endpoints: readEndpoints(reading, vpc, {
      region,
      routeTables,
      subnets,
      made,
      prefixLists: prefixLists.lists,
    }),
    ...readDns(reading, vpc),
    interfaces: readServiceInterfaces(reading, vpc, made),
    loadBalancers: readLoadBalancers(reading, vpc.loadBalancers, {
      path,
      region,
      subnets: namesOf(vpc.subnets),
      securityGroups: namesOf([...(vpc.securityGroups ?? []), ...made]).add(DEFAULT_GROUP),
      machines: namesOf([...instances, ...(file.cluster?.nodes ?? [])]),
    }),
    origin: reading.of(vpc),
  };
}

/** The Region of a VPC: the one its zones speak of, where it does not say. */
export function regionOf(vpc: VpcFile): string {
  if (vpc.region !== undefined) return vpc.region;
  const zone = vpc.subnets?.find(({ az }) => az !== undefined)?.az;
  return zone ? zone.slice(0, -1) : DEFAULT_REGION;
}

function internetGateway(reading: Reading, { vpcs }: TopologyFile, vpc: VpcFile): VpcSpec['internetGateway'] {
  const written = vpc.internetGateway;
  if (!written) return undefined;
  const path = `vpcs.${vpc.name}.internetGateway.name`;
  const others = (vpcs ?? []).flatMap(({ internetGateway: other }) => other ?? []);
  const first = others.find(({ name }) => name === undefined) === written;
  const free = first && !others.some(({ name }) => name === USUAL_GATEWAY);
  const name =
    written.name ?? reading.fill(path, free ? USUAL_GATEWAY : `${USUAL_GATEWAY}-${vpc.name}`, 'vpcsim');
  const state = written.state ?? reading.fill(`vpcs.${vpc.name}.internetGateway.state`, 'available', 'AWS');
  return { name, state, origin: reading.of(written) };
}

function egressOnlyGateway(reading: Reading, vpc: VpcFile): VpcSpec['egressOnlyInternetGateway'] {
  const written = vpc.egressOnlyInternetGateway;
  if (!written) return undefined;
  const path = `vpcs.${vpc.name}.egressOnlyInternetGateway.name`;
  const name = written.name ?? reading.fill(path, `eigw-${vpc.name}`, 'vpcsim');
  return { name, origin: reading.of(written) };
}

function vpnGateway(
  reading: Reading,
  vpc: string,
  written: NonNullable<VpcFile['vpnGateway']>,
): NonNullable<VpcSpec['vpnGateway']> {
  const { name, state } = written;
  const path = `vpcs.${vpc}.vpnGateway.state`;
  return { name, state: state ?? reading.fill(path, 'attached', 'vpcsim'), origin: reading.of(written) };
}

/** Two VPCs may have the same addresses, but then they can never be joined. */
function warnOfOverlaps(reading: Reading, file: TopologyFile, vpcs: readonly VpcSpec[]): void {
  for (const [index, vpc] of vpcs.entries()) {
    for (const other of vpcs.slice(0, index)) {
      const block = vpc.cidrs.find((one) => other.cidrs.some((two) => overlaps(one, two)));
      if (!block) continue;
      const message = `${formatCidr(block)} overlaps VPC ${JSON.stringify(other.name)}: they cannot be joined`;
      reading.warn(reading.of(file.vpcs![index]!, 'cidrs'), { code: 'cidr/overlap', message });
    }
  }
}
