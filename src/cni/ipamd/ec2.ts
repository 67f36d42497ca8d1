/** What ipamd asks of EC2 about interfaces and addresses, and how EC2 refuses. Requests are all or nothing: that many
 *  addresses or prefixes, or an error (AssignPrivateIpAddresses, CreateNetworkInterface). */
import type { Ipv4 } from '../../addressing/ip.ts';
import type { PoolFailure } from '../pool-plan.ts';

/** Slots of an interface to be filled: single secondary addresses, or /28 prefixes. */
export interface SlotRequest {
  readonly subnet: string;
  readonly kind: SlotKind;
  readonly count: number;
  /** How many slots the pods' interfaces of the node hold already: by it a caller knows which slots these are. */
  readonly before: number;
}

export type SlotKind = 'address' | 'prefix';

export interface Ec2 {
  /** AvailableIpAddressCount of a subnet. */
  free(subnet: string): number;
  /** AssignPrivateIpAddresses on an interface in that subnet: addresses, or the first address of each prefix. */
  assign(request: SlotRequest): readonly Ipv4[] | PoolFailure;
  /** CreateNetworkInterface: its primary address, and slots as with `assign`. */
  create(request: SlotRequest): CreatedEni | PoolFailure;
  /** UnassignPrivateIpAddresses. */
  unassign(subnet: string, kind: SlotKind, slots: readonly Ipv4[]): void;
  /** The primary address of an interface that is deleted; its slots are unassigned before. */
  release(subnet: string, primary: Ipv4): void;
}

export interface CreatedEni {
  readonly primary: Ipv4;
  readonly slots: readonly Ipv4[];
}

export function isFailure(answer: object): answer is PoolFailure {
  return 'code' in answer;
}

/** EC2's own words. What a CreateNetworkInterface with prefixes is refused with is another code than on an interface
 *  that exists, and not one that ipamd pauses for (amazon-vpc-cni-k8s issues 1585, 1773, 3105). */
const TEXTS: Readonly<Record<Ec2Code, string>> = {
  InsufficientFreeAddressesInSubnet:
    'The specified subnet does not have enough free addresses to satisfy the request.',
  InsufficientCidrBlocks:
    'The specified subnet does not have enough free cidr blocks to satisfy the request.',
  InvalidParameterValue: "There aren't sufficient free Ipv4 addresses or prefixes",
};

type Ec2Code = 'InsufficientFreeAddressesInSubnet' | 'InsufficientCidrBlocks' | 'InvalidParameterValue';

/** Why a subnet cannot give what was asked for. */
export function refusal(request: SlotRequest, call: 'assign' | 'create'): PoolFailure {
  const code = codeOf(request.kind, call);
  return { code, subnet: request.subnet, message: TEXTS[code] };
}

function codeOf(kind: SlotKind, call: 'assign' | 'create'): Ec2Code {
  if (kind === 'address') return 'InsufficientFreeAddressesInSubnet';
  return call === 'assign' ? 'InsufficientCidrBlocks' : 'InvalidParameterValue';
}

/** After these ipamd leaves EC2 alone for a while (containsInsufficientCIDRsOrSubnetIPs). */
export function pauses({ code }: PoolFailure): boolean {
  return code === 'InsufficientFreeAddressesInSubnet' || code === 'InsufficientCidrBlocks';
}
