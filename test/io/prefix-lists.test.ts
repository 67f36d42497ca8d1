/** Managed prefix lists: written ones, and those that AWS has in each Region. */
import { describe, expect, test } from 'vitest';
import { formatCidr } from '../../src/addressing/cidr.ts';
import { faults, good, HEAD, issues } from './input.ts';

const vpc = (rules: string, region = 'us-east-1'): string => `
vpcs:
  - name: v
    region: ${region}
    cidrs: [10.0.0.0/16]
    securityGroups: [{ name: g, egress: [${rules}] }]
`;
const corp = '\nprefixLists: [{ name: corp, cidrs: [10.0.0.0/8, 192.168.0.0/16], maxEntries: 20 }]\n';

describe('a written prefix list', () => {
  test('is one peer of a rule, whatever number of blocks it has', () => {
    const { prefixLists, vpcs } = good(HEAD + corp + vpc('{ protocol: tcp, ports: 443, to: pl/corp }'));
    expect(prefixLists[0]).toMatchObject({ name: 'corp', owner: 'customer', maxEntries: 20 });
    expect(prefixLists[0]!.cidrs.map(formatCidr)).toEqual(['10.0.0.0/8', '192.168.0.0/16']);
    expect(vpcs[0]!.securityGroups[0]!.egress.map(({ peer }) => peer)).toEqual([{ prefixList: 'corp' }]);
  });

  test('takes the place of the one that AWS has by that name', () => {
    const { prefixLists } = good(`${HEAD}\nprefixLists: [{ name: s3, cidrs: [192.0.2.0/24] }]\n${vpc('')}`);
    expect(prefixLists.filter(({ name }) => name === 's3')).toMatchObject([
      { owner: 'AWS', maxEntries: 1, cidrs: [expect.anything()] },
    ]);
  });

  test('holds no more entries than it may, and none twice', () => {
    const list = (text: string): string[] => faults(`${HEAD}\nprefixLists: [${text}]\n`);
    expect(list('{ name: a, cidrs: [10.0.0.0/8, 11.0.0.0/8], maxEntries: 1 }')).toEqual([
      'vpcsim.yaml:5:71 prefix-list/too-many-entries',
    ]);
    expect(list('{ name: a, cidrs: [10.0.0.0/8, 10.0.0.0/8] }')).toEqual([
      'vpcsim.yaml:5:46 prefix-list/duplicate',
    ]);
  });
});

describe("AWS's own lists", () => {
  test('exist in the Regions of the VPCs, each with the blocks that are published for it', () => {
    const { prefixLists } = good(HEAD + vpc('{ protocol: tcp, ports: 443, to: pl/s3 }', 'eu-west-1'));
    expect(prefixLists.map(({ name, region }) => [name, region])).toEqual([
      ['s3', 'eu-west-1'],
      ['dynamodb', 'eu-west-1'],
    ]);
    expect(prefixLists[0]!.cidrs.map(formatCidr)).toContain('52.218.0.0/17');
  });

  test('go by their full names as well', () => {
    const rule = '{ protocol: tcp, ports: 443, to: pl/com.amazonaws.us-east-1.s3 }';
    expect(good(HEAD + vpc(rule)).vpcs[0]!.securityGroups[0]!.egress).toMatchObject([
      { peer: { prefixList: 's3' } },
    ]);
  });

  test('are told as filled in where a rule names them', () => {
    const told = good(HEAD + vpc('{ protocol: tcp, to: pl/dynamodb }, { protocol: udp, to: pl/dynamodb }'));
    expect(told.defaults.filter(({ path }) => path.startsWith('prefixLists'))).toEqual([
      { path: 'prefixLists.dynamodb', value: '5 blocks of us-east-1', by: 'AWS' },
    ]);
  });
});

test('a route to a list stands for each of its blocks', () => {
  const told = good(`${HEAD}${corp}
vpcs:
  - name: v
    cidrs: [172.16.0.0/16]
    internetGateway: { name: igw }
    routeTables: [{ name: main, routes: [{ to: pl/corp, via: igw }, { to: pl/dynamodb, via: igw }] }]
`);
  const routes = told.vpcs[0]!.routeTables[0]!.routes;
  expect(routes.map(({ to, prefixList }) => `${prefixList} ${formatCidr(to)}`).slice(0, 3)).toEqual([
    'corp 10.0.0.0/8',
    'corp 192.168.0.0/16',
    'dynamodb 3.218.180.0/22',
  ]);
});

test('an unknown list is refused, with the nearest name', () => {
  expect(issues(HEAD + corp + vpc('{ protocol: all, to: pl/cord }'))).toMatchObject([
    { code: 'topology/unknown-reference', hint: 'did you mean corp?', at: { line: 11 } },
  ]);
});
