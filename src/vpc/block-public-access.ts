/** VPC Block Public Access: what an account closes off in a Region at every internet gateway, and the VPCs and subnets
 *  that are left out of it ("Block public access to VPCs and subnets", Amazon VPC guide). Stateful: what it let through
 *  is answered. */
import { formatIpv4 } from '../addressing/ip.ts';
import type { Packet } from '../packet/packet.ts';
import { replyDestinationPort, replySourcePort } from '../packet/reply-ports.ts';
import type { DeviceRecord } from '../trace/device.ts';
import type { Outcome } from '../trace/outcome.ts';
import { drop, note } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import type { NetworkChange } from './changes.ts';
import { PUBLIC_ACCESS_SESSION } from './flow.ts';
import { type InSubnet, nameOf, neighbour } from './records.ts';

/** What an exclusion lets pass. */
export type Exclusion = 'bidirectional' | 'egress-only';

export interface BlockPublicAccess {
  readonly mode: 'block-bidirectional' | 'block-ingress';
  /** Of the whole VPC. */
  readonly vpc: Exclusion | undefined;
  /** By index of the subnet. */
  readonly subnets: ReadonlyMap<number, Exclusion>;
}

/** A gateway to the internet. */
export interface PublicGateway extends DeviceRecord {
  readonly segment: number;
  /** Index of the VPC's router, whose id is the VPC's name. */
  readonly router: number;
  readonly publicAccess: BlockPublicAccess | undefined;
}

/** Judges a packet at the gateway: `inside` and `outside` are the two addresses of who is in the VPC, `inward` 1 where
 *  the packet comes in. */
export function checkPublicAccess(
  self: PublicGateway,
  packet: Packet,
  walk: Walk,
  inside: number,
  outside: number,
  inward: 0 | 1,
): Outcome | 0 {
  const { publicAccess } = self;
  if (publicAccess === undefined || walk.findSession(PUBLIC_ACCESS_SESSION) >= 0) return 0;
  const eni = walk.ownerOf(self.segment, inside);
  const subnet = eni < 0 ? -1 : neighbour<InSubnet>(walk, eni).subnet;
  const exclusion = publicAccess.subnets.get(subnet) ?? publicAccess.vpc;
  if (exclusion !== 'bidirectional') {
    const onlyOut = self.kind === 'egress-only-internet-gateway' || isNat(walk, eni);
    const outward = !inward && letsOut(publicAccess, exclusion, onlyOut);
    if (outward === 'nobody knows') return walk.undetermined(directEgress, subnet);
    if (!outward) {
      const end = walk.deny(blocked, inward, subnet, eni);
      if (end) return end;
    }
  }
  remember(self.index, packet, walk, inside, outside);
  return 0;
}

/** By an exclusion for egress a NAT gateway gets out. For what has a public address of its own AWS's pages disagree:
 *  the guide lets it out, the announcement ("VPC Block Public Access", Networking blog) NAT gateways alone. */
function letsOut(
  { mode }: BlockPublicAccess,
  exclusion: Exclusion | undefined,
  nat: boolean,
): boolean | 'nobody knows' {
  if (mode === 'block-ingress') return nat;
  if (exclusion === undefined) return false;
  return nat || 'nobody knows';
}

/** A NAT gateway; a regional one has no interface. */
function isNat(walk: Walk, eni: number): boolean {
  if (eni < 0) return true;
  const { host } = neighbour<DeviceRecord & { readonly host: number }>(walk, eni);
  return neighbour(walk, host).kind === 'nat-gateway';
}

/** The gateway sees requests and replies before it translates them. */
function remember(gateway: number, packet: Packet, walk: Walk, inside: number, outside: number): void {
  const { protocol, src, sourcePort, dst, destinationPort } = packet;
  walk.addSession(
    gateway,
    PUBLIC_ACCESS_SESSION,
    protocol,
    src,
    sourcePort,
    dst,
    destinationPort,
    dst === outside ? inside : dst,
    replySourcePort(protocol, sourcePort, destinationPort),
    src === inside ? outside : src,
    replyDestinationPort(protocol, sourcePort, destinationPort),
  );
}

const stage = 'block public access';

export const directEgress = note({
  name: 'egress-only exclusion',
  nature: 'limit',
  word: ({ a, device }) =>
    `an exclusion for egress lets NAT gateways out; AWS's pages disagree whether ${a < 0 ? 'an interface' : `an interface in ${nameOf(device(a))}`} gets out by a public address of its own`,
});

function exclude(vpc: string, subnet: string | undefined): NetworkChange {
  return { kind: 'public-access-exclusion', vpc, subnet };
}

export const blocked = drop<PublicGateway>({
  code: 'igw/public-access-blocked',
  means: 'VPC Block Public Access is on in the account and Region, and no exclusion lets this packet pass.',
  aws: 'VPC_BLOCK_PUBLIC_ACCESS_ENABLED',
  causes: [
    'Block Public Access was turned on for the account or the organization',
    'ingress-only mode: only what NAT gateways and egress-only internet gateways send gets out, and its answers in',
    'an exclusion for egress lets nothing in, and in ingress-only mode it counts for nothing',
  ],
  look: [
    'aws ec2 describe-vpc-block-public-access-options',
    'aws ec2 describe-vpc-block-public-access-exclusions',
  ],
  word: ({ self, a, b, c, before, device }) => {
    const { mode, vpc, subnets } = self.publicAccess!;
    const address = formatIpv4(a ? before.dst : before.src);
    const exclusion = subnets.get(b) ?? vpc;
    const place = b < 0 ? 'the VPC' : nameOf(device(b));
    return {
      stage,
      rule: `mode ${mode}`,
      because: a
        ? `nothing from the internet may reach ${c < 0 ? address : `${address} (${nameOf(device(c))})`}`
        : mode === 'block-ingress'
          ? `${address} is no NAT gateway: its own way to the internet is closed in both directions`
          : `nothing in ${place} may reach the internet`,
      nearest: exclusion && `the exclusion ${exclusion} of ${subnets.has(b) ? place : 'the VPC'}`,
      fix: `create a bidirectional exclusion for ${place}`,
      change: exclude(device(self.router).id, b < 0 ? undefined : device(b).id),
    };
  },
});
