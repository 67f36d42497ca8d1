import { describe, expect, test } from 'vitest';
import { instanceType, instanceTypes, similarInstanceTypes } from '../../src/cni/instance-types.ts';

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
