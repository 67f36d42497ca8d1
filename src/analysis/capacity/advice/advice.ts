/** Advice that is computed: each piece is tried on the same pods, and kept where it helps with what is short. */
import type { CapacityModel } from '../model.ts';
import type { Advice, CapacityReport } from '../report.ts';
import type { Candidate } from './candidate.ts';
import { metricsOf } from './metrics.ts';
import { groupMaxAdvice, largerNodesAdvice } from './nodes.ts';
import { prefixDelegationAdvice, reservationAdvice } from './prefixes.ts';
import { furtherSubnetAdvice, secondaryCidrAdvice } from './subnets.ts';
import { warmTargetAdvice } from './warm-targets.ts';

type Found = Pick<CapacityReport, 'subnets' | 'waiting' | 'limits' | 'peaks' | 'scenario' | 'growth'>;

/** The most helpful first. */
export function adviceFor(model: CapacityModel, found: Found): Advice[] {
  if (model.fleet.members.size === 0) return [];
  const before = metricsOf(model);
  const lacks = lacking(model, found);
  const candidates: Candidate[] = [
    ...(lacks.addresses ? [...warmTargetAdvice(model, before), ...largerNodesAdvice(model)] : []),
    ...(lacks.addresses || lacks.blocks
      ? [...secondaryCidrAdvice(model, before), ...furtherSubnetAdvice(model, before)]
      : []),
    ...(lacks.blocks ? reservationAdvice(model, found.subnets) : []),
    ...(lacks.podsPerNode ? prefixDelegationAdvice(model, before) : []),
    ...(lacks.nodes ? groupMaxAdvice(model, found.limits) : []),
  ];
  return candidates
    .filter(({ effect }) => effect > 0)
    .sort((a, b) => b.effect - a.effect)
    .map(({ effect: _, ...advice }) => advice);
}

/** Addresses are short where more than this share of a subnet of nodes is used. */
const FULL_SHARE = 0.7;

interface Lacking {
  readonly addresses: boolean;
  readonly blocks: boolean;
  readonly podsPerNode: boolean;
  readonly nodes: boolean;
}

function lacking(
  model: CapacityModel,
  { subnets, waiting, limits, peaks, scenario, growth }: Found,
): Lacking {
  const stops = [
    ...peaks.flatMap((peak) => peak.stops),
    ...(scenario?.stops ?? []),
    ...(growth?.runsOut ? [growth.runsOut.stop] : []),
  ];
  const kinds = new Set([...stops, ...limits.slice(0, 1)].map(({ kind }) => kind));
  const used = new Set([...model.fleet.members.values()].map(({ node }) => node.subnet.name));
  const isFull = subnets.some(({ name, free, size }) => used.has(name) && free < (1 - FULL_SHARE) * size);
  const short = new Set(model.today.shortages.map(({ kind }) => kind));
  const isShort = short.has('subnet-addresses') || waiting.some(({ kind }) => kind === 'node');
  const isBroken = short.has('prefix-blocks') || kinds.has('prefix-blocks');
  return {
    addresses: isFull || isShort || kinds.has('subnet-addresses'),
    blocks: model.cluster.env.prefixDelegation && (isFull || isBroken),
    podsPerNode: kinds.has('max-pods') || kinds.has('enis'),
    nodes: kinds.has('group-max') || limits[1]?.kind === 'group-max',
  };
}
