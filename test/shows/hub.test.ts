/** A hub with its spokes: where pods get to by endpoints, by peering, by the transit gateway to the internet and to the
 *  data centre, and who gets to them. */
import { describe, expect, test } from 'vitest';
import { arrow, at, change, devices, onlyPath, pathTo, step } from '../support/reading.ts';
import { loadWorld, traceOf } from '../support/worlds.ts';

const world = loadWorld('hub');
const pod = 'pod/shop/orders';
const backAndForth = (path: ReturnType<typeof onlyPath>): boolean =>
  devices(path.reply.hops).join() === [...devices(path.hops)].reverse().join();

describe('a pod asks S3', () => {
  const trace = traceOf(world, pod, 'aws/s3');
  const path = onlyPath(trace);

  test('by the gateway endpoint, which a prefix list of the route table leads to', () => {
    expect(trace.verdict).toBe('reachable');
    expect(step(at(path.hops, 'vpc-router/shop'), 'route table').rule).toMatch(
      /^rtb\/private pl\/s3 .* -> s3$/,
    );
    expect(devices(path.hops).slice(-2)).toEqual(['gateway-endpoint/s3', 'aws-service/s3.us-east-1']);
    expect(backAndForth(path)).toBe(true);
  });

  test('with the address of the node, as S3 is outside of the VPC', () => {
    expect(change(at(path.hops, 'node/shop-node-a'))[1]).toMatch(/^tcp 10\.20\.0\.\d+:\* > /);
  });
});

describe.each(['aws/ecr.api', 'aws/ecr.dkr', 'sts.us-east-1.amazonaws.com'])('a pod asks %s', (service) => {
  const trace = traceOf(world, pod, service);

  test('at the interfaces of the endpoint in both zones', () => {
    expect(trace.verdict).toBe('reachable');
    expect(trace.paths.map(({ share, device }) => [share, device.replace(/^.*\//, '')])).toEqual([
      [0.5, 'us-east-1a'],
      [0.5, 'us-east-1b'],
    ]);
  });

  test('with its own address of 100.64.0.0/16, which the group of the endpoint admits', () => {
    const near = trace.paths[0]!;
    const end = near.hops.at(-2)!;
    expect(arrow(end.in)).toMatch(/^tcp 100\.64\.0\.\d+:49152 > 10\.20\.0\.\d+:443$/);
    expect(step(end, 'security group in').rule).toBe('sg/endpoints ingress: tcp 443 from 100.64.0.0/16');
  });
});

describe('a pod asks a host on the internet', () => {
  const trace = traceOf(world, pod, 'host/api.payments.example:443');
  const path = onlyPath(trace);

  test('through the transit gateway and the NAT gateway of the egress VPC, in the zone of its node', () => {
    expect(trace.verdict).toBe('reachable');
    expect(devices(path.hops)).toEqual([
      pod,
      'node/shop-node-a',
      'eni/shop-node-a',
      'subnet/shop-a',
      'vpc-router/shop',
      'subnet/shop-tgw-a',
      'tgw-attachment/att-shop',
      'transit-gateway/tgw',
      'tgw-attachment/att-egress',
      'subnet/egress-tgw-a',
      'vpc-router/egress',
      'subnet/egress-public-a',
      'eni/egress-nat-a',
      'nat-gateway/egress-nat-a',
      'eni/egress-nat-a',
      'subnet/egress-public-a',
      'vpc-router/egress',
      'internet-gateway/egress-igw',
      'internet/internet',
      'host/api.payments.example',
    ]);
    expect(backAndForth(path)).toBe(true);
  });

  test('its source becomes the node, the NAT gateway, and its public address', () => {
    const sources = path.hops.map(({ in: header }) => header.src);
    expect(sources.filter((source, i) => source !== sources[i - 1])).toEqual([
      '100.64.0.5',
      expect.stringMatching(/^10\.20\.0\.\d+$/),
      expect.stringMatching(/^10\.0\.0\.\d+$/),
      expect.stringMatching(/^203\.0\.113\.\d+$/),
    ]);
  });
});

describe('a pod and the data centre', () => {
  const there = onlyPath(traceOf(world, pod, 'host/mainframe:1414'));
  const back = onlyPath(traceOf(world, 'host/desk', `${pod}:8080`));

  test('the pod gets there over VPN, with the address of its node', () => {
    expect(devices(there.hops).slice(7)).toEqual([
      'transit-gateway/tgw',
      'tgw-attachment/att-dc',
      'vpn-connection/dc-vpn',
      'on-premises/dc',
      'host/mainframe',
    ]);
    expect(there.hops.at(-1)!.in.src).toMatch(/^10\.20\.0\./);
    expect(backAndForth(there)).toBe(true);
  });

  test('a machine there gets to the pod by its own address, which AWS advertises', () => {
    expect(back.disposition).toBe('delivered');
    expect(step(at(back.hops, 'on-premises/dc'), 'on-premises routes').rule).toBe('100.64.0.0/16 -> dc-vpn');
    expect(arrow(back.hops.at(-1)!.in)).toBe('tcp 192.168.8.20:49152 > 100.64.0.5:8080');
  });

  test('and the pod answers with it: what came in is not translated on its way out', () => {
    expect(back.reply.disposition).toBe('delivered');
    expect(arrow(back.reply.hops.at(-1)!.in)).toBe('tcp 100.64.0.5:8080 > 192.168.8.20:49152');
  });

  test('by which zone a packet from there enters a VPC AWS does not say, and it changes nothing', () => {
    expect(traceOf(world, 'host/desk', `${pod}:8080`).assumptions).toEqual([
      'by which zone of att-shop the packet enters the VPC: it comes from none, and AWS does not say',
    ]);
  });
});

describe('a pod and the other workload VPC', () => {
  const trace = traceOf(world, pod, 'instance/database:5432');

  test('are joined by the peering, which is more specific than the route to the transit gateway', () => {
    const path = pathTo(trace, '10.30.16.20');
    expect(devices(path.hops).slice(4, 7)).toEqual([
      'vpc-router/shop',
      'vpc-peering/shop-data',
      'vpc-router/data',
    ]);
    expect(step(at(path.hops, 'vpc-router/shop'), 'route table').because).toBe(
      'longest of 2 matching prefixes (16 > 0)',
    );
  });

  test('spokes do not reach the egress VPC itself', () => {
    const refused = traceOf(world, 'instance/database', '10.0.0.20:80');
    expect(refused.blockers[0]).toMatchObject({
      code: 'tgw/blackhole',
      awsCode: 'TGW_RTB_MORE_SPECIFIC_ROUTE',
      device: 'transit-gateway/tgw',
    });
  });
});
