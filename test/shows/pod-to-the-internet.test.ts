/** One pod, 1.1.1.1:443, three clusters: who puts which address on the packet, and how the answer finds back. */
import { describe, expect, test } from 'vitest';
import { arrow, at, chains, change, devices, onlyPath, step } from '../support/reading.ts';
import { loadWorld, traceOf } from '../support/worlds.ts';

const [from, to] = ['pod/dev/client', '1.1.1.1:443'];

describe('nodes in public subnets (day)', () => {
  const trace = traceOf(loadWorld('day'), from, to);
  const path = onlyPath(trace);
  const node = at(path.hops, 'node/ip-10-1-16-5.ec2.internal');

  test('the packet leaves by the internet gateway, and the answer comes back', () => {
    expect(trace.verdict).toBe('reachable');
    expect(trace.symptom.kind).toBe('connected');
    expect(devices(path.hops)).toEqual([
      'pod/dev/client',
      'node/ip-10-1-16-5.ec2.internal',
      'eni/ip-10-1-16-5.ec2.internal',
      'subnet/day-b',
      'vpc-router/main',
      'internet-gateway/igw',
      'internet/internet',
      'host/resolver',
    ]);
    expect(devices(path.reply.hops)).toEqual(devices(path.hops).reverse());
  });

  test('the node translates the pod to its own primary address, with any port', () => {
    expect(change(node)).toEqual(['tcp 10.1.16.6:49152 > 1.1.1.1:443', 'tcp 10.1.16.5:* > 1.1.1.1:443']);
    expect(step(node, 'nat POSTROUTING > AWS-SNAT-CHAIN-0')).toMatchObject({
      verdict: 'rewrote',
      rule: '-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 10.1.16.5 --random-fully',
    });
  });

  test('the CNI marks the connection, so that it leaves by the primary interface', () => {
    expect(chains(node, 'ip aws-cni prerouting')).toContain('snat-mark');
    expect(step(node, 'routing').because).toContain('ip rule 1024: from all fwmark 0x80/0x80 lookup main');
  });

  test('what the node itself sends keeps its address and loses its port: the step shows that', () => {
    const own = onlyPath(traceOf(loadWorld('day'), 'node/ip-10-1-16-5.ec2.internal', to)).hops[0]!;
    expect(change(own)).toEqual(['tcp 10.1.16.5:49152 > 1.1.1.1:443', 'tcp 10.1.16.5:* > 1.1.1.1:443']);
  });

  test('the internet gateway puts the node’s public address on it', () => {
    const [before, after] = change(at(path.hops, 'internet-gateway/igw'));
    expect(before).toBe('tcp 10.1.16.5:* > 1.1.1.1:443');
    expect(after).toMatch(/^tcp 203\.0\.113\.\d+:\* > 1\.1\.1\.1:443$/);
  });

  test('on the way back the gateway and then the node put the private addresses on again', () => {
    expect(at(path.reply.hops, 'internet-gateway/igw').out.dst).toBe('10.1.16.5');
    expect(arrow(at(path.reply.hops, 'node/ip-10-1-16-5.ec2.internal').out)).toBe(
      'tcp 1.1.1.1:443 > 10.1.16.6:49152',
    );
  });
});

describe('nodes in private subnets (day-private)', () => {
  const path = onlyPath(traceOf(loadWorld('day-private'), from, to));

  test('the packet leaves by the NAT gateway of the public subnet', () => {
    expect(devices(path.hops)).toEqual([
      'pod/dev/client',
      'node/ip-10-1-48-5.ec2.internal',
      'eni/ip-10-1-48-5.ec2.internal',
      'subnet/private-b',
      'vpc-router/main',
      'subnet/day-a',
      'eni/nat-a',
      'nat-gateway/nat-a',
      'eni/nat-a',
      'subnet/day-a',
      'vpc-router/main',
      'internet-gateway/igw',
      'internet/internet',
      'host/resolver',
    ]);
  });

  test('its source is translated three times: node, NAT gateway, internet gateway', () => {
    const sources = path.hops.map((hop) => hop.out.src);
    expect([...new Set(sources)]).toEqual(['10.1.48.6', '10.1.48.5', '10.1.0.4', '203.0.113.1']);
  });

  test('the private route table sends it to the NAT gateway, the public one to the internet gateway', () => {
    const routes = path.hops
      .filter(({ device }) => device.kind === 'vpc-router')
      .map((hop) => step(hop, 'route table').rule);
    expect(routes).toEqual(['rtb/private 0.0.0.0/0 -> nat-a', 'rtb/public 0.0.0.0/0 -> igw']);
  });

  test('the interface of a NAT gateway has no security group, and the trace says so', () => {
    expect(step(at(path.hops, 'eni/nat-a'), 'security group in').verdict).toBe('skipped');
  });

  test('the answer goes back through the NAT gateway and reaches the pod at its own port', () => {
    expect(path.reply.disposition).toBe('delivered');
    expect(devices(path.reply.hops)).toEqual(devices(path.hops).reverse());
    expect(arrow(at(path.reply.hops, 'nat-gateway/nat-a').out)).toBe('tcp 1.1.1.1:443 > 10.1.48.5:*');
    expect(arrow(path.reply.hops.at(-1)!.in)).toBe('tcp 1.1.1.1:443 > 10.1.48.6:49152');
  });
});

describe('external SNAT with nodes in public subnets (day-externalsnat)', () => {
  const trace = traceOf(loadWorld('day-externalsnat'), from, to);
  const path = onlyPath(trace);

  test('the node leaves the pod’s address on the packet: the CNI wrote no SNAT chain', () => {
    const node = at(path.hops, 'node/ip-10-1-16-5.ec2.internal');
    expect(node.out.src).toBe('10.1.16.6');
    expect(chains(node, 'nat POSTROUTING')).toEqual(['KUBE-POSTROUTING']);
  });

  test('the internet gateway drops it: the pod has no public address', () => {
    expect(trace.verdict).toBe('unreachable');
    expect(path).toMatchObject({
      disposition: 'dropped',
      code: 'igw/no-public-address',
      device: 'internet-gateway/igw',
      symptom: { kind: 'timeout' },
    });
  });

  test('the blocker has the reason, AWS’s code, and what would help', () => {
    expect(trace.blockers).toHaveLength(1);
    expect(trace.blockers[0]).toMatchObject({
      direction: 'forward',
      awsCode: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
      because: '10.1.16.6 has no public address',
    });
    expect(trace.blockers[0]!.nearest).toContain('belongs to 10.1.16.5');
    expect(trace.blockers[0]!.fix).toContain('AWS_VPC_K8S_CNI_EXTERNALSNAT=false');
  });
});
