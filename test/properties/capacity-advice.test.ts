import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metricsOf } from '../../src/analysis/capacity/advice/metrics.ts';
import { variantOf } from '../../src/analysis/capacity/advice/variant.ts';
import { type CapacityModel, capacityModel } from '../../src/analysis/capacity/model.ts';
import { mapSubnets } from '../../src/analysis/capacity/subnet-map.ts';
import { subnetCapacity } from '../../src/analysis/capacity/subnets.ts';
import { planSites } from '../../src/world/sites.ts';
import { cluster, type SmallCluster } from '../support/capacity.ts';

fc.configureGlobal({ seed: 1 });

const targets = fc.record({
  WARM_ENI_TARGET: fc.constantFrom('0', '1', '2'),
  WARM_IP_TARGET: fc.constantFrom('0', '0', '2', '5'),
  MINIMUM_IP_TARGET: fc.constantFrom('0', '0', '8'),
  WARM_PREFIX_TARGET: fc.constantFrom('0', '1'),
});

/** Subnets with room for all that is asked for. */
const roomy = fc
  .record({
    prefixes: fc.boolean(),
    type: fc.constantFrom('t3.small', 'm5.large', 'm5.xlarge', 'c5.large'),
    nodes: fc.integer({ min: 1, max: 5 }),
    pods: fc.integer({ min: 0, max: 40 }),
  })
  .map(
    ({ prefixes, type, nodes, pods }) =>
      (env: Record<string, string>): SmallCluster => ({
        subnets: [
          '{ name: a, cidr: 10.0.0.0/20, az: us-east-1a }',
          '{ name: b, cidr: 10.0.16.0/20, az: us-east-1b }',
        ],
        env: { ...env, ENABLE_PREFIX_DELEGATION: String(prefixes) },
        groups: `{ name: workers, instanceType: ${type}, desired: ${nodes}, min: 1, max: ${nodes}, subnets: [a, b] }`,
        deployments: { web: pods, other: 1 },
      }),
  );

function modelOf(small: SmallCluster): CapacityModel {
  const topology = cluster(small);
  const [site] = planSites(topology);
  const [vpc] = topology.vpcs;
  const maps = mapSubnets(vpc!.subnets, site!);
  const subnets = maps.map((map) => subnetCapacity(map, vpc!.name));
  return capacityModel(topology, site!.cluster!, maps, subnets);
}

test('what advice says of other settings is what the world makes of them', () => {
  fc.assert(
    fc.property(roomy, targets, targets, (small, before, after) => {
      const said = metricsOf(variantOf(modelOf(small(before)), { env: after }));
      const made = metricsOf(modelOf(small(after)));
      expect({ held: said.held, waiting: said.withoutAddress, free: [...said.free] }).toEqual({
        held: made.held,
        waiting: made.withoutAddress,
        free: [...made.free],
      });
    }),
    { numRuns: 60 },
  );
});
