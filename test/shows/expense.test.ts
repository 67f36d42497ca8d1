/** A cluster of eksctl's making, and pods of more than one container. */
import { describe, expect, test } from 'vitest';
import { formatCidr } from '../../src/addressing/cidr.ts';
import { arrow, at, change, devices, onlyPath, step } from '../support/reading.ts';
import { loadWorld, traceOf } from '../support/worlds.ts';

const world = loadWorld('expense');

describe('a ClusterConfig that says nothing of a VPC', () => {
  const [vpc] = world.topology.vpcs;

  test('gets eksctl’s 192.168.0.0/16, with /19 subnets, public and private in each zone', () => {
    expect(vpc!.subnets.map(({ name }) => name).sort()).toEqual([
      'private-us-east-1a',
      'private-us-east-1b',
      'public-us-east-1a',
      'public-us-east-1b',
    ]);
    expect(vpc!.cidrs.map(formatCidr)).toEqual(['192.168.0.0/16']);
    expect(vpc!.subnets.map(({ cidr }) => formatCidr(cidr)).sort()).toEqual([
      '192.168.0.0/19',
      '192.168.32.0/19',
      '192.168.64.0/19',
      '192.168.96.0/19',
    ]);
  });

  test('its nodes stand in the public subnets of both zones', () => {
    expect(world.cluster!.nodes.map(({ name }) => name).sort()).toEqual([
      'ip-192-168-0-6.ec2.internal',
      'ip-192-168-0-7.ec2.internal',
      'ip-192-168-32-5.ec2.internal',
    ]);
  });
});

describe('a pod of one zone asks a pod of the other', () => {
  const trace = traceOf(world, 'pod/project/nginx', 'pod/project/sidecar:80');
  const path = onlyPath(trace);

  test('the packet goes by the local route from subnet to subnet, and back', () => {
    expect(trace.verdict).toBe('reachable');
    expect(devices(path.hops)).toEqual([
      'pod/project/nginx',
      'node/ip-192-168-0-6.ec2.internal',
      'eni/ip-192-168-0-6.ec2.internal',
      'subnet/public-us-east-1a',
      'vpc-router/eksctl-expense-cluster',
      'subnet/public-us-east-1b',
      'eni/ip-192-168-32-5.ec2.internal',
      'node/ip-192-168-32-5.ec2.internal',
      'pod/project/sidecar',
    ]);
    expect(devices(path.reply.hops)).toEqual(devices(path.hops).reverse());
    expect(step(at(path.hops, 'vpc-router/eksctl-expense-cluster'), 'route table').rule).toContain(
      '192.168.0.0/16 -> local',
    );
  });

  test('the pod keeps its address all the way', () => {
    expect(new Set(path.hops.map((hop) => hop.out.src))).toEqual(new Set(['192.168.0.8']));
    expect(
      step(at(path.hops, 'node/ip-192-168-0-6.ec2.internal'), 'nat POSTROUTING > AWS-SNAT-CHAIN-0'),
    ).toMatchObject({
      verdict: 'skipped',
      because: 'SNAT skipped: destination is inside a VPC CIDR (192.168.0.0/16)',
    });
  });

  test('the trace remarks that it crosses zones', () => {
    expect(path.remarks).toHaveLength(1);
    expect(path.remarks[0]).toContain('crosses availability zones: us-east-1a');
  });
});

describe('pods on two nodes of one subnet', () => {
  const path = onlyPath(traceOf(world, 'pod/project/nginx', 'pod/project/multi-container:80'));

  test('the packet goes from interface to interface: the subnet has no say', () => {
    expect(devices(path.hops)).toEqual([
      'pod/project/nginx',
      'node/ip-192-168-0-6.ec2.internal',
      'eni/ip-192-168-0-6.ec2.internal',
      'eni/ip-192-168-0-7.ec2.internal',
      'node/ip-192-168-0-7.ec2.internal',
      'pod/project/multi-container',
    ]);
    expect(devices(path.reply.hops)).toEqual(devices(path.hops).reverse());
  });

  test('and says why: no network ACL and no route table inside a subnet', () => {
    expect(step(at(path.hops, 'eni/ip-192-168-0-6.ec2.internal'), 'subnet')).toMatchObject({
      verdict: 'skipped',
      because: expect.stringContaining('no network ACL, no route table'),
    });
  });

  test('the security group is asked all the same', () => {
    expect(step(at(path.hops, 'eni/ip-192-168-0-7.ec2.internal'), 'security group in').rule).toBe(
      'sg/eks-cluster-sg-expense ingress: all from sg/eks-cluster-sg-expense',
    );
  });
});

describe('a container asks another container of its pod over 127.0.0.1', () => {
  const trace = traceOf(world, 'pod/project/multi-container', '127.0.0.1:80');
  const path = onlyPath(trace);

  test('the packet never leaves the pod, there or back', () => {
    expect(trace.verdict).toBe('reachable');
    expect(devices(path.hops)).toEqual(['pod/project/multi-container']);
    expect(devices(path.reply.hops)).toEqual(['pod/project/multi-container']);
  });

  test('it goes out by lo and comes in again', () => {
    expect(path.hops[0]!.steps.map(({ stage }) => stage)).toEqual(['routing', 'loopback', 'socket']);
    expect(step(path.hops[0]!, 'routing').rule).toBe('local 127.0.0.0/8 dev lo scope host');
  });

  test('a port that no container declares is assumed to be open, or refused if one is strict', () => {
    const strict = traceOf(world, 'pod/project/multi-container', '127.0.0.1:9000', { strictListen: true });
    expect(strict.symptom.kind).toBe('refused');
    expect(devices(onlyPath(strict).hops)).toEqual(['pod/project/multi-container']);
  });
});

test('a pod of a public subnet asks the internet under the address of its node', () => {
  const path = onlyPath(traceOf(world, 'pod/project/sidecar', '203.0.113.50:443'));
  expect(change(at(path.hops, 'node/ip-192-168-32-5.ec2.internal'))).toEqual([
    'tcp 192.168.32.6:49152 > 203.0.113.50:443',
    'tcp 192.168.32.5:* > 203.0.113.50:443',
  ]);
  expect(path.disposition).toBe('exited');
  expect(arrow(path.reply.hops.at(-1)!.in)).toBe('tcp 203.0.113.50:443 > 192.168.32.6:49152');
});

test('a container asks 127.0.0.1 from 127.0.0.1', () => {
  const trace = traceOf(loadWorld('expense'), 'pod/project/multi-container', '127.0.0.1:80');
  expect(trace.paths[0]!.hops[0]!.in.src).toBe('127.0.0.1');
});
