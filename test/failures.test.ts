/** Topologies of known failures: each the smallest that has its fault, with a variant that cures it by one change. Some
 *  block nothing: what is found there is a remark. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { checkTopology } from '../src/analysis/expectations.ts';
import { loadWorld } from './support/worlds.ts';

const folder = new URL('../topologies/failures/', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));

test.each(names)('%s is called by its number and what fails', (name) => {
  expect(name).toMatch(/^\d\d-[a-z0-9]+(-[a-z0-9]+)*$/);
});

describe.each(names)('%s', (name) => {
  const broken = loadWorld(`failures/${name}`);

  test('fails as it says: verdict, code, deciding device, symptom', () => {
    const { expectations } = broken.topology;
    expect(expectations.some(({ verdict, remark }) => verdict !== 'reachable' || remark)).toBe(true);
    for (const { verdict, code, device, symptom } of expectations)
      if (verdict !== 'reachable') expect([code, device, symptom]).not.toContain(undefined);
    expect(checkTopology(broken, name).filter(({ holds }) => !holds)).toEqual([]);
  });

  test('is cured by one change', () => {
    const [document] = parseAllDocuments(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'));
    expect(document!.toJS().variants.fixed.patch).toHaveLength(1);
    const fixed = loadWorld(`failures/${name}`, 'fixed');
    const results = checkTopology(fixed, name, 'fixed');
    expect(results.filter(({ holds }) => !holds)).toEqual([]);
    expect(fixed.topology.expectations.map(({ verdict }) => verdict)).not.toContain('unreachable');
    expect(results.length).toBeGreaterThan(0);
  });
});
