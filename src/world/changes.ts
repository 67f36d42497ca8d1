/** Makes the changes that blockers propose: a topology in, a changed one out that shares what the change leaves alone.
 *  Names that lead nowhere change nothing: what a controller made, or a dump gave, is not the topology's to change. */
import { sameBlock } from '../addressing/cidr.ts';
import { unreachable } from '../base/assert.ts';
import { defaulted } from '../base/origin.ts';
import type { NetworkChange, Stateful } from '../vpc/changes.ts';
import type { MetadataOptions } from '../vpc/instance-metadata.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type { ResourceState, TransitGatewaySpec, TransitRouteSpec } from './link-spec.ts';
import type { Topology } from './topology.ts';
import type { BlockPublicAccessSpec, RouteSpec, VpcSpec } from './vpc-spec.ts';

type Of<K extends NetworkChange['kind']> = Extract<NetworkChange, { readonly kind: K }>;

/** Where what was added comes from. */
const origin = defaulted('vpcsim', 'a change that a trace proposed');

/** The changed topology; undefined where it has no such thing, or has it already. */
export function applyChange(topology: Topology, change: NetworkChange): Topology | undefined {
  const changed = made(topology, change);
  return changed === topology ? undefined : changed;
}

function made(topology: Topology, change: NetworkChange): Topology {
  switch (change.kind) {
    case 'security-group-rule':
      return withGroupRule(topology, change);
    case 'network-acl-rule':
      return withAclRule(topology, change);
    case 'route':
      return withRoute(topology, change);
    case 'route-removal':
      return withoutRoute(topology, change);
    case 'source-dest-check':
      return withoutCheck(topology, change);
    case 'state':
      return withState(topology, change);
    case 'transit-route':
      return withTransitRoute(topology, change);
    case 'transit-route-removal':
      return withoutTransitRoute(topology, change);
    case 'transit-association':
      return withAssociation(topology, change);
    case 'transit-subnet':
      return withFoot(topology, change);
    case 'public-access-exclusion':
      return withExclusion(topology, change);
    case 'metadata-hop-limit':
      return withHopLimit(topology, change);
    case 'public-access-cidr':
      return withCluster(topology, ({ endpointAccess }) => ({
        endpointAccess: { ...endpointAccess, publicCidrs: [...endpointAccess.publicCidrs, change.cidr] },
      }));
    case 'cni-environment':
      return withCluster(topology, ({ cni }) => ({
        cni: { ...cni, env: { ...cni.env, [change.variable]: change.value } },
      }));
    default:
      return unreachable(change);
  }
}

function withGroupRule(topology: Topology, change: Of<'security-group-rule'>): Topology {
  const { direction, protocol, ports, peer } = change;
  const rule = { protocol, ...(ports && { ports }), peer, description: '', origin };
  return withVpc(topology, change.vpc, (vpc) => {
    const securityGroups = withNamed(vpc.securityGroups, change.group, (group) => ({
      ...group,
      [direction]: [...group[direction], rule],
    }));
    return securityGroups === vpc.securityGroups ? vpc : { ...vpc, securityGroups };
  });
}

function withAclRule(topology: Topology, change: Of<'network-acl-rule'>): Topology {
  const { direction, rule, protocol, ports, cidr } = change;
  const added = { rule, protocol, ...(ports && { ports }), cidr, action: 'allow' as const, origin };
  return withVpc(topology, change.vpc, (vpc) => {
    const networkAcls = withNamed(vpc.networkAcls, change.acl, (acl) => ({
      ...acl,
      [direction]: [...acl[direction], added].sort((a, b) => a.rule - b.rule),
    }));
    return networkAcls === vpc.networkAcls ? vpc : { ...vpc, networkAcls };
  });
}

function withRoute(topology: Topology, { vpc: name, table, to, via }: Of<'route'>): Topology {
  const route: RouteSpec = { to, via, by: 'static', origin };
  return withVpc(topology, name, (vpc) => {
    const routeTables = withNamed(vpc.routeTables, table, (found) => ({
      ...found,
      routes: [...found.routes.filter((one) => one.by !== 'static' || !sameBlock(one.to, to)), route],
    }));
    return routeTables === vpc.routeTables ? vpc : { ...vpc, routeTables };
  });
}

function withoutRoute(topology: Topology, { vpc: name, table, to }: Of<'route-removal'>): Topology {
  return withVpc(topology, name, (vpc) => {
    const routeTables = withNamed(vpc.routeTables, table, (found) => ({
      ...found,
      routes: found.routes.filter((one) => one.by !== 'static' || !sameBlock(one.to, to)),
    }));
    return routeTables === vpc.routeTables ? vpc : { ...vpc, routeTables };
  });
}

function withoutCheck(topology: Topology, { id }: Of<'source-dest-check'>): Topology {
  const off = <T extends { readonly sourceDestCheck: boolean }>(one: T): T => ({
    ...one,
    sourceDestCheck: false,
  });
  const instances = withNamed(topology.instances, id, off);
  if (instances !== topology.instances) return { ...topology, instances };
  const held = topology.instances.find(({ interfaces }) => interfaces.some(({ name }) => name === id));
  if (held) {
    const interfaces = withNamed(held.interfaces, id, off);
    return {
      ...topology,
      instances: withNamed(topology.instances, held.name, (one) => ({ ...one, interfaces })),
    };
  }
  const vpc = topology.vpcs.find(({ interfaces }) => interfaces.some(({ name }) => name === id));
  if (!vpc) return topology;
  return withVpc(topology, vpc.name, (one) => ({ ...one, interfaces: withNamed(one.interfaces, id, off) }));
}

/** What AWS calls the state in which a thing carries packets. */
const upState: Readonly<Record<Stateful, ResourceState>> = {
  'internet-gateway': 'available',
  'nat-gateway': 'available',
  'vpn-gateway': 'attached',
  'vpc-peering': 'active',
  'transit-gateway': 'available',
  'tgw-attachment': 'available',
  connection: 'up',
  instance: 'running',
};

function withState(topology: Topology, { of, name }: Of<'state'>): Topology {
  const up = <T extends { readonly state: ResourceState }>(one: T): T => ({ ...one, state: upState[of] });
  switch (of) {
    case 'internet-gateway':
      return withVpcs(topology, (vpc) =>
        vpc.internetGateway?.name === name ? { ...vpc, internetGateway: up(vpc.internetGateway) } : vpc,
      );
    case 'vpn-gateway':
      return withVpcs(topology, (vpc) =>
        vpc.vpnGateway?.name === name ? { ...vpc, vpnGateway: up(vpc.vpnGateway) } : vpc,
      );
    case 'nat-gateway':
      return withVpcs(topology, (vpc) => {
        const natGateways = withNamed(vpc.natGateways, name, up);
        return natGateways === vpc.natGateways ? vpc : { ...vpc, natGateways };
      });
    case 'vpc-peering':
      return withList(topology, 'peerings', withNamed(topology.peerings, name, up));
    case 'transit-gateway':
      return withList(topology, 'transitGateways', withNamed(topology.transitGateways, name, up));
    case 'tgw-attachment':
      return withGateways(topology, (gateway) => {
        const attachments = withNamed(gateway.attachments, name, up);
        return attachments === gateway.attachments ? gateway : { ...gateway, attachments };
      });
    case 'connection':
      return withList(
        topology,
        'connections',
        withNamed(topology.connections, name, (one) => ({ ...one, state: 'up' as const })),
      );
    case 'instance':
      return withList(topology, 'instances', withNamed(topology.instances, name, up));
    default:
      return unreachable(of);
  }
}

function withTransitRoute(topology: Topology, change: Of<'transit-route'>): Topology {
  const { to, via } = change;
  return withTransitTable(topology, change, { to, via, type: 'static', origin });
}

function withoutTransitRoute(topology: Topology, change: Of<'transit-route-removal'>): Topology {
  return withTransitTable(topology, change);
}

/** The table without its static route to a block, and with `added` where there is one. */
function withTransitTable(
  topology: Topology,
  { gateway: name, table, to }: Of<'transit-route' | 'transit-route-removal'>,
  added?: TransitRouteSpec,
): Topology {
  return withGateways(topology, (gateway) => {
    if (gateway.name !== name) return gateway;
    const routeTables = withNamed(gateway.routeTables, table, (found) => {
      const kept = found.routes?.filter((one) => one.type !== 'static' || !sameBlock(one.to, to));
      return { ...found, routes: kept && [...kept, ...(added ? [added] : [])] };
    });
    return routeTables === gateway.routeTables ? gateway : { ...gateway, routeTables };
  });
}

function withFoot(topology: Topology, { attachment: name, subnet }: Of<'transit-subnet'>): Topology {
  return withGateways(topology, (gateway) => {
    const attachments = withNamed(gateway.attachments, name, (one) =>
      one.resource.type === 'vpc'
        ? { ...one, resource: { ...one.resource, subnets: [...one.resource.subnets, subnet] } }
        : one,
    );
    return attachments === gateway.attachments ? gateway : { ...gateway, attachments };
  });
}

function withAssociation(
  topology: Topology,
  { gateway: name, attachment, table }: Of<'transit-association'>,
): Topology {
  return withGateways(topology, (gateway) => {
    if (gateway.name !== name) return gateway;
    const attachments = withNamed(gateway.attachments, attachment, (one) => ({ ...one, association: table }));
    return attachments === gateway.attachments ? gateway : { ...gateway, attachments };
  });
}

function withExclusion(topology: Topology, { vpc, subnet }: Of<'public-access-exclusion'>): Topology {
  const owner = topology.vpcs.find(({ name }) => name === vpc);
  const isMeant = (each: BlockPublicAccessSpec): boolean =>
    each.account === owner?.account && each.region === owner.region;
  if (!topology.blockPublicAccess.some(isMeant)) return topology;
  const added = { vpc, subnet, mode: 'bidirectional' as const };
  const blockPublicAccess = topology.blockPublicAccess.map((each) => {
    const others = each.exclusions.filter((one) => one.vpc !== vpc || one.subnet !== subnet);
    return isMeant(each) ? { ...each, exclusions: [...others, added] } : each;
  });
  return { ...topology, blockPublicAccess };
}

function withHopLimit(topology: Topology, { node, hopLimit }: Of<'metadata-hop-limit'>): Topology {
  const raised = <T extends { readonly metadata: MetadataOptions }>(one: T): T => ({
    ...one,
    metadata: { ...one.metadata, hopLimit },
  });
  return withCluster(topology, ({ nodes, nodeGroups }) => {
    const written = withNamed(nodes, node, raised);
    return written === nodes ? { nodeGroups: nodeGroups.map(raised) } : { nodes: written };
  });
}

function withCluster(topology: Topology, change: (cluster: ClusterSpec) => Partial<ClusterSpec>): Topology {
  const { cluster } = topology;
  return cluster ? { ...topology, cluster: { ...cluster, ...change(cluster) } } : topology;
}

/** The list with the member of this name changed; the list itself where there is none. */
function withNamed<T extends { readonly name: string }>(
  list: readonly T[],
  name: string,
  change: (item: T) => T,
): readonly T[] {
  return list.some((item) => item.name === name)
    ? list.map((item) => (item.name === name ? change(item) : item))
    : list;
}

function withList<K extends 'peerings' | 'transitGateways' | 'connections' | 'instances'>(
  topology: Topology,
  key: K,
  list: Topology[K],
): Topology {
  return list === topology[key] ? topology : { ...topology, [key]: list };
}

function withVpc(topology: Topology, name: string, change: (vpc: VpcSpec) => VpcSpec): Topology {
  return withVpcs(topology, (vpc) => (vpc.name === name ? change(vpc) : vpc));
}

function withVpcs(topology: Topology, change: (vpc: VpcSpec) => VpcSpec): Topology {
  const vpcs = topology.vpcs.map(change);
  return vpcs.every((vpc, index) => vpc === topology.vpcs[index]) ? topology : { ...topology, vpcs };
}

function withGateways(
  topology: Topology,
  change: (gateway: TransitGatewaySpec) => TransitGatewaySpec,
): Topology {
  const transitGateways = topology.transitGateways.map(change);
  return transitGateways.every((one, index) => one === topology.transitGateways[index])
    ? topology
    : { ...topology, transitGateways };
}
