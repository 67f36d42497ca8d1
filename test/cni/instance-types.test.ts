import { describe, expect, test } from 'vitest';
import { instanceType, instanceTypes, similarInstanceTypes } from '../../src/cni/instance-types.ts';
import { eniMaxPods, managedMaxPods } from '../../src/cni/max-pods.ts';

describe('limits of instance types', () => {
  test('all 1,420 types are there', () => {
    expect(instanceTypes().size).toBe(1420);
  });

  test('m5.large takes 3 ENIs with 10 addresses each', () => {
    expect(instanceType('m5.large')).toEqual({
      name: 'm5.large',
      maxEnis: 3,
      ipv4PerEni: 10,
      networkCards: 1,
      totalEnis: 3,
      hypervisor: 'nitro',
      bareMetal: false,
      vcpus: 2,
      memoryMiB: undefined,
      branchEnis: 9,
      missingInCni: false,
    });
  });

  test('the limit of a type with several network cards is that of one card', () => {
    expect(instanceType('p5.48xlarge')).toMatchObject({ maxEnis: 2, networkCards: 32, totalEnis: 64 });
    expect(instanceType('p4d.24xlarge')).toMatchObject({ maxEnis: 15, networkCards: 4, totalEnis: 60 });
  });

  test('an unknown type has neighbours', () => {
    expect(instanceType('m5.lage')).toBeUndefined();
    expect(similarInstanceTypes('m5.lage')[0]).toBe('m5.large');
  });
});

describe('max pods = ENIs x (addresses - 1) + 2', () => {
  const pods = (name: string, options?: Parameters<typeof eniMaxPods>[1]) =>
    eniMaxPods(instanceType(name)!, options).pods;

  test.each([
    ['t3.nano', 4],
    ['t3.small', 11],
    ['t3.medium', 17],
    ['a1.medium', 8],
    ['m5.large', 29],
    ['m5.xlarge', 58],
    ['c5.4xlarge', 234],
    ['m5.24xlarge', 737],
    ['p5.48xlarge', 100],
    ['p4d.24xlarge', 737],
  ])('%s: %i', (name, number) => {
    expect(pods(name)).toBe(number);
  });

  test('custom networking gives up an ENI, prefix delegation puts 16 addresses in each slot', () => {
    expect(pods('m5.large', { customNetworking: true })).toBe(20);
    expect(pods('m5.large', { prefixDelegation: true })).toBe(434);
    expect(pods('m5.large', { customNetworking: true, prefixDelegation: true })).toBe(290);
    expect(pods('m5.xlarge', { customNetworking: true })).toBe(44);
  });

  test('prefixes need Nitro or bare metal', () => {
    expect(pods('c4.large', { prefixDelegation: true })).toBe(pods('c4.large'));
    expect(pods('a1.metal', { prefixDelegation: true })).toBeGreaterThan(pods('a1.metal'));
  });

  test('MAX_ENI lowers the number of ENIs, never raises it', () => {
    expect(pods('m5.large', { maxEni: 1 })).toBe(11);
    expect(pods('m5.large', { maxEni: 9 })).toBe(29);
  });

  test('managed node groups stop at 110 pods, beyond 30 vCPUs at 250', () => {
    expect(managedMaxPods(instanceType('m5.large')!).pods).toBe(29);
    expect(managedMaxPods(instanceType('c5.4xlarge')!).pods).toBe(110);
    expect(managedMaxPods(instanceType('m5.24xlarge')!).pods).toBe(250);
  });

  test('the steps show the sum', () => {
    expect(managedMaxPods(instanceType('c5.4xlarge')!).steps).toEqual([
      'c5.4xlarge: 8 ENIs with 30 IPv4 addresses each',
      '8 x 29 + 2 host network pods = 234',
      'the managed node group caps it at 110 for 16 vCPUs',
    ]);
  });
});
