/** What each kind of dump says, in the words of the topology file. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { topologyText } from '../../../src/io/topology-text.ts';
import { filesOf, smallAccount } from './dumps.ts';

// biome-ignore lint/suspicious/noExplicitAny: the tests below look at any part of it
type File = Record<string, any>;

/** The topology file that the small account makes together with `more`. */
function fileOf(more: Record<string, unknown>, answers: Record<string, unknown> = {}): File {
  const files = new Map([
    ...filesOf({ ...smallAccount(), ...more }).map(({ path, text }) => [path, text] as const),
    ...Object.entries(answers).map(([path, value]) => [path, JSON.stringify(value)] as const),
  ]);
  const read = (path: string) => (files.has(path) ? { text: files.get(path)! } : undefined);
  const made = topologyText('', read, (pattern) => (pattern === '*.json' ? [...files.keys()] : []));
  if (!made.ok) throw new Error(made.issues.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return parse(made.value) as File;
}

const group = (IpPermissions: unknown[]) => ({
  SecurityGroups: [{ GroupId: 'sg-web', VpcId: 'vpc-1', IpPermissions, IpPermissionsEgress: [] }],
});

describe('security groups', () => {
  const ingressOf = (...permissions: unknown[]) =>
    fileOf(group(permissions)).vpcs[0].securityGroups[0].ingress;

  test('have a rule for each block, and ports as one or a range', () => {
    const IpRanges = [{ CidrIp: '10.0.0.0/8', Description: 'inside' }, { CidrIp: '192.0.2.1/32' }];
    expect(ingressOf({ IpProtocol: 'tcp', FromPort: 80, ToPort: 81, IpRanges })).toEqual([
      { protocol: 'tcp', ports: '80-81', from: '10.0.0.0/8', description: 'inside' },
      { protocol: 'tcp', ports: '80-81', from: '192.0.2.1/32' },
    ]);
  });

  test('ICMP has a type and a code instead, -1 for any', () => {
    const IpRanges = [{ CidrIp: '0.0.0.0/0' }];
    expect(ingressOf({ IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges })).toEqual([
      { protocol: 'icmp', type: 8, from: '0.0.0.0/0' },
    ]);
    expect(ingressOf({ IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges })).toEqual([
      { protocol: 'icmp', from: '0.0.0.0/0' },
    ]);
  });

  test('have rules of IPv6 too', () => {
    const Ipv6Ranges = [{ CidrIpv6: '::/0' }];
    expect(ingressOf({ IpProtocol: 'icmpv6', FromPort: 128, ToPort: -1, Ipv6Ranges })).toEqual([
      { protocol: 'icmpv6', type: 128, from: '::/0' },
    ]);
  });

  test('may come as single rules', () => {
    const { IpPermissions: _, ...rest } = group([]).SecurityGroups[0]!;
    const rule = { GroupId: 'sg-web', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
    const made = fileOf({
      SecurityGroups: [rest],
      SecurityGroupRules: [
        { ...rule, SecurityGroupRuleId: 'sgr-1', IsEgress: false, CidrIpv4: '10.0.0.0/8' },
        { ...rule, SecurityGroupRuleId: 'sgr-2', IsEgress: true, ReferencedGroupInfo: { GroupId: 'sg-web' } },
        { ...rule, SecurityGroupRuleId: 'sgr-3', IsEgress: false, CidrIpv6: '::/0' },
      ],
    });
    expect(made.vpcs[0].securityGroups[0]).toMatchObject({
      ingress: [
        { protocol: 'tcp', ports: 443, from: '10.0.0.0/8' },
        { protocol: 'tcp', ports: 443, from: '::/0' },
      ],
      egress: [{ protocol: 'tcp', ports: 443, to: 'sg/sg-web' }],
    });
  });
});

test('prefix lists take their blocks from either command; those of S3 go by the name of the service', () => {
  const made = fileOf(
    {
      PrefixLists: [
        { PrefixListId: 'pl-1', PrefixListName: 'corp', OwnerId: '111122223333', MaxEntries: 5 },
        { PrefixListId: 'pl-s3', PrefixListName: 'com.amazonaws.us-east-2.s3', Cidrs: ['3.5.128.0/22'] },
      ],
      ...group([{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-1' }, { PrefixListId: 'pl-s3' }] }]),
    },
    { 'entries.pl-1.json': { Entries: [{ Cidr: '10.9.0.0/16', Description: 'x' }] } },
  );
  expect(made.prefixLists).toEqual([
    { name: 'pl-1', owner: 'customer', cidrs: ['10.9.0.0/16'], maxEntries: 5 },
    { name: 's3', region: 'us-east-2', owner: 'AWS', cidrs: ['3.5.128.0/22'] },
  ]);
  expect(made.vpcs[0].securityGroups[0].ingress).toEqual([
    { protocol: 'all', from: 'pl/pl-1' },
    { protocol: 'all', from: 'pl/s3' },
  ]);
});

test('endpoints have their service, and where they are', () => {
  const endpoint = { VpcId: 'vpc-1', State: 'available' };
  const made = fileOf({
    VpcEndpoints: [
      {
        ...endpoint,
        VpcEndpointId: 'vpce-1',
        VpcEndpointType: 'Gateway',
        ServiceName: 'com.amazonaws.us-east-2.s3',
        RouteTableIds: ['rtb-1'],
      },
      {
        ...endpoint,
        VpcEndpointId: 'vpce-2',
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.us-east-2.ecr.dkr',
        SubnetIds: ['subnet-a'],
        NetworkInterfaceIds: ['eni-7'],
        Groups: [{ GroupId: 'sg-web' }],
      },
    ],
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-7',
        InterfaceType: 'vpc_endpoint',
        VpcId: 'vpc-1',
        SubnetId: 'subnet-a',
        PrivateIpAddress: '10.0.1.77',
      },
    ],
  });
  expect(made.vpcs[0].endpoints).toMatchObject([
    { name: 'vpce-1', service: 's3', type: 'gateway', routeTables: ['rtb-1'] },
    {
      name: 'vpce-2',
      service: 'ecr.dkr',
      type: 'interface',
      subnets: ['subnet-a'],
      addresses: { 'subnet-a': '10.0.1.77' },
    },
  ]);
  expect(made.vpcs[0].interfaces).toBeUndefined();
});

describe('virtual private networks', () => {
  const vpn = (more: Record<string, unknown>) => ({
    VpnGateways: [
      { VpnGatewayId: 'vgw-1', State: 'available', VpcAttachments: [{ VpcId: 'vpc-1', State: 'attached' }] },
    ],
    VpnConnections: [
      {
        VpnConnectionId: 'vpn-1',
        VpnGatewayId: 'vgw-1',
        CustomerGatewayId: 'cgw-1',
        CustomerGatewayConfiguration: '<pre_shared_key>secret</pre_shared_key>',
        State: 'available',
        VgwTelemetry: [{ Status: 'DOWN' }, { Status: 'DOWN' }],
        ...more,
      },
    ],
  });

  test('with static routes lead to a network of their blocks', () => {
    const made = fileOf(
      vpn({ Options: { StaticRoutesOnly: true }, Routes: [{ DestinationCidrBlock: '192.168.0.0/16' }] }),
    );
    expect(made.vpcs[0].vpnGateway).toEqual({ name: 'vgw-1' });
    expect(made.connections).toEqual([
      {
        name: 'vpn-1',
        type: 'vpn',
        gateway: 'vgw-1',
        network: 'behind-vgw-1',
        state: 'down',
        routing: 'static',
        staticRoutes: ['192.168.0.0/16'],
      },
    ]);
    expect(made.onPremises).toEqual([{ name: 'behind-vgw-1', cidrs: ['192.168.0.0/16'] }]);
    expect(JSON.stringify(made)).not.toContain('secret');
  });

  test('with BGP lead to what route tables learnt', () => {
    const learnt = {
      DestinationCidrBlock: '172.20.0.0/16',
      GatewayId: 'vgw-1',
      Origin: 'EnableVgwRoutePropagation',
      State: 'active',
    };
    const table = smallAccount().RouteTables![0]!;
    const made = fileOf({ ...vpn({}), RouteTables: [{ ...table, Routes: [learnt] }] });
    expect(made.onPremises).toEqual([{ name: 'behind-vgw-1', cidrs: ['172.20.0.0/16'] }]);
    expect(made.vpcs[0].routeTables[0].routes).toEqual([
      { to: '172.20.0.0/16', via: 'vgw-1', by: 'propagated' },
    ]);
  });
});

describe('transit gateways', () => {
  const account = {
    TransitGateways: [
      {
        TransitGatewayId: 'tgw-1',
        OwnerId: '111122223333',
        State: 'available',
        TransitGatewayArn: 'arn:aws:ec2:us-east-2:111122223333:transit-gateway/tgw-1',
      },
    ],
    TransitGatewayRouteTables: [{ TransitGatewayRouteTableId: 'tgw-rtb-1', TransitGatewayId: 'tgw-1' }],
    TransitGatewayVpcAttachments: [
      {
        TransitGatewayAttachmentId: 'tgw-attach-1',
        TransitGatewayId: 'tgw-1',
        VpcId: 'vpc-1',
        SubnetIds: ['subnet-a'],
        State: 'available',
        Options: { ApplianceModeSupport: 'enable' },
      },
    ],
    TransitGatewayAttachments: [
      {
        TransitGatewayAttachmentId: 'tgw-attach-1',
        TransitGatewayId: 'tgw-1',
        ResourceType: 'vpc',
        ResourceId: 'vpc-1',
        State: 'available',
        Association: { TransitGatewayRouteTableId: 'tgw-rtb-1', State: 'associated' },
      },
    ],
  };
  const attachments = [
    { TransitGatewayAttachmentId: 'tgw-attach-1', ResourceId: 'vpc-1', ResourceType: 'vpc' },
  ];
  const route = (DestinationCidrBlock: string, Type: string) => ({
    DestinationCidrBlock,
    Type,
    State: 'active',
    TransitGatewayAttachments: attachments,
  });

  test('have what a search found: static routes as they are, propagated ones as propagations', () => {
    const Routes = [
      route('10.0.0.0/16', 'propagated'),
      route('10.8.0.0/16', 'static'),
      { DestinationCidrBlock: '10.9.0.0/16', Type: 'static', State: 'blackhole' },
    ];
    const made = fileOf(account, { 'search.tgw-rtb-1.json': { Routes, AdditionalRoutesAvailable: false } });
    expect(made.transitGateways[0]).toMatchObject({
      name: 'tgw-1',
      region: 'us-east-2',
      routeTables: [
        {
          name: 'tgw-rtb-1',
          routes: [
            { to: '10.8.0.0/16', via: 'tgw-attach-1' },
            { to: '10.9.0.0/16', via: 'blackhole' },
          ],
        },
      ],
      attachments: [
        {
          name: 'tgw-attach-1',
          vpc: 'vpc-1',
          subnets: ['subnet-a'],
          applianceMode: true,
          association: 'tgw-rtb-1',
          propagations: ['tgw-rtb-1'],
        },
      ],
    });
  });

  test.for([
    ['nobody searched', {}],
    [
      'a search was not finished',
      { 'search.tgw-rtb-1.json': { Routes: [], AdditionalRoutesAvailable: true } },
    ],
    [
      'a route leads to an attachment that is not described',
      {
        'search.tgw-rtb-1.json': {
          Routes: [
            route('10.0.0.0/16', 'propagated'),
            {
              ...route('10.8.0.0/16', 'static'),
              TransitGatewayAttachments: [{ TransitGatewayAttachmentId: 'tgw-attach-9' }],
            },
          ],
        },
      },
    ],
  ] as const)('whose routes %s are unknown', ([, answers]) => {
    expect(fileOf(account, answers).transitGateways[0].routeTables).toEqual([
      { name: 'tgw-rtb-1', routes: 'unknown' },
    ]);
  });
});

test('a peering with a VPC of somebody else keeps what the connection says of it', () => {
  const made = fileOf({
    VpcPeeringConnections: [
      {
        VpcPeeringConnectionId: 'pcx-1',
        Status: { Code: 'active' },
        RequesterVpcInfo: { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' },
        AccepterVpcInfo: {
          VpcId: 'vpc-9',
          CidrBlock: '10.9.0.0/16',
          Region: 'us-west-2',
          OwnerId: '444455556666',
        },
      },
    ],
  });
  expect(made.peerings).toEqual([
    {
      name: 'pcx-1',
      requester: 'vpc-1',
      accepter: { cidrs: ['10.9.0.0/16'], region: 'us-west-2', account: '444455556666' },
      state: 'active',
    },
  ]);
});

test('interfaces of services keep their addresses and say whose they are', () => {
  const made = fileOf({
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-1',
        VpcId: 'vpc-1',
        SubnetId: 'subnet-a',
        Description: 'RDSNetworkInterface',
        InterfaceType: 'interface',
        Status: 'in-use',
        Groups: [{ GroupId: 'sg-web' }],
        PrivateIpAddresses: [
          { PrivateIpAddress: '10.0.1.31', Primary: false },
          { PrivateIpAddress: '10.0.1.30', Primary: true, Association: { PublicIp: '203.0.113.9' } },
        ],
      },
    ],
  });
  expect(made.vpcs[0].interfaces).toEqual([
    {
      name: 'eni-1',
      subnet: 'subnet-a',
      addresses: ['10.0.1.30', '10.0.1.31'],
      publicAddresses: { '10.0.1.30': '203.0.113.9' },
      securityGroups: ['sg-web'],
      owner: 'RDSNetworkInterface',
    },
  ]);
});

test('IPv6: blocks, the gateway that leads out only, its routes and rules of network ACLs', () => {
  const {
    Vpcs: [vpc] = [],
    Subnets: [subnet] = [],
    RouteTables: [table] = [],
    NetworkAcls: [acl] = [],
  } = smallAccount();
  const associated = (Ipv6CidrBlock: string) => ({
    Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock, Ipv6CidrBlockState: { State: 'associated' } }],
  });
  const made = fileOf({
    Vpcs: [{ ...vpc, ...associated('2001:db8:6::/56') }],
    // Every address is there already: none is to be assigned.
    Subnets: [{ ...subnet, ...associated('2001:db8:6::/64'), AssignIpv6AddressOnCreation: true }],
    EgressOnlyInternetGateways: [
      { EgressOnlyInternetGatewayId: 'eigw-1', Attachments: [{ VpcId: 'vpc-1', State: 'attached' }] },
    ],
    RouteTables: [
      {
        ...table,
        Routes: [
          { DestinationIpv6CidrBlock: '2001:db8:6::/56', GatewayId: 'local', State: 'active' },
          { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: 'eigw-1', State: 'active' },
        ],
      },
    ],
    NetworkAcls: [
      {
        ...acl,
        Entries: [
          { RuleNumber: 101, Protocol: '-1', RuleAction: 'allow', Ipv6CidrBlock: '::/0', Egress: true },
        ],
      },
    ],
  });
  expect(made.vpcs[0]).toMatchObject({
    ipv6Cidrs: ['2001:db8:6::/56'],
    egressOnlyInternetGateway: { name: 'eigw-1' },
    subnets: [{ ipv6Cidr: '2001:db8:6::/64' }],
    routeTables: [{ routes: [{ to: '::/0', via: 'eigw-1' }] }],
    networkAcls: [{ egress: [{ rule: 101, protocol: 'all', cidr: '::/0', action: 'allow' }] }],
  });
});
