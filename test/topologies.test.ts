/** The shipped topologies keep their promises: each expected flow, and those of each variant. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkTopology } from '../src/analysis/expectations.ts';
import { loadWorld } from './support/worlds.ts';

const names = readdirSync(new URL('../topologies', import.meta.url))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

describe.each(names)('%s', (name) => {
  const plain = loadWorld(name);
  test.each([undefined, ...plain.topology.variants])('holds what it expects (variant: %s)', (variant) => {
    const world = variant === undefined ? plain : loadWorld(name, variant);
    const results = checkTopology(world, name, variant);
    expect(results.filter(({ holds }) => !holds)).toEqual([]);
    expect(results.length).toBeGreaterThan(0);
  });
});
