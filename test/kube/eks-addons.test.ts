import { describe, expect, test } from 'vitest';
import { cidr } from '../../src/addressing/cidr.ts';
import { clusterDnsAddress, eksAddons } from '../../src/kube/eks-addons.ts';

const settings = { serviceCidr: cidr('172.20.0.0/16'), coreDnsReplicas: 2 };

describe('what EKS ships', () => {
  const { workloads, services } = eksAddons({ ...settings, written: { workloads: [], services: [] } });

  test('kubernetes has the first address of the Service range, kube-dns the tenth', () => {
    expect(services.map(({ metadata, clusterIP }) => [metadata.name, clusterIP])).toEqual([
      ['kubernetes', '172.20.0.1'],
      ['kube-dns', '172.20.0.10'],
    ]);
    expect(clusterDnsAddress(settings.serviceCidr)).toBe('172.20.0.10');
  });

  test('aws-node and kube-proxy run on the host network of every node, CoreDNS twice', () => {
    const facts = workloads.map(({ kind, metadata, template }) => [
      kind,
      metadata.name,
      template.spec.hostNetwork,
    ]);
    expect(facts).toEqual([
      ['DaemonSet', 'aws-node', true],
      ['Deployment', 'coredns', false],
      ['DaemonSet', 'kube-proxy', true],
    ]);
    expect(workloads[1]!.replicas).toBe(2);
  });

  test('they say whose defaults they are', () => {
    for (const { origin } of [...workloads, ...services])
      expect(origin).toMatchObject({ from: 'defaulted', by: 'EKS' });
  });

  test('a written object takes the place of the shipped one', () => {
    const own = { ...workloads[1]!, replicas: 5 };
    const rest = eksAddons({ ...settings, written: { workloads: [own], services } });
    expect(rest.workloads.map(({ metadata }) => metadata.name)).toEqual(['aws-node', 'kube-proxy']);
    expect(rest.services).toEqual([]);
  });
});
