/** What a node's network interfaces hold once ipamd is at rest: the result of `cni`, read by `world` and `analysis`. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';

/** An ENI that the node's kernel has as an interface of its own. */
export interface PoolEni {
  /** Its own id, where it is given and not planned. */
  readonly name?: string | undefined;
  /** Number of the network card; 0 is the default one. */
  readonly card: number;
  /** Device number on its card; card 0, device 0 is the primary ENI. */
  readonly device: number;
  /** `trunk`: carries branch ENIs and no pods of its own. */
  readonly role: 'primary' | 'secondary' | 'trunk';
  readonly subnet: string;
  /** Names; undefined for those of the primary ENI. */
  readonly securityGroups: readonly string[] | undefined;
  readonly primary: Ipv4;
  /** Single secondary addresses, ascending. */
  readonly secondary: readonly Ipv4[];
  /** Delegated /28 blocks, ascending. */
  readonly prefixes: readonly Cidr[];
}

/** An ENI of one pod, reached over the trunk by its VLAN (security groups for pods). */
export interface BranchEni {
  /** Its own id, where it is given and not planned. */
  readonly name?: string | undefined;
  /** `namespace/name` of its pod. */
  readonly pod: string;
  /** 1 to 120, unique on the node. */
  readonly vlan: number;
  readonly subnet: string;
  readonly securityGroups: readonly string[];
  readonly address: Ipv4;
}

/** A pod and its address of an ENI's secondary addresses or prefixes; pods with a branch ENI are not among them. */
export interface PoolAssignment {
  readonly pod: string;
  readonly address: Ipv4;
  /** Place of its ENI in `enis`. */
  readonly eni: number;
}

/** What EC2 refused ipamd or the VPC resource controller. */
export interface PoolFailure {
  /** EC2's error code. */
  readonly code:
    | 'InsufficientFreeAddressesInSubnet'
    | 'InsufficientCidrBlocks'
    | 'InvalidParameterValue'
    | 'InvalidSubnetID.NotFound';
  readonly subnet: string;
  /** As the component logs it. */
  readonly message: string;
}

export interface IpPoolPlan {
  /** The primary one first, then by card and device. */
  readonly enis: readonly PoolEni[];
  readonly branches: readonly BranchEni[];
  /** In the order of the pods. */
  readonly assigned: readonly PoolAssignment[];
  /** Single addresses and those of prefixes, held ready for pods to come, ascending. */
  readonly warm: readonly Ipv4[];
  /** Pods that get no address and stay in ContainerCreating, with the event that says so; its reason is
   *  FailedCreatePodSandBox where none is given. */
  readonly waiting: readonly { readonly pod: string; readonly reason?: string; readonly event: string }[];
  /** How many addresses are held and why, one sentence. */
  readonly because: string;
  /** Why no interface could even be asked for, in the words of aws-node. */
  readonly obstacle?: string | undefined;
  readonly failures: readonly PoolFailure[];
}
