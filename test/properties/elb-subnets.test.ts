import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planLoadBalancers } from '../../src/elb/controller.ts';
import { cluster, service, subnet } from '../elb/cluster.ts';

const anySubnet = fc.record({
  zone: fc.constantFrom('a', 'b', 'c'),
  public: fc.boolean(),
  freeAddresses: fc.constantFrom(0, 7, 8, 200),
  tags: fc.dictionary(
    fc.constantFrom(
      'kubernetes.io/role/internal-elb',
      'kubernetes.io/role/elb',
      'kubernetes.io/cluster/shop',
      'kubernetes.io/cluster/other',
    ),
    fc.constantFrom('', '1', 'shared'),
  ),
});

test('discovery takes one usable subnet of every zone that has one, and gives a reason for each subnet', () => {
  fc.assert(
    fc.property(fc.array(anySubnet, { maxLength: 8 }), (drawn) => {
      const subnets = drawn.map(({ zone, ...rest }, i) => subnet(`s${i}`, `10.0.${i}.0/24`, zone, rest));
      const { plans, issues } = planLoadBalancers(
        cluster({ subnets, services: [service('web', { type: 'LoadBalancer' })] }),
      );
      const hasRole = ({ tags }: (typeof subnets)[0]) =>
        ['', '1'].includes(tags['kubernetes.io/role/internal-elb'] ?? 'none');
      const tagged = subnets.some(hasRole);
      const usable = subnets.filter(
        (each) =>
          (tagged ? hasRole(each) : !each.public) &&
          each.freeAddresses >= 8 &&
          ('kubernetes.io/cluster/shop' in each.tags || !('kubernetes.io/cluster/other' in each.tags)),
      );
      const [plan] = plans;
      if (!plan) {
        expect(usable).toEqual([]);
        expect(issues[0]!.message).toContain('unable to resolve at least one subnet');
        return;
      }
      expect(plan.nodes.map(({ az }) => az)).toEqual([...new Set(usable.map(({ az }) => az))].sort());
      for (const { subnet: name } of plan.nodes) expect(usable.map((each) => each.name)).toContain(name);
      expect(plan.subnets).toHaveLength(subnets.length);
      for (const { reason } of plan.subnets) expect(reason).not.toBe('');
      expect(plan.subnets.filter(({ chosen }) => chosen)).toHaveLength(plan.nodes.length);
    }),
  );
});
