/** Makes the devices of a VPC: router, subnets, interfaces, gateways. */
import { addressAt } from '../addressing/cidr.ts';
import { derived } from '../base/origin.ts';
import { eni } from '../vpc/eni.ts';
import { internetGateway } from '../vpc/internet-gateway.ts';
import { natGateway } from '../vpc/nat-gateway.ts';
import { compileAcl } from '../vpc/network-acl.ts';
import { NO_TABLE } from '../vpc/ports.ts';
import { compileRouteTable, type Route, type RouteTarget } from '../vpc/route-table.ts';
import { compileSecurityGroup, type SecurityGroup, type SecurityGroupInput } from '../vpc/security-group.ts';
import { ROUTER_OFFSET, subnet } from '../vpc/subnet.ts';
import { vpcRouter } from '../vpc/vpc-router.ts';
import type { EniPlan } from './eni-plan.ts';
import { tableOf } from './graph.ts';
import type { Roster } from './roster.ts';
import type { Strata } from './strata.ts';
import type { RouteTableSpec, VpcSpec } from './topology.ts';

export interface VpcPlan {
  readonly spec: VpcSpec;
  /** Number of its segment in `Network.owners`. */
  readonly segment: number;
  readonly enis: readonly EniPlan[];
  /** With the groups that controllers made, and the rules they added. */
  readonly securityGroups: readonly SecurityGroupInput[];
}

/** Where a VPC's gateways sit, by the names that routes use. */
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

  for (const each of enis) {
    const index = roster.index('eni', each.id);
    for (const { address } of each.addresses) owners.set(address, index);
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
    });
  }

  const tables = spec.routeTables.map((table) =>
    compileRouteTable({ name: table.name, routes: routesOf(table, plan, roster, subnetIndex) }),
  );
  roster.place(vpcRouter, {
    index: router,
    kind: 'vpc-router',
    fabric: true,
    id: spec.name,
    name: `router of VPC ${spec.name}`,
    origin: spec.origin,
    segment,
    cidrs: spec.cidrs,
    tables,
    subnets: spec.subnets.map(({ name, cidr }) => ({ cidr, index: subnetIndex.get(name)! })),
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
      router,
      routerPort: spec.routeTables.indexOf(tableOf(spec, each)),
      acl: acls.get(each.networkAcl)!,
    });

  if (spec.internetGateway) {
    const mapped = enis.filter(({ publicAddress }) => publicAddress !== undefined);
    roster.place(internetGateway, {
      index: roster.index('internet-gateway', spec.internetGateway.name),
      kind: 'internet-gateway',
      id: spec.internetGateway.name,
      name: spec.internetGateway.name,
      origin: spec.internetGateway.origin,
      segment,
      router,
      routerPort: NO_TABLE,
      internet,
      publicOf: new Map(
        mapped.map(({ addresses, publicAddress }) => [addresses[0]!.address, publicAddress!]),
      ),
      privateOf: new Map(
        mapped.map(({ addresses, publicAddress }) => [publicAddress!, addresses[0]!.address]),
      ),
      cidrs: spec.cidrs,
    });
  }
  for (const nat of spec.natGateways) {
    const own = enis.find(({ host }) => host.kind === 'nat-gateway' && host.id === nat.name)!;
    const place = spec.subnets.find(({ name }) => name === nat.subnet)!;
    roster.place(natGateway, {
      index: roster.index('nat-gateway', nat.name),
      kind: 'nat-gateway',
      id: nat.name,
      name: nat.name,
      az: place.az,
      origin: nat.origin,
      eni: roster.index('eni', own.id),
      gateway: addressAt(place.cidr, ROUTER_OFFSET),
      address: own.addresses[0]!.address,
      connectivity: nat.connectivity,
      cidrs: spec.cidrs,
    });
  }
  return owners;
}

/** Groups are compiled each for itself; who holds a group is the same set as before while its addresses are. */
function compileGroups(
  { spec, enis, securityGroups }: VpcPlan,
  strata: Strata,
): ReadonlyMap<string, SecurityGroup> {
  const members = (group: string): ReadonlySet<number> | undefined => {
    if (!securityGroups.some(({ name }) => name === group)) return undefined;
    const addresses = enis
      .filter((each) => each.securityGroups?.includes(group))
      .flatMap((each) => each.addresses.map(({ address }) => address));
    return strata.keep(`members/${spec.name}/${group}`, [addresses.join()], () => new Set(addresses));
  };
  return new Map(
    securityGroups.map((group) => {
      const named = [...group.ingress, ...group.egress].flatMap(({ peer }) =>
        'group' in peer ? [peer.group] : [],
      );
      const sets = named.map(members);
      const compiled = strata.keep(
        `group/${spec.name}/${group.name}`,
        [group.ingress, group.egress, ...sets],
        () => compileSecurityGroup(group, members),
      );
      return [group.name, compiled];
    }),
  );
}

/** The table's own routes, and the local one that every block of the VPC gives every table. */
function routesOf(
  table: RouteTableSpec,
  plan: VpcPlan,
  roster: Roster,
  subnets: ReadonlyMap<string, number>,
): Route[] {
  const { spec } = plan;
  const local = spec.cidrs.map(
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
      ({ to, via, origin }): Route => ({ to, via, target: targetOf(via, plan, roster, subnets), origin }),
    ),
  ];
}

function targetOf(
  via: string,
  { spec, enis }: VpcPlan,
  roster: Roster,
  subnets: ReadonlyMap<string, number>,
): RouteTarget {
  if (via === 'blackhole') return { kind: 'blackhole' };
  if (via === 'local') return { kind: 'local' };
  if (via === spec.internetGateway?.name)
    return { kind: 'gateway', device: roster.index('internet-gateway', via) };
  const own = enis.find(({ id, host }) => (host.id === via && host.kind !== 'pod') || id === via);
  if (own)
    return {
      kind: 'eni',
      device: roster.index('eni', own.id),
      address: own.addresses[0]!.address,
      subnet: subnets.get(own.subnet)!,
    };
  return { kind: 'not-modelled', what: via };
}
