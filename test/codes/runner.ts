/** One explanation code of AWS's Reachability Analyzer: the smallest topology that yields it, and one changed element
 *  after which it is gone; whatever fix a blocker offers that can be tried admits the packet. Through the public API
 *  alone. */
import { expect, test } from 'vitest';
import { buildWorld, type Flow, loadTopology, type Trace, trace, withCheckedFixes } from '../../src/index.ts';

export interface CodeCase {
  /** "NO_ROUTE_TO_DESTINATION". */
  readonly aws: string;
  /** The drop code that carries it: "rt/no-route". */
  readonly code: string;
  /** What is the matter, where one code has several cases. */
  readonly title?: string;
  /** Text of a topology file, without apiVersion and kind. */
  readonly topology: string;
  readonly flow: Flow;
  /** Changes one element; or, where the question itself was wrong, the one to ask in its place. */
  readonly cured: ((topology: string) => string) | Flow;
}

export function codeCase({ aws, code, title, topology, flow, cured }: CodeCase): void {
  test(title === undefined ? aws : `${aws}: ${title}`, () => {
    const broken = told(topology, flow);
    expect(broken.blockers.filter(({ fixChecked }) => fixChecked?.result === 'not-enough')).toEqual([]);
    expect(broken.verdict).not.toBe('reachable');
    expect(codes(broken)).toContain(`${code} ${aws}`);
    const after = typeof cured === 'function' ? told(changed(topology, cured), flow) : told(topology, cured);
    expect(after.blockers.map(({ awsCode }) => awsCode)).not.toContain(aws);
  });
}

function changed(topology: string, cured: (topology: string) => string): string {
  const change = cured(topology);
  expect(change).not.toBe(topology);
  return change;
}

/** Replaces what stands in the text exactly once. */
export function replace(what: string, by: string): (text: string) => string {
  return (text) => {
    if (text.split(what).length !== 2)
      throw new Error(`${JSON.stringify(what)} stands ${text.split(what).length - 1} times in the text`);
    return text.replace(what, () => by);
  };
}

function codes({ blockers }: Trace): readonly string[] {
  return blockers.map(({ code, awsCode }) => `${code} ${awsCode}`);
}

function told(topology: string, flow: Flow): Trace {
  const text = `apiVersion: vpcsim/v1\nkind: Topology\nmetadata: { name: t }\n${topology}`;
  const loaded = loadTopology(
    'vpcsim.yaml',
    (path) => (path === 'vpcsim.yaml' ? { text } : undefined),
    () => [],
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.issues, null, 2));
  const built = buildWorld(loaded.value);
  if (!built.ok) throw new Error(JSON.stringify(built.issues, null, 2));
  const traced = trace(built.value, flow);
  if (!traced.ok) throw new Error(JSON.stringify(traced, null, 2));
  return withCheckedFixes(built.value, flow, traced.value);
}
