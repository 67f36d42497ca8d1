/** Dumps with anything wrong in them: issues, never an exception, and never a path that was not there before. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildWorld, importAws, trace } from '../../src/index.ts';
import { filesOf, smallAccount } from '../io/aws/dumps.ts';

type Json = Record<string | number, unknown>;

/** Every place in a value, as the keys that lead there. */
function placesIn(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  const members = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value);
  return [
    ...(path.length > 0 ? [[...path]] : []),
    ...members.flatMap(([key, item]) => placesIn(item, [...path, key])),
  ];
}

const account = {
  ...smallAccount(),
  NatGateways: [
    {
      NatGatewayId: 'nat-1',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-a',
      State: 'available',
      NatGatewayAddresses: [{ PrivateIp: '10.0.1.200', PublicIp: '203.0.113.5' }],
    },
  ],
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
  VpcEndpoints: [
    {
      VpcEndpointId: 'vpce-1',
      VpcId: 'vpc-1',
      VpcEndpointType: 'Interface',
      ServiceName: 'com.amazonaws.us-east-2.sts',
      SubnetIds: ['subnet-a'],
      Groups: [{ GroupId: 'sg-web' }],
    },
  ],
  NetworkInterfaces: [
    {
      NetworkInterfaceId: 'eni-1',
      VpcId: 'vpc-1',
      SubnetId: 'subnet-a',
      Status: 'in-use',
      Groups: [{ GroupId: 'sg-web' }],
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.30', Primary: true }],
      Attachment: { InstanceId: 'i-9', DeviceIndex: 0 },
    },
  ],
};
const places = placesIn(account);

const junk = fc.constantFrom<unknown>(
  undefined,
  null,
  '',
  'x',
  'vpc-2',
  '10.0.0.0/33',
  -1,
  1e9,
  true,
  [],
  {},
  [null],
  [[]],
  {
    a: 1,
  },
);

const changed = fc
  .array(fc.tuple(fc.constantFrom(...places), junk), { minLength: 1, maxLength: 4 })
  .map((changes) => {
    const copy = structuredClone(account) as unknown as Json;
    for (const [path, value] of changes) {
      let container: unknown = copy;
      for (const key of path.slice(0, -1)) container = Object(container)[key];
      if (typeof container === 'object' && container !== null)
        (container as Json)[path.at(-1)!] = structuredClone(value);
    }
    return copy;
  });

test('a value of another kind anywhere', () => {
  fc.assert(
    fc.property(changed, (dumps) => {
      const topology = importAws(filesOf(dumps));
      if (!topology.ok) {
        expect(topology.issues.length).toBeGreaterThan(0);
        return;
      }
      const world = buildWorld(topology.value);
      if (!world.ok) {
        expect(world.issues.length).toBeGreaterThan(0);
        return;
      }
      for (const to of ['198.51.100.7', '10.0.1.12', '10.9.0.1'])
        trace(world.value, { from: 'instance/i-1', to, port: 443 });
    }),
    { numRuns: 200, seed: 7 },
  );
});

test('a text that ends anywhere', () => {
  const [vpcs, ...rest] = filesOf(account);
  for (let length = 0; length < vpcs!.text.length; length += 7) {
    const cut = importAws([{ path: vpcs!.path, text: vpcs!.text.slice(0, length) }, ...rest]);
    expect(cut.ok).toBe(false);
  }
});
