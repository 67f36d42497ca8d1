/** The Kubernetes API: interfaces in the VPC, and the public endpoint. */
import { describe, expect, test } from 'vitest';
import { plan } from './gateways.ts';
import type { Plan } from './network.ts';
import { group } from './rules.ts';
import { blockers, trace } from './tracing.ts';

describe('the Kubernetes API', () => {
  const withApi: Plan = {
    ...plan,
    groups: [group('cluster', ['all from sg/cluster'])],
    hosts: { ...plan.hosts, node: { subnet: 'private', address: '10.0.2.20', groups: ['cluster'] } },
    controlPlanes: { 'cp-0': { subnet: 'private', address: '10.0.2.50', groups: ['cluster'] } },
    apiEndpoint: { address: '203.0.113.200', publicCidrs: ['203.0.113.5/32'] },
  };

  test('is reached through its interface in the VPC by who the cluster group admits', () => {
    expect(trace(withApi, { from: 'instance/node', to: '10.0.2.50:443' }).verdict).toBe('reachable');
    expect(blockers(trace(withApi, { from: 'instance/app', to: '10.0.2.50:443' }))).toEqual([
      'forward sg/no-ingress-rule eni/cp-0',
    ]);
  });

  test('dials kubelets from there', () => {
    const told = trace(withApi, { from: 'eks-control-plane/cp-0', to: '10.0.2.20:10250' });
    expect(told.verdict).toBe('reachable');
  });

  test('on its public endpoint takes the sources of publicAccessCidrs only', () => {
    expect(trace(withApi, { from: 'instance/node', to: '203.0.113.200:443' }).verdict).toBe('reachable');
    const told = trace(withApi, { from: 'host/laptop', to: '203.0.113.200:443' });
    expect(told.blockers[0]).toMatchObject({
      code: 'eks/source-not-allowed',
      fix: 'add 198.51.100.7/32 to publicAccessCidrs, or enable private endpoint access',
    });
  });
});
