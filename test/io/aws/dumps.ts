/** Dumps for tests: an account with one VPC, in pieces that tests change. */
import { type AwsDumpFile, buildWorld, importAws } from '../../../src/index.ts';

type Piece = Readonly<Record<string, unknown>>;

export const anywhere = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

/** What the commands print of a VPC with a public subnet and two instances, by the key they print it under. */
export function smallAccount(): Record<string, Piece[]> {
  const instance = (id: string, address: string): Piece => ({
    ReservationId: `r-${id}`,
    Instances: [
      {
        InstanceId: id,
        PrivateIpAddress: address,
        SecurityGroups: [{ GroupId: 'sg-web', GroupName: 'web' }],
        SourceDestCheck: true,
        State: { Code: 16, Name: 'running' },
        SubnetId: 'subnet-a',
        VpcId: 'vpc-1',
        Tags: [{ Key: 'Name', Value: `name-of-${id}` }],
      },
    ],
  });
  return {
    Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16', OwnerId: '111122223333' }],
    Subnets: [
      { SubnetId: 'subnet-a', VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24', AvailabilityZone: 'us-east-2a' },
    ],
    InternetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: 'vpc-1', State: 'available' }] }],
    RouteTables: [
      {
        RouteTableId: 'rtb-1',
        VpcId: 'vpc-1',
        Associations: [{ Main: true, RouteTableId: 'rtb-1' }],
        Routes: [
          { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' },
          { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' },
        ],
      },
    ],
    SecurityGroups: [
      {
        GroupId: 'sg-web',
        GroupName: 'web',
        VpcId: 'vpc-1',
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, ...anywhere }],
        IpPermissionsEgress: [{ IpProtocol: '-1', ...anywhere }],
      },
    ],
    NetworkAcls: [
      {
        NetworkAclId: 'acl-1',
        VpcId: 'vpc-1',
        IsDefault: true,
        Associations: [{ NetworkAclId: 'acl-1', SubnetId: 'subnet-a' }],
        Entries: [false, true].map((Egress) => ({
          RuleNumber: 100,
          Protocol: '-1',
          RuleAction: 'allow',
          CidrBlock: '0.0.0.0/0',
          Egress,
        })),
      },
    ],
    Reservations: [instance('i-1', '10.0.1.11'), instance('i-2', '10.0.1.12')],
  };
}

/** One file for each key. */
export function filesOf(account: Readonly<Record<string, unknown>>): AwsDumpFile[] {
  return Object.entries(account).map(([key, list]) => ({
    path: `${key}.json`,
    text: JSON.stringify({ [key]: list }, null, 2),
  }));
}

/** The topology of dumps that are in order. */
export function importedTopology(files: readonly AwsDumpFile[]) {
  const topology = importAws(files);
  if (!topology.ok) throw new Error(topology.issues.map(({ message }) => message).join('\n'));
  return topology.value;
}

export function importedWorld(files: readonly AwsDumpFile[]) {
  const world = buildWorld(importedTopology(files));
  if (!world.ok) throw new Error(world.issues.map(({ message }) => message).join('\n'));
  return world.value;
}

/** "CODE FILE:LINE:COLUMN MESSAGE" of every issue. */
export function issuesOf(files: readonly AwsDumpFile[]): string[] {
  const topology = importAws(files);
  return (topology.ok ? topology.warnings : topology.issues).map(
    ({ code, at, message }) => `${code} ${at?.file}:${at?.line}:${at?.column} ${message}`,
  );
}
