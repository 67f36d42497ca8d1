/** IPv6 inside the VPC: addresses of instances, routes and filters of its own, the internet without translation. */
import { describe, expect, test } from 'vitest';
import { listingKinds } from '../../src/analysis/listings.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { prepare, verdictOf } from '../../src/world/flow.ts';
import type { World } from '../../src/world/world.ts';
import { topologyOf, traceOf, worldOf } from '../support/worlds.ts';

const WEB = '2001:db8:1:1::10';
const DB = '2001:db8:1:2::10';
const OUT = '2600:1f18::53';
const LAPTOP = '2001:db8:ffff::7';

interface Options {
  readonly ipv6Route?: string;
  readonly group?: string;
  readonly acl?: string;
  readonly rest?: string;
  readonly vpc?: string;
}

/** `web` in a public subnet, `db` in a private one with a route to the egress-only gateway. */
const text = ({ ipv6Route = '::/0, via: igw', group = '', acl = '', rest = '', vpc = '' }: Options = {}) => `
apiVersion: vpcsim/v1
kind: Topology
metadata: { name: six }
vpcs:
  - name: main
    cidrs: [10.0.0.0/16]
    ipv6Cidrs: ["2001:db8:1::/56"]
    internetGateway: { name: igw }
    egressOnlyInternetGateway: { name: eigw }
    natGateways: [{ name: nat, subnet: public }]
    subnets:
      - { name: public, cidr: 10.0.1.0/24, ipv6Cidr: "2001:db8:1:1::/64", az: us-east-1a, routeTable: public }
      - { name: private, cidr: 10.0.2.0/24, ipv6Cidr: "2001:db8:1:2::/64", az: us-east-1a, routeTable: private${acl && ', networkAcl: strict'} }
    routeTables:
      - { name: main, main: true }
      - { name: public, routes: [{ to: 0.0.0.0/0, via: igw }, { to: "${ipv6Route.replace(', ', '", ')} }] }
      - { name: private, routes: [{ to: 0.0.0.0/0, via: nat }, { to: "::/0", via: eigw }] }
    securityGroups:
      - { name: web, ingress: [{ protocol: tcp, ports: 443, from: "::/0" }, { protocol: icmpv6, from: "::/0" }] }
      - { name: db, ingress: [{ protocol: tcp, ports: 5432, from: sg/web }${group}] }
    networkAcls: [${acl}]
${vpc}
instances:
  - { name: web, subnet: public, securityGroups: [web], ipv6Address: "${WEB}" }
  - { name: db, subnet: private, securityGroups: [db], ipv6Address: "${DB}" }
  - { name: old, subnet: private, securityGroups: [db] }
${rest}
`;

const six = (options: Options = {}): World => worldOf({ 'vpcsim.yaml': text(options) });
const world = six();

const via = (told: Trace): string =>
  told.paths[0]!.hops.map(({ device }) => `${device.kind}/${device.id}`).join(' > ');
const back = (told: Trace): string =>
  told.paths[0]!.reply.hops.map(({ device }) => `${device.kind}/${device.id}`).join(' > ');
const codes = (told: Trace): string[] => told.blockers.map(({ code, device }) => `${code} ${device}`);

describe('inside a VPC', () => {
  test('the local route of the block leads from subnet to subnet', () => {
    const told = traceOf(world, 'instance/web', `[${DB}]:5432`);
    expect(told.verdict).toBe('reachable');
    expect(via(told)).toBe(
      'instance/web > eni/web > subnet/public > vpc-router/main > subnet/private > eni/db > instance/db',
    );
    expect(told.paths[0]!.hops[3]!.steps[0]!.rule).toBe('rtb/public 2001:db8:1::/56 -> local');
  });

  test('0.0.0.0/0 of a security group says nothing of IPv6, and ::/0 nothing of IPv4', () => {
    const four = six({ group: ', { protocol: tcp, ports: 22, from: 0.0.0.0/0 }' });
    expect(traceOf(four, 'instance/web', 'instance/db:22').verdict).toBe('reachable');
    expect(codes(traceOf(four, 'instance/web', `[${DB}]:22`))).toContain('sg/no-ingress-rule eni/db');
    const other = six({ group: ', { protocol: tcp, ports: 22, from: "::/0" }' });
    expect(codes(traceOf(other, 'instance/web', 'instance/db:22'))).toContain('sg/no-ingress-rule eni/db');
    expect(traceOf(other, 'instance/web', `[${DB}]:22`).verdict).toBe('reachable');
  });

  test('a rule with a block of IPv6 admits that block only', () => {
    const near = six({ group: ', { protocol: tcp, ports: 22, from: "2001:db8:1:1::/64" }' });
    expect(traceOf(near, 'instance/web', `[${DB}]:22`).verdict).toBe('reachable');
    const far = six({ group: ', { protocol: tcp, ports: 22, from: "2001:db8:1:3::/64" }' });
    const told = traceOf(far, 'instance/web', `[${DB}]:22`);
    expect(codes(told)).toEqual(['sg/no-ingress-rule eni/db']);
    expect(told.blockers[0]!.fix).not.toContain('/32');
  });

  test('rules of a network ACL with 0.0.0.0/0 do not admit IPv6', () => {
    const all = '{ rule: 100, protocol: all, cidr: CIDR, action: allow }';
    const strict = (cidr: string): string =>
      `{ name: strict, ingress: [${all.replace('CIDR', cidr)}], egress: [${all.replace('CIDR', cidr)}] }`;
    expect(codes(traceOf(six({ acl: strict('0.0.0.0/0') }), 'instance/web', `[${DB}]:5432`))).toContain(
      'nacl/denied-in subnet/private',
    );
    expect(traceOf(six({ acl: strict('"::/0"') }), 'instance/web', `[${DB}]:5432`).verdict).toBe('reachable');
    expect(codes(traceOf(six({ acl: strict('"::/0"') }), 'instance/web', 'instance/db:5432'))).toContain(
      'nacl/denied-in subnet/private',
    );
  });

  test('an echo is one of ICMPv6', () => {
    expect(traceOf(world, 'instance/db', `[${WEB}]`, { protocol: 'icmp' }).verdict).toBe('reachable');
    expect(codes(traceOf(world, 'instance/web', `[${DB}]`, { protocol: 'icmp' }))).toContain(
      'sg/no-ingress-rule eni/db',
    );
  });

  test('an address that nothing holds is not reached', () => {
    expect(codes(traceOf(world, 'instance/web', '[2001:db8:1:2::99]:80'))).toContain(
      'vpc/no-such-address vpc-router/main',
    );
  });

  test('an instance may take the next address of its subnet', () => {
    const more = six({
      rest: '  - { name: more, subnet: private, securityGroups: [db], ipv6Address: auto }',
    });
    expect(via(traceOf(more, 'instance/web', '[2001:db8:1:2::4]:5432'))).toMatch(/instance\/more$/);
    const { rows } = listingKinds.find(({ names }) => names.includes('addresses'))!.list(more);
    expect(rows.at(-1)).toEqual(['2001:db8:1:2::4', 'instance', 'private', 'more', '-', '-']);
  });

  test('an instance without an address of IPv6 sends none', () => {
    const prepared = prepare(world, { from: 'instance/old', to: `[${WEB}]:443` });
    expect(prepared.ok ? [] : prepared.issues.map(({ code }) => code)).toEqual(['usage/two-families']);
  });
});

describe('to the internet', () => {
  test('an internet gateway translates nothing', () => {
    const told = traceOf(world, 'instance/web', `[${OUT}]:443`);
    expect(told.verdict).toBe('reachable');
    expect(via(told)).toMatch(/vpc-router\/main > internet-gateway\/igw > internet\/internet$/);
    expect(told.paths[0]!.hops.at(-1)!.in.src).toBe(WEB);
    expect(back(told)).toMatch(/^internet\/internet > internet-gateway\/igw > vpc-router\/main/);
  });

  test('and lets what the security group admits in', () => {
    const told = traceOf(world, 'internet', `[${WEB}]:443`);
    expect(told.verdict).toBe('reachable');
    expect(told.paths[0]!.hops[0]!.out.src).toBe(LAPTOP);
    expect(codes(traceOf(world, 'internet', `[${WEB}]:22`))).toContain('sg/no-ingress-rule eni/web');
  });

  test('0.0.0.0/0 is no route for IPv6', () => {
    const without = six({ ipv6Route: '2001:db8:9::/48, via: igw' });
    expect(codes(traceOf(without, 'instance/web', `[${OUT}]:443`))).toContain('rt/no-route vpc-router/main');
  });

  test('an egress-only gateway lets connections out, and their answers in', () => {
    const told = traceOf(world, 'instance/db', `[${OUT}]:443`);
    expect(told.verdict).toBe('reachable');
    expect(via(told)).toContain('egress-only-internet-gateway/eigw > internet/internet');
    expect(back(told)).toMatch(/^internet\/internet > egress-only-internet-gateway\/eigw > vpc-router\/main/);
  });

  test('and nothing that begins outside: not its reply, where the request came by the internet gateway', () => {
    const told = traceOf(
      six({ group: ', { protocol: tcp, ports: 80, from: "::/0" }' }),
      'internet',
      `[${DB}]:80`,
    );
    expect(told.verdict).toBe('unreachable');
    expect(codes(told)).toContain('eigw/no-session egress-only-internet-gateway/eigw');
  });

  test('where it is the only gateway, new connections end at it', () => {
    const only = worldOf({
      'vpcsim.yaml': text({ group: ', { protocol: tcp, ports: 80, from: "::/0" }' })
        .replace('    internetGateway: { name: igw }\n', '')
        .replace('    natGateways: [{ name: nat, subnet: public }]\n', '')
        .replace('{ to: 0.0.0.0/0, via: nat }, ', '')
        .replace('{ to: 0.0.0.0/0, via: igw }, { to: "::/0", via: igw }', ''),
    });
    const told = traceOf(only, 'internet', `[${DB}]:80`);
    expect(codes(told)).toEqual(['eigw/no-session egress-only-internet-gateway/eigw']);
    expect(traceOf(only, 'instance/db', `[${OUT}]:80`).verdict).toBe('reachable');
  });

  test('the gateways take 1500 bytes and say so by ICMPv6, which a network ACL may stop', () => {
    const flow = { protocol: 'udp', size: 4000, df: true };
    const told = traceOf(world, 'instance/db', `[${OUT}]:53`, flow);
    expect(told).toMatchObject({ verdict: 'unreachable', symptom: { kind: 'message-too-long' } });
    expect(traceOf(world, 'instance/db', `[${OUT}]:53`, { ...flow, df: undefined }).verdict).toBe(
      'reachable',
    );
    expect(traceOf(world, 'instance/db', `[${OUT}]:443`, { size: 4000 }).verdict).toBe('reachable');
  });

  test('and neither IPv4, nor what no interface of the VPC sent', () => {
    const list = worldOf({
      'vpcsim.yaml': `${text().replace('{ to: 0.0.0.0/0, via: nat }', '{ to: pl/all, via: eigw }')}
prefixLists: [{ name: all, cidrs: [192.0.2.0/24] }]
`,
    });
    expect(codes(traceOf(list, 'instance/db', '192.0.2.1:80'))).toContain(
      'eigw/ipv4 egress-only-internet-gateway/eigw',
    );
    const box = worldOf({
      'vpcsim.yaml': text().replace(
        'securityGroups: [db], ipv6',
        'securityGroups: [db], sourceDestCheck: false, ipv6',
      ),
    });
    expect(codes(traceOf(box, 'instance/db', `[${OUT}]:80`, { sourceIp: '2001:db8:9::9' }))).toContain(
      'eigw/spoofed-source egress-only-internet-gateway/eigw',
    );
  });

  test('Block Public Access stops both gateways, and in its mode for ingress only the internet gateway', () => {
    const blocked = (mode: string): World =>
      worldOf({ 'vpcsim.yaml': `${text()}\nblockPublicAccess: [{ mode: ${mode} }]\n` });
    for (const from of ['instance/web', 'instance/db'])
      expect(codes(traceOf(blocked('block-bidirectional'), from, `[${OUT}]:443`)).join()).toContain(
        'igw/public-access-blocked',
      );
    expect(traceOf(blocked('block-ingress'), 'instance/db', `[${OUT}]:443`).verdict).toBe('reachable');
    expect(traceOf(blocked('block-ingress'), 'internet', `[${WEB}]:443`).verdict).toBe('unreachable');
  });
});

describe('what is not modelled ends undetermined', () => {
  test('a route of IPv6 to a NAT gateway (NAT64)', () => {
    const told = traceOf(
      six({ ipv6Route: '64:ff9b::/96, via: nat' }),
      'instance/web',
      '[64:ff9b::808:808]:443',
    );
    expect(told.verdict).toBe('undetermined');
    expect(told.notModelled.join()).toContain('64:ff9b::/96 -> nat (rtb/public)');
  });

  test('a route of IPv6 to an instance', () => {
    const told = traceOf(six({ ipv6Route: '::/0, via: db' }), 'instance/web', `[${OUT}]:443`);
    expect(told.verdict).toBe('undetermined');
  });

  test('the resolver and the metadata service', () => {
    for (const address of ['fd00:ec2::253', 'fd00:ec2::254', 'fe80::5'])
      expect(traceOf(world, 'instance/web', `[${address}]:53`).verdict).toBe('undetermined');
  });

  test('nodes of the cluster, from inside and from outside', () => {
    const node = '2001:db8:1:2::77';
    const rest = `cluster:
  coredns: { replicas: 0 }
  nodes: [{ name: worker, subnet: private, instanceType: m5.large, otherAddresses: ["${node}", "2600:9::1"] }]`;
    const clustered = six({ rest });
    for (const address of [node, '2600:9::1'])
      for (const from of ['instance/web', 'internet'])
        expect(traceOf(clustered, from, `[${address}]:80`).verdict).toBe('undetermined');
    expect(traceOf(clustered, 'node/worker', `[${WEB}]:443`).verdict).toBe('undetermined');
  });
});

describe('a peering', () => {
  const peered = six({
    vpc: `  - name: far
    cidrs: [10.9.0.0/16]
    ipv6Cidrs: ["2001:db8:9::/56"]
    subnets: [{ name: far, cidr: 10.9.1.0/24, ipv6Cidr: "2001:db8:9:1::/64" }]
    routeTables: [{ name: far, main: true, routes: [{ to: "2001:db8:1::/56", via: pcx }] }]
    securityGroups: [{ name: far, ingress: [{ protocol: tcp, ports: 80, from: "2001:db8:1::/56" }] }]
peerings: [{ name: pcx, requester: main, accepter: far, state: active }]`,
    ipv6Route: '2001:db8:9::/56, via: pcx',
    rest: '  - { name: far, subnet: far, securityGroups: [far], ipv6Address: "2001:db8:9:1::10" }',
  });

  test('takes IPv6 from block to block', () => {
    const told = traceOf(peered, 'instance/web', '[2001:db8:9:1::10]:80');
    expect(told.verdict).toBe('reachable');
    expect(via(told)).toContain('vpc-peering/pcx > vpc-router/far');
  });
});

describe('a transit gateway', () => {
  const links = (routes: string): World =>
    six({
      vpc: `  - name: far
    cidrs: [10.9.0.0/16]
    ipv6Cidrs: ["2001:db8:9::/56"]
    subnets: [{ name: far, cidr: 10.9.1.0/24, ipv6Cidr: "2001:db8:9:1::/64", az: us-east-1a }]
    routeTables: [{ name: far, main: true, routes: [{ to: "2001:db8:1::/56", via: tgw }, { to: 10.0.0.0/16, via: tgw }] }]
    securityGroups: [{ name: far, ingress: [{ protocol: tcp, ports: 80, from: "2001:db8:1::/56" }] }]
transitGateways:
  - name: tgw
    routeTables: [{ name: transit, routes: [${routes}] }]
    attachments:
      - { name: att-main, vpc: main, subnets: [public], association: transit, propagations: [transit] }
      - { name: att-far, vpc: far, subnets: [far], association: transit, propagations: [transit] }`,
      ipv6Route: '2001:db8:9::/56, via: tgw',
      rest: '  - { name: far, subnet: far, securityGroups: [far], ipv6Address: "2001:db8:9:1::10" }',
    });

  test('takes IPv6 by the blocks that VPCs propagate', () => {
    const told = traceOf(links(''), 'instance/web', '[2001:db8:9:1::10]:80', { size: 9001 });
    expect(told.verdict).toBe('reachable');
    expect(via(told)).toContain('tgw-attachment/att-main > transit-gateway/tgw > tgw-attachment/att-far');
  });

  test('0.0.0.0/0 of its table is no route for IPv6', () => {
    const told = traceOf(
      links('{ to: "2001:db8:9::/56", via: blackhole }'),
      'instance/web',
      '[2001:db8:9:1::10]:80',
    );
    expect(codes(told)[0]).toBe('tgw/blackhole transit-gateway/tgw');
    const far = worldOf({
      'vpcsim.yaml': text({
        vpc: `transitGateways:
  - name: tgw
    routeTables: [{ name: transit, routes: [{ to: 0.0.0.0/0, via: att-main }] }]
    attachments: [{ name: att-main, vpc: main, subnets: [public], association: transit }]`,
        ipv6Route: '::/0, via: tgw',
      }),
    });
    expect(codes(traceOf(far, 'instance/web', `[${OUT}]:80`))[0]).toBe('tgw/no-route transit-gateway/tgw');
  });
});

test('the verdict alone comes to the same', () => {
  for (const from of ['instance/web', 'instance/db', 'internet'])
    for (const to of [WEB, DB, OUT, '2001:db8:1:2::99', 'fd00::1'])
      for (const size of [undefined, 4000]) {
        const prepared = prepare(world, { from, to: `[${to}]:443`, size });
        if (!prepared.ok) throw new Error(JSON.stringify(prepared.issues));
        expect(verdictOf(world, prepared.value)).toBe(traceOf(world, from, `[${to}]:443`, { size }).verdict);
      }
});

describe('bad input', () => {
  const issue = (from: string, to: string): string => {
    try {
      topologyOf({ 'vpcsim.yaml': text().replace(from, to) });
      return 'none';
    } catch (error) {
      return String(error);
    }
  };

  test.each([
    ['"2001:db8:1::/56"', '"2001:db8:1::/57"', 'cidr/size'],
    ['"2001:db8:1::/56"', '"fd00:1::/56"', 'cidr/not-global'],
    ['"2001:db8:1::/56"', '"2001:db8:1::1/56"', 'cidr/host-bits'],
    ['"2001:db8:1::/56"', '10.1.0.0/16', 'cidr/malformed'],
    ['"2001:db8:1:1::/64"', '"2001:db8:2:1::/64"', 'cidr/outside-vpc'],
    ['"2001:db8:1:1::/64"', '"2001:db8:1:2::/64"', 'cidr/overlap'],
    [`"${WEB}"`, '"2001:db8:1:2::11"', 'address/outside-subnet'],
    [`"${WEB}"`, '"2001:db8:1:1::3"', 'address/reserved'],
    [`"${WEB}"`, '10.0.1.9', 'address/malformed'],
    ['{ to: 0.0.0.0/0, via: nat }', '{ to: 0.0.0.0/0, via: eigw }', 'route/ipv6-only'],
    ['from: "::/0" }, { protocol: icmpv6', 'from: "::g/0" }, { protocol: icmpv6', 'cidr/malformed'],
  ])('%s in place of %s: %s', (from, to, code) => {
    expect(issue(from, to)).toContain(code);
  });
});
