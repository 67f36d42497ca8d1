/** What a subnet holds, line by line. */
import { describe, expect, test } from 'vitest';
import type { SubnetCapacity } from '../../../src/analysis/capacity/report.ts';
import { reportOf } from '../../support/capacity.ts';
import { shippedNames } from '../../support/shipped.ts';
import { loadShipped, topologyOf } from '../../support/worlds.ts';

const vpc = (subnet: string, more = ''): Record<string, string> => ({
  'vpcsim.yaml': `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: lines }
vpcs:
  - name: main
    region: us-east-1
    cidrs: [10.0.0.0/16]
    subnets: [${subnet}]
${more}`,
});

function only(files: Record<string, string>): SubnetCapacity {
  return reportOf(topologyOf(files)).subnets[0]!;
}

const lines = ({ lines: all }: SubnetCapacity): Record<string, number> =>
  Object.fromEntries(all.map(({ use, addresses }) => [use, addresses]));

describe('the lines of a subnet', () => {
  test.each(shippedNames)('%s: sum to its size', (name) => {
    for (const subnet of reportOf(loadShipped(name)).subnets) {
      expect(subnet.lines.reduce((sum, { addresses }) => sum + addresses, 0)).toBe(subnet.size);
    }
  });

  test('an empty /24 has 251 free addresses: AWS keeps five', () => {
    const subnet = only(vpc('{ name: a, cidr: 10.0.0.0/24, az: us-east-1a }'));
    expect(lines(subnet)).toEqual({ aws: 5, free: 251 });
    expect(subnet.largestFreeBlock).toBe('10.0.0.64/26');
  });

  test('a NAT gateway takes one address', () => {
    const subnet = only(
      vpc(
        '{ name: a, cidr: 10.0.0.0/28, az: us-east-1a }',
        '    internetGateway: { name: igw }\n    natGateways: [{ name: nat, subnet: a }]',
      ),
    );
    expect(lines(subnet)).toEqual({ aws: 5, 'nat-gateway': 1, free: 10 });
  });

  test('an interface endpoint takes one address in each of its subnets, a gateway endpoint none', () => {
    const subnet = only(
      vpc(
        '{ name: a, cidr: 10.0.0.0/28, az: us-east-1a }',
        '    endpoints: [{ name: ecr, service: ecr.api, type: interface, subnets: [a] }, { name: s3, service: s3, type: gateway }]',
      ),
    );
    expect(lines(subnet)).toEqual({ aws: 5, endpoint: 1, free: 10 });
  });

  test('what others occupy is theirs, by name', () => {
    const subnet = only(
      vpc('{ name: a, cidr: 10.0.0.0/24, az: us-east-1a, occupied: [{ cidr: 10.0.0.16/30, by: RDS }] }'),
    );
    expect(lines(subnet)).toEqual({ aws: 5, occupied: 4, free: 247 });
    expect(subnet.occupiedBy).toEqual([{ by: 'RDS', addresses: 4 }]);
  });

  test('reservations are held back: explicit ones for addresses by number, the others for prefixes', () => {
    const subnet = only(
      vpc(
        '{ name: a, cidr: 10.0.0.0/24, az: us-east-1a, reservations: [{ cidr: 10.0.0.16/28, type: explicit }, { cidr: 10.0.0.32/27, type: prefix }] }',
      ),
    );
    expect(lines(subnet)).toEqual({
      aws: 5,
      'explicit-reservation': 16,
      'prefix-reservation': 32,
      free: 203,
    });
    expect(subnet.prefixes.map.slice(0, 5)).toBe('+-rr.');
  });

  test('the day cluster: two nodes with three ENIs each take all they can hold', () => {
    const [a] = reportOf(loadShipped('day')).subnets;
    expect(lines(a!)).toMatchObject({ aws: 5, node: 1, interface: 2 });
  });
});

describe('/28 blocks of a subnet', () => {
  test('an empty /24 has fourteen whole ones: AWS touches the first and the last', () => {
    const { prefixes } = only(vpc('{ name: a, cidr: 10.0.0.0/24, az: us-east-1a }'));
    expect(prefixes).toMatchObject({ total: 16, free: 14, delegated: 0, map: '+..............+' });
    expect(prefixes.stranded).toBe(27);
    expect(prefixes.touched.map(({ cidr, by }) => [cidr, by])).toEqual([
      ['10.0.0.0/28', ['AWS']],
      ['10.0.0.240/28', ['AWS']],
    ]);
  });
});
