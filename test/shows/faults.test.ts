/** What goes wrong in routing and placement, and how the trace says it. */
import { describe, expect, test } from 'vitest';
import { arrow, at, devices, onlyPath, step } from '../support/reading.ts';
import { loadWorld, traceOf } from '../support/worlds.ts';

const world = loadWorld('faults');
const app = 'instance/app';

describe('two middleboxes that route to each other', () => {
  const trace = traceOf(world, app, '172.31.0.5:443');
  const path = onlyPath(trace);

  test('the packet circles, and the walk notices', () => {
    expect(trace.verdict).toBe('unreachable');
    expect(path).toMatchObject({ disposition: 'loop', code: 'walk/loop', device: 'instance/box-2' });
    expect(trace.blockers[0]!.because).toContain('with the same header and mark');
  });

  test('both boxes are on the round, each sends it on to the other', () => {
    const boxes = devices(path.hops).filter((device) => device.startsWith('instance/box'));
    expect(boxes.slice(0, 4)).toEqual([
      'instance/box-1',
      'instance/box-2',
      'instance/box-1',
      'instance/box-2',
    ]);
  });

  test('the two route tables that send it round are named', () => {
    const routes = path.hops
      .filter(({ device }) => device.kind === 'vpc-router')
      .map((hop) => step(hop, 'route table').rule);
    expect(new Set(routes.slice(1))).toEqual(
      new Set(['rtb/inspect-1 172.31.0.0/16 -> box-2', 'rtb/inspect-2 172.31.0.0/16 -> box-1']),
    );
  });

  test('the rounds between are left out: the path is short, and its last round ends the TTL', () => {
    expect(path.hops.length).toBeLessThan(40);
    expect(path.hops.at(-1)!.in.ttl).toBe(1);
  });
});

describe('a packet with a TTL of 1', () => {
  const trace = traceOf(world, app, '172.31.0.5:443', { ttl: 1 });
  const path = onlyPath(trace);

  test('dies at the first box that forwards; the VPC router takes nothing off', () => {
    expect(path).toMatchObject({
      disposition: 'rejected',
      code: 'host/ttl-exceeded',
      device: 'instance/box-1',
    });
    expect(at(path.hops, 'vpc-router/main').out.ttl).toBe(1);
  });

  test('the box says so with an ICMP time exceeded from its own address, which arrives', () => {
    expect(path.reply.disposition).toBe('delivered');
    expect(path.reply.hops[0]!.out).toMatchObject({
      protocol: 'icmp',
      src: '10.3.1.10',
      dst: '10.3.0.10',
      icmp: { type: 11, code: 0 },
    });
    expect(trace.symptom.kind).toBe('icmp-time-exceeded');
  });

  test('the security groups let the error through as a part of the flow it complains about', () => {
    expect(step(at(path.reply.hops, 'eni/app'), 'security group in')).toMatchObject({ verdict: 'passed' });
  });

  test('a TTL of 2 dies at the second box, a TTL of 3 at the first again', () => {
    const endsAt = (ttl: number): string => onlyPath(traceOf(world, app, '172.31.0.5:443', { ttl })).device;
    expect([2, 3].map(endsAt)).toEqual(['instance/box-2', 'instance/box-1']);
  });
});

describe('routes that lead nowhere', () => {
  test('a black hole swallows the packet, and no wider route is tried', () => {
    const trace = traceOf(world, app, '172.30.0.5:443');
    expect(onlyPath(trace)).toMatchObject({ disposition: 'dropped', code: 'rt/blackhole' });
    expect(trace.symptom.kind).toBe('timeout');
    expect(trace.blockers[0]).toMatchObject({
      awsCode: 'BAD_STATE_ROUTE',
      device: 'vpc-router/main',
      rule: 'rtb/apps 172.30.0.0/16 -> blackhole',
      source: { file: 'faults.yaml', line: 20 },
    });
  });

  test('an address of the VPC that nobody owns is found missing by the VPC router', () => {
    const trace = traceOf(world, app, '10.3.1.99:443');
    expect(onlyPath(trace)).toMatchObject({
      disposition: 'dropped',
      code: 'vpc/no-such-address',
      device: 'vpc-router/main',
      symptom: { kind: 'timeout' },
    });
    expect(trace.blockers[0]!.because).toBe(
      '10.3.1.99 is in subnet/inspect-1 (10.3.1.0/24), and no network interface holds it',
    );
  });

  test('an address of the sender’s own subnet that nobody owns gets no ARP answer', () => {
    expect(onlyPath(traceOf(world, app, '10.3.0.99:443'))).toMatchObject({
      disposition: 'dropped',
      code: 'eni/no-neighbour',
      device: 'eni/app',
    });
  });

  test('a destination without a route lists the routes there are, and what to add', () => {
    const trace = traceOf(world, app, '8.8.8.8:53');
    expect(trace.blockers[0]).toMatchObject({
      code: 'rt/no-route',
      awsCode: 'NO_ROUTE_TO_DESTINATION',
      because: 'no route of rtb/apps contains 8.8.8.8',
    });
    expect(trace.blockers[0]!.nearest).toContain('10.3.0.0/16 -> local');
    expect(trace.blockers[0]!.fix).toContain('add to rtb/apps: 0.0.0.0/0 ->');
  });
});

describe('a pod that no node takes', () => {
  test.each([
    ['as the target', app, 'pod/default/waiting-0:80'],
    ['as the source', 'pod/default/waiting-0', '10.3.0.10:80'],
  ])('%s, the trace ends with the scheduler’s words', (_role, from, to) => {
    const trace = traceOf(world, from, to);
    expect(trace.verdict).toBe('unreachable');
    expect(onlyPath(trace)).toMatchObject({
      code: 'pod/pending',
      device: 'unplaced-pod/default/waiting-0',
    });
    expect(trace.blockers[0]!.because).toBe(
      "0/2 nodes are available: 1 Too many pods, 1 node(s) didn't match Pod's node affinity/selector.",
    );
  });
});

describe('a pod that gets no address', () => {
  test.each([
    ['as the target', app, 'pod/default/crowd-11:80'],
    ['as the source', 'pod/default/crowd-11', '10.3.0.10:80'],
  ])('%s, the trace ends with the CNI’s words', (_role, from, to) => {
    const trace = traceOf(world, from, to);
    expect(trace.verdict).toBe('unreachable');
    expect(onlyPath(trace)).toMatchObject({
      code: 'pod/no-address',
      device: 'unplaced-pod/default/crowd-11',
    });
    expect(trace.blockers[0]!.because).toMatch(
      /^FailedCreatePodSandBox: .*add cmd: failed to assign an IP address to container$/,
    );
  });

  test('its neighbour on the same node, which got one of the last, is reached', () => {
    const path = onlyPath(traceOf(world, 'node/full', 'pod/default/crowd-0:80'));
    expect(path.disposition).toBe('delivered');
    expect(arrow(path.hops.at(-1)!.in)).toBe('tcp 10.3.0.5:49152 > 10.3.3.6:80');
  });
});

describe('a loop through Linux hosts', () => {
  test('ends when the TTL does, and the sender is told: as with a TTL that ends sooner', () => {
    for (const ttl of [64, 10, 3])
      expect(traceOf(world, app, '172.31.0.5:443', { ttl }).symptom.kind).toBe('icmp-time-exceeded');
  });
});

describe('a pod that does not run', () => {
  test('is no timeout: nothing is sent', () => {
    expect(traceOf(world, 'pod/default/waiting-0', '10.3.0.10:80').symptom.kind).toBe('not-running');
  });
});
