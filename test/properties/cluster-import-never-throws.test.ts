/** Dumps of a cluster and its load balancers with anything wrong in them: issues, never an exception. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildWorld, trace } from '../../src/index.ts';
import { accountTopology } from '../import/cluster-topology.ts';
import { load } from '../io/input.ts';
import { dumpsOf } from '../support/account/dumps.ts';
import { topologyOf } from '../support/worlds.ts';

type Json = Record<string | number, unknown>;

const dumps = dumpsOf(topologyOf({ 'vpcsim.yaml': accountTopology }));
const files = Object.keys(dumps).filter((name) =>
  /kubernetes|cluster|Listeners|Rules|LoadBalancer|TargetGroup|NetworkInterfaces/.test(name),
);
const values = new Map(files.map((name) => [name, JSON.parse(dumps[name]!) as Json]));
const places = files.flatMap((name) => placesIn(values.get(name)).map((path) => ({ name, path })));

function placesIn(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const members = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value);
  return [
    ...(path.length > 0 ? [[...path]] : []),
    ...members.flatMap(([key, item]) => placesIn(item, [...path, key])),
  ];
}

const junk = fc.constantFrom<unknown>(
  null,
  '',
  'x',
  '10.0.0.0/33',
  '10.30.16.9',
  -1,
  1e9,
  true,
  [],
  {},
  [null],
  [[]],
);

const changed = fc
  .array(fc.tuple(fc.constantFrom(...places), junk), { minLength: 1, maxLength: 3 })
  .map((changes) => {
    const copies = new Map<string, Json>();
    for (const [{ name, path }, value] of changes) {
      const copy = copies.get(name) ?? structuredClone(values.get(name)!);
      copies.set(name, copy);
      let container: unknown = copy;
      for (const key of path.slice(0, -1)) container = Object(container)[key];
      if (typeof container === 'object' && container !== null)
        (container as Json)[path.at(-1)!] = structuredClone(value);
    }
    return {
      ...dumps,
      ...Object.fromEntries([...copies].map(([name, copy]) => [name, JSON.stringify(copy)])),
    };
  });

test('a value of another kind anywhere', () => {
  fc.assert(
    fc.property(changed, (input) => {
      const topology = load(input, '.');
      if (!topology.ok) {
        expect(topology.issues.length).toBeGreaterThan(0);
        return;
      }
      const world = buildWorld(topology.value);
      if (!world.ok) return;
      for (const to of ['http://shop.example.com/', '10.30.32.7:8080'])
        for (const from of ['internet', 'pod/shop/client']) trace(world.value, { from, to });
    }),
    { numRuns: 60, seed: 11 },
  );
});
