/** What `aws ec2 describe-*` would print of a world of ours. */
import { formatCidr } from '../../../src/addressing/cidr.ts';
import { formatIpv4 } from '../../../src/addressing/ip.ts';
import { hasPorts } from '../../../src/packet/protocol.ts';
import type { SecurityGroupInput, SecurityGroupRule } from '../../../src/vpc/security-group.ts';
import { type EniPlan, publicPairs } from '../../../src/world/eni-plan.ts';
import type { Site } from '../../../src/world/sites.ts';
import type { Topology } from '../../../src/world/topology.ts';
import type { NetworkAclRuleSpec, VpcSpec } from '../../../src/world/vpc-spec.ts';
import { ACCOUNT, elbId, id } from './ids.ts';

export type Json = Record<string, unknown>;

export interface Account {
  readonly topology: Topology;
  readonly vpc: VpcSpec;
  readonly site: Site;
  /** With the rules that controllers added. */
  readonly groups: readonly SecurityGroupInput[];
}

/** By the key that the commands print them under. */
export function ec2(account: Account): Record<string, Json[]> {
  const { vpc, site, groups } = account;
  const VpcId = id('vpc', vpc.name);
  return {
    Vpcs: [
      {
        VpcId,
        OwnerId: ACCOUNT,
        State: 'available',
        CidrBlock: formatCidr(vpc.cidrs[0]!),
        CidrBlockAssociationSet: vpc.cidrs.map((block) => ({
          CidrBlock: formatCidr(block),
          CidrBlockState: { State: 'associated' },
        })),
      },
    ],
    Subnets: vpc.subnets.map(({ name, cidr, az, mapPublicIp, tags }) => ({
      SubnetId: id('subnet', name),
      VpcId,
      CidrBlock: formatCidr(cidr),
      AvailabilityZone: az,
      MapPublicIpOnLaunch: mapPublicIp,
      State: 'available',
      Tags: tagList({ Name: name, ...tags }),
    })),
    InternetGateways: vpc.internetGateway
      ? [
          {
            InternetGatewayId: id('igw', vpc.internetGateway.name),
            Attachments: [{ VpcId, State: 'available' }],
          },
        ]
      : [],
    NatGateways: vpc.natGateways.map((nat) => {
      const eni = site.enis.find(({ host }) => host.kind === 'nat-gateway' && host.id === nat.name)!;
      return {
        NatGatewayId: id('nat', nat.name),
        VpcId,
        SubnetId: id('subnet', nat.subnet!),
        State: 'available',
        ConnectivityType: nat.connectivity,
        NatGatewayAddresses: publicPairs(eni).map(([inside, outside]) => ({
          NetworkInterfaceId: id('eni', eni.id),
          PrivateIp: formatIpv4(inside),
          PublicIp: formatIpv4(outside),
        })),
      };
    }),
    RouteTables: vpc.routeTables.map((table) => ({
      RouteTableId: id('rtb', table.name),
      VpcId,
      Associations: [
        ...(table.main ? [{ Main: true, RouteTableId: id('rtb', table.name) }] : []),
        ...vpc.subnets
          .filter(({ routeTable }) => routeTable === table.name)
          .map(({ name }) => ({ Main: false, SubnetId: id('subnet', name) })),
      ],
      Routes: [
        ...vpc.cidrs.map((block) => ({
          DestinationCidrBlock: formatCidr(block),
          GatewayId: 'local',
          State: 'active',
          Origin: 'CreateRouteTable',
        })),
        ...table.routes.map(({ to, via }) => ({
          DestinationCidrBlock: formatCidr(to),
          ...(vpc.natGateways.some(({ name }) => name === via)
            ? { NatGatewayId: id('nat', via) }
            : { GatewayId: id('igw', via) }),
          State: 'active',
          Origin: 'CreateRoute',
        })),
      ],
    })),
    NetworkAcls: vpc.networkAcls.map((acl, place) => ({
      NetworkAclId: id('acl', acl.name),
      VpcId,
      IsDefault: place === 0,
      Associations: vpc.subnets
        .filter(({ networkAcl }) => networkAcl === acl.name)
        .map(({ name }) => ({ NetworkAclId: id('acl', acl.name), SubnetId: id('subnet', name) })),
      Entries: [
        ...acl.ingress.map((rule) => aclEntry(rule, false)),
        ...acl.egress.map((rule) => aclEntry(rule, true)),
      ],
    })),
    SecurityGroups: groups.map((group) => ({
      GroupId: id('sg', group.name),
      GroupName: group.name,
      VpcId,
      IpPermissions: group.ingress.map(permission),
      IpPermissionsEgress: group.egress.map(permission),
    })),
    NetworkInterfaces: site.enis.map((eni) => networkInterface(eni, account)),
    Reservations: machines(account).map(({ name, type, primary, groups: held }) => ({
      ReservationId: id('r', name),
      Instances: [
        {
          InstanceId: id('i', name),
          InstanceType: type,
          VpcId,
          SubnetId: id('subnet', primary.subnet),
          PrivateIpAddress: formatIpv4(primary.addresses[0]!.address),
          ...(primary.publicAddress !== undefined && { PublicIpAddress: formatIpv4(primary.publicAddress) }),
          SecurityGroups: held.map((group) => ({ GroupId: id('sg', group), GroupName: group })),
          SourceDestCheck: primary.sourceDestCheck,
          State: { Code: 16, Name: 'running' },
          Placement: { AvailabilityZone: primary.az },
          NetworkInterfaces: site.enis
            .filter(({ host }) => host.kind === primary.host.kind && host.id === primary.host.id)
            .map((eni) => networkInterface(eni, account)),
        },
      ],
    })),
  };
}

function machines({ site }: Account) {
  const primaryOf = (kind: string, name: string): EniPlan =>
    site.enis.find(({ host }) => host.kind === kind && host.id === name && host.port === 1)!;
  return [
    ...(site.cluster?.nodes ?? []).map(({ name, instanceType, securityGroups }) => ({
      name,
      type: instanceType,
      primary: primaryOf('node', name),
      groups: securityGroups,
    })),
    ...site.instances.map(({ spec }) => ({
      name: spec.name,
      type: 't3.micro',
      primary: primaryOf('instance', spec.name),
      groups: spec.securityGroups,
    })),
  ];
}

function networkInterface(eni: EniPlan, { vpc, site }: Account): Json {
  const open = new Map(publicPairs(eni));
  const inPrefix = new Set(
    eni.prefixes.flatMap(({ base, length }) =>
      Array.from({ length: 2 ** (32 - length) }, (_, i) => (base + i) | 0),
    ),
  );
  const { host } = eni;
  const association = (address: number): Json =>
    open.has(address) ? { Association: { PublicIp: formatIpv4(open.get(address)!) } } : {};
  const device = site.cluster?.pools.get(host.id)?.enis[host.port - 1];
  const attached = (host.kind === 'node' && !eni.branch) || host.kind === 'instance';
  return {
    NetworkInterfaceId: id('eni', eni.id),
    VpcId: id('vpc', vpc.name),
    SubnetId: id('subnet', eni.subnet),
    AvailabilityZone: eni.az,
    ...description(eni, site),
    Status: 'in-use',
    SourceDestCheck: eni.sourceDestCheck,
    OwnerId: ACCOUNT,
    PrivateIpAddress: formatIpv4(eni.addresses[0]!.address),
    ...association(eni.addresses[0]!.address),
    PrivateIpAddresses: eni.addresses
      .filter(({ address }) => !inPrefix.has(address | 0))
      .map(({ address }, place) => ({
        Primary: place === 0,
        PrivateIpAddress: formatIpv4(address),
        ...association(address),
      })),
    ...(eni.prefixes.length > 0 && {
      Ipv4Prefixes: eni.prefixes.map((prefix) => ({ Ipv4Prefix: formatCidr(prefix) })),
    }),
    Groups: (eni.securityGroups ?? []).map((group) => ({ GroupId: id('sg', group), GroupName: group })),
    ...(attached && {
      Attachment: {
        DeviceIndex: device?.device ?? host.port - 1,
        NetworkCardIndex: device?.card ?? 0,
        InstanceId: id('i', host.id),
        Status: 'attached',
      },
    }),
  };
}

function description(eni: EniPlan, site: Site): Json {
  const { kind, id: host } = eni.host;
  if (kind === 'alb' || kind === 'nlb') {
    const name = host.split('/')[0]!;
    return {
      Description: `ELB ${kind === 'alb' ? 'app' : 'net'}/${name}/${elbId(name)}`,
      InterfaceType: kind === 'nlb' ? 'network_load_balancer' : 'interface',
    };
  }
  if (kind === 'eks-control-plane')
    return { Description: `Amazon EKS ${site.cluster!.spec.name}`, InterfaceType: 'interface' };
  if (kind === 'nat-gateway')
    return { Description: `Interface for NAT Gateway ${id('nat', host)}`, InterfaceType: 'nat_gateway' };
  const pool = site.cluster?.pools.get(host);
  const trunk = pool?.enis[eni.host.port - 1]?.role === 'trunk' && kind === 'node' && !eni.branch;
  return { Description: '', InterfaceType: eni.branch ? 'branch' : trunk ? 'trunk' : 'interface' };
}

function permission({ protocol, ports, peer }: SecurityGroupRule): Json {
  return {
    IpProtocol: protocolOf(protocol),
    ...(ports && { FromPort: ports[0], ToPort: ports[1] }),
    ...(!ports && hasPorts(protocol) && { FromPort: 0, ToPort: 65535 }),
    ...('cidr' in peer && { IpRanges: [{ CidrIp: formatCidr(peer.cidr) }] }),
    ...('group' in peer && { UserIdGroupPairs: [{ GroupId: id('sg', peer.group), UserId: ACCOUNT }] }),
  };
}

function aclEntry({ rule, protocol, ports, cidr, action }: NetworkAclRuleSpec, egress: boolean): Json {
  return {
    RuleNumber: rule,
    Protocol: String(protocol),
    ...(ports && { PortRange: { From: ports[0], To: ports[1] } }),
    CidrBlock: formatCidr(cidr),
    RuleAction: action,
    Egress: egress,
  };
}

function protocolOf(protocol: number): string {
  return { '-1': '-1', 6: 'tcp', 17: 'udp', 1: 'icmp' }[protocol] ?? String(protocol);
}

function tagList(tags: Readonly<Record<string, string>>): Json[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
