/** Explanation codes of AWS's Reachability Analyzer that no drop code carries: what each says, and why a trace has none.
 *  Codes and their sense as of "Explanation codes" and "Additional detail codes" (Reachability Analyzer guide, 2025). */

export interface AwsCode {
  readonly code: string;
  readonly means: string;
  /** Why no trace carries it, and where the same shows instead. */
  readonly instead: string;
}

const CLASSIC = 'Classic Load Balancers are not modelled';
const FIREWALL = 'AWS Network Firewall is not modelled';
const GATEWAY_BALANCER = 'Gateway Load Balancers are not modelled';
const LOOKED_UP = 'ends of a flow are looked up before the trace: a wrong one is bad input';
const FILTER = 'a trace follows one packet, and takes no filters on paths';
const NOTE = 'a note on a path, no reason that a packet is lost';

const rows: readonly (readonly [code: string, means: string, instead: string])[] = [
  [
    'ELB_ACL_RESTRICTION',
    'the network ACL stops what a Classic Load Balancer sends to a target, also inside one subnet',
    CLASSIC,
  ],
  [
    'ELB_INSTALLED_AZ_RESTRICTION',
    'the target is in a zone that the Classic Load Balancer does not serve',
    CLASSIC,
  ],
  [
    'ELB_LISTENER_PORT_RESTRICTION',
    'the packet fits neither port of the Classic Load Balancer’s listener',
    CLASSIC,
  ],
  ['ELB_LISTENERS_MISMATCH', 'no listener of the Classic Load Balancer takes the packet', CLASSIC],
  [
    'ELB_NOT_CROSSZONE',
    'without cross-zone balancing the node sends to targets of its own zone only',
    `${CLASSIC}; of an NLB the code is ELBV2_NO_TARGETS_IN_AZ`,
  ],
  [
    'ELBV2_LISTENER_PORT_RESTRICTION',
    'the packet has another destination port than the listener',
    'listeners are chosen by protocol and port at once: ELBV2_LISTENERS_MISMATCH',
  ],
  [
    'ELBV2_LISTENER_REQUIRES_TG_ACCEPT',
    'no target group behind the listener takes the packet',
    'a target group’s protocol follows from its listener; a group without targets is ELBV2_LISTENER_HAS_NO_TG',
  ],
  [
    'TARGET_ADDRESS_RESTRICTION',
    'the destination is no registered target',
    'load balancers send to registered targets only, so there is no such path',
  ],
  [
    'TARGET_PORT_RESTRICTION',
    'the destination port is not the one that the target was registered with',
    'load balancers send to the registered port only; that nothing listens there is host/not-listening',
  ],
  ['FIREWALL_RULES_RESTRICTION', 'a rule of AWS Network Firewall stops the packet', FIREWALL],
  [
    'GWLB_DESTINATION_PORT_RESTRICTION',
    'between a Gateway Load Balancer and its targets runs port 6081',
    GATEWAY_BALANCER,
  ],
  [
    'GWLB_PROTOCOL_RESTRICTION',
    'between a Gateway Load Balancer and its targets runs GENEVE over UDP',
    GATEWAY_BALANCER,
  ],
  [
    'IGW_DESTINATION_ADDRESS_IN_VPC_CIDRS',
    'what comes in by an internet gateway must be for an address inside the blocks of the VPC',
    'an internet gateway maps public addresses to interfaces, which are inside; one without an interface is IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
  ],
  [
    'IGW_NAT_REFLECTION',
    'the path would pass one internet gateway twice, which the analyser leaves out',
    'a limit of the analyser: a trace follows the packet out and in again',
  ],
  [
    'TGW_ATTACH_VPC_AZ_RESTRICTION',
    'the transit gateway must deliver in the zone that the packet came from',
    'a transit gateway delivers there by itself; a sender whose zone has no subnet is TGW_ROUTE_AZ_RESTRICTION',
  ],
  [
    'DISCONNECTED_VPCS',
    'nothing joins the two VPCs',
    'the packet is followed to the route that is missing: NO_ROUTE_TO_DESTINATION',
  ],
  ['NO_SOURCE_OR_DESTINATION', 'an end does not exist', LOOKED_UP],
  ['UNASSOCIATED_COMPONENT', 'an end is in no VPC, or has no IPv4 address', LOOKED_UP],
  ['UNSUPPORTED_COMPONENT', 'an end is of a kind that cannot be analysed', LOOKED_UP],
  ['COMPONENT_FILTER_RESTRICTION', 'no path passes the component that was asked for', FILTER],
  [
    'COMPONENT_FILTER_RESTRICTION_REMOVED_COMPONENT',
    'a filter took the component out that the path needs',
    FILTER,
  ],
  ...(['SOURCE', 'DESTINATION'] as const).flatMap((end) =>
    (
      [
        'DESTINATION_ADDRESS',
        'DESTINATION_PORT_RANGE',
        'PROTOCOL',
        'SOURCE_ADDRESS',
        'SOURCE_PORT_RANGE',
      ] as const
    ).map(
      (field) =>
        [
          `FILTER_AT_${end}_${field}`,
          `no path ${end === 'SOURCE' ? 'starts' : 'arrives'} with the ${field.toLowerCase().replaceAll('_', ' ')} that was asked for`,
          `${FILTER}; what became of the header is in each hop`,
        ] as const,
    ),
  ),
  [
    'IGW_EXPECTS_PUBLIC_ADDRESS',
    'where the internet gateway is an end, addresses in filters must be public',
    FILTER,
  ],
  [
    'ASSUMPTION_PRESERVE_CLIENT_IP_IS_DISABLED',
    'client IP preservation is not known, and was taken as off',
    `${NOTE}; it follows from the target group's type and protocol where it is not written`,
  ],
  [
    'ASSUMPTION_PRESERVE_CLIENT_IP_IS_ENABLED',
    'client IP preservation is not known, and was taken as on',
    `${NOTE}; it follows from the target group's type and protocol where it is not written`,
  ],
  ['AVAILABILITY_ZONE_CROSSED', 'the path crosses zones', `${NOTE}: a remark says so`],
  [
    'FIREWALL_UNSUPPORTED_HIGHER_PRIORITY_RULE_GROUP_TYPE',
    'a rule group that cannot be read goes before the rule that was used',
    FIREWALL,
  ],
  [
    'FIREWALL_UNSUPPORTED_HIGHER_PRIORITY_RULES',
    'rules that cannot be read go before the rule that was used',
    FIREWALL,
  ],
  ['FIREWALL_UNSUPPORTED_RULE_OPTIONS', 'the rule that was used has an option that was left out', FIREWALL],
  [
    'MISSING_TARGET_GROUP_ATTRIBUTES',
    'attributes of the target group are not known',
    `${NOTE}; attributes that are not written have AWS's defaults`,
  ],
  [
    'PATH_THROUGH_GWLB_NOT_CHECKED',
    'the way through a Gateway Load Balancer was not checked',
    GATEWAY_BALANCER,
  ],
  [
    'RESPONSE_RTB_HAS_NO_ROUTE_TO_TRANSIT_GATEWAY',
    'there is no route back to the transit gateway',
    'the reply is walked, so that a missing route is NO_ROUTE_TO_DESTINATION on the way back',
  ],
  [
    'TRANSIT_GATEWAY_APPLIANCE_MODE_RECOMMENDED',
    'traffic is inspected, and appliance mode is off',
    `${NOTE}; where it loses a reply the reply is lost in the trace`,
  ],
  [
    'UNIDIRECTIONAL_PATH_ANALYSIS_ONLY',
    'only the way there was analysed',
    'a trace walks the reply as well; --one-way leaves it out',
  ],
];

/** By code. */
export const awsCodesWithoutDrop: readonly AwsCode[] = rows
  .map(([code, means, instead]) => ({ code, means, instead }))
  .sort((a, b) => (a.code < b.code ? -1 : 1));
