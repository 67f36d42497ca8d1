import { describe, expect, test } from 'vitest';
import { nodeCapacity, reservedCpuMillis, reservedMemoryBytes } from '../../src/kube/allocatable.ts';

const MIB = 1024 ** 2;

describe('what an EKS node reserves', () => {
  test.each([
    ['t3.micro', 2, 4, 70, 299],
    ['t3.medium', 2, 17, 70, 442],
    ['m5.large', 2, 29, 70, 574],
    ['m5.xlarge', 4, 58, 80, 893],
    ['m5.2xlarge', 8, 58, 90, 893],
    ['c5.4xlarge', 16, 234, 110, 2829],
    ['m5.24xlarge', 96, 737, 310, 8362],
  ])('%s with %i vCPUs and %i pods keeps %im CPU and %iMi memory', (_, vcpus, pods, millis, mebibytes) => {
    expect(reservedCpuMillis(vcpus)).toBe(millis);
    expect(reservedMemoryBytes(pods)).toBe(mebibytes * MIB);
  });

  test('memory is reserved for the pods of the ENI formula, whatever the kubelet is told', () => {
    const size = { instanceType: 'm5.large', vcpus: 2, eniMaxPods: 29 };
    const few = nodeCapacity({ ...size, maxPods: 10 });
    const many = nodeCapacity({ ...size, maxPods: 110 });
    expect(few.allocatable.memoryBytes).toBe(many.allocatable.memoryBytes);
    expect([few.allocatable.pods, many.allocatable.pods]).toEqual([10, 110]);
    expect(few.allocatable.cpuMillis).toBe(1930);
  });

  test('memory of a type outside the table is guessed, and said to be', () => {
    const known = nodeCapacity({ instanceType: 'r5.large', vcpus: 2, eniMaxPods: 29, maxPods: 29 });
    const other = nodeCapacity({ instanceType: 'x9.large', vcpus: 2, eniMaxPods: 29, maxPods: 29 });
    expect([known.memoryGuessed, other.memoryGuessed]).toEqual([false, true]);
    expect(known.allocatable.memoryBytes).toBeGreaterThan(other.allocatable.memoryBytes);
  });
});
