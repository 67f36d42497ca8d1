/** `describe-vpc-peering-connections` (EC2 API, VpcPeeringConnection) as peerings of the topology file. */
import { type Account, has, made } from './account.ts';
import { part, parts, type Resource, text } from './resource.ts';

/** Undefined for a connection that is gone, which AWS lists for a while. */
export function peeringOf(account: Account, peering: Resource): Record<string, unknown> | undefined {
  const state = text(part(peering, 'Status'), 'Code');
  if (state === 'deleted' || state === 'rejected' || state === 'expired' || state === 'failed')
    return undefined;
  const requester = sideOf(account, part(peering, 'RequesterVpcInfo'));
  const accepter = sideOf(account, part(peering, 'AccepterVpcInfo'));
  if (requester === undefined || accepter === undefined) return undefined;
  return made(account, peering, {
    name: text(peering, 'VpcPeeringConnectionId'),
    requester,
    accepter,
    state,
  });
}

/** The VPC's name, or where no file describes it, what the connection says of it. */
function sideOf(account: Account, side: Resource | undefined): unknown {
  const vpc = text(side, 'VpcId');
  if (has(account, 'Vpcs', vpc)) return vpc;
  if (!side) return undefined;
  const blocks = parts(side, 'CidrBlockSet').flatMap((each) => text(each, 'CidrBlock') ?? []);
  const first = text(side, 'CidrBlock');
  return made(account, side, {
    cidrs: [...new Set([...(first === undefined ? [] : [first]), ...blocks])],
    region: text(side, 'Region'),
    account: text(side, 'OwnerId'),
  });
}
