/** What joins VPCs with each other and with networks outside AWS: peerings, transit gateways, virtual private gateways,
 *  VPN and Direct Connect connections, on-premises networks. Part of the topology: plain, validated, defaults filled in. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import type { Origin } from '../base/origin.ts';

interface Named {
  readonly name: string;
  readonly origin: Origin;
}

/** As AWS spells states: "available", "active", "pending", "failed", "deleted" ... */
export type ResourceState = string;

export interface PeeringSpec extends Named {
  /** Names of VPCs; a side that the topology does not have is given by its blocks alone. */
  readonly requester: PeeringSide;
  readonly accepter: PeeringSide;
  /** `active` carries packets; anything else does not. */
  readonly state: ResourceState;
}

export interface PeeringSide {
  /** Undefined where the VPC is not in the topology (another account). */
  readonly vpc: string | undefined;
  readonly cidrs: readonly Cidr[];
  readonly region: string;
  readonly account: string;
}

export interface TransitGatewaySpec extends Named {
  readonly region: string;
  readonly account: string;
  readonly state: ResourceState;
  /** Security group referencing support; AWS's default is off. */
  readonly securityGroupReferencing: boolean;
  readonly attachments: readonly TransitAttachmentSpec[];
  readonly routeTables: readonly TransitRouteTableSpec[];
}

export interface TransitAttachmentSpec extends Named {
  readonly resource:
    | {
        readonly type: 'vpc';
        readonly vpc: string;
        /** One in each zone that is enabled. */
        readonly subnets: readonly string[];
        readonly applianceMode: boolean;
        readonly securityGroupReferencing: boolean;
      }
    | { readonly type: 'vpn'; readonly connection: string }
    | { readonly type: 'direct-connect'; readonly connection: string }
    /** `transitGateway` is undefined where the topology does not have the other side. */
    | { readonly type: 'peering'; readonly transitGateway: string | undefined };
  readonly state: ResourceState;
  /** The route table it asks; undefined: none, so that what arrives by it is dropped. */
  readonly association: string | undefined;
}

export interface TransitRouteTableSpec extends Named {
  /** Static and propagated; undefined: nobody could read them, so that what they say is unknown. */
  readonly routes: readonly TransitRouteSpec[] | undefined;
}

export interface TransitRouteSpec {
  readonly to: Cidr;
  /** Name of an attachment of this gateway; undefined for a blackhole. */
  readonly via: string | undefined;
  readonly type: 'static' | 'propagated';
  readonly prefixList?: string | undefined;
  readonly origin: Origin;
}

export interface VpnGatewaySpec extends Named {
  readonly state: ResourceState;
}

/** A VPN connection or a Direct Connect virtual interface between a gateway and an on-premises network. */
export interface ConnectionSpec extends Named {
  readonly type: 'vpn' | 'direct-connect';
  /** Name of a virtual private gateway or of a transit gateway. */
  readonly gateway: string;
  /** Name of an on-premises network. */
  readonly network: string;
  /** `up`: at least one tunnel is. */
  readonly state: 'up' | 'down';
  /** `static`: routes are written on the AWS side; `bgp`: the network advertises its blocks. */
  readonly routing: 'static' | 'bgp';
  readonly staticRoutes: readonly Cidr[];
}

/** A network outside AWS, behind VPN or Direct Connect. */
export interface OnPremisesSpec extends Named {
  readonly cidrs: readonly Cidr[];
  /** Its own routes towards AWS, `via` a connection; undefined: it knows what AWS advertises over its connections. */
  readonly routes:
    | readonly { readonly to: Cidr; readonly via: string; readonly origin: Origin }[]
    | undefined;
  readonly hosts: readonly (Named & {
    readonly address: Ipv4;
    readonly listen: readonly { readonly protocol: number; readonly port: number }[];
  })[];
}
