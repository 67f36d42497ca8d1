import { describe, expect, test } from 'vitest';
import { faults, HEAD, issues } from './input.ts';

/** A VPC `main` 10.1.0.0/16 with subnets a and b and an internet gateway; its lines begin at line 4. */
const VPC = `vpcs:
- name: main
  cidrs: [10.1.0.0/16]
  internetGateway: {name: igw}
  subnets:
  - {name: a, cidr: 10.1.0.0/20, az: us-east-1a}
  - {name: b, cidr: 10.1.16.0/20, az: us-east-1b}
`;
/** First line after `HEAD` and `VPC`. */
const NEXT = 11;

const cases: readonly (readonly [title: string, text: string, expected: readonly string[]])[] = [
  ['an unknown key', `${HEAD}vpc: []\n`, ['4:1 topology/unknown-key']],
  [
    'an unknown key of a VPC',
    `${HEAD}vpcs:\n- name: main\n  cidr: [10.0.0.0/16]\n  cidrs: [10.0.0.0/16]\n`,
    ['6:3 topology/unknown-key'],
  ],
  [
    'a wrong kind',
    'apiVersion: vpcsim/v1\nkind: Topolgy\nmetadata: {name: t}\n',
    ['2:7 topology/invalid-value'],
  ],
  ['a wrong apiVersion', 'apiVersion: vpcsim/v2\nkind: Topology\n', ['1:13 topology/invalid-value']],
  ['a missing apiVersion', 'kind: Topology\nmetadata: {name: t}\n', ['1:1 topology/missing-key']],
  ['text for a list', `${HEAD}vpcs: main\n`, ['4:7 topology/wrong-type']],
  ['a list for a map', `${HEAD}cluster: []\n`, ['4:10 topology/wrong-type']],
  [
    'a version YAML reads as a number',
    `${HEAD}${VPC}cluster: {version: 1.30}\n`,
    [`${NEXT}:20 topology/wrong-type`],
  ],
  [
    'an account YAML reads as a number',
    `${HEAD}vpcs: [{name: v, account: 111122223333, cidrs: [10.0.0.0/16]}]\n`,
    ['4:27 topology/wrong-type'],
  ],
  [
    'a name with a slash',
    `${HEAD}vpcs: [{name: a/b, cidrs: [10.0.0.0/16]}]\n`,
    ['4:15 topology/invalid-value'],
  ],
  ['a VPC without blocks', `${HEAD}vpcs: [{name: a}]\n`, ['4:8 topology/missing-key']],
  [
    'a VPC with an empty list of blocks',
    `${HEAD}vpcs: [{name: a, cidrs: []}]\n`,
    ['4:25 topology/invalid-value'],
  ],
  ['a malformed block', `${HEAD}vpcs: [{name: a, cidrs: [10.0.0/16]}]\n`, ['4:26 cidr/malformed']],
  [
    'an octet with a leading zero',
    `${HEAD}vpcs: [{name: a, cidrs: [010.0.0.0/16]}]\n`,
    ['4:26 cidr/malformed'],
  ],
  ['host bits in a VPC block', `${HEAD}vpcs: [{name: a, cidrs: [10.0.1.5/16]}]\n`, ['4:26 cidr/host-bits']],
  [
    'host bits in a subnet',
    `${HEAD}vpcs: [{name: a, cidrs: [10.0.0.0/16], subnets: [{name: s, cidr: 10.0.1.5/24}]}]\n`,
    ['4:66 cidr/host-bits'],
  ],
  ['a VPC block larger than /16', `${HEAD}vpcs: [{name: a, cidrs: [10.0.0.0/15]}]\n`, ['4:26 cidr/size']],
  ['a VPC block smaller than /28', `${HEAD}vpcs: [{name: a, cidrs: [10.0.0.0/29]}]\n`, ['4:26 cidr/size']],
  ['a link-local VPC block', `${HEAD}vpcs: [{name: a, cidrs: [169.254.0.0/16]}]\n`, ['4:26 cidr/reserved']],
  [
    'blocks of a VPC that overlap',
    `${HEAD}vpcs: [{name: a, cidrs: [10.0.0.0/16, 10.0.8.0/24]}]\n`,
    ['4:39 cidr/overlap'],
  ],
  [
    'private ranges that AWS does not join',
    `${HEAD}vpcs: [{name: a, cidrs: [10.0.0.0/16, 192.168.0.0/16]}]\n`,
    ['4:39 cidr/not-associable'],
  ],
  ['subnets that overlap', `${HEAD}${VPC}  - {name: c, cidr: 10.1.8.0/24}\n`, [`${NEXT}:21 cidr/overlap`]],
  [
    'a subnet outside its VPC',
    `${HEAD}${VPC}  - {name: c, cidr: 10.2.0.0/24}\n`,
    [`${NEXT}:21 cidr/outside-vpc`],
  ],
  [
    'a reservation outside its subnet',
    `${HEAD}${VPC}  - {name: c, cidr: 10.1.32.0/24, reservations: [{cidr: 10.1.33.0/28, type: prefix}]}\n`,
    [`${NEXT}:57 cidr/outside-subnet`],
  ],
  [
    'reservations that overlap',
    `${HEAD}${VPC}  - {name: c, cidr: 10.1.32.0/24, reservations: [{cidr: 10.1.32.0/25, type: prefix}, {cidr: 10.1.32.64/26, type: explicit}]}\n`,
    [`${NEXT}:93 cidr/overlap`],
  ],
  [
    'addresses of others outside the subnet',
    `${HEAD}${VPC}  - {name: c, cidr: 10.1.32.0/24, occupied: [{cidr: 10.1.33.5/32, by: RDS}]}\n`,
    [`${NEXT}:53 cidr/outside-subnet`],
  ],
  [
    'addresses that two others occupy',
    `${HEAD}${VPC}  - {name: c, cidr: 10.1.32.0/24, occupied: [{cidr: 10.1.32.0/28}, {cidr: 10.1.32.5}]}\n`,
    [`${NEXT}:75 cidr/overlap`],
  ],
  ['a subnet smaller than /28', `${HEAD}${VPC}  - {name: c, cidr: 10.1.32.0/29}\n`, [`${NEXT}:21 cidr/size`]],
  [
    'a zone of another Region',
    `${HEAD}${VPC}  - {name: c, cidr: 10.1.32.0/24, az: eu-west-1a}\n`,
    [`${NEXT}:39 topology/unknown-zone`],
  ],
  [
    'two subnets of one name',
    `${HEAD}${VPC}  - {name: a, cidr: 10.1.32.0/24}\n`,
    [`${NEXT}:12 topology/duplicate-name`],
  ],
  [
    'an unknown route table',
    `${HEAD}${VPC}  - {name: c, cidr: 10.1.32.0/24, routeTable: pub}\n`,
    [`${NEXT}:47 topology/unknown-reference`],
  ],
  [
    'an unknown network ACL',
    `${HEAD}${VPC}  - {name: c, cidr: 10.1.32.0/24, networkAcl: x}\n`,
    [`${NEXT}:47 topology/unknown-reference`],
  ],
  [
    'a route to nowhere',
    `${HEAD}${VPC}  routeTables: [{name: r, routes: [{to: 0.0.0.0/0, via: nat}]}]\n`,
    [`${NEXT}:57 topology/unknown-reference`],
  ],
  [
    'two routes to one block',
    `${HEAD}${VPC}  routeTables: [{name: r, routes: [{to: 0.0.0.0/0, via: igw}, {to: 0.0.0.0/0, via: blackhole}]}]\n`,
    [`${NEXT}:68 route/duplicate`],
  ],
  [
    'a route to a prefix list that is not there',
    `${HEAD}${VPC}  routeTables: [{name: r, routes: [{to: pl/corp, via: igw}]}]\n`,
    [`${NEXT}:41 topology/unknown-reference`],
  ],
  [
    'two propagated routes to one block',
    `${HEAD}${VPC}  routeTables: [{name: r, routes: [{to: 10.8.0.0/16, via: igw, by: propagated}, {to: 10.8.0.0/16, via: igw, by: propagated}, {to: 10.8.0.0/16, via: igw}]}]\n`,
    [`${NEXT}:86 route/duplicate`],
  ],
  [
    'a gateway route table that leads out of the VPC',
    `${HEAD}${VPC}  routeTables: [{name: r, edge: [igw], routes: [{to: 10.9.0.0/16, via: blackhole}]}]\n`,
    [`${NEXT}:54 route/not-for-a-gateway`],
  ],
  [
    'a gateway route table that leads to a gateway',
    `${HEAD}${VPC}  routeTables: [{name: r, edge: [igw], routes: [{to: 10.1.0.0/16, via: igw}]}]\n`,
    [`${NEXT}:54 route/below-local`, `${NEXT}:72 route/not-for-a-gateway`],
  ],
  [
    'two route tables of a gateway',
    `${HEAD}${VPC}  routeTables: [{name: r, edge: [igw]}, {name: s, edge: [igw]}]\n`,
    [`${NEXT}:58 route/two-gateway-tables`],
  ],
  [
    'a route table of no gateway',
    `${HEAD}${VPC}  routeTables: [{name: r, edge: [nat]}]\n`,
    [`${NEXT}:34 topology/unknown-reference`],
  ],
  [
    'an exclusion of nothing',
    `${HEAD}blockPublicAccess: [{mode: block-ingress, exclusions: [{mode: bidirectional}]}]\n`,
    ['4:56 topology/misplaced-key'],
  ],
  [
    'an exclusion of a subnet that is not there',
    `${HEAD}${VPC}blockPublicAccess: [{mode: block-ingress, exclusions: [{subnet: x, mode: bidirectional}]}]\n`,
    [`${NEXT}:65 topology/unknown-reference`],
  ],
  [
    'a route below the local one',
    `${HEAD}${VPC}  routeTables: [{name: r, routes: [{to: 10.1.0.0/24, via: igw}]}]\n`,
    [`${NEXT}:41 route/below-local`],
  ],
  [
    'two main route tables',
    `${HEAD}${VPC}  routeTables: [{name: r, main: true}, {name: s, main: true}]\n`,
    [`${NEXT}:56 topology/two-main-tables`],
  ],
  [
    'a NAT gateway in an unknown subnet',
    `${HEAD}${VPC}  natGateways: [{name: n, subnet: z}]\n`,
    [`${NEXT}:35 topology/unknown-reference`],
  ],
  [
    'a NAT gateway named like the internet gateway',
    `${HEAD}${VPC}  natGateways: [{name: igw, subnet: a}]\n`,
    [`${NEXT}:24 topology/duplicate-name`],
  ],
  [
    'a rule from an unknown group',
    `${HEAD}${VPC}  securityGroups: [{name: n, ingress: [{protocol: tcp, ports: 80, from: sg/m}]}]\n`,
    [`${NEXT}:73 topology/unknown-reference`],
  ],
  [
    'a group without sg/',
    `${HEAD}${VPC}  securityGroups: [{name: n, ingress: [{protocol: tcp, ports: 80, from: n}]}]\n`,
    [`${NEXT}:73 topology/bad-peer`],
  ],
  [
    'an unknown protocol',
    `${HEAD}${VPC}  securityGroups: [{name: n, ingress: [{protocol: tpc, from: 0.0.0.0/0}]}]\n`,
    [`${NEXT}:51 topology/unknown-protocol`],
  ],
  [
    'ports the wrong way round',
    `${HEAD}${VPC}  securityGroups: [{name: n, ingress: [{protocol: tcp, ports: 90-80, from: 0.0.0.0/0}]}]\n`,
    [`${NEXT}:63 topology/bad-ports`],
  ],
  [
    'a port above 65535',
    `${HEAD}${VPC}  securityGroups: [{name: n, ingress: [{protocol: tcp, ports: 70000, from: 0.0.0.0/0}]}]\n`,
    [`${NEXT}:63 topology/bad-ports`],
  ],
  [
    'ports of all protocols',
    `${HEAD}${VPC}  securityGroups: [{name: n, ingress: [{protocol: all, ports: 80, from: 0.0.0.0/0}]}]\n`,
    [`${NEXT}:56 topology/misplaced-key`],
  ],
  [
    'two ACL rules of one number',
    `${HEAD}${VPC}  networkAcls: [{name: t, ingress: [{rule: 1, protocol: all, cidr: 0.0.0.0/0, action: deny}, {rule: 1, protocol: all, cidr: 0.0.0.0/0, action: allow}]}]\n`,
    [`${NEXT}:101 topology/duplicate-rule`],
  ],
  [
    'an ACL action',
    `${HEAD}${VPC}  networkAcls: [{name: t, ingress: [{rule: 1, protocol: all, cidr: 0.0.0.0/0, action: alow}]}]\n`,
    [`${NEXT}:87 topology/invalid-value`],
  ],
  [
    'an unknown VPC of the cluster',
    `${HEAD}${VPC}cluster: {vpc: mian}\n`,
    [`${NEXT}:16 topology/unknown-reference`],
  ],
  [
    'an unknown subnet of the cluster',
    `${HEAD}${VPC}cluster: {subnets: [a, c]}\n`,
    [`${NEXT}:24 topology/unknown-reference`],
  ],
  [
    'a service range inside the VPC',
    `${HEAD}${VPC}cluster: {serviceCidr: 10.1.128.0/20}\n`,
    [`${NEXT}:24 cidr/overlap`],
  ],
  [
    'a service range that is public',
    `${HEAD}${VPC}cluster: {serviceCidr: 100.64.0.0/16}\n`,
    [`${NEXT}:24 cidr/not-private`],
  ],
  [
    'a service range of a wrong size',
    `${HEAD}${VPC}cluster: {serviceCidr: 172.20.0.0/25}\n`,
    [`${NEXT}:24 cidr/size`],
  ],
  [
    'an unknown kube-proxy mode',
    `${HEAD}${VPC}cluster: {kubeProxy: {mode: iptable}}\n`,
    [`${NEXT}:29 topology/invalid-value`],
  ],
  [
    'a closed API server',
    `${HEAD}${VPC}cluster: {endpointAccess: {public: false}}\n`,
    [`${NEXT}:27 eks/no-endpoint`],
  ],
  [
    'a node group larger than its maximum',
    `${HEAD}${VPC}cluster: {nodeGroups: [{name: g, desired: 5, max: 3}]}\n`,
    [`${NEXT}:43 topology/scaling`],
  ],
  [
    'a node in an unknown subnet',
    `${HEAD}${VPC}cluster: {nodes: [{name: n, subnet: c}]}\n`,
    [`${NEXT}:37 topology/unknown-reference`],
  ],
  [
    'a node outside its subnet',
    `${HEAD}${VPC}cluster: {nodes: [{name: n, subnet: a, address: 10.1.17.9}]}\n`,
    [`${NEXT}:49 address/outside-subnet`],
  ],
  [
    'a node on the router',
    `${HEAD}${VPC}cluster: {nodes: [{name: n, subnet: a, address: 10.1.0.1}]}\n`,
    [`${NEXT}:49 address/reserved`],
  ],
  [
    'a node on the last address',
    `${HEAD}${VPC}cluster: {nodes: [{name: n, subnet: a, address: 10.1.15.255}]}\n`,
    [`${NEXT}:49 address/reserved`],
  ],
  [
    'two nodes on one address',
    `${HEAD}${VPC}cluster: {nodes: [{name: n, subnet: a, address: 10.1.0.9}, {name: m, subnet: a, address: 10.1.0.9}]}\n`,
    [`${NEXT}:90 address/duplicate`],
  ],
  [
    'a node on an address that something else occupies',
    `${HEAD}${VPC}  - {name: c, cidr: 10.1.32.0/24, occupied: [{cidr: 10.1.32.9, by: RDS}]}\ncluster: {nodes: [{name: n, subnet: c, address: 10.1.32.9}]}\n`,
    [`${NEXT + 1}:49 address/duplicate`],
  ],
  [
    'a malformed address',
    `${HEAD}${VPC}cluster: {nodes: [{name: n, subnet: a, address: 10.1.0.300}]}\n`,
    [`${NEXT}:49 address/malformed`],
  ],
  [
    'a placement of an unknown pod',
    `${HEAD}${VPC}cluster: {nodes: [{name: n, subnet: a}], placements: [{pod: default/p, node: n}]}\n`,
    [`${NEXT}:61 topology/unknown-reference`],
  ],
  [
    'an instance in an unknown subnet',
    `${HEAD}${VPC}instances: [{name: i, subnet: c}]\n`,
    [`${NEXT}:31 topology/unknown-reference`],
  ],
  [
    'a host inside the VPC',
    `${HEAD}${VPC}hosts: [{name: h, address: 10.1.0.9}]\n`,
    [`${NEXT}:28 address/inside-vpc`],
  ],
  [
    'two hosts on one address',
    `${HEAD}hosts: [{name: h, address: 203.0.113.1}, {name: i, address: 203.0.113.1}]\n`,
    ['4:61 address/duplicate'],
  ],
  [
    'a host that listens on nothing',
    `${HEAD}hosts: [{name: h, address: 203.0.113.1, listen: ["443"]}]\n`,
    ['4:50 topology/bad-listen'],
  ],
  [
    'an unknown verdict',
    `${HEAD}expect: [{from: a, to: b, verdict: reachible}]\n`,
    ['4:36 topology/invalid-value'],
  ],
  ['a tab', `${HEAD}vpcs:\n\t- name: main\n`, ['5:1 yaml/tab']],
  ['a key written twice', `${HEAD}hosts: []\nhosts: []\n`, ['5:1 yaml/duplicate-key']],
  ['an open bracket', `${HEAD}hosts: [{name: a}\n`, ['5:1 yaml/syntax']],
  ['an alias of nothing', `${HEAD}hosts: *h\n`, ['4:8 yaml/unknown-alias']],
  ['an alias of itself', `${HEAD}hosts: &h [*h]\n`, ['4:12 yaml/alias-cycle']],
  ['a key that reaches the prototype', `${HEAD}__proto__: {polluted: true}\n`, ['4:1 yaml/unsafe-key']],
  ['a key named constructor', `${HEAD}constructor: {prototype: {polluted: true}}\n`, ['4:1 yaml/unsafe-key']],
  ['a list as a key', `${HEAD}? [a, b]\n: c\n`, ['4:3 yaml/bad-key']],
  ['two topologies in one file', `${HEAD}---\n${HEAD}`, ['5:1 io/several-documents']],
  ['a document that is a text', 'hello\n', ['1:1 io/not-a-map']],
];

describe('a mistake in a topology is told with its place', () => {
  test.each(cases)('%s', (_, text, expected) => {
    expect(faults(text)).toEqual(expected.map((fault) => `vpcsim.yaml:${fault}`));
  });

  test('the prototype of objects stays clean', () => {
    faults(`${HEAD}__proto__: {polluted: true}\n`);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('all mistakes of a file are told at once, and none that follows from another', () => {
    const text = `${HEAD}vpcs:
- name: main
  cidrs: [10.1.0.0/16]
  subnets:
  - {name: a, cidr: 10.1.0.1/20, az: us-east-1a}
  - {name: b, cidr: 10.1.16.0/20, az: us-east-1b, mapPublicIP: true}
  - {nam: c, cidr: 10.1.32.0/20, az: us-east-1c}
cluster:
  subnets: [a, b, c, d]
`;
    expect(faults(text)).toEqual([
      'vpcsim.yaml:8:21 cidr/host-bits',
      'vpcsim.yaml:9:51 topology/unknown-key',
      'vpcsim.yaml:10:5 topology/missing-key',
      'vpcsim.yaml:10:6 topology/unknown-key',
      'vpcsim.yaml:12:22 topology/unknown-reference',
    ]);
  });
});

describe('a hint says what was probably meant', () => {
  test.each([
    ['host bits', `${HEAD}vpcs: [{name: a, cidrs: [10.0.1.5/24]}]\n`, 'did you mean 10.0.1.0/24?'],
    [
      'a leading zero',
      `${HEAD}vpcs: [{name: a, cidrs: [010.0.0.0/16]}]\n`,
      'leading zeros are ambiguous: write 10.0.0.0/16',
    ],
    [
      'an address for a block',
      `${HEAD}vpcs: [{name: a, cidrs: [10.0.0.1]}]\n`,
      'a single address is 10.0.0.1/32',
    ],
    ['a misspelt key', `${HEAD}clutser: {}\n`, 'did you mean cluster?'],
    ['a misspelt subnet', `${HEAD}${VPC}cluster: {nodes: [{name: n, subnet: aa}]}\n`, 'did you mean a, b?'],
    ['a version without quotes', `${HEAD}${VPC}cluster: {version: 1.30}\n`, 'put it in quotes: "1.30"'],
    [
      'a misspelt word',
      `${HEAD}${VPC}cluster: {kubeProxy: {mode: iptable}}\n`,
      'did you mean iptables? one of iptables, ipvs, nftables',
    ],
    [
      'a lone port',
      `${HEAD}hosts: [{name: h, address: 203.0.113.1, listen: ["443"]}]\n`,
      'did you mean tcp/443?',
    ],
    [
      'ports the wrong way round',
      `${HEAD}${VPC}  securityGroups: [{name: n, ingress: [{protocol: tcp, ports: 90-80, from: 0.0.0.0/0}]}]\n`,
      'did you mean 80-90?',
    ],
  ])('%s', (_, text, hint) => {
    expect(issues(text)[0]?.hint).toBe(hint);
  });
});

describe('nodes with further addresses', () => {
  const nodes = (keys: string, cluster = '') =>
    codes(`${HEAD}vpcs: [{name: main, cidrs: [10.0.0.0/16], subnets: [{name: a, cidr: 10.0.1.0/24}]}]
cluster: {${cluster}nodes: [{name: n, subnet: a, address: 10.0.1.10, ${keys}}, {name: m, subnet: a, address: 10.0.1.20}]}
`);
  const codes = (text: string) => issues(text).map(({ code }) => code);

  test.each([
    ['otherAddresses: [10.0.1]', 'address/malformed'],
    ['otherAddresses: ["fd00:::1"]', 'address/malformed'],
    ['otherAddresses: [10.0.1.20]', 'address/duplicate'],
    ['nodeIps: [192.168.0.2]', 'topology/unknown-reference'],
    ['otherAddresses: [192.168.0.2], nodeIps: [192.168.0.2, 10.0.1.10]', 'topology/one-of-each-family'],
  ])('%s: %s', (keys, code) => {
    expect(nodes(keys)).toEqual([code]);
  });

  test('of both families are good', () => {
    expect(nodes('otherAddresses: [192.168.0.2, "fd00::2"], nodeIps: [192.168.0.2, "fd00::2"]')).toEqual([]);
  });

  test.each(['0-100', '4000-3000', '1-65536'])('a range of node ports is no %s', (range) => {
    expect(nodes('', `serviceNodePortRange: ${range}, `)).toEqual(['topology/bad-range']);
  });
});
