/** Makes the gateways that a VPC has of its own: the internet gateway, NAT gateways. */
import { addressAt } from '../addressing/cidr.ts';
import type { BlockPublicAccess } from '../vpc/block-public-access.ts';
import { egressOnlyInternetGateway } from '../vpc/egress-only-internet-gateway.ts';
import { internetGateway } from '../vpc/internet-gateway.ts';
import { natGateway } from '../vpc/nat-gateway.ts';
import { regionalNatGateway } from '../vpc/regional-nat-gateway.ts';
import { ROUTER_OFFSET } from '../vpc/subnet.ts';
import { publicPairs } from './eni-plan.ts';
import type { Roster } from './roster.ts';
import { edgeTable, tableOf } from './route-tables.ts';
import type { BlockPublicAccessSpec, NatGatewaySpec, VpcSpec } from './vpc-spec.ts';
import type { VpcPlan } from './wire-vpc.ts';

export function wireGateways(plan: VpcPlan, roster: Roster, internet: number): void {
  const { spec, segment, enis, publicAccess, regionalNat } = plan;
  if (spec.internetGateway) {
    const pairs = enis.filter(({ detached }) => detached === undefined).flatMap(publicPairs);
    roster.place(internetGateway, {
      index: roster.index('internet-gateway', spec.internetGateway.name),
      kind: 'internet-gateway',
      id: spec.internetGateway.name,
      name: spec.internetGateway.name,
      origin: spec.internetGateway.origin,
      segment,
      state: spec.internetGateway.state === 'available' ? undefined : spec.internetGateway.state,
      router: roster.index('vpc-router', spec.name),
      routerPort: edgeTable(spec, spec.internetGateway.name),
      internet,
      publicOf: new Map(pairs),
      privateOf: new Map(pairs.map(([inside, outside]) => [outside, inside])),
      regionalNat:
        regionalNat.size === 0
          ? undefined
          : new Map(
              [...regionalNat].flatMap(([name, addresses]) =>
                addresses.map((address) => [address, roster.index('regional-nat-gateway', name)] as const),
              ),
            ),
      publicAccess: publicAccess && accessOf(spec, publicAccess, roster),
      cidrs: spec.cidrs,
    });
  }
  if (spec.egressOnlyInternetGateway) {
    const { name, origin } = spec.egressOnlyInternetGateway;
    roster.place(egressOnlyInternetGateway, {
      index: roster.index('egress-only-internet-gateway', name),
      kind: 'egress-only-internet-gateway',
      id: name,
      name,
      origin,
      segment,
      router: roster.index('vpc-router', spec.name),
      internet,
      publicAccess: publicAccess && accessOf(spec, publicAccess, roster),
    });
  }
  for (const nat of spec.natGateways) wireNat(nat, plan, roster);
}

function wireNat(
  nat: NatGatewaySpec,
  { spec, segment, enis, regionalNat, pods }: VpcPlan,
  roster: Roster,
): void {
  const { name, origin, zones } = nat;
  const tables = new Map<number, number>();
  for (const subnet of spec.subnets) {
    const count = pods.get(subnet.name);
    const table = spec.routeTables.indexOf(tableOf(spec, subnet));
    if (count !== undefined) tables.set(table, (tables.get(table) ?? 0) + count);
  }
  const common = {
    id: name,
    name,
    origin,
    state: nat.state === 'available' ? undefined : nat.state,
    cidrs: spec.cidrs,
    segment,
    router: roster.index('vpc-router', spec.name),
    zones,
    pods: tables,
  };
  const addresses = regionalNat.get(name);
  if (addresses) {
    const index = roster.index('regional-nat-gateway', name);
    roster.place(regionalNatGateway, {
      ...common,
      index,
      kind: 'regional-nat-gateway',
      addresses,
      target: index,
      routerPort: edgeTable(spec, name),
    });
    return;
  }
  const own = enis.find(({ host }) => host.kind === 'nat-gateway' && host.id === name);
  const place = spec.subnets.find((subnet) => subnet.name === nat.subnet);
  if (!own || !place) return;
  const eni = roster.index('eni', own.id);
  roster.place(natGateway, {
    ...common,
    index: roster.index('nat-gateway', name),
    kind: 'nat-gateway',
    az: place.az,
    addresses: own.addresses.map(({ address }) => address),
    target: eni,
    eni,
    gateway: addressAt(place.cidr, ROUTER_OFFSET),
    address: own.addresses[0]!.address,
  });
}

/** What Block Public Access says of one VPC. */
function accessOf(
  { name }: VpcSpec,
  { mode, exclusions }: BlockPublicAccessSpec,
  roster: Roster,
): BlockPublicAccess {
  const own = exclusions.filter(({ vpc }) => vpc === name);
  return {
    mode,
    vpc: own.find(({ subnet }) => subnet === undefined)?.mode,
    subnets: new Map(
      own.flatMap(({ subnet, mode: excluded }) =>
        subnet === undefined ? [] : [[roster.index('subnet', subnet), excluded] as const],
      ),
    ),
  };
}
