/** The way from a demand to a layout: the peak of a zone, what its subnets must hold, how large they are, where they
 *  lie in the VPC. Impossible demands are told with the number that breaks. */
import { type Cidr, compareCidr, formatCidr, sizeOf } from '../../addressing/cidr.ts';
import type { Issue } from '../../base/issue.ts';
import { type Carved, carve, type Piece } from './carve.ts';
import { type PlanDemand, zonesOf } from './demand.ts';
import { demandFaults, quotaFaults } from './faults.ts';
import { type SubnetKind, type SubnetNeed, type Use, type ZoneNeed, zoneNeed } from './needs.ts';
import { count, type ZonePeak, zonePeak } from './peak.ts';
import { prefixReservations, RESERVED_ADDRESSES, type SubnetSize, subnetSize } from './subnet-size.ts';

export interface PlannedSubnet {
  /** "nodes-us-east-1a". */
  readonly name: string;
  readonly kind: SubnetKind;
  readonly az: string;
  readonly cidr: Cidr;
  /** Parts that are kept for prefixes. */
  readonly reservations: readonly Cidr[];
  readonly uses: readonly Use[];
  /** Without the five that AWS keeps. */
  readonly usable: number;
  /** At the peak; a prefix counts 16. */
  readonly needed: number;
}

export interface AddressPlan {
  readonly demand: PlanDemand;
  readonly peak: ZonePeak;
  readonly zone: ZoneNeed;
  /** Blocks of the VPC that are used, the primary one first. */
  readonly cidrs: readonly Cidr[];
  /** By zone, and in each by kind. */
  readonly subnets: readonly PlannedSubnet[];
  /** The slice of each zone in the primary block; empty where the subnets are packed. */
  readonly slices: readonly Cidr[];
  /** Aligned blocks of the VPC that no subnet has, ascending. */
  readonly free: readonly Cidr[];
  readonly warnings: readonly Issue[];
}

export type Planned =
  | { readonly ok: true; readonly plan: AddressPlan }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** One subnet of a zone, with its size. */
interface SizedPiece extends Piece, SubnetSize {
  readonly need: SubnetNeed;
}

export function planAddresses(demand: PlanDemand): Planned {
  const faults = demandFaults(demand);
  if (faults.length > 0) return { ok: false, issues: faults };
  const peak = zonePeak(demand);
  const zone = zoneNeed(demand, peak);
  const quotas = quotaFaults(demand, zone);
  const pieces = piecesOf(demand, zone);
  const errors = [...quotas.filter(({ severity }) => severity === 'error'), ...pieces.issues];
  if (errors.length > 0) return { ok: false, issues: errors };
  const inPodBlocks = ({ need }: SizedPiece): boolean => need.kind === 'pods';
  const rest = pieces.sized.filter((piece) => !inPodBlocks(piece));
  const pods = pieces.sized.filter(inPodBlocks);
  const main = carve(demand.vpcCidrs, rest, demand.zones);
  const further: Carved<SizedPiece> | undefined =
    pods.length > 0 ? carve(demand.podCidrs, pods, demand.zones) : { placed: [], slices: [], free: [] };
  if (!main || !further)
    return {
      ok: false,
      issues: [
        ...(main ? [] : [tooSmall(demand.vpcCidrs, rest, 'the subnets')]),
        ...(further ? [] : [tooSmall(demand.podCidrs, pods, 'the pod subnets')]),
      ],
    };
  const order: readonly SubnetKind[] = ['public', 'nodes', 'pods', 'control-plane'];
  const zones = zonesOf(demand);
  const subnets = [...main.placed, ...further.placed]
    .sort(
      (a, b) =>
        a.piece.zone - b.piece.zone || order.indexOf(a.piece.need.kind) - order.indexOf(b.piece.need.kind),
    )
    .map(({ piece, cidr }) => placed(piece, cidr, zones[piece.zone]!));
  return {
    ok: true,
    plan: {
      demand,
      peak,
      zone,
      cidrs: [...demand.vpcCidrs, ...(pods.length > 0 ? demand.podCidrs : [])],
      subnets,
      slices: main.slices,
      free: [...main.free, ...further.free].sort(compareCidr),
      warnings: quotas,
    },
  };
}

function piecesOf(
  demand: PlanDemand,
  zone: ZoneNeed,
): { readonly sized: readonly SizedPiece[]; readonly issues: readonly Issue[] } {
  const sized: SizedPiece[] = [];
  const issues: Issue[] = [];
  for (const need of zone.subnets) {
    const { addresses, prefixes } = sums(need.uses);
    const size = subnetSize(addresses, prefixes);
    if (!size) {
      issues.push({
        severity: 'error',
        code: 'plan/subnet-too-large',
        message: `a zone needs ${count(addresses + prefixes * 16 + RESERVED_ADDRESSES)} addresses in one subnet (${need.kind}); the largest subnet, a /16, has 65,536`,
      });
      continue;
    }
    const end = need.kind === 'nodes' || need.kind === 'pods' ? 'lowest' : 'highest';
    for (let index = 0; index < demand.zones; index++) sized.push({ zone: index, end, need, ...size });
  }
  return { sized, issues };
}

function sums(uses: readonly Use[]): { readonly addresses: number; readonly prefixes: number } {
  return {
    addresses: uses.reduce((sum, use) => sum + use.addresses, 0),
    prefixes: uses.reduce((sum, use) => sum + use.prefixes, 0),
  };
}

function placed(piece: SizedPiece, cidr: Cidr, az: string): PlannedSubnet {
  const { addresses, prefixes } = sums(piece.need.uses);
  return {
    name: `${piece.need.kind}-${az}`,
    kind: piece.need.kind,
    az,
    cidr,
    reservations: prefixReservations(cidr, piece),
    uses: piece.need.uses,
    usable: sizeOf(cidr) - RESERVED_ADDRESSES,
    needed: addresses + prefixes * 16,
  };
}

function tooSmall(blocks: readonly Cidr[], pieces: readonly SizedPiece[], what: string): Issue {
  const needed = pieces.reduce((sum, { length }) => sum + 2 ** (32 - length), 0);
  const has = blocks.reduce((sum, block) => sum + sizeOf(block), 0);
  const sizes = [...new Set(pieces.map(({ length, need }) => `${need.kind} /${length}`))].join(', ');
  const names = blocks.map(formatCidr).join(' and ');
  return {
    severity: 'error',
    code: 'plan/vpc-too-small',
    message: `${what} of ${new Set(pieces.map(({ zone }) => zone)).size} zones need ${count(needed)} addresses (in each: ${sizes}); ${names} ${blocks.length === 1 ? 'has' : 'have'} ${count(has)}`,
  };
}
