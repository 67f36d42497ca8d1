/** Makes the gateways that a VPC has of its own: the internet gateway, NAT gateways. */
import { addressAt } from '../addressing/cidr.ts';
import { internetGateway } from '../vpc/internet-gateway.ts';
import { natGateway } from '../vpc/nat-gateway.ts';
import { NO_TABLE } from '../vpc/ports.ts';
import { ROUTER_OFFSET } from '../vpc/subnet.ts';
import type { Roster } from './roster.ts';
import type { VpcPlan } from './wire-vpc.ts';

export function wireGateways({ spec, segment, enis }: VpcPlan, roster: Roster, internet: number): void {
  if (spec.internetGateway) {
    const mapped = enis.filter(({ publicAddress }) => publicAddress !== undefined);
    roster.place(internetGateway, {
      index: roster.index('internet-gateway', spec.internetGateway.name),
      kind: 'internet-gateway',
      id: spec.internetGateway.name,
      name: spec.internetGateway.name,
      origin: spec.internetGateway.origin,
      segment,
      router: roster.index('vpc-router', spec.name),
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
