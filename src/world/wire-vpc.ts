/** Makes the devices of a VPC: router, subnets, interfaces. */
import { derived } from '../base/origin.ts';
import { eni } from '../vpc/eni.ts';
import { compileAcl } from '../vpc/network-acl.ts';
import { compileRouteTable, type Route, type RouteTarget } from '../vpc/route-table.ts';
import { compileSecurityGroup, type SecurityGroup, type SecurityGroupInput } from '../vpc/security-group.ts';
import { subnet } from '../vpc/subnet.ts';
import { vpcRouter } from '../vpc/vpc-router.ts';
import { type EniPlan, publicPairs } from './eni-plan.ts';
import type { Refer } from './group-references.ts';
import type { Roster } from './roster.ts';
import { allRouteTables, tableOf } from './route-tables.ts';
import { routeTargets, unnamedTarget } from './route-targets.ts';
import type { Strata } from './strata.ts';
import type { BlockPublicAccessSpec, PrefixListSpec, RouteTableSpec, VpcSpec } from './vpc-spec.ts';
import { wireBuiltIn } from './wire-built-in.ts';
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
  /** What the named peers of their rules stand for. */
  readonly refer: Refer;
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
      metadata: each.metadata,
      publicAddress: publicPairs(each)[0]?.[1],
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
    builtIn: wireBuiltIn(spec, roster),
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

/** Groups are compiled each for itself, again only where a rule or what one names has changed. */
function compileGroups(
  { spec, securityGroups, refer }: VpcPlan,
  strata: Strata,
): ReadonlyMap<string, SecurityGroup> {
  const named = (rules: SecurityGroupInput['ingress'], direction: 'ingress' | 'egress'): unknown[] =>
    rules.flatMap(({ peer }) => {
      if ('cidr' in peer || 'unknown' in peer) return [];
      const { addresses, withheld } = refer(spec, peer, direction) ?? {};
      return [addresses, withheld?.why, withheld?.by, withheld?.addresses];
    });
  return new Map(
    securityGroups.map((group) => {
      const { name, ingress, egress } = group;
      const compiled = strata.keep(
        `group/${spec.name}/${name}`,
        [ingress, egress, ...named(ingress, 'ingress'), ...named(egress, 'egress')],
        () => compileSecurityGroup(group, (peer, direction) => refer(spec, peer, direction)),
      );
      return [name, compiled];
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
        target: targets.get(via) ?? unnamedTarget(via),
        propagated: by === 'propagated',
        prefixList,
        origin,
      }),
    ),
  ];
}
