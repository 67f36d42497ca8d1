/** Makes the gateways that a VPC has of its own: the internet gateway, NAT gateways. */
import { addressAt } from '../addressing/cidr.ts';
import type { BlockPublicAccess } from '../vpc/block-public-access.ts';
import { internetGateway } from '../vpc/internet-gateway.ts';
import { natGateway } from '../vpc/nat-gateway.ts';
import { NO_TABLE } from '../vpc/ports.ts';
import { ROUTER_OFFSET } from '../vpc/subnet.ts';
import { publicPairs } from './eni-plan.ts';
import type { Roster } from './roster.ts';
import type { BlockPublicAccessSpec, VpcSpec } from './topology.ts';
import type { VpcPlan } from './wire-vpc.ts';

export function wireGateways(
  { spec, segment, enis, publicAccess }: VpcPlan,
  roster: Roster,
  internet: number,
): void {
  if (spec.internetGateway) {
    const pairs = enis.flatMap(publicPairs);
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
      regionalNat: undefined,
      publicAccess: publicAccess && accessOf(spec, publicAccess, roster),
      cidrs: spec.cidrs,
    });
  }
  for (const nat of spec.natGateways) {
    const own = enis.find(({ host }) => host.kind === 'nat-gateway' && host.id === nat.name);
    const place = spec.subnets.find(({ name }) => name === nat.subnet);
    if (!own || !place) continue;
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

/** Number of the route table that a gateway's inbound packets ask, as the router has it, or NO_TABLE. */
export function edgeTable({ routeTables }: VpcSpec, gateway: string): number {
  const number = routeTables.findIndex(({ edge }) => edge.includes(gateway));
  return number < 0 ? NO_TABLE : number;
}
