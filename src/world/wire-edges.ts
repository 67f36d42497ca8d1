/** Makes what stands at the edges: the internet and its hosts, load balancer nodes, EKS's control plane. */
import { addressAt } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import { defaulted, type Origin } from '../base/origin.ts';
import { alb } from '../vpc/alb.ts';
import { awsManaged } from '../vpc/aws-managed.ts';
import { eksApiEndpoint } from '../vpc/eks-api-endpoint.ts';
import { apiServerListening, eksControlPlane } from '../vpc/eks-control-plane.ts';
import { internet } from '../vpc/internet.ts';
import { compileAlb, compileNlb } from '../vpc/load-balancer.ts';
import { nlb } from '../vpc/nlb.ts';
import { INTERNET_FROM_OUTSIDE } from '../vpc/ports.ts';
import { ROUTER_OFFSET } from '../vpc/subnet.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type { EniPlan } from './eni-plan.ts';
import type { Balanced } from './load-balancers.ts';
import type { Roster } from './roster.ts';
import type { HostSpec } from './topology.ts';
import type { VpcSpec } from './vpc-spec.ts';
import { wireOutsideHosts } from './wire-outside-hosts.ts';

/** The internet is one device; returns its index. */
export function wireInternet(
  hosts: readonly HostSpec[],
  otherAddresses: ReadonlySet<number>,
  roster: Roster,
): number {
  const index = roster.index('internet', 'internet');
  roster.place(internet, {
    index,
    kind: 'internet',
    id: 'internet',
    name: 'internet',
    origin: defaulted('vpcsim', 'the public internet'),
    otherAddresses,
  });
  wireOutsideHosts(hosts, index, INTERNET_FROM_OUTSIDE, roster);
  return index;
}

export function wireBalancers(balancers: readonly Balanced[], vpc: VpcSpec, roster: Roster): void {
  for (const { plan, nodes } of balancers) {
    const shared = plan.kind === 'alb' ? compileAlb(plan) : compileNlb(plan);
    for (const { eni, az } of nodes) {
      const place = {
        id: eni.host.id,
        name: `${plan.name} (${az})`,
        entry: true,
        az,
        ...behind(eni, vpc, roster),
      };
      if (plan.kind === 'alb')
        roster.place(alb, {
          ...place,
          index: roster.index('alb', eni.host.id),
          kind: 'alb',
          balancer: shared as ReturnType<typeof compileAlb>,
        });
      else
        roster.place(nlb, {
          ...place,
          index: roster.index('nlb', eni.host.id),
          kind: 'nlb',
          balancer: shared as ReturnType<typeof compileNlb>,
        });
    }
  }
}

/** What stands behind interfaces of which nothing else is known. */
export function wireServices(enis: readonly EniPlan[], vpc: VpcSpec, roster: Roster): void {
  for (const eni of enis)
    if (eni.host.kind === 'aws-managed')
      roster.place(awsManaged, {
        index: roster.index('aws-managed', eni.host.id),
        kind: 'aws-managed',
        id: eni.host.id,
        name: `${eni.id}, of ${eni.owner.slice('aws-managed/'.length)}`,
        az: eni.az,
        ...behind(eni, vpc, roster),
      });
}

export function wireControlPlane(enis: readonly EniPlan[], vpc: VpcSpec, roster: Roster): void {
  for (const eni of enis)
    roster.place(eksControlPlane, {
      index: roster.index('eks-control-plane', eni.host.id),
      kind: 'eks-control-plane',
      id: eni.host.id,
      name: `EKS control plane (${eni.az})`,
      az: eni.az,
      ...behind(eni, vpc, roster),
      listening: apiServerListening,
    });
}

/** The public endpoint of the cluster's API, where it has one. */
export function wireApiEndpoint(
  cluster: ClusterSpec,
  address: Ipv4,
  internetIndex: number,
  roster: Roster,
): number {
  const index = roster.index('eks-api-endpoint', cluster.name);
  roster.place(eksApiEndpoint, {
    index,
    kind: 'eks-api-endpoint',
    id: cluster.name,
    name: `public API endpoint of ${cluster.name}`,
    origin: cluster.origin,
    address,
    publicCidrs: cluster.endpointAccess.publicCidrs,
    internet: internetIndex,
  });
  return index;
}

function behind(
  eni: EniPlan,
  vpc: VpcSpec,
  roster: Roster,
): { eni: number; gateway: Ipv4; address: Ipv4; origin: Origin } {
  const subnet = vpc.subnets.find(({ name }) => name === eni.subnet)!;
  return {
    eni: roster.index('eni', eni.id),
    gateway: addressAt(subnet.cidr, ROUTER_OFFSET),
    address: eni.addresses[0]!.address,
    origin: eni.origin,
  };
}
