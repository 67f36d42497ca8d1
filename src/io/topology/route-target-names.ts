/** What `via` of a route may name, by kind of thing: one space of names for each VPC. */
import type { TopologyFile } from '../../world/schema.ts';
import type { PeeringFile } from '../../world/schema-links.ts';
import type { VpcFile } from '../../world/schema-vpc.ts';
import type { Reading } from '../reading.ts';
import { peeredVpc } from './links-peerings.ts';
import { checkUnique, namesOf } from './names.ts';

type Names = readonly { readonly name: string }[] | undefined;

export type RouteTargetKind =
  | 'internet gateway'
  | 'NAT gateway'
  | 'instance'
  | 'interface'
  | 'endpoint'
  | 'peering connection'
  | 'transit gateway'
  | 'virtual private gateway'
  | 'egress-only internet gateway';

/** The names that routes of a VPC know. */
export function routeTargetNames(
  reading: Reading,
  { peerings, transitGateways, cluster }: TopologyFile,
  vpc: VpcFile,
  { gateway, egressOnly }: Record<'gateway' | 'egressOnly', { readonly name: string } | undefined>,
  instances: NonNullable<TopologyFile['instances']>,
): ReadonlyMap<string, RouteTargetKind> {
  const subnets = namesOf(vpc.subnets);
  const interfaces = [
    ...(vpc.interfaces ?? []),
    ...[...instances, ...(cluster?.nodes ?? [])].flatMap((each) => each.interfaces ?? []),
  ].filter(({ subnet }) => subnets.has(subnet));
  const lists: readonly (readonly [RouteTargetKind, Names])[] = [
    ['internet gateway', gateway && [gateway]],
    ['egress-only internet gateway', egressOnly && [egressOnly]],
    ['NAT gateway', vpc.natGateways],
    ['instance', instances],
    ['interface', interfaces],
    ['endpoint', vpc.endpoints],
    ['peering connection', peerings?.filter((one) => sidesOf(one).includes(vpc.name))],
    ['transit gateway', transitGateways?.filter((one) => one.attachments?.some((at) => at.vpc === vpc.name))],
    ['virtual private gateway', vpc.vpnGateway && [vpc.vpnGateway]],
  ];
  checkUnique(reading, ...lists);
  checkAttached(reading, vpc, transitGateways, lists);
  return new Map(lists.flatMap(([kind, names]) => (names ?? []).map(({ name }) => [name, kind] as const)));
}

/** AWS makes no route to a transit gateway that the VPC is not attached to. */
function checkAttached(
  reading: Reading,
  vpc: VpcFile,
  transitGateways: Names,
  lists: readonly (readonly [RouteTargetKind, Names])[],
): void {
  const attached = new Set(lists.flatMap(([, names]) => (names ?? []).map(({ name }) => name)));
  const foreign = new Set(
    (transitGateways ?? []).map(({ name }) => name).filter((name) => !attached.has(name)),
  );
  for (const { routes } of vpc.routeTables ?? [])
    for (const route of routes ?? [])
      if (foreign.has(route.via)) {
        reading.error(reading.of(route, 'via'), {
          code: 'route/not-attached',
          message: `VPC ${JSON.stringify(vpc.name)} has no attachment at transit gateway ${JSON.stringify(route.via)}`,
          hint: `add { name: ..., vpc: ${vpc.name}, subnets: [...] } to its attachments`,
        });
        // It has been told of.
        reading.refused.add(route.via);
      }
}

function sidesOf({ requester, accepter }: PeeringFile): readonly (string | undefined)[] {
  return [peeredVpc(requester), peeredVpc(accepter)];
}
