/** The changes of a network that blockers propose, as data: `world/changes.ts` makes them. Names are those of the
 *  topology. */
import type { Cidr } from '../addressing/cidr.ts';
import type { SecurityGroupPeer } from './security-group.ts';

interface RuleOfVpc {
  readonly vpc: string;
  readonly direction: 'ingress' | 'egress';
  /** IANA number, or ANY_PROTOCOL. */
  readonly protocol: number;
  readonly ports?: readonly [number, number] | undefined;
}

export type NetworkChange =
  /** Adds a rule. */
  | (RuleOfVpc & {
      readonly kind: 'security-group-rule';
      readonly group: string;
      readonly peer: SecurityGroupPeer;
    })
  /** Adds an allow rule. */
  | (RuleOfVpc & {
      readonly kind: 'network-acl-rule';
      readonly acl: string;
      readonly rule: number;
      readonly cidr: Cidr;
    })
  /** Adds a static route, or changes the target of the one to this block. */
  | {
      readonly kind: 'route';
      readonly vpc: string;
      readonly table: string;
      readonly to: Cidr;
      readonly via: string;
    }
  /** Takes the static route to this block away. */
  | { readonly kind: 'route-removal'; readonly vpc: string; readonly table: string; readonly to: Cidr }
  /** Switches the source/destination check off: of an interface, or the primary one of an instance. */
  | { readonly kind: 'source-dest-check'; readonly id: string }
  /** Brings something up: a gateway, an attachment, a peering, a connection, an instance. */
  | { readonly kind: 'state'; readonly of: Stateful; readonly name: string }
  /** Adds a static route, or changes the target of the one to this block, in a route table of a transit gateway. */
  | {
      readonly kind: 'transit-route';
      readonly gateway: string;
      readonly table: string;
      readonly to: Cidr;
      /** Name of an attachment. */
      readonly via: string;
    }
  /** Takes the static route to this block away. */
  | {
      readonly kind: 'transit-route-removal';
      readonly gateway: string;
      readonly table: string;
      readonly to: Cidr;
    }
  /** Associates an attachment of a transit gateway with a route table of it. */
  | {
      readonly kind: 'transit-association';
      readonly gateway: string;
      readonly attachment: string;
      readonly table: string;
    }
  /** Gives an attachment of a transit gateway a foot in this subnet. */
  | { readonly kind: 'transit-subnet'; readonly attachment: string; readonly subnet: string }
  /** Excludes a subnet, or the whole VPC, from Block Public Access, both ways. */
  | { readonly kind: 'public-access-exclusion'; readonly vpc: string; readonly subnet: string | undefined }
  /** Sets HttpPutResponseHopLimit of a node; of the node groups, where the node is one of theirs. */
  | { readonly kind: 'metadata-hop-limit'; readonly node: string; readonly hopLimit: number }
  /** Adds a block to publicAccessCidrs of the cluster. */
  | { readonly kind: 'public-access-cidr'; readonly cidr: Cidr }
  /** Sets a variable of aws-node. */
  | { readonly kind: 'cni-environment'; readonly variable: string; readonly value: string };

/** What has a state, as the topology calls its kind. */
export type Stateful =
  | 'internet-gateway'
  | 'nat-gateway'
  | 'vpn-gateway'
  | 'vpc-peering'
  | 'transit-gateway'
  | 'tgw-attachment'
  | 'connection'
  | 'instance';

/** Brings `name` up. */
export function bringUp(of: Stateful, name: string): NetworkChange {
  return { kind: 'state', of, name };
}
