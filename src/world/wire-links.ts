/** Makes what joins VPCs with each other and with networks outside AWS. */
import type { RouteTarget } from '../vpc/route-table.ts';
import { type PeeredVpc, vpcPeering } from '../vpc/vpc-peering.ts';
import type { PeeringSide } from './link-spec.ts';
import type { Roster } from './roster.ts';
import type { Topology } from './topology.ts';
import type { VpcSpec } from './vpc-spec.ts';
import { wireOnPremises } from './wire-on-premises.ts';
import { wireTransitGateways } from './wire-transit.ts';

/** The links that a VPC's routes may name. */
export function linkTargets(
  { name: vpc, subnets, vpnGateway }: VpcSpec,
  { peerings, transitGateways }: Topology,
  roster: Roster,
): ReadonlyMap<string, RouteTarget> {
  const targets = new Map<string, RouteTarget>();
  const gateway = (kind: string, name: string): RouteTarget => ({
    kind: 'gateway',
    device: roster.index(kind, name),
  });
  for (const { name, requester, accepter } of peerings)
    if (requester.vpc === vpc || accepter.vpc === vpc) targets.set(name, gateway('vpc-peering', name));
  for (const { name, attachments } of transitGateways)
    for (const { name: attachment, resource } of attachments) {
      if (resource.type !== 'vpc' || resource.vpc !== vpc) continue;
      const zones = subnets.filter((subnet) => resource.subnets.includes(subnet.name));
      targets.set(name, {
        kind: 'zonal',
        device: roster.index('tgw-attachment', attachment),
        subnets: new Map(zones.map((subnet) => [subnet.az, roster.index('subnet', subnet.name)])),
      });
    }
  if (vpnGateway) targets.set(vpnGateway.name, gateway('vpn-gateway', vpnGateway.name));
  return targets;
}

export function wireLinks(topology: Topology, roster: Roster): void {
  for (const { name, state, requester, accepter, origin } of topology.peerings)
    roster.place(vpcPeering, {
      index: roster.index('vpc-peering', name),
      kind: 'vpc-peering',
      id: name,
      name,
      origin,
      state,
      sides: [peered(requester, topology, roster), peered(accepter, topology, roster)],
    });
  wireTransitGateways(topology, roster);
  wireOnPremises(topology, roster);
}

function peered(side: PeeringSide, { vpcs }: Topology, roster: Roster): PeeredVpc {
  const { vpc, cidrs, region, account } = side;
  return {
    label: vpc === undefined ? `a VPC of account ${account}` : `vpc/${vpc}`,
    router: vpc === undefined ? -1 : roster.index('vpc-router', vpc),
    segment: vpcs.findIndex(({ name }) => name === vpc) + 1,
    cidrs: [...cidrs, ...(vpcs.find(({ name }) => name === vpc)?.ipv6Cidrs ?? [])],
    region,
    account,
  };
}
