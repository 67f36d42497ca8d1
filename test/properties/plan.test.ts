/** A plan keeps its word: in the topology it prints, every node and every pod has an address, now and after the growth. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { demandOf } from '../../src/analysis/plan/demand.ts';
import { planAddresses } from '../../src/analysis/plan/plan.ts';
import { reportOf } from '../support/capacity.ts';
import { homeless, loadPlan, nobody, request } from '../support/plans.ts';

const wish = fc.record({
  type: fc.constantFrom('t3.small', 't3.medium', 'm5.large', 'm5.xlarge', 'c5.4xlarge', 'm4.large'),
  nodes: fc.integer({ min: 1, max: 20 }),
  perNode: fc.integer({ min: 0, max: 24 }),
  zones: fc.integer({ min: 2, max: 4 }),
  margin: fc.constantFrom(0, 0.1, 0.5),
  surge: fc.constantFrom(0, 0.5),
  access: fc.constantFrom('private' as const, 'public' as const, 'isolated' as const),
  survivesZoneLoss: fc.boolean(),
  prefixDelegation: fc.boolean(),
  customNetworking: fc.boolean(),
  cni: fc.constantFrom<Record<string, string>>(
    {},
    { WARM_ENI_TARGET: '2' },
    { WARM_IP_TARGET: '2' },
    { WARM_IP_TARGET: '5', MINIMUM_IP_TARGET: '10' },
    { WARM_PREFIX_TARGET: '2' },
  ),
});

test('every node and pod has its address', { timeout: 60_000 }, () => {
  let fits = 0;
  fc.assert(
    fc.property(wish, ({ perNode, ...rest }) => {
      const planned = planAddresses(demandOf(request({ ...rest, pods: rest.nodes * perNode })));
      if (!planned.ok) return;
      fits++;
      const { plan } = planned;
      expect(homeless(plan)).toEqual(nobody);
      const { nodesGrown, podsGrown } = plan.peak;
      expect(homeless(plan, { nodes: nodesGrown, replicas: podsGrown - 2 })).toEqual(nobody);
    }),
    { numRuns: 60, seed: 4 },
  );
  expect(fits).toBeGreaterThan(30);
});

test('every peak that the capacity of the plan has fits as well', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(wish, ({ perNode, ...rest }) => {
      // Where a zone has no node yet, nothing tells which ENIConfig its nodes will have.
      const nodes = rest.customNetworking ? Math.max(rest.nodes, rest.zones) : rest.nodes;
      const pods = nodes * perNode;
      const planned = planAddresses(demandOf(request({ ...rest, nodes, pods, surge: 0.5, margin: 0.1 })));
      if (!planned.ok) return;
      const { fits, peaks } = reportOf(loadPlan(planned.plan));
      const short = peaks.flatMap(({ kind, of, subnets }) =>
        subnets
          .filter((each) => each.short > 0)
          .map((each) => `${kind} of ${of}: ${each.subnet} ${each.short}`),
      );
      const lost = rest.survivesZoneLoss ? [] : short.filter((text) => text.startsWith('zone-loss'));
      expect({ fits, short: short.filter((text) => !lost.includes(text)) }).toEqual({
        fits: true,
        short: [],
      });
    }),
    { numRuns: 25, seed: 5 },
  );
});
