/** In which subnets a node's new ENIs may stand: the ENIConfig's under custom networking, else those of its zone that
 *  their tags open to pods, those with most free addresses first (amazon-vpc-cni-k8s pkg/awsutils: createENI,
 *  isSubnetValidForENICreation, IsSubnetExcluded; docs/subnet-discovery.md). */
import type { CniEnvironment } from '../environment.ts';
import type { Ec2 } from './ec2.ts';

const ROLE = 'kubernetes.io/role/cni';
const CLUSTER = 'cni.networking.k8s.aws/cluster/';

export interface TaggedSubnet {
  readonly name: string;
  readonly az: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Where new ENIs may stand, in no order; `because` says why there is nothing, as ipamd logs it. */
export interface EniSubnets {
  readonly subnets: readonly string[];
  readonly because?: string | undefined;
  /** Undefined for those of the primary ENI. */
  readonly securityGroups?: readonly string[] | undefined;
  /** The subnet of an ENIConfig that its tags close to pods: ENIs stand in it in vain. */
  readonly closed?: boolean | undefined;
}

/** Is the subnet closed to pods, whichever ENI stands in it? ipamd looks only while it discovers subnets. */
export function isClosed({ tags }: TaggedSubnet, env: CniEnvironment): boolean {
  const role = tags[ROLE];
  if (!env.subnetDiscovery || !env.features.closedSubnets || !role) return false;
  return role === '0' || !isForCluster(tags, env.clusterName);
}

/** Without custom networking. `zone` are the subnets of the node's VPC and zone. */
export function discoverSubnets(
  node: TaggedSubnet,
  zone: readonly TaggedSubnet[],
  env: CniEnvironment,
): EniSubnets {
  if (!env.subnetDiscovery) {
    if (node.tags[ROLE] !== '0' || !env.features.closedSubnets) return { subnets: [node.name] };
    return {
      subnets: [],
      because: `primary subnet is tagged with ${ROLE}=0 and subnet discovery is disabled - no valid subnets available for ENI creation`,
    };
  }
  const subnets = zone.filter((subnet) => isOpen(subnet, subnet.name === node.name, env));
  if (subnets.length > 0) return { subnets: subnets.map(({ name }) => name) };
  return {
    subnets: [],
    because: `no valid subnets available for ENI creation - all subnets are either not tagged or tagged with ${ROLE}=0`,
  };
}

/** By free addresses as EC2 counts them, most first; equal ones stay as they are. */
export function byFreeAddresses(subnets: readonly string[], ec2: Ec2): readonly string[] {
  if (subnets.length < 2) return subnets;
  const free = new Map(subnets.map((name) => [name, ec2.free(name)]));
  return [...subnets].sort((a, b) => free.get(b)! - free.get(a)!);
}

/** The node's own subnet is open unless it says otherwise; any other only where it says so. */
function isOpen({ tags }: TaggedSubnet, isNodes: boolean, env: CniEnvironment): boolean {
  const role = tags[ROLE];
  if (!role || (isNodes && !env.features.closedSubnets)) return isNodes;
  return role !== '0' && isForCluster(tags, env.clusterName);
}

/** A subnet that names clusters is for these alone; without CLUSTER_NAME ipamd does not look. */
function isForCluster(tags: TaggedSubnet['tags'], cluster: string | undefined): boolean {
  if (!cluster) return true;
  const named = Object.keys(tags).filter((key) => key.startsWith(CLUSTER));
  return named.length === 0 || named.includes(CLUSTER + cluster);
}
