/** Makes the devices of a VPC: router, subnets, interfaces. */
import { derived } from '../base/origin.ts';
import { type BlockSet, blockSet } from '../vpc/block-set.ts';
import { eni } from '../vpc/eni.ts';
import { compileAcl } from '../vpc/network-acl.ts';
import { compileRouteTable, type Route, type RouteTarget } from '../vpc/route-table.ts';
import {
  compileSecurityGroup,
  type NamedPeer,
  type SecurityGroup,
  type SecurityGroupInput,
} from '../vpc/security-group.ts';
import { subnet } from '../vpc/subnet.ts';
import { vpcRouter } from '../vpc/vpc-router.ts';
import type { EniPlan } from './eni-plan.ts';
import { prefixListNamed } from './prefix-lists.ts';
import type { Roster } from './roster.ts';
import { allRouteTables, tableOf } from './route-tables.ts';
import { routeTargets } from './route-targets.ts';
import type { Strata } from './strata.ts';
import type { BlockPublicAccessSpec, PrefixListSpec, RouteTableSpec, VpcSpec } from './topology.ts';
import { endpointRoutes, wireEndpoints } from './wire-endpoints.ts';
import { wireGateways } from './wire-gateways.ts';

export interface VpcPlan {
  readonly spec: VpcSpec;
  /** Number of its segment in `Network.owners`. */
  readonly segment: number;
  readonly enis: readonly EniPlan[];
  /** Block Public Access of its account and Region, where it is on. */
  readonly publicAccess: BlockPublicAccessSpec | undefined;
  /** Public addresses of regional NAT gateways, by name. */
  readonly regionalNat: ReadonlyMap<string, readonly number[]>;
  /** How many pods send from a subnet what leaves the VPC. */
  readonly pods: ReadonlyMap<string, number>;
  /** Addresses of IPv6 that cluster nodes have and no interface of the VPC holds. */
  readonly otherAddresses: ReadonlySet<number>;
  /** With the groups that controllers made, and the rules they added. */
  readonly securityGroups: readonly SecurityGroupInput[];
  /** What leads to other VPCs and networks, by the names that routes use. */
  readonly links: ReadonlyMap<string, RouteTarget>;
  readonly prefixLists: readonly PrefixListSpec[];
}

/** Makes them; returns who owns which private address. */
export function wireVpc(
  plan: VpcPlan,
  roster: Roster,
  strata: Strata,
  internet: number,
): ReadonlyMap<number, number> {
  const { spec, segment, enis } = plan;
  const groups = compileGroups(plan, strata);
  const router = roster.index('vpc-router', spec.name);
  const subnetIndex = new Map(spec.subnets.map(({ name }) => [name, roster.index('subnet', name)]));
  const owners = new Map<number, number>();

  const boxes = middleboxes(spec, enis);

  for (const each of enis) {
    const index = roster.index('eni', each.id);
    for (const { address } of each.addresses) owners.set(address, index);
    for (const address of each.ipv6Addresses ?? []) owners.set(address, index);
    roster.place(eni, {
      index,
      kind: 'eni',
      entry: each.host.kind === 'alb' || each.host.kind === 'nlb',
      id: each.id,
      name: each.id,
      az: each.az,
      origin: each.origin,
      segment,
      subnet: subnetIndex.get(each.subnet)!,
      host: roster.index(each.host.kind, each.host.id),
      hostPort: each.host.port,
      sourceDestCheck: each.sourceDestCheck,
      securityGroups: each.securityGroups?.map((name) => groups.get(name)!) ?? null,
      address: each.addresses[0]!.address,
      publicAddress: each.publicAddress,
      middlebox: boxes.has(each.host.id),
      down: each.down,
      detached: each.detached,
    });
  }

  const targets = routeTargets(plan, roster);
  const tables = allRouteTables(spec).map((table) =>
    compileRouteTable({
      name: table.name,
      routes: [...routesOf(table, spec, targets), ...endpointRoutes(table, spec, plan.prefixLists, roster)],
    }),
  );
  roster.place(vpcRouter, {
    index: router,
    kind: 'vpc-router',
    fabric: true,
    id: spec.name,
    name: `router of VPC ${spec.name}`,
    origin: spec.origin,
    segment,
    cidrs: [...spec.cidrs, ...spec.ipv6Cidrs],
    tables,
    subnets: spec.subnets.flatMap(({ name, cidr, ipv6Cidr }) =>
      [cidr, ipv6Cidr].flatMap((block) => (block ? [{ cidr: block, index: subnetIndex.get(name)! }] : [])),
    ),
    otherAddresses: plan.otherAddresses,
  });

  const acls = new Map(
    spec.networkAcls.map((acl) => [
      acl.name,
      strata.keep(`nacl/${spec.name}/${acl.name}`, [acl], () => compileAcl(acl)),
    ]),
  );
  for (const each of spec.subnets)
    roster.place(subnet, {
      index: subnetIndex.get(each.name)!,
      kind: 'subnet',
      fabric: true,
      id: each.name,
      name: each.name,
      az: each.az,
      origin: each.origin,
      segment,
      cidr: each.cidr,
      ipv6Cidr: each.ipv6Cidr,
      router,
      routerPort: spec.routeTables.indexOf(tableOf(spec, each)),
      acl: acls.get(each.networkAcl)!,
    });

  wireGateways(plan, roster, internet);
  wireEndpoints(plan, roster);
  return owners;
}

/** Ids of the hosts that gateway route tables lead packets to. */
function middleboxes({ routeTables }: VpcSpec, enis: readonly EniPlan[]): ReadonlySet<string> {
  const targets = new Set(
    routeTables.flatMap(({ edge, routes }) => (edge.length > 0 ? routes.map(({ via }) => via) : [])),
  );
  const led = enis.filter(({ id, host }) => targets.has(id) || targets.has(host.id));
  return new Set(led.map(({ host }) => host.id));
}

/** Groups are compiled each for itself; who holds a group is the same set as before while its addresses are. */
function compileGroups(
  { spec, enis, securityGroups, prefixLists }: VpcPlan,
  strata: Strata,
): ReadonlyMap<string, SecurityGroup> {
  const members = (group: string): ReadonlySet<number> | undefined => {
    if (!securityGroups.some(({ name }) => name === group)) return undefined;
    const addresses = enis
      .filter((each) => each.securityGroups?.includes(group))
      .flatMap(({ addresses: four, ipv6Addresses: six = [] }) => [
        ...four.map(({ address }) => address),
        ...six,
      ]);
    return strata.keep(`members/${spec.name}/${group}`, [addresses.join()], () => new Set(addresses));
  };
  const blocks = (name: string): BlockSet | undefined => {
    const list = prefixListNamed(prefixLists, name, spec.region);
    return list && strata.keep(`blocks/${list.name}/${list.region}`, [list], () => blockSet(list.cidrs));
  };
  const addressesOf = (peer: NamedPeer): ReadonlySet<number> | BlockSet | undefined =>
    'prefixList' in peer ? blocks(peer.prefixList) : members(peer.group);
  return new Map(
    securityGroups.map((group) => {
      const named = [...group.ingress, ...group.egress].flatMap(({ peer }) => ('cidr' in peer ? [] : [peer]));
      const compiled = strata.keep(
        `group/${spec.name}/${group.name}`,
        [group.ingress, group.egress, ...named.map(addressesOf)],
        () => compileSecurityGroup(group, addressesOf),
      );
      return [group.name, compiled];
    }),
  );
}

/** The table's own routes, and the local one that every block of the VPC gives every table. */
function routesOf(table: RouteTableSpec, spec: VpcSpec, targets: ReadonlyMap<string, RouteTarget>): Route[] {
  const local = [...spec.cidrs, ...spec.ipv6Cidrs].map(
    (to): Route => ({
      to,
      via: 'local',
      target: { kind: 'local' },
      origin: derived('AWS: a local route for each block of the VPC', spec.origin),
    }),
  );
  return [
    ...local,
    ...table.routes.map(
      ({ to, via, by, prefixList, origin }): Route => ({
        to,
        via,
        target: targets.get(via) ?? { kind: 'not-modelled', what: via },
        propagated: by === 'propagated',
        prefixList,
        origin,
      }),
    ),
  ];
}
