/** Default quotas of VPCs, subnets, routes and NAT gateways, warned of where they are passed and not before. */
import { describe, expect, test } from 'vitest';
import { worldOf } from '../support/worlds.ts';

const many = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(', ');

function warnings(vpcs: string, rest = ''): string[] {
  const text = `apiVersion: vpcsim/v1\nkind: Topology\n${rest}\nvpcs:\n${vpcs}`;
  return worldOf({ 'vpcsim.yaml': text })
    .warnings.filter(({ code }) => code.startsWith('quota/'))
    .map(({ code, message }) => `${code} ${message}`);
}

const vpc = (rest: string): string => `  - { name: main, cidrs: [10.0.0.0/16], ${rest} }\n`;
const subnets = (count: number): string =>
  `subnets: [${many(count, (index) => `{ name: s${index}, cidr: 10.0.${index}.0/24, az: us-east-1a }`)}]`;
const routes = (count: number): string =>
  many(count, (index) => `{ to: 172.16.${index >> 8}.${index & 255}/32, via: blackhole }`);

describe('a default quota', () => {
  test('of routes in a table', () => {
    const table = (count: number, more = ''): string =>
      vpc(`routeTables: [{ name: r, routes: [${routes(count)}${more}] }]`);
    expect(warnings(table(500))).toEqual([]);
    expect(warnings(table(501))).toEqual([
      'quota/routes-of-table rtb/r counts for 501 static routes: the default quota is 500',
    ]);
    const list = 'prefixLists: [{ name: corp, cidrs: [10.9.0.0/16], maxEntries: 20 }]';
    expect(warnings(table(481, ', { to: pl/corp, via: blackhole }'), list)).toEqual([
      'quota/routes-of-table rtb/r counts for 501 static routes: the default quota is 500',
    ]);
  });

  test('of propagated routes, which nobody can raise', () => {
    const propagated = routes(101).replaceAll('via: blackhole', 'via: blackhole, by: propagated');
    expect(warnings(vpc(`routeTables: [{ name: r, routes: [${propagated}] }]`))).toEqual([
      'quota/propagated-routes rtb/r has 101 propagated routes: 100 is the most that AWS allows',
    ]);
  });

  test('of subnets in a VPC, and of VPCs in a Region', () => {
    expect(warnings(vpc(subnets(200)))).toEqual([]);
    expect(warnings(vpc(subnets(201)))).toEqual([
      'quota/subnets-of-vpc VPC main has 201 subnets: the default quota is 200',
    ]);
    const vpcs = Array.from({ length: 6 }, (_, i) => `  - { name: v${i}, cidrs: [10.${i}.0.0/16] }\n`);
    expect(warnings(vpcs.slice(0, 5).join(''))).toEqual([]);
    expect(warnings(vpcs.join(''))).toEqual([
      'quota/vpcs-of-region account 111122223333 in us-east-1 has 6 VPCs: the default quota is 5',
    ]);
  });

  test('of NAT gateways in a zone, and of their addresses', () => {
    const nats = (count: number, rest = ''): string =>
      vpc(
        `internetGateway: {}, ${subnets(1)}, natGateways: [${many(count, (index) => `{ name: n${index}, subnet: s0${rest} }`)}]`,
      );
    expect(warnings(nats(5))).toEqual([]);
    expect(warnings(nats(6))).toEqual([
      'quota/nat-gateways-of-zone us-east-1a of VPC main has 6 NAT gateways: the default quota is 5',
    ]);
    expect(warnings(nats(1, ', addresses: [{}, {}, {}]'))).toEqual([
      'quota/addresses-of-nat-gateway NAT gateway n0 has 3 Elastic IP addresses: the default quota is 2',
    ]);
  });
});
