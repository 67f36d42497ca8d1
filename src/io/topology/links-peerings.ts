/** VPC peering connections ("What is VPC peering?"): two VPCs whose blocks do not overlap. */
import { formatCidr, overlaps } from '../../addressing/cidr.ts';
import type { PeeringSide, PeeringSpec } from '../../world/link-spec.ts';
import type { TopologyFile } from '../../world/schema.ts';
import type { PeeringFile, PeeringSideFile } from '../../world/schema-links.ts';
import type { VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkReference, checkUnique, namesOf } from './names.ts';
import { readCidr } from './values.ts';

export function readPeerings(
  reading: Reading,
  file: TopologyFile,
  vpcs: readonly VpcSpec[],
): readonly PeeringSpec[] {
  checkUnique(reading, ['peering connection', file.peerings]);
  return (file.peerings ?? []).flatMap((written) => {
    const requester = readSide(reading, written, 'requester', vpcs);
    const accepter = readSide(reading, written, 'accepter', vpcs);
    if (!requester || !accepter || !mayPeer(reading, written, requester, accepter)) return [];
    const state = written.state ?? reading.fill(`peerings.${written.name}.state`, 'active', 'vpcsim');
    return [{ name: written.name, requester, accepter, state, origin: reading.of(written) }];
  });
}

/** The VPC that a side names, where it names one of this file. */
export function peeredVpc(side: PeeringSideFile): string | undefined {
  return typeof side === 'string' ? side : side.vpc;
}

function readSide(
  reading: Reading,
  peering: PeeringFile,
  key: 'requester' | 'accepter',
  vpcs: readonly VpcSpec[],
): PeeringSide | undefined {
  const side = peering[key];
  if (typeof side === 'string') {
    if (!checkReference(reading, peering, key, 'VPC', side, namesOf(vpcs))) return undefined;
    return sideOf(vpcs.find(({ name }) => name === side)!);
  }
  const known = vpcs.find(({ name }) => name === side.vpc);
  if (known) return sideOf(known);
  const path = `peerings.${peering.name}.${key}`;
  const cidrs = side.cidrs.flatMap((text, index) => readCidr(reading, side.cidrs, index, text) ?? []);
  return {
    vpc: undefined,
    cidrs,
    region:
      side.region ??
      reading.fill(`${path}.region`, otherOf(peering, key, vpcs)?.region ?? 'us-east-1', 'vpcsim'),
    account: side.account ?? reading.fill(`${path}.account`, 'unknown', 'vpcsim'),
  };
}

function sideOf({ name, cidrs, region, account }: VpcSpec): PeeringSide {
  return { vpc: name, cidrs, region, account };
}

function otherOf(
  peering: PeeringFile,
  key: 'requester' | 'accepter',
  vpcs: readonly VpcSpec[],
): VpcSpec | undefined {
  const other = peeredVpc(peering[key === 'requester' ? 'accepter' : 'requester']);
  return vpcs.find(({ name }) => name === other);
}

function mayPeer(
  reading: Reading,
  written: PeeringFile,
  requester: PeeringSide,
  accepter: PeeringSide,
): boolean {
  if (requester.vpc === undefined && accepter.vpc === undefined) {
    const message = 'neither side is a VPC of this file';
    reading.error(reading.of(written), { code: 'peering/no-vpc', message });
    return false;
  }
  if (requester.vpc === accepter.vpc) {
    const message = `VPC ${JSON.stringify(requester.vpc)} cannot be peered with itself`;
    reading.error(reading.of(written, 'accepter'), { code: 'peering/with-itself', message });
    return false;
  }
  const clash = requester.cidrs.find((one) => accepter.cidrs.some((two) => overlaps(one, two)));
  if (!clash) return true;
  reading.error(reading.of(written), {
    code: 'peering/overlap',
    message: `AWS refuses to peer VPCs whose blocks overlap: both have addresses of ${formatCidr(clash)}`,
    hint: 'a transit gateway joins them where routes keep to blocks that only one of them has',
  });
  return false;
}
