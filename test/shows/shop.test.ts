/** One application behind every way in: Ingress hosts and paths, a Service of type NodePort, and what is missing. */
import { describe, expect, test } from 'vitest';
import type { Trace } from '../../src/trace/trace.ts';
import {
  arrow,
  at,
  chains,
  devices,
  ghosts,
  onlyPath,
  pathTo,
  plain,
  rules,
  step,
} from '../support/reading.ts';
import { loadWorld, traceOf } from '../support/worlds.ts';

const world = loadWorld('shop');
const alb = 'alb/k8s-default-shop/us-east-1a';

/** The listener rule that took a request, where it went, and at which port it arrived. */
function taken(trace: Trace): [string | undefined, string[], (number | undefined)[]] {
  return [
    step(at(trace.paths[0]!.hops, alb), 'listener rules').rule,
    [...new Set(trace.paths.map(({ device }) => plain(device)))],
    [...new Set(trace.paths.map(({ hops }) => hops.at(-1)!.in.dport))],
  ];
}

describe('the Ingress sends each host and path to its Service', () => {
  test.each([
    ['http://myapp.local/', 'rule 1: host-header myapp.local, path-pattern /*', 'my-app', 8080],
    [
      'http://app.example.com/app1/cart',
      'rule 2: host-header app.example.com, path-pattern /app1 or /app1/*',
      'my-app',
      8080,
    ],
    [
      'http://app.example.com/app2',
      'rule 3: host-header app.example.com, path-pattern /app2 or /app2/*',
      'api',
      9090,
    ],
    ['http://api.example.com/v1/items', 'rule 4: host-header api.example.com, path-pattern /*', 'api', 9090],
  ])('%s', (url, rule, app, port) => {
    const trace = traceOf(world, 'internet', url);
    expect(taken(trace)).toEqual([`listener HTTP:80 ${rule}`, [`pod/default/${app}`], [port]]);
    expect(trace.verdict).toBe('reachable');
    expect(trace.paths.map(({ share }) => share)).toEqual([0.5, 0.5]);
  });

  test('the Host header decides, not the name in the URL', () => {
    const trace = traceOf(world, 'internet', 'http://myapp.local/', { headers: { Host: 'api.example.com' } });
    expect(taken(trace)[1]).toEqual(['pod/default/api']);
  });

  test('/app10 is not /app1: a Prefix ends at a slash', () => {
    expect(traceOf(world, 'internet', 'http://app.example.com/app10').symptom.kind).toBe('http-404');
  });
});

describe('a host that no rule names', () => {
  const via = world.loadBalancers.find(({ kind }) => kind === 'alb')!.name;
  const trace = traceOf(world, 'internet', 'http://nowhere.example.com/', { via });

  test('is answered by the load balancer itself, with 404', () => {
    expect(trace.verdict).toBe('unreachable');
    expect(trace.symptom.kind).toBe('http-404');
    for (const path of trace.paths) {
      expect(path).toMatchObject({ disposition: 'answered', code: 'alb/no-matching-rule' });
      expect(path.legs).toHaveLength(1);
      expect(plain(path.device)).toMatch(/^alb\/k8s-default-shop\/us-east-1[ab]$/);
    }
  });

  test('the answer reaches the client', () => {
    for (const { reply } of trace.paths) {
      expect(reply.disposition).toBe('delivered');
      expect(devices(reply.hops).at(-1)).toBe('host/internet');
    }
  });

  test('the blocker names the default action and the nearest rule', () => {
    expect(trace.blockers[0]).toMatchObject({
      code: 'alb/no-matching-rule',
      rule: 'listener HTTP:80 default action',
      nearest: 'listener HTTP:80 rule 1: host-header myapp.local, path-pattern /*',
    });
  });
});

describe('NodePort 30007 from the internet', () => {
  const closed = traceOf(world, 'internet', 'node/public-1:30007');
  const open = traceOf(loadWorld('shop', 'nodeport-open'), 'internet', 'node/public-1:30007');
  const far = pathTo(open, '10.20.1.6');
  const near = pathTo(open, '10.20.0.8');

  test('is dropped at the interface of the node: the cluster security group does not know the client', () => {
    expect(closed.verdict).toBe('unreachable');
    expect(onlyPath(closed)).toMatchObject({
      disposition: 'dropped',
      code: 'sg/no-ingress-rule',
      device: 'eni/public-1',
      symptom: { kind: 'timeout' },
    });
    expect(closed.blockers).toHaveLength(1);
    expect(closed.blockers[0]!.because).toBe(
      'no ingress rule of sg/eks-cluster-sg-shop admits tcp 30007 from 198.51.100.7',
    );
  });

  test('the nearest rule is named with what it lacks, and the fix opens this port only', () => {
    expect(closed.blockers[0]!.nearest).toMatch(/^sg\/eks-cluster-sg-shop ingress: tcp .* from sg\//);
    expect(closed.blockers[0]!.fix).toContain(
      'sg/eks-cluster-sg-shop ingress: tcp 30007 from 198.51.100.7/32',
    );
  });

  test('behind it the ghost goes on through the node’s rules to a pod: nothing else is in the way', () => {
    expect(ghosts(onlyPath(closed).hops)).toEqual(['node/public-1', 'pod/default/my-app']);
  });

  test('with the port open every path is answered', () => {
    expect(open.verdict).toBe('reachable');
    expect(open.paths.map(({ share }) => share)).toEqual([0.5, 0.5]);
    expect(rules(at(near.hops, 'eni/public-1'))).toEqual([
      'sg/nodeports ingress: tcp 30000-32767 from 0.0.0.0/0',
    ]);
  });

  test('the node’s rules lead through KUBE-NODEPORTS and masquerade the client', () => {
    const walked = chains(at(far.hops, 'node/public-1'), 'nat PREROUTING');
    expect(walked.map((chain) => chain.replace(/-[A-Z2-7]{16}$/, ''))).toEqual([
      'KUBE-SERVICES',
      'KUBE-NODEPORTS',
      'KUBE-EXT',
      'KUBE-MARK-MASQ',
      'KUBE-EXT',
      'KUBE-SVC',
      'KUBE-SEP',
    ]);
    expect(arrow(far.hops.at(-1)!.in)).toBe('tcp 10.20.0.5:* > 10.20.1.6:8080');
  });

  test('so a pod of another node answers by way of the node that was asked', () => {
    expect(devices(far.reply.hops).slice(0, 9)).toEqual([
      'pod/default/my-app',
      'node/public-2',
      'eni/public-2',
      'subnet/public-b',
      'vpc-router/shop',
      'subnet/public-a',
      'eni/public-1',
      'node/public-1',
      'eni/public-1',
    ]);
    expect(far.reply.asymmetric).toBe(false);
  });

  test('the client gets the answer from the address and the port it asked', () => {
    const asked = near.hops[0]!.out;
    for (const { reply } of open.paths) {
      const got = reply.hops.at(-1)!.in;
      expect([got.src, got.sport]).toEqual([asked.dst, asked.dport]);
    }
  });
});

describe('NodePort 30007 of a node in a private subnet', () => {
  const trace = traceOf(world, 'internet', 'node/private-1:30007');

  test('the packet does not even find the VPC: the node has no public address', () => {
    expect(trace.verdict).toBe('unreachable');
    expect(onlyPath(trace)).toMatchObject({
      code: 'internet/private-destination',
      device: 'internet/internet',
      symptom: { kind: 'timeout' },
    });
    expect(trace.blockers[0]!.because).toContain('10.20.10.5 is no public address');
  });

  test('from inside the VPC the same port is open', () => {
    expect(traceOf(world, 'node/public-1', 'node/private-1:30007').verdict).toBe('reachable');
  });
});
