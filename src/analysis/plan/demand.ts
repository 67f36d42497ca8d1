/** What a network is planned for: nodes, pods, zones, and what they may come to. */
import type { Cidr } from '../../addressing/cidr.ts';
import { CNI_VERSION, type CniEnvironment, readEnvironment, type Variables } from '../../cni/environment.ts';
import type { InstanceType } from '../../cni/instance-types.ts';
import { clusterOptions } from '../../cni/max-pods/cluster-options.ts';
import { managedMaxPods } from '../../cni/max-pods.ts';
import { manifestEnv } from '../../io/topology/cni-settings.ts';

/** As it is asked for. */
export interface PlanRequest {
  readonly nodes: number;
  /** Pods with an address of their own, without those of the add-ons. */
  readonly pods: number;
  readonly zones: number;
  readonly region: string;
  readonly type: InstanceType;
  /** The kubelet's; what a managed node group sets where absent. */
  readonly maxPods?: number | undefined;
  readonly prefixDelegation: boolean;
  readonly customNetworking: boolean;
  /** Further settings of the VPC CNI that differ from its manifest. */
  readonly cni: Variables;
  /** Blocks of the VPC for everything but pods under custom networking; the primary one first. */
  readonly vpcCidrs: readonly Cidr[];
  /** Blocks of the VPC for pods under custom networking. */
  readonly podCidrs: readonly Cidr[];
  readonly serviceCidr: Cidr;
  /** Growth of nodes and pods that is planned for: 0.3 for 30 %. */
  readonly margin: number;
  /** Pods that hold addresses twice while all Deployments roll, 0.5 for 50 %: maxSurge are new beside the old ones, and
   *  maxUnavailable are started while as many old ones end. */
  readonly surge: number;
  /** Where the nodes stand: behind NAT gateways, with public addresses, or with no way to the internet. */
  readonly access: 'private' | 'public' | 'isolated';
  /** Application Load Balancers. */
  readonly loadBalancers: { readonly public: number; readonly internal: number };
  /** The other zones take the nodes and pods of one that is lost. */
  readonly survivesZoneLoss: boolean;
  /** Network interfaces that the account may have in a zone. */
  readonly eniQuota: number;
}

export interface PlanDemand extends PlanRequest {
  readonly maxPods: number;
  /** Settings that differ from the manifest, all of them. */
  readonly variables: Variables;
  /** What the manifest and `variables` come to. */
  readonly env: CniEnvironment;
}

/** Replicas of the add-on (EKS). */
export const COREDNS_PODS = 2;

/** aws-node and kube-proxy: on every node, with its address. */
const HOST_PODS = 2;

export function demandOf(request: PlanRequest): PlanDemand {
  const variables: Variables = {
    ...(request.prefixDelegation && { ENABLE_PREFIX_DELEGATION: 'true' }),
    ...(request.customNetworking && {
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
      ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
    }),
    ...request.cni,
  };
  const env = readEnvironment({ ...manifestEnv, ...variables });
  const managed = managedMaxPods(request.type, clusterOptions(env, CNI_VERSION));
  return { ...request, maxPods: request.maxPods ?? managed.pods, variables, env };
}

/** Pods with an address of their own that a node takes. */
export function podsOfNode({ maxPods }: PlanDemand): number {
  return Math.max(0, maxPods - HOST_PODS);
}

/** Zones of the Region in the order of their letters. */
export function zonesOf({ region, zones }: PlanRequest): readonly string[] {
  return [...'abcdef'].slice(0, zones).map((letter) => region + letter);
}

/** How many nodes the pods need; undefined where a node takes none. */
export function nodesFor(request: PlanRequest): number | undefined {
  const each = podsOfNode(demandOf(request));
  return each === 0 ? undefined : Math.ceil((request.pods + COREDNS_PODS) / each);
}
