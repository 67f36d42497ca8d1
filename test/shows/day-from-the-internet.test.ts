/** day.example.com from outside: the load balancer ends one connection and opens the next. */
import { describe, expect, test } from 'vitest';
import { arrow, at, change, devices, pathTo, plain, step } from '../support/reading.ts';
import { loadWorld, traceOf } from '../support/worlds.ts';

const url = 'http://day.example.com/health';
const balancer = 'alb/k8s-producti-dayingre';

describe('a client on the internet asks day.example.com for /health', () => {
  const trace = traceOf(loadWorld('day'), 'internet', url);
  const [near, far] = [pathTo(trace, '10.1.0.10'), pathTo(trace, '10.1.16.10')];

  test('the request reaches every one of the three pods with a share of a third', () => {
    expect(trace.verdict).toBe('reachable');
    expect(trace.paths.map(({ share }) => share)).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(new Set(trace.paths.map(({ device }) => device)).size).toBe(3);
    expect(trace.paths.map(({ device }) => plain(device))).toEqual(
      Array(3).fill('pod/production/day-service'),
    );
  });

  test('both addresses of the load balancer lead to each pod', () => {
    for (const { via } of trace.paths)
      expect(via.map((entry) => entry.replace(/-[0-9a-f]{10} /, ' '))).toEqual([
        `${balancer} 203.0.113.1 (us-east-1a)`,
        `${balancer} 203.0.113.2 (us-east-1b)`,
      ]);
  });

  test('the first connection ends at the load balancer, the second goes on to port 8001 of the pod', () => {
    expect(near.legs.map(({ index }) => index)).toEqual([0, 1]);
    const [first, second] = [0, 1].map((leg) => near.hops.filter((hop) => hop.leg === leg));
    expect(devices(first!)).toEqual([
      'host/internet',
      'internet/internet',
      'internet-gateway/igw',
      'vpc-router/main',
      'subnet/day-a',
      'eni/k8s-producti-dayingre/us-east-1a',
      `${balancer}/us-east-1a`,
    ]);
    expect(devices(second!)).toEqual([
      'eni/k8s-producti-dayingre/us-east-1a',
      'eni/ip-10-1-0-5.ec2.internal/1',
      'node/ip-10-1-0-5.ec2.internal',
      'pod/production/day-service',
    ]);
    expect(arrow(second![0]!.in)).toBe('tcp 10.1.0.17:* > 10.1.0.10:8001');
    expect(near.disposition).toBe('delivered');
  });

  test('the internet gateway swaps the public address of the load balancer for its private one', () => {
    expect(change(at(near.hops, 'internet-gateway/igw'))).toEqual([
      'tcp 198.51.100.7:49152 > 203.0.113.1:80',
      'tcp 198.51.100.7:49152 > 10.1.0.17:80',
    ]);
  });

  test('the Ingress rule chooses the target group, and the pods are its targets', () => {
    const alb = at(near.hops, `${balancer}/us-east-1a`);
    expect(step(alb, 'listener rules').rule).toBe(
      'listener HTTP:80 rule 1: host-header day.example.com, path-pattern /*',
    );
    expect(step(alb, 'target group').rule).toMatch(
      /^target group k8s-producti-dayservi-[0-9a-f]{10} \(ip\)$/,
    );
    expect(near.choices.map(({ share }) => share)).toEqual([1 / 3]);
  });

  test('the cluster security group admits the load balancer by a rule that its controller added', () => {
    const admits = step(at(near.hops, 'eni/ip-10-1-0-5.ec2.internal/1'), 'security group in');
    expect(admits.verdict).toBe('matched');
    expect(admits.rule).toMatch(
      /^sg\/eks-cluster-sg-day-cluster ingress: tcp 8001-\d+ from sg\/k8s-traffic-daycluster-[0-9a-f]{10}$/,
    );
  });

  test('a pod of the same subnet is reached without a network ACL or a route table', () => {
    const skipped = step(near.hops.find((hop) => hop.leg === 1)!, 'subnet');
    expect(skipped.verdict).toBe('skipped');
    expect(skipped.because).toContain('in the same subnet, subnet/day-a: no network ACL, no route table');
  });

  test('a pod of the other zone is reached by the local route, through both network ACLs', () => {
    expect(devices(far.hops.filter((hop) => hop.leg === 1))).toEqual([
      'eni/k8s-producti-dayingre/us-east-1a',
      'subnet/day-a',
      'vpc-router/main',
      'subnet/day-b',
      'eni/ip-10-1-16-5.ec2.internal/1',
      'node/ip-10-1-16-5.ec2.internal',
      'pod/production/day-service',
    ]);
    expect(far.remarks).toEqual([
      'crosses availability zones: us-east-1a (subnet/day-a) to us-east-1b (subnet/day-b)',
    ]);
  });

  test('the pod answers the load balancer, and the load balancer the client', () => {
    const back = near.reply.hops;
    expect(devices(back)).toEqual([
      'pod/production/day-service',
      'node/ip-10-1-0-5.ec2.internal',
      'eni/ip-10-1-0-5.ec2.internal/1',
      'subnet/day-a',
      'vpc-router/main',
      'subnet/day-a',
      'eni/k8s-producti-dayingre/us-east-1a',
      `${balancer}/us-east-1a`,
      `${balancer}/us-east-1a`,
      'eni/k8s-producti-dayingre/us-east-1a',
      'subnet/day-a',
      'vpc-router/main',
      'internet-gateway/igw',
      'internet/internet',
      'host/internet',
    ]);
    expect(near.reply.disposition).toBe('delivered');
    expect(arrow(back[0]!.in)).toBe('tcp 10.1.0.10:8001 > 10.1.0.17:*');
    expect(arrow(back.at(-1)!.out)).toBe('tcp 203.0.113.1:80 > 198.51.100.7:49152');
  });

  test('both replies pass the security groups as parts of flows that were let in or out, tracked or not', () => {
    const checks = near.reply.hops.flatMap((hop) =>
      hop.steps.filter(({ stage }) => stage.startsWith('security group')),
    );
    expect(checks.map(({ stage, verdict }) => `${stage} ${verdict}`)).toEqual([
      'security group out passed',
      'security group in passed',
      'security group out matched',
    ]);
    for (const { because } of checks.slice(0, 2))
      expect(because).toMatch(/belongs to a flow .*\(stateful\)$/);
    // The load balancer lets everybody in, and everything out.
    expect(checks[2]!.because).toMatch(/^the flow is not tracked/);
  });
});

describe('with one subnet of the load balancer cut off from the internet', () => {
  const trace = traceOf(loadWorld('day', 'one-subnet-cut-off'), 'internet', url);
  const cut = trace.paths[0]!;

  test('half of the clients get through', () => {
    expect(trace.verdict).toBe('ambiguous');
    expect(trace.symptom.kind).toBe('mixed');
    expect(trace.exitCode).toBe(1);
  });

  test('the address of the cut-off subnet is a path of its own with half of the traffic', () => {
    expect(trace.paths.map(({ share }) => share)).toEqual([1 / 2, 1 / 6, 1 / 6, 1 / 6]);
    expect(cut.via).toHaveLength(1);
    expect(cut.via[0]).toContain('203.0.113.2 (us-east-1b)');
    for (const { via } of trace.paths.slice(1)) expect(via.join()).toContain('203.0.113.1 (us-east-1a)');
  });

  test('its handshake fails: the load balancer has no way back to the client', () => {
    expect(cut.symptom.kind).toBe('timeout');
    expect(cut.legs).toHaveLength(1);
    expect(devices(cut.hops).at(-1)).toBe(`${balancer}/us-east-1b`);
    expect(cut.reply).toMatchObject({
      disposition: 'dropped',
      code: 'rt/no-route',
      device: 'vpc-router/main',
    });
  });

  test('the blocker is the route table of the subnet, with the route that it lacks', () => {
    expect(trace.blockers).toHaveLength(1);
    expect(trace.blockers[0]).toMatchObject({
      direction: 'reply',
      code: 'rt/no-route',
      awsCode: 'NO_ROUTE_TO_DESTINATION',
      device: 'vpc-router/main',
      because: 'no route of rtb/isolated contains 198.51.100.7',
      nearest: '10.1.0.0/16 -> local',
      fix: 'add to rtb/isolated: 0.0.0.0/0 -> igw',
    });
  });

  test('by the other address each pod is still reached, those of the cut-off subnet too', () => {
    expect(trace.paths.slice(1).map(({ symptom }) => symptom.kind)).toEqual(Array(3).fill('connected'));
  });
});

test('traffic without a reply passes the load balancer, whose own handshake is there all the same', () => {
  const trace = traceOf(loadWorld('day'), 'internet', 'http://day.example.com/', { oneWay: true });
  expect(trace).toMatchObject({ verdict: 'one-way', symptom: { kind: 'sent' } });
  expect(trace.paths[0]!.reply.disposition).toBe('none');
});

test('an NLB without cross-zone is entered by one address for each way through it', () => {
  const trace = traceOf(loadWorld('day'), 'internet', 'svc/production/day-service-lb:80');
  for (const path of trace.paths) {
    const zones = path.hops.filter(({ device }) => device.kind === 'nlb').map(({ az }) => az);
    expect(path.via).toHaveLength(1);
    expect(path.via[0]).toContain(zones[0]!);
  }
});
