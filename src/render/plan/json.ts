/** A planned network for programs. */
import { formatCidr } from '../../addressing/cidr.ts';
import type { AddressPlan } from '../../analysis/plan/plan.ts';

export function planJson(plan: AddressPlan): string {
  const { demand, peak, zone, subnets, cidrs, slices, free, warnings } = plan;
  const layout = {
    schema: 'vpcsim.plan/v1',
    demand: {
      nodes: demand.nodes,
      pods: demand.pods,
      zones: demand.zones,
      region: demand.region,
      instanceType: demand.type.name,
      maxPods: demand.maxPods,
      cni: demand.variables,
      margin: demand.margin,
      surge: demand.surge,
      access: demand.access,
      loadBalancers: demand.loadBalancers,
      survivesZoneLoss: demand.survivesZoneLoss,
    },
    peakOfAZone: {
      nodes: peak.nodes,
      pods: peak.pods,
      enis: zone.enis,
      because: [peak.because.nodes, peak.because.pods],
    },
    vpc: { cidrs: cidrs.map(formatCidr), serviceCidr: formatCidr(demand.serviceCidr) },
    zones: slices.map(formatCidr),
    subnets: subnets.map(({ name, kind, az, cidr, reservations, usable, needed, uses }) => ({
      name,
      kind,
      az,
      cidr: formatCidr(cidr),
      prefixReservations: reservations.map(formatCidr),
      usable,
      needed,
      free: usable - needed,
      uses,
    })),
    unallocated: free.map(formatCidr),
    warnings: warnings.map(({ code, message, hint }) => ({ code, message, hint: hint ?? null })),
  };
  return `${JSON.stringify(layout, null, 2)}\n`;
}
