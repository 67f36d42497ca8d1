/** A network interface as the strata plan it, before devices have numbers. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { Origin } from '../base/origin.ts';
import type { MetadataOptions } from '../vpc/instance-metadata.ts';

/** What an address of an interface is for. `interface`: the primary address of an interface that is not for its own
 *  sake; `warm`: held for pods to come; `cooling`: of a pod that has gone. */
export type AddressUse =
  | 'node'
  | 'interface'
  | 'pod'
  | 'warm'
  | 'cooling'
  | 'branch'
  | 'instance'
  | 'load-balancer'
  | 'nat-gateway'
  | 'endpoint'
  | 'control-plane'
  | 'service';

export interface EniAddress {
  readonly address: Ipv4;
  readonly use: AddressUse;
  /** Who has it where that is not the interface's owner: `pod/NS/NAME`. */
  readonly holder?: string | undefined;
}

/** As listings word it. */
export function useText({ use, holder }: EniAddress): string {
  return holder ?? use;
}

export interface EniPlan {
  /** "node-1", "node-1/1", "nat-a", "NAME/us-east-1a". Unique among interfaces. */
  readonly id: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly az: string;
  /** Kind and id of the device behind it, and by which of its ports it is reached. */
  readonly host: { readonly kind: string; readonly id: string; readonly port: number };
  /** The primary address first; those of prefixes are among them. */
  readonly addresses: readonly EniAddress[];
  /** Of IPv6. */
  readonly ipv6Addresses?: readonly number[] | undefined;
  /** Delegated /28 blocks. */
  readonly prefixes: readonly Cidr[];
  /** Of its primary address. */
  readonly publicAddress: Ipv4 | undefined;
  /** Of its other addresses: private and public ones in pairs. */
  readonly morePublic?: readonly (readonly [Ipv4, Ipv4])[] | undefined;
  /** Null where none is possible or none is attached. */
  readonly securityGroups: readonly string[] | null;
  readonly sourceDestCheck: boolean;
  /** Of the instance behind it, where it is one. */
  readonly metadata?: MetadataOptions | undefined;
  /** "node/node-1", "Service/default/web": what people know it by. */
  readonly owner: string;
  /** State of what it is attached to, where that is not up. */
  readonly down?: string | undefined;
  /** Its own state, where it is attached to nothing. */
  readonly detached?: string | undefined;
  /** Trunk and branch: the VLAN of a branch, and the interface it is reached over. */
  readonly branch?: { readonly vlan: number; readonly trunk: string } | undefined;
  readonly origin: Origin;
}

/** Public addresses of the interface, each after the private one that it belongs to; the internet gateway knows those of
 *  attached interfaces. */
export function publicPairs({
  addresses,
  publicAddress,
  morePublic = [],
}: EniPlan): (readonly [Ipv4, Ipv4])[] {
  const primary = addresses[0]!.address;
  return publicAddress === undefined ? [...morePublic] : [[primary, publicAddress], ...morePublic];
}
