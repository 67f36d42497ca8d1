/** How many pods a node takes, by each rule set. The numbers are worked out in the comments or given by the source. */
import { describe, expect, test } from 'vitest';
import { instanceType } from '../../src/cni/instance-types.ts';
import { type MaxPodsOptions, type RuleSetName, ruleSets } from '../../src/cni/max-pods.ts';

const answer = (as: RuleSetName, type: string, options: MaxPodsOptions = {}) =>
  ruleSets.find(({ name }) => name === as)!.apply(instanceType(type)!, options);
const pods = (as: RuleSetName, type: string, options?: MaxPodsOptions) => answer(as, type, options).pods;
const binding = (as: RuleSetName, type: string, options?: MaxPodsOptions) => {
  const { limits, pods: lowest } = answer(as, type, options);
  return limits.find((limit) => limit.pods === lowest)!.what;
};

describe('cni: the addresses that ipamd has', () => {
  test.each([
    ['t3.nano', 4], // 2 x 1 + 2
    ['t3.small', 11], // 3 x 3 + 2
    ['a1.medium', 8], // 2 x 3 + 2
    ['m5.large', 29], // 3 x 9 + 2
    ['m5.xlarge', 58], // 4 x 14 + 2
    ['c5.4xlarge', 234], // 8 x 29 + 2
    ['m5.24xlarge', 737], // 15 x 49 + 2
    ['p4d.24xlarge', 737], // the default one of 4 cards
    ['p5.48xlarge', 100], // 2 x 49 + 2: the default one of 32 cards
  ])('%s has some for %i pods', (type, number) => {
    expect(pods('cni', type)).toBe(number);
    expect(binding('cni', type)).toBe('addresses');
  });

  test('custom networking gives up an ENI, prefix delegation puts 16 addresses in each slot', () => {
    expect(pods('cni', 'm5.large', { customNetworking: true })).toBe(20);
    expect(pods('cni', 'm5.large', { prefixDelegation: true })).toBe(434);
    expect(pods('cni', 'm5.large', { customNetworking: true, prefixDelegation: true })).toBe(290);
    expect(pods('cni', 'm5.xlarge', { customNetworking: true })).toBe(44);
  });

  test('prefixes need Nitro or bare metal', () => {
    expect(pods('cni', 'c4.large', { prefixDelegation: true })).toBe(pods('cni', 'c4.large'));
    expect(answer('cni', 'c4.large', { prefixDelegation: true }).warnings).toEqual([
      'prefix delegation needs Nitro or bare metal: c4.large gets single addresses',
    ]);
    expect(pods('cni', 'a1.metal', { prefixDelegation: true })).toBe(3714); // 8 x 29 x 16 + 2
  });

  test('prefixes came with 1.9, and to bare metal with 1.11', () => {
    const at = (type: string, cniVersion: string) =>
      pods('cni', type, { prefixDelegation: true, cniVersion });
    expect([at('m5.large', '1.8.9'), at('m5.large', '1.9.0')]).toEqual([29, 434]);
    expect([at('a1.metal', '1.10.4'), at('a1.metal', '1.11.0')]).toEqual([234, 3714]);
  });

  test('MAX_ENI lowers the number of ENIs, never raises it, and 0 is none', () => {
    expect(pods('cni', 'm5.large', { maxEni: 1 })).toBe(11);
    expect(pods('cni', 'm5.large', { maxEni: 9 })).toBe(29);
    expect(pods('cni', 'm5.large', { maxEni: 0 })).toBe(29);
    expect(binding('cni', 'm5.large', { maxEni: 1 })).toBe('ENIs');
  });

  test('MAX_ENI counts before custom networking takes the primary ENI', () => {
    expect(pods('cni', 'm5.xlarge', { maxEni: 3, customNetworking: true })).toBe(30); // 2 x 14 + 2
    expect(pods('cni', 'm5.large', { maxEni: 1, customNetworking: true })).toBe(2); // the host's own
  });

  test('the trunk of security groups for pods takes an ENI, where the type has one and there is room', () => {
    expect(pods('cni', 'm5.large', { securityGroupsForPods: true })).toBe(20); // 2 x 9 + 2
    expect(pods('cni', 'm5.large', { securityGroupsForPods: true, maxEni: 1 })).toBe(11);
    expect(pods('cni', 't3.small', { securityGroupsForPods: true })).toBe(11);
    expect(answer('cni', 't3.small', { securityGroupsForPods: true }).warnings).toHaveLength(1);
    expect(pods('cni', 'm5.large', { securityGroupsForPods: true, customNetworking: true })).toBe(11);
  });

  test('with IPv6 addresses do not bind: the recommended cap is left', () => {
    expect(pods('cni', 'm5.large', { ipv6: true })).toBe(110);
    expect(pods('cni', 'm5.24xlarge', { ipv6: true })).toBe(250);
  });

  test('IPv6 does not start without Nitro', () => {
    expect(pods('cni', 'c4.large', { ipv6: true })).toBe(0);
  });

  test('the pool stops at what the kubelet says', () => {
    expect(pods('cni', 'm5.large', { prefixDelegation: true, maxPods: 110 })).toBe(110);
    expect(binding('cni', 'm5.large', { prefixDelegation: true, maxPods: 110 })).toBe('kubelet');
  });
});

describe('nodeadm', () => {
  test('knows neither a cap nor the settings of the CNI', () => {
    expect(
      pods('nodeadm', 'm5.24xlarge', { prefixDelegation: true, customNetworking: true, maxEni: 2 }),
    ).toBe(737);
  });

  test('takes what maxPodsExpression yields', () => {
    const by = (maxPodsExpression: string) => pods('nodeadm', 'c5.4xlarge', { maxPodsExpression });
    expect(by('((default_enis - 1) * (ips_per_eni - 1)) + 2')).toBe(205); // 7 x 29 + 2
    expect(by('max_pods < 110 ? max_pods : 110')).toBe(110);
  });

  test('the kubelet setting of the user wins over the expression, and the memory reserve does not follow it', () => {
    const both = answer('nodeadm', 'm5.large', { maxPodsExpression: 'max_pods * 2', maxPods: 40 });
    expect(both.pods).toBe(40);
    expect(both.reservedFor).toBe(58);
  });

  test('warns of an expression that yields nothing usable, and takes the standard value', () => {
    const by = (maxPodsExpression: string) => answer('nodeadm', 'm5.large', { maxPodsExpression });
    for (const expression of [
      '0',
      '-1',
      '2147483648',
      'max_pods +',
      'min(110, max_pods)',
      'max_pods * 0.9',
    ]) {
      expect(by(expression).pods).toBe(29);
      expect(by(expression).warnings).toEqual([expect.stringContaining('nodeadm warns')]);
    }
    expect(by('2147483647').pods).toBe(2147483647);
  });

  test('vcpus in an expression is for recent images only, and that is said', () => {
    const by = answer('nodeadm', 'c5.4xlarge', { maxPodsExpression: 'vcpus * 8' });
    expect(by.pods).toBe(128); // 16 vCPUs
    expect(by.warnings).toEqual([expect.stringContaining('images of July 2026')]);
  });

  test('podsPerCore of the kubelet lowers it', () => {
    expect(pods('nodeadm', 'm5.large', { podsPerCore: 10 })).toBe(20); // 2 vCPUs
    expect(binding('nodeadm', 'm5.large', { podsPerCore: 10 })).toBe('CPU');
  });
});

describe('managed-node-group', () => {
  test('stops at 110 pods, beyond 30 vCPUs at 250', () => {
    expect(pods('managed-node-group', 'm5.large')).toBe(29);
    expect(pods('managed-node-group', 'c5.4xlarge')).toBe(110); // 16 vCPUs
    expect(pods('managed-node-group', 'c5.9xlarge')).toBe(234); // 36 vCPUs, 8 x 29 + 2
    expect(pods('managed-node-group', 'm5.24xlarge')).toBe(250);
    expect(binding('managed-node-group', 'c5.4xlarge')).toBe('cap');
  });

  test('the lower cap holds where the number of vCPUs is not known', () => {
    expect(pods('managed-node-group', 'mac1.metal')).toBe(110); // 8 x 29 + 2 = 234
  });

  test('goes by the settings of the CNI', () => {
    expect(pods('managed-node-group', 'm5.large', { customNetworking: true })).toBe(20);
    expect(pods('managed-node-group', 'm5.large', { prefixDelegation: true })).toBe(110);
    expect(pods('managed-node-group', 'm5.large', { maxEni: 2 })).toBe(20);
    expect(pods('managed-node-group', 't3.nano', { prefixDelegation: true })).toBe(34); // 2 x 1 x 16 + 2
  });

  test('which must be 1.9 at least', () => {
    const settings = { customNetworking: true, cniVersion: '1.8.0' };
    expect(pods('managed-node-group', 'm5.large', settings)).toBe(29);
  });

  test('no other setting of maxPods wins over it', () => {
    const settings = { maxPods: 50, maxPodsExpression: '60' };
    expect(pods('managed-node-group', 'm5.large', settings)).toBe(29);
  });

  test('memory is reserved for the number of the type, which nodeadm knows', () => {
    expect(answer('managed-node-group', 'c5.4xlarge').reservedFor).toBe(234);
    expect(answer('managed-node-group', 't3.nano', { prefixDelegation: true }).reservedFor).toBe(4);
  });

  test('the steps show the sum', () => {
    expect(answer('managed-node-group', 'c5.4xlarge').steps).toEqual([
      'c5.4xlarge: 8 ENIs with 30 IPv4 addresses each, the first of them its own',
      '8 * (30 - 1) + 2 = 234',
      'at most 110 with up to 30 vCPUs (it has 16): 110 pods',
    ]);
  });
});

describe('al2-script', () => {
  test('takes bare metal for no Nitro, as EC2 names no hypervisor there', () => {
    expect(pods('al2-script', 'a1.metal', { prefixDelegation: true, showMaxAllowed: true })).toBe(234);
  });

  test('caps at 110 up to 30 vCPUs and at 250 beyond, unless --show-max-allowed', () => {
    expect(pods('al2-script', 'm5.large', { prefixDelegation: true })).toBe(110);
    expect(pods('al2-script', 'm5.large', { prefixDelegation: true, showMaxAllowed: true })).toBe(434);
    expect(pods('al2-script', 'm5.24xlarge')).toBe(250);
  });

  test('counts prefixes from 1.9 on, by the first two numbers', () => {
    const at = (cniVersion: string) => pods('al2-script', 't3.nano', { prefixDelegation: true, cniVersion });
    expect([at('1.8.9'), at('1.9.0-eksbuild.1'), at('1.10.1'), at('2.0.0')]).toEqual([4, 34, 34, 34]);
  });

  test('--cni-max-eni 0 leaves no ENI, and custom networking one less', () => {
    expect(pods('al2-script', 'm5.large', { maxEni: 0 })).toBe(2);
    expect(pods('al2-script', 'm5.large', { maxEni: 0, customNetworking: true })).toBe(-7); // -1 x 9 + 2
  });
});

describe('karpenter', () => {
  test('has no cap', () => {
    expect(pods('karpenter', 'm5.24xlarge')).toBe(737);
  });

  test('reserved ENIs and EFA-only interfaces are taken off', () => {
    expect(pods('karpenter', 'm5.large', { reservedEnis: 1 })).toBe(20);
    expect(pods('karpenter', 'p4d.24xlarge', { reservedEnis: 1, efaOnlyInterfaces: 2 })).toBe(590); // 12 x 49 + 2
  });

  test('without an ENI there are no pods at all', () => {
    expect(pods('karpenter', 'm5.large', { reservedEnis: 3 })).toBe(0);
    expect(pods('karpenter', 'm5.large', { reservedEnis: 9 })).toBe(0);
  });

  test('maxPods of the node class replaces the sum, and podsPerCore lowers both', () => {
    expect(pods('karpenter', 'm5.large', { maxPods: 110, reservedEnis: 1 })).toBe(110);
    expect(pods('karpenter', 'm5.large', { maxPods: 110, podsPerCore: 20 })).toBe(40);
    expect(pods('karpenter', 'm5.24xlarge', { podsPerCore: 4 })).toBe(384); // 96 vCPUs
  });

  test('memory is reserved for the sum without reserved ENIs', () => {
    expect(answer('karpenter', 'm5.large', { reservedEnis: 1 }).reservedFor).toBe(29);
  });
});
