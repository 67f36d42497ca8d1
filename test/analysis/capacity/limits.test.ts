/** What stops a cluster as it grows: the first limit, the second, the third. */
import { describe, expect, test } from 'vitest';
import { cluster, reportOf } from '../../support/capacity.ts';
import { loadShipped } from '../../support/worlds.ts';

const limits = (report: ReturnType<typeof reportOf>) =>
  report.limits.map(({ kind, at, pods, nodes }) => ({ kind, at, pods, nodes }));

describe('the day cluster grows until it fails', () => {
  const report = reportOf(loadShipped('day'));

  test('first its two t3.small are full: 2 x (11 - 2 host network pods) = 18 pods', () => {
    expect(limits(report)[0]).toEqual({ kind: 'max-pods', at: 'group/day-nodes', pods: 18, nodes: 2 });
    expect(report.limits[0]!.message).toContain('each t3.small takes 11 pods');
  });

  test('then the group is at its maximum of three nodes, with 27 pods', () => {
    expect(limits(report)[1]).toEqual({ kind: 'group-max', at: 'group/day-nodes', pods: 27, nodes: 3 });
    expect(report.limits[1]!.message).toContain('day-nodes (3) at its maximum');
  });

  test('a higher maximum would end in the subnets: 12 addresses a node', () => {
    expect(limits(report)[2]).toMatchObject({ kind: 'subnet-addresses', pods: 6120, nodes: 680 });
  });
});

describe('other limits', () => {
  test('subnets of eleven addresses: a pod without an address comes before full nodes', () => {
    const tiny = cluster({
      subnets: [
        '{ name: a, cidr: 10.0.0.0/28, az: us-east-1a }',
        '{ name: b, cidr: 10.0.1.0/28, az: us-east-1b }',
      ],
    });
    // Eleven usable, less the control plane's and the node's: nine addresses for pods on each node.
    expect(limits(reportOf(tiny))).toEqual([
      { kind: 'subnet-addresses', at: expect.stringMatching(/^subnet\/[ab]$/), pods: 18, nodes: 2 },
    ]);
  });

  test('MAX_ENI=1: the ENIs are full while maxPods and the subnet have room', () => {
    const one = cluster({
      env: { MAX_ENI: '1' },
      groups:
        '{ name: workers, instanceType: m5.large, desired: 2, min: 1, max: 2, subnets: [a, b], maxPods: 29 }',
    });
    expect(limits(reportOf(one))[0]).toMatchObject({ kind: 'enis', pods: 18 });
  });

  test('CPU: two m5.large with 1,930 millicores each, less 150 for DaemonSets, take two pods of 800', () => {
    const busy = cluster({
      deployments: {},
      manifests: `apiVersion: apps/v1
kind: Deployment
metadata: { name: busy }
spec:
  replicas: 1
  selector: { matchLabels: { app: busy } }
  template:
    metadata: { labels: { app: busy } }
    spec: { containers: [{ name: app, image: app, resources: { requests: { cpu: 800m } } }] }
`,
    });
    expect(limits(reportOf(busy)).slice(0, 2)).toMatchObject([
      { kind: 'cpu', pods: 4, nodes: 2 },
      { kind: 'group-max', pods: 6, nodes: 3 },
    ]);
  });
});
