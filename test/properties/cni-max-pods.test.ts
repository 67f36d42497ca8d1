/** What holds of every rule set of max-pods, whatever the type and the settings. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reportMaxPods } from '../../src/analysis/max-pods.ts';
import { readEnvironment } from '../../src/cni/environment.ts';
import { instanceTypes } from '../../src/cni/instance-types.ts';
import { clusterOptions } from '../../src/cni/max-pods/cluster-options.ts';
import { eniMaxPods, type MaxPodsOptions, managedMaxPods, ruleSets } from '../../src/cni/max-pods.ts';
import { poolShape } from '../../src/cni/pool-shape.ts';

const type = fc.constantFrom(...instanceTypes().values());
const few = fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined });
const flag = fc.option(fc.boolean(), { nil: undefined });
const options: fc.Arbitrary<MaxPodsOptions> = fc.record({
  prefixDelegation: flag,
  customNetworking: flag,
  maxEni: few,
  securityGroupsForPods: flag,
  ipv6: flag,
  cniVersion: fc.constantFrom(undefined, '1.8.0', '1.9.0', '1.10.4', '1.23.1'),
  reservedEnis: few,
  efaOnlyInterfaces: few,
  podsPerCore: few,
  maxPods: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
  showMaxAllowed: flag,
});

describe('every rule set', () => {
  test('gives the lowest of its limits', () => {
    fc.assert(
      fc.property(type, options, fc.constantFrom(...ruleSets), (each, settings, ruleSet) => {
        const { pods, limits } = ruleSet.apply(each, settings);
        expect(pods).toBe(Math.min(...limits.map((limit) => limit.pods)));
      }),
    );
  });

  test('gives the same whatever the options that it does not look at', () => {
    fc.assert(
      fc.property(type, options, fc.constantFrom(...ruleSets), (each, settings, ruleSet) => {
        const heeded = Object.entries(settings).filter(([name]) =>
          ruleSet.heeds.has(name as keyof MaxPodsOptions),
        );
        expect(ruleSet.apply(each, Object.fromEntries(heeded)).pods).toBe(ruleSet.apply(each, settings).pods);
      }),
    );
  });
});

test('the rule set cni is the size that ipamd gives its pool, with two pods of the host network', () => {
  fc.assert(
    fc.property(type, fc.boolean(), fc.boolean(), fc.boolean(), fc.nat(20), (each, ...[pd, cn, sgp, max]) => {
      const env = readEnvironment({
        ENABLE_PREFIX_DELEGATION: String(pd),
        AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: String(cn),
        ENABLE_POD_ENI: String(sgp),
        MAX_ENI: String(max),
      });
      const { podEnis, slots, perSlot } = poolShape(each, env);
      expect(eniMaxPods(each, clusterOptions(env, '1.23.1')).pods).toBe(podEnis * slots * perSlot + 2);
    }),
  );
});

test('a managed node group never takes more than 250 pods', () => {
  fc.assert(fc.property(type, options, (each, settings) => managedMaxPods(each, settings).pods <= 250));
});

test('what fits is the lowest limit that is enforced, and never more than the rule set gives', () => {
  fc.assert(
    fc.property(
      type,
      options,
      fc.constantFrom(undefined, ...ruleSets.map(({ name }) => name)),
      (each, settings, as) => {
        const { limits, fits, binding, maxPods } = reportMaxPods(each, settings, as);
        const enforced = limits.filter((limit) => limit.enforced);
        expect(fits).toBe(Math.min(...enforced.map(({ pods }) => pods)));
        expect(enforced.find(({ what }) => what === binding)?.pods).toBe(fits);
        if (as !== undefined) expect(fits).toBeLessThanOrEqual(maxPods);
      },
    ),
  );
});
