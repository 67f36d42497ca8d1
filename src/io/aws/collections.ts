/** The lists that AWS commands print, by the key they stand under: what they hold, and what tells its members apart.
 *  Commands: AWS CLI reference, `ec2`, `elbv2`, `eks`. */

export interface Collection {
  /** What a person calls a member. */
  readonly noun: string;
  /** The member that is its name; several where it takes several to tell them apart. */
  readonly id: readonly string[];
}

const of = (noun: string, ...id: string[]): Collection => ({ noun, id });

export const collections: Readonly<Record<string, Collection>> = {
  Vpcs: of('VPC', 'VpcId'),
  Subnets: of('subnet', 'SubnetId'),
  RouteTables: of('route table', 'RouteTableId'),
  SecurityGroups: of('security group', 'GroupId'),
  SecurityGroupRules: of('security group rule', 'SecurityGroupRuleId'),
  NetworkAcls: of('network ACL', 'NetworkAclId'),
  NetworkInterfaces: of('network interface', 'NetworkInterfaceId'),
  Reservations: of('reservation', 'ReservationId'),
  InternetGateways: of('internet gateway', 'InternetGatewayId'),
  EgressOnlyInternetGateways: of('egress-only internet gateway', 'EgressOnlyInternetGatewayId'),
  NatGateways: of('NAT gateway', 'NatGatewayId'),
  VpcPeeringConnections: of('VPC peering connection', 'VpcPeeringConnectionId'),
  TransitGateways: of('transit gateway', 'TransitGatewayId'),
  TransitGatewayAttachments: of('transit gateway attachment', 'TransitGatewayAttachmentId'),
  TransitGatewayVpcAttachments: of('transit gateway VPC attachment', 'TransitGatewayAttachmentId'),
  TransitGatewayPeeringAttachments: of('transit gateway peering attachment', 'TransitGatewayAttachmentId'),
  TransitGatewayRouteTables: of('transit gateway route table', 'TransitGatewayRouteTableId'),
  TransitGatewayStaticRoutes: of('transit gateway routes', 'TransitGatewayRouteTableId'),
  TransitGatewayPropagations: of('transit gateway propagations', 'TransitGatewayRouteTableId'),
  VpnGateways: of('virtual private gateway', 'VpnGatewayId'),
  VpnConnections: of('VPN connection', 'VpnConnectionId'),
  CustomerGateways: of('customer gateway', 'CustomerGatewayId'),
  VpcEndpoints: of('VPC endpoint', 'VpcEndpointId'),
  PrefixLists: of('prefix list', 'PrefixListId'),
  Addresses: of('Elastic IP address', 'AllocationId', 'PublicIp'),
  AvailabilityZones: of('Availability Zone', 'ZoneName'),
  DhcpOptions: of('DHCP option set', 'DhcpOptionsId'),
  LoadBalancers: of('load balancer', 'LoadBalancerArn'),
  LoadBalancerListeners: of('listeners of a load balancer', 'LoadBalancerArn'),
  LoadBalancerAttributes: of('attributes of a load balancer', 'LoadBalancerArn'),
  LoadBalancerTargetHealth: of('health of targets', 'TargetGroupArn'),
  Listeners: of('listener', 'ListenerArn'),
  TargetGroups: of('target group', 'TargetGroupArn'),
};
