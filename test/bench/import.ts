/** What the import of a large account costs, as a process: from its dumps to a topology file that was read. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface ImportCost {
  readonly enis: number;
  /** Start to exit, the middle one of three. */
  readonly seconds: number;
  /** Of the dumps. */
  readonly mb: number;
}

const VPCS = 5;
const SUBNETS = 100;
const ENIS_IN_SUBNET = 10;
const GROUPS = 400;
const OWNER = '111122223333';

/** 5,000 interfaces, half of them of instances, in 500 subnets, with 2,000 security groups. */
export function importCosts(): ImportCost {
  const folder = mkdtempSync(join(tmpdir(), 'vpcsim-bench-'));
  try {
    let bytes = 0;
    for (const [key, list] of Object.entries(largeAccount())) {
      const text = JSON.stringify({ [key]: list }, null, 4);
      bytes += text.length;
      writeFileSync(join(folder, `${key}.json`), text);
    }
    // Beside the folder: a topology file inside it would be read with the dumps.
    const program = ['dist/bin/main.js', 'import', 'aws', folder, '-o', `${folder}.yaml`];
    const seconds = Array.from({ length: 3 }, () => {
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, program, { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      return (performance.now() - start) / 1000;
    }).sort((a, b) => a - b);
    return {
      enis: VPCS * SUBNETS * ENIS_IN_SUBNET,
      seconds: Number(seconds[1]!.toFixed(2)),
      mb: Number((bytes / 1024 / 1024).toFixed(1)),
    };
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(`${folder}.yaml`, { force: true });
  }
}

type Described = Record<string, unknown>;

const id = (prefix: string, vpc: number, place = 0): string =>
  `${prefix}-${vpc.toString(16).padStart(4, '0')}${place.toString(16).padStart(13, '0')}`;
const block = (vpc: number): string => `10.${vpc * 32}.0.0/16`;
const named = (Value: string): Described[] => [
  { Key: 'Name', Value },
  { Key: 'team', Value: 'platform' },
];

function largeAccount(): Record<string, Described[]> {
  const vpcs = Array.from({ length: VPCS }, (_, vpc) => vpc);
  const subnets = vpcs.flatMap((vpc) => Array.from({ length: SUBNETS }, (_, subnet) => ({ vpc, subnet })));
  const enis = subnets.flatMap(({ vpc, subnet }) =>
    Array.from({ length: ENIS_IN_SUBNET }, (_, place) => eniOf(vpc, subnet, place)),
  );
  return {
    Vpcs: vpcs.map((vpc) => ({
      VpcId: id('vpc', vpc),
      CidrBlock: block(vpc),
      OwnerId: OWNER,
      CidrBlockAssociationSet: [{ CidrBlock: block(vpc), CidrBlockState: { State: 'associated' } }],
      Tags: named(`vpc ${vpc}`),
    })),
    Subnets: subnets.map(({ vpc, subnet }) => ({
      SubnetId: id('subnet', vpc, subnet),
      VpcId: id('vpc', vpc),
      CidrBlock: `10.${vpc * 32}.${subnet * 2}.0/23`,
      AvailabilityZone: `us-east-1${'abc'[subnet % 3]}`,
      MapPublicIpOnLaunch: false,
      OwnerId: OWNER,
      Tags: named(`subnet ${subnet}`),
    })),
    RouteTables: vpcs.map((vpc) => ({
      RouteTableId: id('rtb', vpc),
      VpcId: id('vpc', vpc),
      Associations: [{ Main: true, RouteTableId: id('rtb', vpc) }],
      Routes: [{ DestinationCidrBlock: block(vpc), GatewayId: 'local', State: 'active' }],
    })),
    NetworkAcls: vpcs.map((vpc) => ({
      NetworkAclId: id('acl', vpc),
      VpcId: id('vpc', vpc),
      IsDefault: true,
      Associations: Array.from({ length: SUBNETS }, (_, subnet) => ({ SubnetId: id('subnet', vpc, subnet) })),
      Entries: [true, false].map((Egress) => ({
        RuleNumber: 100,
        Protocol: '-1',
        RuleAction: 'allow',
        CidrBlock: '0.0.0.0/0',
        Egress,
      })),
    })),
    SecurityGroups: vpcs.flatMap((vpc) => Array.from({ length: GROUPS }, (_, group) => groupOf(vpc, group))),
    NetworkInterfaces: enis,
    Reservations: enis.flatMap((eni) => instancesOn(eni)),
  };
}

function groupOf(vpc: number, group: number): Described {
  const ranges = Array.from({ length: 4 }, (_, i) => ({
    CidrIp: `10.${(group * 7 + i) % 256}.0.0/16`,
    Description: 'another network',
  }));
  return {
    GroupId: id('sg', vpc, group),
    GroupName: `group-${group}`,
    VpcId: id('vpc', vpc),
    OwnerId: OWNER,
    Description: 'one of many',
    IpPermissions: [80, 443].map((port) => ({
      IpProtocol: 'tcp',
      FromPort: port,
      ToPort: port,
      IpRanges: ranges,
      UserIdGroupPairs: [{ GroupId: id('sg', vpc, (group * 13 + port) % GROUPS), UserId: OWNER }],
    })),
    IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], UserIdGroupPairs: [] }],
    Tags: named(`group ${group}`),
  };
}

/** The first half of a subnet's interfaces belong to instances. */
function eniOf(vpc: number, subnet: number, place: number): Described {
  const number = subnet * ENIS_IN_SUBNET + place;
  const address = `10.${vpc * 32}.${subnet * 2}.${10 + place}`;
  const attached = place < ENIS_IN_SUBNET / 2;
  return {
    NetworkInterfaceId: id('eni', vpc, number),
    VpcId: id('vpc', vpc),
    SubnetId: id('subnet', vpc, subnet),
    AvailabilityZone: `us-east-1${'abc'[subnet % 3]}`,
    Description: attached ? '' : 'RDSNetworkInterface',
    Groups: [number % GROUPS, (number + 1) % GROUPS].map((group) => ({
      GroupId: id('sg', vpc, group),
      GroupName: `group-${group}`,
    })),
    InterfaceType: 'interface',
    MacAddress: '06:78:cb:6c:fa:36',
    OwnerId: OWNER,
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ Primary: true, PrivateDnsName: 'ip.ec2.internal', PrivateIpAddress: address }],
    SourceDestCheck: true,
    Status: 'in-use',
    TagSet: named(`machine ${number}`),
    ...(attached && {
      Attachment: {
        AttachmentId: id('eni-attach', vpc, number),
        DeviceIndex: 0,
        NetworkCardIndex: 0,
        InstanceId: id('i', vpc, number),
        Status: 'attached',
      },
    }),
  };
}

function instancesOn(eni: Described): Described[] {
  const attachment = eni.Attachment as { InstanceId: string } | undefined;
  if (!attachment) return [];
  const { InstanceId } = attachment;
  return [
    {
      ReservationId: InstanceId.replace('i-', 'r-'),
      OwnerId: OWNER,
      Instances: [
        {
          InstanceId,
          InstanceType: 'm5.large',
          PrivateIpAddress: eni.PrivateIpAddress,
          VpcId: eni.VpcId,
          SubnetId: eni.SubnetId,
          SecurityGroups: eni.Groups,
          SourceDestCheck: true,
          State: { Code: 16, Name: 'running' },
          Tags: eni.TagSet,
          NetworkInterfaces: [eni],
        },
      ],
    },
  ];
}
