/** Expected flows: what a topology says must come of them, against what the trace says. */
import { source } from '../base/origin.ts';
import type { Trace } from '../trace/trace.ts';
import { trace } from '../world/flow.ts';
import type { Expectation } from '../world/topology.ts';
import type { World } from '../world/world.ts';

export interface CheckResult {
  readonly topology: string;
  readonly variant?: string | undefined;
  /** "internet > http://day.example.com/health". */
  readonly flow: string;
  readonly holds: boolean;
  /** What the trace says, in a few words. */
  readonly got: string;
  /** "verdict: expected reachable, got unreachable". */
  readonly differences: readonly string[];
  /** `file:line` of the expectation. */
  readonly at?: string | undefined;
}

/** Runs every expected flow of a world. */
export function checkTopology(world: World, topology: string, variant?: string): CheckResult[] {
  return world.topology.expectations.map((expectation) => {
    const { from, to, protocol, port, size, arrivingAt } = expectation;
    const where = arrivingAt === undefined ? '' : ` at ${arrivingAt}`;
    const flow = `${from}${where} > ${to}${protocol ? ` ${protocol}` : ''}${port ? ` port ${port}` : ''}${size ? ` size ${size}` : ''}`;
    const written = source(expectation.origin);
    const place = written && world.topology.locate(written);
    const at = place ? `${place.file}:${place.line}` : undefined;
    const result = trace(world, expectation);
    if (!result.ok) {
      const why = result.issues.map(({ code, message }) => `${code}: ${message}`).join('; ');
      return { topology, variant, flow, holds: false, got: 'no trace', differences: [why], at };
    }
    const differences = differencesOf(expectation, result.value);
    const code = result.value.blockers[0]?.code ?? result.value.paths.find((path) => path.code)?.code;
    const got = [result.value.verdict, code, result.value.symptom.kind].filter(Boolean).join(', ');
    return { topology, variant, flow, holds: differences.length === 0, got, differences, at };
  });
}

function remarkDiffers(wanted: string | undefined, remarks: readonly string[]): string[] {
  if (wanted === undefined || remarks.some((remark) => remark.includes(wanted))) return [];
  return [`remark: expected ${wanted}, got ${remarks.length > 0 ? remarks.join(', ') : 'none'}`];
}

function differencesOf(expected: Expectation, got: Trace): string[] {
  const differ = (
    what: string,
    want: string | number | undefined,
    have: readonly (string | number | null)[],
  ): string[] =>
    want === undefined || have.includes(want)
      ? []
      : [`${what}: expected ${want}, got ${have.length > 0 ? have.join(', ') : 'none'}`];
  // A code is met by a path that ends with it, there or on the way back; a device likewise.
  const codes = [
    ...new Set(got.paths.flatMap((path) => [path.code, path.reply.code]).filter((code) => code !== null)),
  ];
  const ends = got.paths.map((path) =>
    path.reply.code !== null && path.reply.device ? path.reply.device : path.device,
  );
  return [
    ...differ('verdict', expected.verdict, [got.verdict]),
    ...differ('code', expected.code, codes),
    ...differ('device', expected.device, [...new Set(ends)]),
    ...differ('symptom', expected.symptom, [got.symptom.kind]),
    ...differ('disposition', expected.disposition, [...new Set(got.paths.map((path) => path.disposition))]),
    ...differ('paths', expected.paths, [got.paths.length]),
    ...remarkDiffers(expected.remark, got.remarks),
  ];
}
