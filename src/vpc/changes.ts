/** The changes of a network that blockers propose, as data: `world/changes.ts` applies them. Names are those of the
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
  /** Adds a static route, or changes the target of the one that has this destination. */
  | {
      readonly kind: 'route';
      readonly vpc: string;
      readonly table: string;
      readonly to: Cidr;
      readonly via: string;
    }
  /** Switches the source/destination check of an interface off: of `id` itself, or the primary one of an instance. */
  | { readonly kind: 'source-dest-check'; readonly id: string };
