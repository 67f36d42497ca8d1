/** Whatever one asks of a shipped topology, the answer keeps its promises: shares, schema, verdict and exit status. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatIpv4 } from '../../src/addressing/ip.ts';
import { renderJson } from '../../src/render/json.ts';
import { traceSchema } from '../../src/render/trace-schema.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { type Flow, prepare, readFlow, verdictOf, walkFlow } from '../../src/world/flow.ts';
import type { World } from '../../src/world/world.ts';
import { wholeShare } from '../support/reading.ts';
import { shipped } from '../support/shipped.ts';

const seed = 20_26;
const numRuns = 250;

/** Everything that can send. */
function senders(world: World): string[] {
  const { cluster } = world;
  return [
    'internet',
    ...world.topology.hosts.map(({ name }) => `host/${name}`),
    ...world.instances.map(({ name }) => `instance/${name}`),
    ...(cluster?.nodes ?? []).map(({ name }) => `node/${name}`),
    ...(cluster?.pods ?? []).map(({ id }) => `pod/${id}`),
  ];
}

/** Everything that can be asked, and addresses of which nobody knows. */
function receivers(world: World): string[] {
  const { cluster } = world;
  return [
    ...senders(world),
    ...(cluster?.services ?? []).map(({ metadata }) => `svc/${metadata.namespace}/${metadata.name}`),
    ...world.enis.map(({ addresses }) => formatIpv4(addresses[0]!.address)),
    ...world.loadBalancers.map(({ dnsName }) => dnsName),
    '8.8.8.8',
    '10.255.0.1',
    '169.254.169.254',
    '127.0.0.1',
    '0.0.0.0',
    '255.255.255.255',
  ];
}

const port = fc.oneof(
  fc.constantFrom(22, 53, 80, 443, 8001, 8080, 10250, 30007, 30086),
  fc.integer({ min: 1, max: 65535 }),
);

const question = fc.constantFrom(...shipped).chain(({ world }) =>
  fc.record({
    world: fc.constant(world),
    flow: fc.record<Flow>({
      from: fc.constantFrom(...senders(world)),
      to: fc.constantFrom(...receivers(world)),
      port,
      sourcePort: fc.integer({ min: 1024, max: 65535 }),
      protocol: fc.constantFrom(undefined, 'tcp', 'udp', 'icmp'),
      ttl: fc.constantFrom(undefined, 1, 2, 64, 255),
      strictListen: fc.boolean(),
      oneWay: fc.boolean(),
      maxBranches: fc.constantFrom(undefined, 2, 5),
    }),
  }),
);

const exitCodes = { reachable: 0, 'one-way': 0, unreachable: 1, ambiguous: 1, undetermined: 3 } as const;

/** A trace that was recorded anew. */
function traced(world: World, flow: Flow): Trace | undefined {
  const prepared = prepare(world, flow);
  return prepared.ok
    ? readFlow(world, prepared.value, walkFlow(world, prepared.value, new Recorder()))
    : undefined;
}

/** Holds for every question that is a well-formed one. */
function always(holds: (trace: Trace, world: World, flow: Flow) => void): void {
  fc.assert(
    fc.property(question, ({ world, flow }) => {
      const trace = traced(world, flow);
      if (trace) holds(trace, world, flow);
    }),
    { seed, numRuns },
  );
}

describe('any two ends of a shipped topology, any port', () => {
  test('most questions are well-formed, and what is wrong with the others is said', () => {
    let answered = 0;
    fc.assert(
      fc.property(question, ({ world, flow }) => {
        const prepared = prepare(world, flow);
        if (prepared.ok) answered++;
        else
          for (const { code, message } of prepared.issues)
            expect(`${code} ${message}`).toMatch(/^usage\/\S+ ./);
      }),
      { seed, numRuns },
    );
    expect(answered).toBeGreaterThan(numRuns / 2);
  });

  test('the shares of the paths, with what is unexplored, make up the whole', () => {
    always((trace) => expect(wholeShare(trace)).toBeCloseTo(1, 9));
  });

  test('the trace is as its schema says', () => {
    always((trace) => expect(traceSchema.safeParse(JSON.parse(renderJson(trace))).error).toBeUndefined());
  });

  test('the same question has the same answer, to the byte', () => {
    always((trace, world, flow) => expect(renderJson(traced(world, flow)!)).toBe(renderJson(trace)));
  });

  test('blockers are listed where it fails, and only there', () => {
    always(({ verdict, blockers }) => {
      if (verdict === 'reachable' || verdict === 'one-way') expect(blockers).toEqual([]);
      if (verdict === 'unreachable' || verdict === 'ambiguous') expect(blockers).not.toEqual([]);
    });
  });

  test('each blocker is a refusal of a hop of its path', () => {
    always(({ blockers, paths }) => {
      for (const blocker of blockers) {
        const path = paths.find(({ id }) => id === blocker.path)!;
        const hop = [...path.hops, ...path.reply.hops].find(({ n }) => n === blocker.hop);
        expect(`${hop?.device.kind}/${hop?.device.id}`).toBe(blocker.device);
        expect(hop!.steps.map(({ verdict }) => verdict)).toContain('denied');
      }
    });
  });

  test('the walk that records nothing comes to the same verdict', () => {
    always((trace, world, flow) => {
      const prepared = prepare(world, flow);
      expect(prepared.ok && verdictOf(world, prepared.value)).toBe(trace.verdict);
    });
  });

  test('the exit status follows from the verdict', () => {
    always(({ verdict, exitCode }) => expect(exitCode).toBe(exitCodes[verdict]));
  });

  test('paths come in the order of their shares, numbered from 1, and their hops are numbered on', () => {
    always(({ paths }) => {
      const shares = paths.map(({ share }) => share);
      expect(shares).toEqual([...shares].sort((a, b) => b - a));
      expect(paths.map(({ id }) => id)).toEqual(paths.map((_, at) => at + 1));
      for (const { hops, reply } of paths) {
        const numbers = [...hops, ...reply.hops].map(({ n }) => n);
        expect(numbers).toEqual(numbers.map((_, at) => at + 1));
      }
    });
  });

  test('no packet gains time to live on its way', () => {
    always(({ paths }) => {
      for (const { hops } of paths)
        for (const hop of hops) expect(hop.out.ttl).toBeLessThanOrEqual(hop.in.ttl);
    });
  });
});
