/** How much room a topology has: what its subnets hold today, what it can still take, what it would take at its worst
 *  moments and as it grows, and what would help. */
import type { Issue, Parsed } from '../../base/issue.ts';
import { type ClusterPlan, planSites } from '../../world/sites.ts';
import type { Topology } from '../../world/topology.ts';
import { adviceFor } from './advice/advice.ts';
import { type CapacityWords, readAsked } from './asked.ts';
import { assumptionsOf } from './assumptions.ts';
import { edgePeaks } from './edge-peaks.ts';
import { findingsOf } from './findings.ts';
import { addressed } from './fleet.ts';
import { groupCapacities } from './groups.ts';
import { growthOf } from './growth.ts';
import { limitsOfGrowth } from './limits.ts';
import { type CapacityModel, capacityModel } from './model.ts';
import { nodePeaks } from './node-peaks.ts';
import { CAPACITY_SCHEMA, type CapacityReport, type ClusterFacts } from './report.ts';
import { rolloutPeaks } from './rollouts.ts';
import { scenarioOf } from './scenario.ts';
import { mapSubnets } from './subnet-map.ts';
import { subnetCapacity } from './subnets.ts';
import { waitingNow } from './waiting.ts';
import { workloadRooms } from './workload-room.ts';

/** The report of a topology. Issues are those of the words that were asked, and what stops a world from being built. */
export function capacityOf(topology: Topology, words: CapacityWords = {}): Parsed<CapacityReport> {
  const sites = planSites(topology);
  const cluster = sites.find((site) => site.cluster)?.cluster;
  const asked = readAsked(words, cluster);
  const issues = [...errorsOf(cluster), ...(asked.ok ? [] : asked.issues)];
  if (issues.length > 0 || !asked.ok) return { ok: false, issues };
  const maps = topology.vpcs.map((vpc, place) => mapSubnets(vpc.subnets, sites[place]!));
  const subnets = topology.vpcs.flatMap(({ name }, place) =>
    maps[place]!.map((map) => subnetCapacity(map, name)),
  );
  const own = maps[sites.findIndex((site) => site.cluster)];
  const model = cluster && own && capacityModel(topology, cluster, own, subnets);
  const waiting = cluster ? waitingNow(cluster) : [];
  const found = {
    topology: topology.name,
    cluster: model ? clusterFacts(model) : null,
    subnets,
    groups: model ? groupCapacities(model) : [],
    waiting,
    limits: model ? limitsOfGrowth(model) : [],
    workloads: model ? workloadRooms(model) : [],
    peaks: model ? [...rolloutPeaks(model), ...nodePeaks(model), ...edgePeaks(model)] : [],
    scenario: model ? scenarioOf(model, asked.value) : null,
    growth: model && asked.value.growth ? growthOf(model, asked.value.growth) : null,
  };
  const advised = { ...found, advice: model ? adviceFor(model, found) : [] };
  const report: CapacityReport = {
    schema: CAPACITY_SCHEMA,
    fits: waiting.length === 0,
    findings: findingsOf(advised),
    ...advised,
    assumptions: assumptionsOf(model),
  };
  return { ok: true, value: report, warnings: [...topology.warnings, ...(cluster?.warnings ?? [])] };
}

/** What would stop the world from being built. */
function errorsOf(cluster: ClusterPlan | undefined): Issue[] {
  return [...(cluster?.served.issues ?? []), ...(cluster?.dumps.issues ?? [])].filter(
    ({ severity }) => severity === 'error',
  );
}

function clusterFacts({ cluster: { spec, env }, fleet }: CapacityModel): ClusterFacts {
  const members = [...fleet.members.values()];
  const all = members.reduce((sum, { pods }) => sum + pods.length, 0);
  const own = members.reduce((sum, { pods }) => sum + addressed(pods), 0);
  const byAddress = env.warmIpTarget > 0 || env.minimumIpTarget > 0;
  return {
    name: spec.name,
    mode: env.prefixDelegation ? 'prefix-delegation' : 'secondary-ip',
    customNetworking: env.customNetworking,
    podEni: env.podEni,
    settings: {
      ...(byAddress
        ? { WARM_IP_TARGET: String(env.warmIpTarget), MINIMUM_IP_TARGET: String(env.minimumIpTarget) }
        : env.prefixDelegation
          ? { WARM_PREFIX_TARGET: String(env.warmPrefixTarget) }
          : { WARM_ENI_TARGET: String(env.warmEniTarget) }),
      ...(env.maxEni > 0 ? { MAX_ENI: String(env.maxEni) } : {}),
    },
    nodes: members.length,
    pods: own,
    hostNetworkPods: all - own,
  };
}
