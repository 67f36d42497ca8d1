/** Demands for plans, and the sites of the topology that a plan prints. */
import { cidr } from '../../src/addressing/cidr.ts';
import { demandOf, type PlanRequest } from '../../src/analysis/plan/demand.ts';
import { type AddressPlan, planAddresses } from '../../src/analysis/plan/plan.ts';
import { instanceType } from '../../src/cni/instance-types.ts';
import { loadTopology } from '../../src/io/load-topology.ts';
import { planTopology } from '../../src/render/plan/topology.ts';
import type { ClusterPlan } from '../../src/world/sites.ts';
import { planSites } from '../../src/world/sites.ts';
import type { Topology } from '../../src/world/topology.ts';

type Wish = Partial<Omit<PlanRequest, 'type'>> & { readonly type?: string };

/** 50 m5.xlarge and 1,500 pods in three zones, unless it is said otherwise. */
export function request({ type = 'm5.xlarge', ...more }: Wish = {}): PlanRequest {
  return {
    nodes: 50,
    pods: 1500,
    zones: 3,
    region: 'us-east-1',
    type: instanceType(type)!,
    prefixDelegation: false,
    customNetworking: false,
    cni: {},
    vpcCidrs: [cidr('10.0.0.0/16')],
    podCidrs: [cidr('100.64.0.0/16')],
    serviceCidr: cidr('172.20.0.0/16'),
    margin: 0.3,
    surge: 0.5,
    access: 'private',
    loadBalancers: { public: 1, internal: 0 },
    survivesZoneLoss: false,
    eniQuota: 5000,
    ...more,
  };
}

export function planned(wish: Wish = {}): AddressPlan {
  const result = planAddresses(demandOf(request(wish)));
  if (!result.ok) throw new Error(result.issues.map(({ message }) => message).join('\n'));
  return result.plan;
}

/** Codes of what makes it impossible. */
export function faults(wish: Wish): string[] {
  const result = planAddresses(demandOf(request(wish)));
  return result.ok ? [] : result.issues.map(({ code }) => code);
}

export function loadPlan(plan: AddressPlan): Topology {
  const text = planTopology(plan);
  const loaded = loadTopology(
    'plan.yaml',
    (path) => (path === 'plan.yaml' ? { text } : undefined),
    () => [],
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.issues));
  return loaded.value;
}

export interface Homeless {
  /** Nodes that the topology asks for and that got no address. */
  readonly nodes: number;
  /** Pods without a node or without an address. */
  readonly pods: readonly string[];
  /** Subnets with more addresses in use than the plan says they need. */
  readonly beyond: readonly string[];
}

export const nobody: Homeless = { nodes: 0, pods: [], beyond: [] };

/** Who has no address where the plan's own topology is built; with the growth, where `nodes` and `replicas` say so. */
export function homeless(plan: AddressPlan, grown?: { nodes: number; replicas: number }): Homeless {
  const topology = grown ? scaled(loadPlan(plan), grown) : loadPlan(plan);
  const site = planSites(topology).find(({ cluster }) => cluster !== undefined)!;
  const cluster: ClusterPlan = site.cluster!;
  const wanted = topology.cluster!.nodeGroups.reduce((sum, { desired }) => sum + desired, 0);
  return {
    nodes: wanted - cluster.nodes.length,
    beyond: plan.subnets.flatMap(({ name, needed }) => {
      const { used } = site.use.get(name)!;
      return used > needed ? [`${name}: ${used} > ${needed}`] : [];
    }),
    pods: cluster.pods
      .filter(({ address }) => address === undefined)
      .map(({ id, reasons }) => `${id}: ${reasons[0]}`),
  };
}

function scaled(topology: Topology, { nodes, replicas }: { nodes: number; replicas: number }): Topology {
  const cluster = topology.cluster!;
  const { objects } = topology;
  return {
    ...topology,
    cluster: {
      ...cluster,
      nodeGroups: cluster.nodeGroups.map((group) => ({ ...group, desired: nodes, max: nodes })),
    },
    objects: {
      ...objects,
      workloads: objects.workloads.map((one) => ({ ...one, replicas })),
    },
  };
}
