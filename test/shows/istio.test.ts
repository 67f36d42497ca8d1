/** Istio's sidecar: rules in the network namespaces of pods, between an application and everything else. */
import { describe, expect, test } from 'vitest';
import { arrow, at, chains, change, devices, onlyPath, pathTo, step } from '../support/reading.ts';
import { loadWorld, traceOf } from '../support/worlds.ts';

const world = loadWorld('istio');
const app = { uid: 1000, gid: 1000 };
const envoy = { uid: 1337, gid: 1337 };

describe("an application's request to a Service", () => {
  const path = onlyPath(traceOf(world, 'pod/shop/web', 'svc/shop/cart:80', app));

  test('goes to port 15001 of its own Envoy, by the chains that istio-iptables wrote', () => {
    const hop = at(path.hops, 'pod/shop/web');
    expect(devices(path.hops)).toEqual(['pod/shop/web']);
    expect(chains(hop, 'nat OUTPUT')).toEqual(['ISTIO_OUTPUT', 'ISTIO_REDIRECT']);
    expect(arrow(hop.out)).toMatch(/> 127\.0\.0\.1:15001/);
  });

  test('is answered as if by the Service', () => {
    expect(path.reply.hops.map(({ out }) => arrow(out))).toEqual(['tcp 172.20.1.1:80 > 10.0.1.20:49152']);
  });
});

describe("Envoy's own request to an endpoint", () => {
  const path = onlyPath(traceOf(world, 'pod/shop/web', 'pod/shop/cart:8080', envoy));

  test('leaves its pod unchanged', () => {
    expect(change(at(path.hops, 'pod/shop/web'))).toEqual([
      'tcp 10.0.1.20:49152 > 10.0.1.21:8080',
      'tcp 10.0.1.20:49152 > 10.0.1.21:8080',
    ]);
  });

  test('ends at port 15006 of the Envoy there', () => {
    const hop = at(path.hops, 'pod/shop/cart');
    expect(chains(hop, 'nat PREROUTING')).toEqual(['ISTIO_INBOUND', 'ISTIO_IN_REDIRECT']);
    expect(arrow(hop.out)).toBe('tcp 10.0.1.20:49152 > 10.0.1.21:15006');
    expect(step(hop, 'socket').because).toContain('tcp/15006');
  });
});

test('a pod without a sidecar is redirected where it arrives, not where it leaves', () => {
  const path = pathTo(traceOf(world, 'pod/shop/plain', 'svc/shop/cart:80'), '10.0.1.21');
  expect(arrow(at(path.hops, 'pod/shop/cart').out)).toBe('tcp 10.0.1.22:49152 > 10.0.1.21:15006');
});

test('the ports for health checks and metrics are left alone', () => {
  const path = onlyPath(traceOf(world, 'pod/shop/plain', 'pod/shop/cart:15021'));
  expect(arrow(at(path.hops, 'pod/shop/cart').out)).toBe('tcp 10.0.1.22:49152 > 10.0.1.21:15021');
});

test('as whom the process runs decides: where it is not said, that is told', () => {
  const trace = traceOf(world, 'pod/shop/web', 'pod/shop/cart:8080');
  expect(trace.assumptions.join('\n')).toContain('-A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN');
});
