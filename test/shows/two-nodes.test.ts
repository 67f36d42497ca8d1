/** Two nodes in two subnets, 10.0.1.12 and 10.0.2.34, and the three questions of every review: does it arrive, which
 *  rule says so, and does the answer come back. */
import { describe, expect, test } from 'vitest';
import { arrow, at, devices, ghosts, nameOf, onlyPath, step } from '../support/reading.ts';
import { loadWorld, traceOf } from '../support/worlds.ts';

const plainWorld = loadWorld('two-nodes');
const kubelet = '10.0.2.34:10250';
const there = [
  'node/node-1',
  'eni/node-1',
  'subnet/subnet-a',
  'vpc-router/main',
  'subnet/subnet-b',
  'eni/node-2',
  'node/node-2',
];
const back = [...there].reverse();

describe('10.0.1.12 asks the kubelet of 10.0.2.34', () => {
  const trace = traceOf(plainWorld, 'node/node-1', kubelet);
  const path = onlyPath(trace);

  test('the packet crosses both subnets, and the answer goes the same way back', () => {
    expect(trace.verdict).toBe('reachable');
    expect(trace.symptom.kind).toBe('connected');
    expect(devices(path.hops)).toEqual(there);
    expect(devices(path.reply.hops)).toEqual(back);
    expect(path.reply.asymmetric).toBe(false);
  });

  test('the local route of the VPC carries it: nothing has to be configured', () => {
    expect(step(at(path.hops, 'vpc-router/main'), 'route table')).toMatchObject({
      verdict: 'matched',
      rule: 'rtb/private 10.0.0.0/16 -> local',
      because: 'the only matching prefix',
    });
  });

  test('no device on the way changes the header', () => {
    const headers = [...path.hops, ...path.reply.hops].map((hop) => arrow(hop.out));
    expect([...new Set(headers)]).toEqual([
      'tcp 10.0.1.12:49152 > 10.0.2.34:10250',
      'tcp 10.0.2.34:10250 > 10.0.1.12:49152',
    ]);
  });

  test('each subnet edge asks its network ACL, out and in', () => {
    const asked = [...path.hops, ...path.reply.hops]
      .filter(({ device }) => device.kind === 'subnet')
      .map((hop) => `${nameOf(hop)} ${hop.steps[0]!.stage} ${hop.steps[0]!.verdict}`);
    expect(asked).toEqual([
      'subnet/subnet-a network ACL out matched',
      'subnet/subnet-b network ACL in matched',
      'subnet/subnet-b network ACL out matched',
      'subnet/subnet-a network ACL in matched',
    ]);
  });

  test('the security group admits its own member, and says by which address it knows it', () => {
    const admits = step(at(path.hops, 'eni/node-2'), 'security group in');
    expect(admits.rule).toBe('sg/nodes ingress: all from sg/nodes');
    expect(admits.because).toBe('10.0.1.12 is a private address of an interface that holds sg/nodes');
    expect(admits.source).toMatchObject({ file: 'two-nodes.yaml', line: 17 });
  });

  test('the reply passes both security groups without a rule: they remember the flow', () => {
    const [out, into] = [
      step(at(path.reply.hops, 'eni/node-2'), 'security group out'),
      step(at(path.reply.hops, 'eni/node-1'), 'security group in'),
    ];
    expect([out.verdict, into.verdict]).toEqual(['passed', 'passed']);
    expect([out.rule, into.rule]).toEqual([undefined, undefined]);
  });

  test('the crossing of zones is remarked', () => {
    expect(path.remarks).toEqual([
      'crosses availability zones: us-east-1a (subnet/subnet-a) to us-east-1b (subnet/subnet-b)',
    ]);
  });

  test('an echo request is answered the same way', () => {
    const ping = traceOf(plainWorld, 'node/node-1', '10.0.2.34', { protocol: 'icmp' });
    expect(ping.symptom.kind).toBe('reply');
    expect(onlyPath(ping).hops[0]!.out.icmp).toEqual({ type: 8, code: 0 });
    expect(onlyPath(ping).reply.hops[0]!.out.icmp).toEqual({ type: 0, code: 0 });
    expect(devices(onlyPath(ping).hops)).toEqual(there);
  });
});

describe('a security group without the rule that admits its own members', () => {
  const trace = traceOf(loadWorld('two-nodes', 'no-self-rule'), 'node/node-1', kubelet);
  const path = onlyPath(trace);

  test('the packet is dropped at the interface of the second node, in silence', () => {
    expect(trace.verdict).toBe('unreachable');
    expect(path).toMatchObject({
      disposition: 'dropped',
      code: 'sg/no-ingress-rule',
      device: 'eni/node-2',
      symptom: { kind: 'timeout' },
    });
    expect(devices(path.hops)).toEqual(there.slice(0, -1));
  });

  test('the blocker says that the group has no rules at all, and which one to add', () => {
    expect(trace.blockers).toHaveLength(1);
    expect(trace.blockers[0]).toMatchObject({
      direction: 'forward',
      hop: 6,
      awsCode: 'SG_HAS_NO_RULES',
      because: 'sg/nodes has no ingress rules, so nothing new passes: tcp 10250 from 10.0.1.12',
      fix: 'add to sg/nodes ingress: tcp 10250 from sg/nodes',
    });
  });

  test('what lies behind is walked as a ghost, to the end and back: nothing else is in the way', () => {
    expect(ghosts(path.hops)).toEqual(['node/node-2']);
    expect(ghosts(path.reply.hops)).toEqual(back);
    expect(devices(path.reply.hops)).toEqual([]);
    expect(path.reply.disposition).toBe('none');
  });

  test('with the rule put back the same packet arrives', () => {
    expect(traceOf(plainWorld, 'node/node-1', kubelet).verdict).toBe('reachable');
  });
});

describe('pods', () => {
  test('p1 of the document has the address 10.0.1.45, and reaches p3 on the other node with it', () => {
    const path = onlyPath(traceOf(plainWorld, 'pod/default/p1', 'pod/default/p3:8080'));
    expect(path.hops[0]!.out.src).toBe('10.0.1.45');
    expect(devices(path.hops)).toEqual(['pod/default/p1', ...there, 'pod/default/p3']);
    expect(at(path.hops, 'pod/default/p3').in.src).toBe('10.0.1.45');
    expect(path.reply.disposition).toBe('delivered');
  });

  test('each node takes one off the TTL, the VPC none', () => {
    const path = onlyPath(traceOf(plainWorld, 'pod/default/p1', 'pod/default/p3:8080'));
    const ttls = path.hops.map((hop) => `${hop.device.kind} ${hop.in.ttl - hop.out.ttl}`);
    expect(ttls).toEqual([
      'pod 0',
      'node 1',
      'eni 0',
      'subnet 0',
      'vpc-router 0',
      'subnet 0',
      'eni 0',
      'node 1',
      'pod 0',
    ]);
  });

  test('two pods of one node never meet an interface of the VPC', () => {
    const path = onlyPath(traceOf(plainWorld, 'pod/default/p1', 'pod/default/p2:8080'));
    expect(devices(path.hops)).toEqual(['pod/default/p1', 'node/node-1', 'pod/default/p2']);
    expect(devices(path.reply.hops)).toEqual(['pod/default/p2', 'node/node-1', 'pod/default/p1']);
  });

  test('so no security group is asked, and the trace says that too, on both ways', () => {
    const path = onlyPath(traceOf(plainWorld, 'pod/default/p1', 'pod/default/p2:8080'));
    for (const hops of [path.hops, path.reply.hops])
      expect(step(at(hops, 'node/node-1'), 'security group')).toMatchObject({
        verdict: 'skipped',
        because: expect.stringContaining('same node'),
      });
  });

  test('the missing self rule stops p1 on its way to the other node, not on its own', () => {
    const world = loadWorld('two-nodes', 'no-self-rule');
    expect(traceOf(world, 'pod/default/p1', 'pod/default/p2:8080').verdict).toBe('reachable');
    const far = traceOf(world, 'pod/default/p1', 'pod/default/p3:8080');
    expect(far.verdict).toBe('unreachable');
    expect(far.blockers.map(({ code, device }) => `${code} ${device}`)).toEqual([
      'sg/no-ingress-rule eni/node-2',
    ]);
  });
});

describe('a network ACL without a rule for ephemeral ports', () => {
  const trace = traceOf(loadWorld('two-nodes', 'no-ephemeral-ports'), 'node/node-1', kubelet);
  const path = onlyPath(trace);

  test('the request is delivered all the same', () => {
    expect(path.disposition).toBe('delivered');
    expect(path.device).toBe('node/node-2');
    expect(devices(path.hops)).toEqual(there);
  });

  test('its reply is dropped where it enters the client’s subnet', () => {
    expect(path.reply).toMatchObject({
      disposition: 'dropped',
      code: 'nacl/denied-in',
      device: 'subnet/subnet-a',
    });
    expect(devices(path.reply.hops)).toEqual(back.slice(0, -2));
    expect(ghosts(path.reply.hops)).toEqual(back.slice(-2));
  });

  test('so nothing is reachable, and the client waits in vain', () => {
    expect(trace.verdict).toBe('unreachable');
    expect(trace.exitCode).toBe(1);
    expect(trace.symptom.kind).toBe('timeout');
    expect(trace.reply).toEqual({ disposition: 'dropped', code: 'nacl/denied-in' });
  });

  test('the blocker names the final rule, the nearest one, and the ephemeral ports to open', () => {
    expect(trace.blockers).toHaveLength(1);
    expect(trace.blockers[0]).toMatchObject({
      direction: 'reply',
      awsCode: 'SUBNET_ACL_RESTRICTION',
      rule: 'nacl/tight ingress *: deny',
      nearest: '100: allow tcp 443 from 0.0.0.0/0: port 49152 is not 443',
      fix: 'add to nacl/tight ingress: rule 120 allow tcp 1024-65535 from 10.0.2.34/32',
    });
  });
});
