/** Sizes of packets on the flows of the shipped topologies: what holds wherever the MTU lies. */
import { expect, test } from 'vitest';
import { prepare, verdictOf } from '../../src/world/flow.ts';
import { shipped } from '../support/shipped.ts';
import { traceOf } from '../support/worlds.ts';

const sizes = [1480, 8600, 20_000];
const flows = shipped.flatMap(({ title, world, flows }) =>
  flows
    .filter(({ size }) => size === undefined)
    .map((flow) => ({ title: `${title}: ${flow.from} > ${flow.to}`, world, flow })),
);

test('a connection that comes about carries packets of any size, as nothing stops ICMP there', () => {
  const lost = flows.flatMap(({ title, world, flow }) => {
    const small = traceOf(world, flow.from, flow.to, flow);
    if (small.request.protocol !== 'tcp') return [];
    return sizes
      .filter((size) => traceOf(world, flow.from, flow.to, { ...flow, size }).verdict !== small.verdict)
      .map((size) => `${title}, ${size} bytes`);
  });
  expect(lost).toEqual([]);
});

test('what small packets do not reach, large ones do not reach either', () => {
  const gained = flows.filter(({ world, flow }) => {
    const [small, large] = [{}, { size: 9001, df: false }].map((more) =>
      traceOf(world, flow.from, flow.to, { ...flow, ...more }),
    );
    return small!.verdict === 'unreachable' && large!.verdict !== 'unreachable';
  });
  expect(gained.map(({ title }) => title)).toEqual([]);
});

test('walked for the verdict only, sizes decide the same', () => {
  const different = flows.filter(({ world, flow }) => {
    const sized = { ...flow, size: 9001 };
    const prepared = prepare(world, sized);
    return (
      !prepared.ok || verdictOf(world, prepared.value) !== traceOf(world, flow.from, flow.to, sized).verdict
    );
  });
  expect(different.map(({ title }) => title)).toEqual([]);
});
