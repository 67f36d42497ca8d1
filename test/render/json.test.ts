import { describe, expect, test } from 'vitest';
import { renderJson } from '../../src/render/json.ts';
import { traceSchema, traceSchemaText } from '../../src/render/trace-schema.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { fixtures } from './fixtures/all.ts';

const all = Object.entries(fixtures);

describe('trace JSON, vpcsim.trace/v1', () => {
  test.each(all)('%s: nothing is lost or added', (_, trace) => {
    expect(JSON.parse(renderJson(trace))).toEqual(trace);
  });

  test.each(all)('%s: holds to the schema', (_, trace) => {
    const parsed = traceSchema.safeParse(JSON.parse(renderJson(trace)));
    expect(parsed.error?.message).toBeUndefined();
  });

  test('compact and indented text say the same', () => {
    const pretty = renderJson(fixtures.ingress, { pretty: true });
    expect(JSON.stringify(JSON.parse(pretty))).toBe(renderJson(fixtures.ingress));
    expect(pretty.split('\n')[1]).toBe('  "schema": "vpcsim.trace/v1",');
  });

  test('keys come in the documented order, however the trace was made', () => {
    const turned = reversed(fixtures.naclReplyDrop);
    expect(Object.keys(turned)[0]).not.toBe('schema');
    expect(renderJson(turned)).toBe(renderJson(fixtures.naclReplyDrop));
  });

  test('quotes, line ends and lone surrogates in rules are escaped', () => {
    const odd = 'say "x"\\\n\u0001 \ud800 é 😀';
    const trace: Trace = { ...fixtures.undetermined, remarks: [odd] };
    expect(JSON.parse(renderJson(trace)).remarks).toEqual([odd]);
  });

  test('a share that is tiny keeps its value', () => {
    const trace: Trace = { ...fixtures.undetermined, unexploredShare: 1e-12 };
    expect(JSON.parse(renderJson(trace)).unexploredShare).toBe(1e-12);
  });

  test('unknown keys and wrong words are refused by the schema', () => {
    const good = JSON.parse(renderJson(fixtures.sgDenial));
    expect(traceSchema.safeParse({ ...good, colour: 'red' }).success).toBe(false);
    expect(traceSchema.safeParse({ ...good, verdict: 'fine' }).success).toBe(false);
    expect(traceSchema.safeParse({ ...good, exitCode: 2 }).success).toBe(false);
  });

  test('the published JSON Schema is the one the code has (vitest -u writes it)', async () => {
    await expect(traceSchemaText()).toMatchFileSnapshot('../../schema/trace-v1.schema.json');
  });
});

/** The same value with the keys of every object in reverse. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  ) as T;
}
