/** What the named peers of security group rules stand for: the private addresses of the interfaces that hold a group, of
 *  this VPC or of one that a peering or a transit gateway joins to it, and the blocks of prefix lists. */
import { type BlockSet, blockSet } from '../vpc/block-set.ts';
import type { Direction, NamedPeer, Reference, Withheld } from '../vpc/security-group.ts';
import type { EniPlan } from './eni-plan.ts';
import type { PeeringSpec, TransitAttachmentSpec, TransitGatewaySpec } from './link-spec.ts';
import { prefixListNamed } from './prefix-lists.ts';
import type { Strata } from './strata.ts';
import type { Topology } from './topology.ts';
import type { VpcSpec } from './vpc-spec.ts';

/** The groups of a VPC, with those that controllers made, and the interfaces that may hold them. */
export interface GroupsOfVpc {
  readonly spec: VpcSpec;
  readonly enis: readonly EniPlan[];
  readonly groups: readonly { readonly name: string }[];
}

/** What a peer of a rule of `vpc` stands for; undefined for a group that is no more. */
export type Refer = (vpc: VpcSpec, peer: NamedPeer, direction: Direction) => Reference | undefined;

const NOBODY: ReadonlySet<number> = new Set();

/** The references of a topology. A name gives the same set of addresses as long as they are the same. */
export function references(topology: Topology, vpcs: readonly GroupsOfVpc[], strata: Strata): Refer {
  const holders = new Map(vpcs.map((each) => [each.spec.name, addressesByGroup(each)]));
  const members = (vpc: string, group: string): ReadonlySet<number> | undefined => {
    const addresses = holders.get(vpc)?.get(group);
    return addresses && strata.keep(`members/${vpc}/${group}`, [addresses.join()], () => new Set(addresses));
  };
  const blocks = (name: string, { region }: VpcSpec): BlockSet | undefined => {
    const list = prefixListNamed(topology.prefixLists, name, region);
    return list && strata.keep(`blocks/${list.name}/${list.region}`, [list], () => blockSet(list.cidrs));
  };
  return (vpc, peer, direction) => {
    if ('prefixList' in peer) return plain(blocks(peer.prefixList, vpc));
    if (peer.vpc === undefined || peer.vpc === vpc.name) return plain(members(vpc.name, peer.group));
    const unseen = topology.peerings.find((peering) => isUnseen(peering, vpc.name, peer.vpc!));
    if (unseen) return { addresses: NOBODY, withheld: unseenBehind(unseen, strata) };
    const others = members(peer.vpc, peer.group);
    return others && across(topology, [vpc.name, peer.vpc], direction, others);
  };
}

const plain = (addresses: Reference['addresses'] | undefined): Reference | undefined =>
  addresses && { addresses };

/** By group, the private addresses of the interfaces that hold it; an empty list where none does. */
function addressesByGroup({ enis, groups }: GroupsOfVpc): ReadonlyMap<string, readonly number[]> {
  const held = new Map<string, number[]>(groups.map(({ name }) => [name, []]));
  for (const { securityGroups, addresses, ipv6Addresses = [] } of enis)
    for (const group of securityGroups ?? []) {
      const members = held.get(group);
      for (const { address } of addresses) members?.push(address);
      for (const address of ipv6Addresses) members?.push(address);
    }
  return held;
}

/** A group of another VPC of the topology. Without a peering or a transit gateway that joins the two the rule is stale
 *  ("DescribeStaleSecurityGroups", Amazon EC2 API). */
function across(
  { peerings, transitGateways }: Topology,
  pair: readonly [string, string],
  direction: Direction,
  addresses: ReadonlySet<number>,
): Reference | undefined {
  if (peerings.some((peering) => joins(peering, pair))) return { addresses };
  const gateways = transitGateways.filter((gateway) => pair.every((vpc) => attachmentOf(gateway, vpc)));
  const open = gateways.find((gateway) => passesGroups(gateway, pair));
  // Outbound rules that name a group behind a transit gateway are not supported ("Security group referencing", AWS Transit
  // Gateways guide).
  if (open && direction === 'ingress') return { addresses };
  const gateway = open ?? gateways[0];
  if (!gateway) return undefined;
  const why = open ? 'inbound-only' : 'referencing-off';
  return { addresses: NOBODY, withheld: { why, addresses, by: `transit-gateway/${gateway.name}` } };
}

/** Groups keep their meaning across an active peering inside a Region ("Update your security groups to reference peer
 *  security groups", VPC peering guide). */
function joins(
  { requester, accepter, state }: PeeringSpec,
  [one, other]: readonly [string, string],
): boolean {
  const sides = [requester.vpc, accepter.vpc];
  return (
    state === 'active' && requester.region === accepter.region && sides.includes(one) && sides.includes(other)
  );
}

type VpcAttachment = Extract<TransitAttachmentSpec['resource'], { readonly type: 'vpc' }>;

function attachmentOf({ attachments }: TransitGatewaySpec, vpc: string): VpcAttachment | undefined {
  for (const { resource } of attachments)
    if (resource.type === 'vpc' && resource.vpc === vpc) return resource;
  return undefined;
}

/** The gateway and both attachments must have it on. */
function passesGroups(gateway: TransitGatewaySpec, pair: readonly string[]): boolean {
  return (
    gateway.securityGroupReferencing &&
    pair.every((vpc) => attachmentOf(gateway, vpc)?.securityGroupReferencing === true)
  );
}

/** `name` is that of a peering of `vpc` whose other side the topology does not have: so its groups are named. */
function isUnseen({ name, requester, accepter }: PeeringSpec, vpc: string, named: string): boolean {
  const sides = [requester.vpc, accepter.vpc];
  return name === named && sides.includes(vpc) && sides.includes(undefined);
}

function unseenBehind(peering: PeeringSpec, strata: Strata): Withheld {
  const { name, requester, accepter } = peering;
  const { cidrs } = requester.vpc === undefined ? requester : accepter;
  const addresses = strata.keep(`unseen/${name}`, [cidrs], () => blockSet(cidrs));
  return { why: 'unseen', addresses, by: `vpc-peering/${name}` };
}
