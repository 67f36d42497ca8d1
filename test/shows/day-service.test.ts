/** A pod asks a ClusterIP Service: the rules that kube-proxy wrote on the pod's own node. */
import { describe, expect, test } from 'vitest';
import type { Hop } from '../../src/trace/trace.ts';
import { arrow, at, chains, change, devices, pathTo, rules, step } from '../support/reading.ts';
import { loadWorld, traceOf } from '../support/worlds.ts';

const world = loadWorld('day');
const service = 'svc/production/day-service:80';
const ofService = 'KUBE-SVC-K2CUEHD7ZXRFYGTI';

describe('pod dev/client asks svc/production/day-service', () => {
  const trace = traceOf(world, 'pod/dev/client', service);
  const far = pathTo(trace, '10.1.0.10');
  const near = pathTo(trace, '10.1.16.11');
  const node = at(far.hops, 'node/ip-10-1-16-5.ec2.internal');

  test('each of the three endpoints gets a third, as exactly as the kernel counts', () => {
    expect(trace.verdict).toBe('reachable');
    expect(trace.paths).toHaveLength(3);
    for (const { share } of trace.paths) expect(share).toBeCloseTo(1 / 3, 8);
  });

  test('the choice is named as the statistic rule of the Service’s chain', () => {
    expect(far.choices[0]!.why).toBe(
      `statistic 1/3 in ${ofService}: production/day-service -> 10.1.0.10:8001`,
    );
  });

  test('the packet is in KUBE-SERVICES, KUBE-SVC and KUBE-SEP, in this order', () => {
    const walked = chains(node, 'nat PREROUTING');
    expect(walked.slice(0, 2)).toEqual(['KUBE-SERVICES', ofService]);
    expect(walked[2]).toMatch(/^KUBE-SEP-[A-Z2-7]{16}$/);
    expect(walked).toHaveLength(3);
  });

  test('the rules that sent it there are those of iptables-save', () => {
    const said = rules(node);
    expect(said).toContain(
      `-A KUBE-SERVICES -d 10.100.200.50/32 -p tcp -m comment --comment "production/day-service cluster IP" -m tcp --dport 80 -j ${ofService}`,
    );
    expect(said.find((rule) => rule.startsWith(`-A ${ofService} `))).toContain(
      '-m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-',
    );
  });

  test('the last rule of KUBE-SEP rewrites the destination to the endpoint', () => {
    const sep = chains(node, 'nat PREROUTING')[2]!;
    const dnat = step(node, `nat PREROUTING > ${sep}`);
    expect(dnat.verdict).toBe('rewrote');
    expect(dnat.rule).toContain('-j DNAT --to-destination 10.1.0.10:8001');
    expect(arrow(dnat.after!)).toBe('tcp 10.1.16.6:49152 > 10.1.0.10:8001');
  });

  test('a pod that asks another pod by a Service keeps its address: nothing masquerades it', () => {
    for (const path of trace.paths) {
      const sent = at(path.hops, 'node/ip-10-1-16-5.ec2.internal');
      expect(sent.out.src).toBe('10.1.16.6');
      expect(chains(sent, 'nat PREROUTING')).not.toContain('KUBE-MARK-MASQ');
    }
    const skipped = step(node, 'nat POSTROUTING > KUBE-POSTROUTING');
    expect(skipped).toMatchObject({
      verdict: 'skipped',
      rule: '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    });
  });

  test('the CNI leaves it alone: SNAT is skipped inside the VPC', () => {
    expect(step(node, 'nat POSTROUTING > AWS-SNAT-CHAIN-0')).toMatchObject({
      verdict: 'skipped',
      because: 'SNAT skipped: destination is inside a VPC CIDR (10.1.0.0/16)',
    });
  });

  test('to an endpoint of the other zone it crosses the VPC, to one of its own node it does not', () => {
    expect(devices(far.hops)).toEqual([
      'pod/dev/client',
      'node/ip-10-1-16-5.ec2.internal',
      'eni/ip-10-1-16-5.ec2.internal',
      'subnet/day-b',
      'vpc-router/main',
      'subnet/day-a',
      'eni/ip-10-1-0-5.ec2.internal/1',
      'node/ip-10-1-0-5.ec2.internal',
      'pod/production/day-service',
    ]);
    expect(devices(near.hops)).toEqual([
      'pod/dev/client',
      'node/ip-10-1-16-5.ec2.internal',
      'pod/production/day-service',
    ]);
  });

  test('the reply gets the Service’s address back on the client’s node, by conntrack', () => {
    expect(far.reply.disposition).toBe('delivered');
    const back = at(far.reply.hops, 'node/ip-10-1-16-5.ec2.internal');
    expect(change(back)).toEqual([
      'tcp 10.1.0.10:8001 > 10.1.16.6:49152',
      'tcp 10.100.200.50:80 > 10.1.16.6:49152',
    ]);
  });

  test('no nat chain is walked for the reply, and the trace says so', () => {
    const back = at(far.reply.hops, 'node/ip-10-1-16-5.ec2.internal');
    expect(step(back, 'nat').verdict).toBe('skipped');
    expect(chains(back, 'nat PREROUTING')).toEqual([]);
  });
});

describe('a pod of day-service asks its own Service', () => {
  const trace = traceOf(world, 'deploy/production/day-service', service);
  const self = pathTo(trace, '10.1.0.10');
  const node = at(self.hops, 'node/ip-10-1-0-5.ec2.internal');
  const others = trace.paths.filter((path) => path !== self);
  const leaving = (hops: readonly Hop[]): string => at(hops, 'node/ip-10-1-0-5.ec2.internal').out.src;

  test('every branch is answered, the one that lands on the pod itself too', () => {
    expect(trace.verdict).toBe('reachable');
    expect(trace.paths).toHaveLength(3);
  });

  test('the branch that lands on the asking pod is marked and masqueraded', () => {
    expect(self.device).toBe(trace.request.from);
    expect(chains(node, 'nat PREROUTING').map((chain) => chain.replace(/-[A-Z2-7]{16}$/, ''))).toEqual([
      'KUBE-SERVICES',
      'KUBE-SVC',
      'KUBE-SEP',
      'KUBE-MARK-MASQ',
      'KUBE-SEP',
    ]);
    expect(change(node)).toEqual([
      'tcp 10.1.0.10:49152 > 10.100.200.50:80',
      'tcp 10.1.0.5:* > 10.1.0.10:8001',
    ]);
    expect(rules(node).some((rule) => rule.endsWith('-j MASQUERADE --random-fully'))).toBe(true);
  });

  test('it carries mark 0x4000 from KUBE-MARK-MASQ until KUBE-POSTROUTING takes it off', () => {
    const marks = node.steps.flatMap((s) =>
      s.before && s.after && s.before.mark !== s.after.mark ? [[s.before.mark ?? 0, s.after.mark ?? 0]] : [],
    );
    expect(marks).toEqual([
      [0, 0x4000],
      [0x4000, 0],
    ]);
  });

  test('the branches to the other pods keep the source address', () => {
    expect(leaving(self.hops)).toBe('10.1.0.5');
    expect(others.map((path) => leaving(path.hops))).toEqual(['10.1.0.10', '10.1.0.10']);
  });

  test('the reply to itself is turned back on the node: the pod sees the Service’s address', () => {
    expect(devices(self.reply.hops)).toEqual([
      'pod/production/day-service',
      'node/ip-10-1-0-5.ec2.internal',
      'pod/production/day-service',
    ]);
    expect(arrow(self.reply.hops.at(-1)!.in)).toBe('tcp 10.100.200.50:80 > 10.1.0.10:49152');
  });
});
