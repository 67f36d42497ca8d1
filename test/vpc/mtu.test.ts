/** Packets larger than the links they meet: fragments, "fragmentation needed", segments that shrink, black holes. */
import { describe, expect, test } from 'vitest';
import type { Trace } from '../../src/trace/trace.ts';
import { prepare, verdictOf } from '../../src/world/flow.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

interface Options {
  /** Inbound rules of the network ACL of the client's subnet. */
  readonly acl?: string;
  /** Keys of the small instance. */
  readonly small?: string;
}

/** `box` routes what goes from `client` to `far`, by a route with an MTU of 1400; `far` answers directly. */
function world({
  acl = '{ rule: 100, protocol: all, cidr: 0.0.0.0/0, action: allow }',
  small = '',
}: Options = {}) {
  return worldOf({
    'box.route': 'default via 10.0.1.1 dev ens5 mtu 1400\n10.0.1.0/24 dev ens5 scope link src 10.0.1.10\n',
    'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
metadata: { name: sizes }
vpcs:
  - name: main
    cidrs: [10.0.0.0/16]
    internetGateway: { name: igw }
    natGateways: [{ name: nat, subnet: public }]
    subnets:
      - { name: client, cidr: 10.0.0.0/24, az: us-east-1a, routeTable: by-box, networkAcl: client }
      - { name: box, cidr: 10.0.1.0/24, az: us-east-1a }
      - { name: far, cidr: 10.0.2.0/24, az: us-east-1a }
      - { name: public, cidr: 10.0.3.0/24, az: us-east-1a, routeTable: public, mapPublicIp: true }
    routeTables:
      - { name: main, main: true }
      - { name: by-box, routes: [{ to: 10.0.2.0/24, via: box }, { to: 0.0.0.0/0, via: nat }] }
      - { name: public, routes: [{ to: 0.0.0.0/0, via: igw }] }
    networkAcls:
      - name: client
        ingress: [${acl}]
        egress: [{ rule: 100, protocol: all, cidr: 0.0.0.0/0, action: allow }]
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }] }]
instances:
  - { name: client, subnet: client, securityGroups: [open] }
  - { name: box, subnet: box, address: 10.0.1.10, securityGroups: [open], sourceDestCheck: false, forwarding: true, rules: [box.route] }
  - { name: far, subnet: far, securityGroups: [open] }
  - { name: small, subnet: box, securityGroups: [open], mtu: 1500 ${small} }
  - { name: public, subnet: public, securityGroups: [open] }
`,
  });
}

const onlyTcpAndUdp =
  '{ rule: 1, protocol: tcp, cidr: 0.0.0.0/0, action: allow }, { rule: 2, protocol: udp, cidr: 0.0.0.0/0, action: allow }';
const open = world();
const withoutIcmp = world({ acl: onlyTcpAndUdp });

const stepsOf = (told: Trace): string[] =>
  told.paths[0]!.hops.flatMap(({ device, steps }) =>
    steps
      .filter(({ stage }) => stage === 'MTU')
      .map(({ because }) => `${device.kind}/${device.id}: ${because}`),
  );

describe('TCP', () => {
  test('a flow that says no size meets no MTU', () => {
    const told = traceOf(withoutIcmp, 'instance/client', 'instance/far:443');
    expect(told.verdict).toBe('reachable');
    expect(stepsOf(told)).toEqual([]);
  });

  test('segments shrink to the path MTU that a router tells', () => {
    const told = traceOf(open, 'instance/client', 'instance/far:443', { size: 8800 });
    expect(told.verdict).toBe('reachable');
    expect(told.symptom.kind).toBe('connected');
    expect(told.remarks).toContain(
      'the first packet of full size is lost: instance/box tells its sender a path MTU of 1400, and what follows keeps to it',
    );
  });

  test("where a network ACL drops the router's ICMP error, the handshake passes and large packets vanish", () => {
    const told = traceOf(withoutIcmp, 'instance/client', 'instance/far:443', { size: 8800 });
    expect(told.verdict).toBe('unreachable');
    expect(told.symptom.kind).toBe('hangs');
    expect(told.paths[0]).toMatchObject({ code: 'mtu/too-big', device: 'instance/box' });
    expect(told.blockers.map(({ code, device, direction }) => `${direction} ${code} ${device}`)).toEqual([
      'forward mtu/too-big instance/box',
      'reply nacl/denied-in subnet/client',
    ]);
  });

  test('a packet that fits passes the same way', () => {
    expect(traceOf(withoutIcmp, 'instance/client', 'instance/far:443', { size: 1400 }).verdict).toBe(
      'reachable',
    );
    expect(traceOf(withoutIcmp, 'instance/client', 'instance/far:443', { size: 1401 }).verdict).toBe(
      'unreachable',
    );
  });

  test('routers cut what does not forbid it, and nobody has to be told', () => {
    const told = traceOf(withoutIcmp, 'instance/client', 'instance/far:443', { size: 8800, df: false });
    expect(told.verdict).toBe('reachable');
    expect(stepsOf(told)).toEqual([
      'instance/box: 8800 bytes over an MTU of 1400, and nothing forbids it: cut into 7 fragments',
    ]);
  });

  test('the maximum segment size of the other end keeps segments small, with no ICMP error', () => {
    for (const to of ['instance/small:80', '192.0.2.7:443']) {
      const told = traceOf(withoutIcmp, 'instance/client', to, { size: 9001 });
      expect(told.verdict).toBe('reachable');
      expect(told.remarks.join()).not.toContain('path MTU');
    }
  });

  test('the verdict alone comes to the same', () => {
    for (const one of [open, withoutIcmp])
      for (const to of ['instance/far:443', 'instance/small:80', '192.0.2.7:443'])
        for (const size of [1000, 1450, 8800])
          for (const df of [undefined, true, false]) {
            const prepared = prepare(one, { from: 'instance/client', to, size, df });
            if (!prepared.ok) throw new Error('not prepared');
            expect(verdictOf(one, prepared.value)).toBe(
              traceOf(one, 'instance/client', to, { size, df }).verdict,
            );
          }
  });

  test('a handshake that fails is what the trace shows', () => {
    const told = traceOf(open, 'internet', 'instance/client:80', { size: 8800 });
    expect(told.verdict).toBe('unreachable');
    expect(told.symptom.kind).not.toBe('hangs');
  });
});

describe('UDP and ICMP', () => {
  test('after the first datagram is lost, Linux cuts the next ones itself', () => {
    const told = traceOf(open, 'instance/client', 'instance/far:53', { protocol: 'udp', size: 4000 });
    expect(told.verdict).toBe('reachable');
    expect(stepsOf(told)).toEqual([
      'instance/client: 4000 bytes over an MTU of 1400, and nothing forbids it: cut into 3 fragments',
    ]);
  });

  test('a sender that forbids fragments gets EMSGSIZE once it knows, and a time-out where it is not told', () => {
    const flow = { protocol: 'udp', size: 4000, df: true };
    expect(traceOf(open, 'instance/client', 'instance/far:53', flow)).toMatchObject({
      verdict: 'unreachable',
      symptom: { kind: 'message-too-long' },
    });
    expect(traceOf(withoutIcmp, 'instance/client', 'instance/far:53', flow)).toMatchObject({
      verdict: 'unreachable',
      symptom: { kind: 'timeout' },
    });
    const own = traceOf(open, 'instance/small', 'instance/client:53', flow);
    expect(own.paths[0]).toMatchObject({ code: 'mtu/message-too-long', device: 'instance/small' });
  });

  test('a network card takes no frame above its MTU, and tells nobody', () => {
    const told = traceOf(open, 'instance/client', 'instance/small:53', { protocol: 'udp', size: 4000 });
    expect(told.paths[0]).toMatchObject({
      code: 'mtu/too-big',
      device: 'instance/small',
      disposition: 'dropped',
    });
  });

  test('an internet gateway takes 1500 bytes and tells the sender of more', () => {
    const told = traceOf(open, 'instance/public', '192.0.2.7:53', { protocol: 'udp', size: 4000 });
    expect(told.verdict).toBe('reachable');
    expect(told.remarks.join()).toContain('internet-gateway/igw tells its sender a path MTU of 1500');
  });

  test('a NAT gateway passes fragments of UDP and drops those of an echo', () => {
    const udp = traceOf(open, 'instance/client', '192.0.2.7:53', { protocol: 'udp', size: 4000 });
    expect(udp.verdict).toBe('reachable');
    expect(udp.remarks.join()).toContain('nat-gateway/nat tells its sender a path MTU of 1500');
    const echo = traceOf(open, 'instance/client', '192.0.2.7', { protocol: 'icmp', size: 4000 });
    expect(echo.paths[0]).toMatchObject({ code: 'nat/fragment', device: 'nat-gateway/nat' });
    expect(traceOf(open, 'instance/client', '192.0.2.7', { protocol: 'icmp', size: 1500 }).verdict).toBe(
      'reachable',
    );
  });

  test('an echo reply never forbids fragments', () => {
    const told = traceOf(open, 'instance/far', 'instance/client', { protocol: 'icmp', size: 4000 });
    expect(told.verdict).toBe('reachable');
    const answer = traceOf(withoutIcmp, 'instance/far', 'instance/client:53', {
      protocol: 'udp',
      size: 4000,
    });
    expect(answer.verdict).toBe('unreachable');
  });
});

describe('the way back', () => {
  test('the answering end is told of its own packets', () => {
    const told = traceOf(open, 'instance/far', 'instance/client:443', { size: 8800 });
    expect(told.verdict).toBe('reachable');
    expect(told.remarks.join()).toContain('instance/box tells its sender a path MTU of 1400');
  });

  test('and where it is not, the connection hangs', () => {
    const told = traceOf(withoutIcmp, 'instance/far', 'instance/client:443', { size: 8800 });
    expect(told).toMatchObject({ verdict: 'unreachable', symptom: { kind: 'hangs' } });
    expect(told.paths[0]!.reply).toMatchObject({ code: 'mtu/too-big', device: 'instance/box' });
    expect(told.blockers.map(({ code, device }) => `${code} ${device}`)).toEqual([
      'mtu/too-big instance/box',
      'nacl/denied-in subnet/client',
    ]);
  });
});
