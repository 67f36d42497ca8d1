/** What a trace says otherwise than Batfish asserts. Where chance decides (a load balancer's target) it is enough that
 *  one of the paths is the one that Batfish took; how it ends must hold for all of them. */
import type { Hop, Path, Trace, World } from '../../index.ts';
import { decisionDifferences, filterDifferences } from './batfish-filters.ts';
import type { FlowCase, Translation } from './batfish-format.ts';
import { dispositionIn, isFabric, nodesOf, stays, translationsOf, walked } from './batfish-path.ts';

/** Ends an expectation of the forward direction whose round trip fails. */
const FORWARD_ONLY = ' (forward only)';

/** The differences between a trace and a case. */
export function differences(world: World, trace: Trace, one: FlowCase): string[] {
  const { expect, decidedBy } = one;
  const disposition = expect.disposition.replace(FORWARD_ONLY, '');
  const best = trace.paths
    .map((path) => pathDifferences(world, path, one))
    .sort((a, b) => a.length - b.length)[0];
  return [
    ...endDifferences(world, trace, disposition),
    ...(expect.disposition.endsWith(FORWARD_ONLY) && trace.verdict === 'reachable'
      ? ['the round trip is reachable, expected is the forward direction alone']
      : []),
    ...countDifferences(trace, expect.traces),
    ...(best ?? ['there is no path']),
    ...(decidedBy ? decisionDifferences(trace, decidedBy) : []),
  ];
}

function endDifferences(world: World, { paths }: Trace, expected: string): string[] {
  return paths.flatMap((path) => {
    const end = dispositionIn(world, path);
    return end === expected
      ? []
      : [`path ${path.id} ends ${end} (${path.code ?? path.disposition}), expected ${expected}`];
  });
}

/** Batfish takes one of several targets, a trace all of them. */
function countDifferences({ paths }: Trace, expected: number | undefined): string[] {
  const chance = paths.some(({ choices }) => choices.length > 0);
  return expected === undefined || chance || paths.length === expected
    ? []
    : [`${paths.length} paths, expected ${expected}`];
}

function pathDifferences(world: World, path: Path, { src, expect }: FlowCase): string[] {
  const { hops, reverseHops, reverseDisposition, nat, filters } = expect;
  const end = reverseDisposition && dispositionIn(world, path.reply);
  return [
    ...interfaceDifferences(path.hops, src.eni),
    ...(hops && hops.length > 0 ? nodeDifferences(world, 'forward', path.hops, hops) : []),
    ...(reverseHops ? nodeDifferences(world, 'reverse', path.reply.hops, reverseHops) : []),
    ...(end === reverseDisposition ? [] : [`the reply ends ${end}, expected ${reverseDisposition}`]),
    ...(nat?.flatMap((each) => translationDifferences(world, path.hops, each)) ?? []),
    ...(filters ? filterDifferences(world, path.hops, filters, hops ?? []) : []),
  ];
}

/** The interface by which the sender sends. */
function interfaceDifferences(hops: readonly Hop[], expected: string | undefined): string[] {
  const found = walked(hops).find(({ device }) => device.kind === 'eni')?.device.id;
  return expected === undefined || found === expected ? [] : [`sent by ${found}, expected ${expected}`];
}

function nodeDifferences(
  world: World,
  direction: string,
  hops: readonly Hop[],
  expected: readonly string[],
): string[] {
  const wanted = stays(expected.filter((node) => !isFabric(node))).join(' > ');
  const found = nodesOf(world, hops).join(' > ');
  return found === wanted ? [] : [`${direction}: ${found}`, `expected: ${wanted}`];
}

function translationDifferences(world: World, hops: readonly Hop[], expected: Translation): string[] {
  const found = translationsOf(world, hops);
  const [to, port] = expected.to.split(':');
  const same = found.some(
    (one) =>
      one.at === expected.at &&
      one.type === expected.type &&
      one.to === to &&
      (port === undefined || one.port === Number(port)) &&
      (expected.from === undefined || one.from === expected.from) &&
      (expected.ports === undefined || one.free),
  );
  const text = found.map(({ at, type, from, to: into }) => `${at} ${type} ${from} to ${into}`).join(', ');
  return same
    ? []
    : [`expected: ${expected.at} ${expected.type} to ${expected.to}`, `got: ${text || 'none'}`];
}
