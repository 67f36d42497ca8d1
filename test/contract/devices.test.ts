/** What every device keeps to, shown on the flows of the shipped topologies: `receive` is a pure function that changes
 *  headers only through the walk, records are plain data, and every refusal has a name that says what to do. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { targetNamed } from '../../src/host/target/targets.ts';
import { renderJson } from '../../src/render/json.ts';
import type { Hop, Trace } from '../../src/trace/trace.ts';
import { allDrops, awsCodesOf } from '../../src/trace/vocabulary.ts';
import { buildWorld } from '../../src/world/build.ts';
import { devices } from '../../src/world/devices.ts';
import { prepare, trace, verdictOf } from '../../src/world/flow.ts';
import { arrow } from '../support/reading.ts';
import { shipped } from '../support/shipped.ts';
import { traceOf } from '../support/worlds.ts';

const flows = shipped.flatMap(({ title, world, flows }) =>
  flows.map((flow) => ({ title: `${title}: ${flow.from} > ${flow.to}`, world, flow })),
);
const traces = flows.map((each) => ({
  ...each,
  trace: traceOf(each.world, each.flow.from, each.flow.to, each.flow),
}));
const kinds = devices.map(({ kind }) => kind);

describe('the list of devices', () => {
  test('each kind stands in it once', () => {
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  test.each(kinds.map((kind) => [kind]))('%s has a label and a glyph', (kind) => {
    const behaviour = devices.find((each) => each.kind === kind)!;
    expect(behaviour.label).toMatch(/\S/);
    expect(behaviour.icon).toMatch(/^[a-z][a-z0-9-]*$/);
    for (const limit of behaviour.notModelled) expect(limit).toMatch(/\S/);
  });

  test('every kind is met by some flow of a shipped topology', () => {
    const met = new Set(traces.flatMap(({ trace }) => hopsOf(trace).map(({ device }) => device.kind)));
    expect(kinds.filter((kind) => !met.has(kind))).toEqual([]);
  });
});

describe('receive is a function of the packet', () => {
  test('the same flow gives the same bytes again, whatever was traced in between', () => {
    const different = traces.filter(({ world, flow, trace: first }) => {
      const again = trace(world, flow);
      return !again.ok || renderJson(again.value) !== renderJson(first);
    });
    expect(different.map(({ title }) => title)).toEqual([]);
  });

  test('and in a world that was built anew and has traced nothing yet', () => {
    const different = traces.filter(({ world, flow, trace: first }) => {
      const fresh = buildWorld(world.topology);
      if (!fresh.ok) return true;
      const again = trace(fresh.value, flow);
      return !again.ok || renderJson(again.value) !== renderJson(first);
    });
    expect(different.map(({ title }) => title)).toEqual([]);
  });

  test('walked for the verdict only, it decides the same', () => {
    const different = traces.filter(({ world, flow, trace: recorded }) => {
      const prepared = prepare(world, flow);
      return !prepared.ok || verdictOf(world, prepared.value) !== recorded.verdict;
    });
    expect(different.map(({ title }) => title)).toEqual([]);
  });

  test('a header changes only inside a hop: what one device sends is what the next one gets', () => {
    const torn = traces.flatMap(({ title, trace }) =>
      trace.paths.flatMap((path) =>
        [path.hops, path.reply.hops].flatMap((hops) => tears(hops).map((tear) => `${title}: ${tear}`)),
      ),
    );
    expect(torn).toEqual([]);
  });

  test('and every change of a hop belongs to a step that says why', () => {
    const silent = traces.flatMap(({ title, trace }) =>
      hopsOf(trace)
        .filter((hop) => arrow(hop.in) !== arrow(hop.out))
        .filter((hop) => !hop.steps.some((step) => step.after && step.because !== ''))
        .map((hop) => `${title}: ${hop.device.kind}/${hop.device.id}`),
    );
    expect(silent).toEqual([]);
  });
});

describe('records', () => {
  test.each(shipped.map(({ title, world }) => ({ title, world })))(
    'of $title are plain data',
    ({ world }) => {
      const seen = new Set<unknown>();
      expect(
        world.devices.flatMap((record) => notPlain(record, `${record.kind}/${record.id}`, seen)),
      ).toEqual([]);
    },
  );

  test.each(shipped.map(({ title, world }) => ({ title, world })))(
    'of $title know their own place, kind and name',
    ({ world }) => {
      const ids = world.devices.map(({ kind, id }) => `${kind}/${id}`);
      expect(world.devices.map(({ index }) => index)).toEqual(world.devices.map((_, at) => at));
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => !(kinds as string[]).includes(id.split('/')[0]!))).toEqual([]);
    },
  );
});

describe('drop codes', () => {
  const drops = allDrops();
  const aws = JSON.parse(
    readFileSync(new URL('reachability-codes.json', import.meta.url), 'utf8'),
  ) as string[];

  test('no two refusals share a code', () => {
    const codes = drops.map(({ code }) => code);
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
  });

  describe.each(drops.map((drop) => [drop.code, drop] as const))('%s', (code, drop) => {
    test('has the form area/cause', () => {
      expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/);
    });

    test('says what it means, what causes it, and where to look', () => {
      expect(drop.means).toMatch(/^[A-Z].*\.$/s);
      expect(drop.causes.length).toBeGreaterThan(0);
      expect(drop.look.length).toBeGreaterThan(0);
      for (const line of [...drop.causes, ...drop.look]) expect(line).toMatch(/\S/);
    });

    test('is explained in words of AWS only where AWS has the word', () => {
      for (const one of awsCodesOf(drop)) expect(aws).toContain(one);
    });
  });

  test('each is met in a test', () => {
    const texts = testFiles(new URL('..', import.meta.url)).join('\n');
    expect(drops.map(({ code }) => code).filter((code) => !texts.includes(code))).toEqual([]);
  });
});

function hopsOf(trace: Trace): Hop[] {
  return trace.paths.flatMap((path) => [...path.hops, ...path.reply.hops]);
}

/** Neighbouring hops of one leg between which the header changed. A ghost follows the hop where it forks off; the
 *  mark is a host's own and never leaves it. */
function tears(hops: readonly Hop[]): string[] {
  return hops.slice(1).flatMap((hop, before) => {
    const last = hops[before]!;
    if (hop.leg !== last.leg || hop.ghost !== last.ghost) return [];
    const [sent, got] = [last.out, hop.in].map((header) => `${arrow(header)} ttl ${header.ttl}`);
    return sent === got ? [] : [`${last.device.id} sends ${sent}, ${hop.device.id} gets ${got}`];
  });
}

/** Places in a value that are more than data: functions, and objects of classes that are not containers. What a rule
 *  does (`-j`) is one of a fixed list, and stands for itself. */
function notPlain(value: unknown, at: string, seen: Set<unknown>): string[] {
  if (typeof value === 'function' || typeof value === 'symbol') return [`${at}: ${typeof value}`];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if ('name' in value && targetNamed(String(value.name)) === value) return [];
  if (ArrayBuffer.isView(value)) return [];
  if (value instanceof Map)
    return [...value].flatMap(([key, held]) => [
      ...notPlain(key, `${at} key`, seen),
      ...notPlain(held, `${at}.${String(key)}`, seen),
    ]);
  if (value instanceof Set) return [...value].flatMap((held) => notPlain(held, `${at}[]`, seen));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null)
    return [`${at}: ${(value as object).constructor.name}`];
  return Object.entries(value).flatMap(([key, held]) => notPlain(held, `${at}.${key}`, seen));
}

function testFiles(folder: URL): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8'));
}
