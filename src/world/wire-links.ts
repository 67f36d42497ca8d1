/** Makes what joins VPCs with each other and with networks outside AWS. */
import type { RouteTarget } from '../vpc/route-table.ts';
import { type PeeredVpc, vpcPeering } from '../vpc/vpc-peering.ts';
import type { PeeringSide } from './link-spec.ts';
import type { Roster } from './roster.ts';
import type { Topology, VpcSpec } from './topology.ts';

/** The links that a VPC's routes may name. */
export function linkTargets(
  vpc: VpcSpec,
  { peerings }: Topology,
  roster: Roster,
): ReadonlyMap<string, RouteTarget> {
  const targets = new Map<string, RouteTarget>();
  for (const { name, requester, accepter } of peerings)
    if (requester.vpc === vpc.name || accepter.vpc === vpc.name)
      targets.set(name, { kind: 'gateway', device: roster.index('vpc-peering', name) });
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
}

function peered(side: PeeringSide, { vpcs }: Topology, roster: Roster): PeeredVpc {
  const { vpc, cidrs, region, account } = side;
  return {
    label: vpc === undefined ? `a VPC of account ${account}` : `vpc/${vpc}`,
    router: vpc === undefined ? -1 : roster.index('vpc-router', vpc),
    segment: vpcs.findIndex(({ name }) => name === vpc) + 1,
    cidrs,
    region,
    account,
  };
}
