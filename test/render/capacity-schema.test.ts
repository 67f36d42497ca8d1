/** Capacity reports as JSON, `vpcsim.capacity/v1`, and as CSV. */
import { describe, expect, test } from 'vitest';
import { capacityCsv } from '../../src/render/capacity/csv.ts';
import { capacityJson } from '../../src/render/capacity/json.ts';
import { capacitySchema, capacitySchemaText } from '../../src/render/capacity/schema.ts';
import { reportOf } from '../support/capacity.ts';
import { shippedNames } from '../support/shipped.ts';
import { loadShipped } from '../support/worlds.ts';

describe('JSON', () => {
  test.each(shippedNames)('%s: holds to the schema, growing or not', (name) => {
    const topology = loadShipped(name);
    for (const words of [{}, { growth: '20%/week' }]) {
      const parsed = capacitySchema.safeParse(JSON.parse(capacityJson(reportOf(topology, words))));
      expect(parsed.error?.message).toBeUndefined();
    }
  });

  test('unknown keys and wrong words are refused', () => {
    const good = JSON.parse(capacityJson(reportOf(loadShipped('day'))));
    expect(capacitySchema.safeParse({ ...good, colour: 'red' }).success).toBe(false);
    expect(capacitySchema.safeParse({ ...good, schema: 'vpcsim.capacity/v2' }).success).toBe(false);
  });

  test('the published JSON Schema is the one the code has (vitest -u writes it)', async () => {
    await expect(capacitySchemaText()).toMatchFileSnapshot('../../schema/capacity-v1.schema.json');
  });
});

describe('CSV', () => {
  const rows = capacityCsv(reportOf(loadShipped('day'), { replicas: ['day-service=9'] }))
    .trimEnd()
    .split('\r\n')
    .map((row) => row.split(','));

  test('one row for each use of each subnet, today first', () => {
    expect(rows[0]).toEqual(['moment', 'of', 'subnet', 'az', 'cidr', 'use', 'addresses']);
    expect(rows[1]).toEqual(['today', '', 'day-a', 'us-east-1a', '10.1.0.0/20', 'reserved by AWS', '5']);
  });

  test('the rows of a subnet sum to its size', () => {
    for (const moment of ['today', 'asked']) {
      const own = rows.filter((row) => row[0] === moment && row[2] === 'day-a');
      expect(own.reduce((sum, row) => sum + Number(row[6]), 0)).toBe(4096);
    }
  });

  test('a comma or a quote in a name is quoted', () => {
    const report = reportOf(loadShipped('day'));
    const [first, ...others] = report.subnets;
    const text = capacityCsv({ ...report, subnets: [{ ...first!, name: 'a,"b"' }, ...others] });
    expect(text).toContain('"a,""b"""');
  });
});
