/** What AWS commands print, and how it is known (AWS CLI reference, `ec2`, `elbv2`): lists by the key they stand under,
 *  and answers about one thing by the keys they have. */
import { isMap } from '../members.ts';

export interface Collection {
  /** What a person calls a member. */
  readonly noun: string;
  /** Members that could be its name: the first that it has is. */
  readonly id: readonly string[];
  /** Further members of the name, where one alone is not its own. */
  readonly within?: string;
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
  TransitGatewayAttachments: {
    noun: 'transit gateway attachment',
    id: ['TransitGatewayAttachmentId'],
    // Both sides of a peering have one id.
    within: 'TransitGatewayId',
  },
  TransitGatewayVpcAttachments: of('transit gateway VPC attachment', 'TransitGatewayAttachmentId'),
  TransitGatewayRouteTables: of('transit gateway route table', 'TransitGatewayRouteTableId'),
  TransitGatewayStaticRoutes: of('transit gateway routes', 'TransitGatewayRouteTableId'),
  TransitGatewayAssociations: of('transit gateway associations', 'TransitGatewayRouteTableId'),
  TransitGatewayPropagations: of('transit gateway propagations', 'TransitGatewayRouteTableId'),
  VpnGateways: of('virtual private gateway', 'VpnGatewayId'),
  VpnConnections: of('VPN connection', 'VpnConnectionId'),
  VpcEndpoints: of('VPC endpoint', 'VpcEndpointId'),
  PrefixLists: of('prefix list', 'PrefixListId'),
  Addresses: of('Elastic IP address', 'AllocationId', 'PublicIp'),
  DhcpOptions: of('DHCP option set', 'DhcpOptionsId'),
  LoadBalancers: of('load balancer', 'LoadBalancerArn'),
  LoadBalancerListeners: of('listeners of a load balancer', 'LoadBalancerArn'),
  LoadBalancerAttributes: of('attributes of a load balancer', 'LoadBalancerArn'),
  LoadBalancerTargetHealth: of('health of targets', 'TargetGroupArn'),
  Listeners: of('listener', 'ListenerArn'),
  Rules: of('listener rule', 'RuleArn'),
  TagDescriptions: of('tags of a load balancer', 'ResourceArn'),
  TargetGroupAttributes: of('attributes of a target group', 'TargetGroupArn'),
  TargetGroups: of('target group', 'TargetGroupArn'),
  ListenerRules: of('rules of a listener', 'ListenerArn'),
  EksClusters: of('EKS cluster', 'name'),
  EksNodegroups: of('EKS node group', 'nodegroupArn'),
};

/** Keys of lists that are read past: they say nothing of how packets go. */
export const ofNoEffect: ReadonlySet<string> = new Set([
  'NextToken',
  'ResponseMetadata',
  'CustomerGateways',
  'TransitGatewayPeeringAttachments',
  'AvailabilityZones',
]);

/** An answer about one thing, which stands as a whole under the key of a collection. */
export interface Answer {
  /** All of them are there. */
  readonly keys: readonly string[];
  readonly collection: string;
  /** The member that says what it is about; a search says it nowhere, so that the name of the file has to. */
  readonly id: string;
  readonly inPath?: RegExp | undefined;
  /** The member that is the thing itself, known by its ARN. */
  readonly member?: string | undefined;
}

const answers: readonly Answer[] = [
  { keys: ['cluster'], collection: 'EksClusters', id: 'name', member: 'cluster' },
  { keys: ['nodegroup'], collection: 'EksNodegroups', id: 'nodegroupArn', member: 'nodegroup' },
  { keys: ['LoadBalancerArn', 'Attributes'], collection: 'LoadBalancerAttributes', id: 'LoadBalancerArn' },
  { keys: ['TargetGroupArn', 'Attributes'], collection: 'TargetGroupAttributes', id: 'TargetGroupArn' },
  {
    keys: ['TargetGroupArn', 'TargetHealthDescriptions'],
    collection: 'LoadBalancerTargetHealth',
    id: 'TargetGroupArn',
  },
  { keys: ['ListenerArn', 'Rules'], collection: 'ListenerRules', id: 'ListenerArn' },
  {
    keys: ['Routes'],
    collection: 'TransitGatewayStaticRoutes',
    id: 'TransitGatewayRouteTableId',
    inPath: /tgw-rtb-[0-9a-z]+/,
  },
  {
    keys: ['TransitGatewayRouteTablePropagations'],
    collection: 'TransitGatewayPropagations',
    id: 'TransitGatewayRouteTableId',
    inPath: /tgw-rtb-[0-9a-z]+/,
  },
  {
    keys: ['Associations'],
    collection: 'TransitGatewayAssociations',
    id: 'TransitGatewayRouteTableId',
    inPath: /tgw-rtb-[0-9a-z]+/,
  },
  { keys: ['Entries'], collection: 'PrefixListEntries', id: 'PrefixListId', inPath: /pl-[0-9a-z]+/ },
  { keys: ['VpcId', 'EnableDnsSupport'], collection: 'VpcAttributes', id: 'VpcId', inPath: /vpc-[0-9a-z]+/ },
  {
    keys: ['VpcId', 'EnableDnsHostnames'],
    collection: 'VpcAttributes',
    id: 'VpcId',
    inPath: /vpc-[0-9a-z]+/,
  },
];

/** What a document answers as a whole; undefined where it is a list, or nothing that is known. */
export function answerOf(value: Readonly<Record<string, unknown>>): Answer | undefined {
  return answers.find(
    ({ keys, member }) =>
      keys.every((key) => Object.hasOwn(value, key)) && (!member || hasArn(value[member])),
  );
}

/** A topology file may have a key `cluster` too. */
function hasArn(value: unknown): boolean {
  if (!isMap(value)) return false;
  const { arn, nodegroupArn } = value;
  return typeof (arn ?? nodegroupArn) === 'string';
}

/** Lists whose members do not all say the same of a thing: `describe-prefix-lists` and
 *  `describe-managed-prefix-lists` print theirs under one key. */
export function collectionOf(key: string, member: unknown): string {
  if (key === 'PrefixLists' && isMap(member) && Array.isArray(member.Cidrs)) return 'PrefixListBlocks';
  return key;
}
