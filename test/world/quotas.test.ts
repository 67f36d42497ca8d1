/** Filters beyond AWS's default quotas are warned of. */
import { expect, test } from 'vitest';
import { worldOf } from '../support/worlds.ts';

const many = (count: number, item: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => item(n)).join(', ');

const warned = (vpc: string, rest = ''): readonly string[] =>
  worldOf({
    'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
prefixLists: [{ name: long, cidrs: [10.0.0.0/8], maxEntries: 50 }]
vpcs: [{ name: v, cidrs: [10.0.0.0/16], subnets: [{ name: s, cidr: 10.0.0.0/24 }], ${vpc} }]
${rest}
`,
  })
    .warnings.filter(({ code }) => code.startsWith('quota/'))
    .map(({ code, at, message }) => `${code} ${at?.line} ${message}`);

const rule = (n: number): string => `{ protocol: tcp, ports: ${n + 1}, from: 10.0.0.0/8 }`;

test('sixty rules of a direction are not too many, a prefix list counts for all that it may hold', () => {
  expect(warned(`securityGroups: [{ name: g, ingress: [${many(60, rule)}] }]`)).toEqual([]);
  expect(
    warned(`securityGroups: [{ name: g, ingress: [${many(11, rule)}, { protocol: tcp, from: pl/long }] }]`),
  ).toEqual(['quota/rules-of-group 5 sg/g counts for 61 ingress rules: the default quota is 60']);
});

test('five groups of an interface are not too many, six are', () => {
  const groups = `securityGroups: [${many(6, (n) => `{ name: g${n} }`)}]`;
  const instance = (count: number): string =>
    `instances: [{ name: i, subnet: s, securityGroups: [${many(count, (n) => `g${n}`)}] }]`;
  expect(warned(groups, instance(5))).toEqual([]);
  expect(warned(groups, instance(6))).toEqual([
    'quota/groups-of-interface 6 eni/i holds 6 security groups: the default quota is 5',
  ]);
});

test('twenty rules of an ACL are not too many, twenty-one are', () => {
  const acl = (count: number): string =>
    `networkAcls: [{ name: n, ingress: [${many(count, (n) => `{ rule: ${n + 1}, protocol: all, cidr: 10.0.0.0/8, action: allow }`)}], egress: [] }]`;
  expect(warned(acl(20))).toEqual([]);
  expect(warned(acl(21))).toEqual([
    'quota/rules-of-acl 5 nacl/n has 21 ingress rules: the default quota is 20',
  ]);
});
