import { describe, expect, test } from 'vitest';
import { renderWire } from '../../src/render/wire.ts';
import { fixtures } from './fixtures/all.ts';

describe('the wire format is frozen', () => {
  test('a Service call prints one line per endpoint, with the DNAT at the node', () => {
    expect(renderWire(fixtures.service3).split('\n')[0]).toBe(
      '0.333333 delivered - connected | tcp 10.1.0.45:49152 > 10.100.200.50:80 | pod/default/client > node/node-1 dnat=10.1.1.101:8001 > pod/production/day-service-7c9f8d6b5-4xk2p | reply delivered -',
    );
    expect(renderWire(fixtures.service3).match(/\n/g)).toHaveLength(3);
  });

  test('a denied packet ends at the blocker: ghosts are not on the wire', () => {
    expect(renderWire(fixtures.sgDenial)).toBe(
      '1.000000 dropped sg/no-ingress-rule timeout | tcp 10.1.0.45:49152 > 10.1.17.33:8001 | pod/default/client > node/node-1 > eni/node-1 > subnet/private-a > vpc-router/main > subnet/private-b > eni/node-2 | reply none -\n',
    );
  });

  test('a port that NAT chose freely is a star', () => {
    const line = renderWire(fixtures.natAsymmetric);
    expect(line).toContain('node/node-1 snat=10.1.0.12:* >');
    expect(line).toContain('internet-gateway/igw snat=3.80.1.9:* > internet/internet | reply delivered -\n');
  });

  test('a reply that a network ACL drops is told at the end', () => {
    expect(renderWire(fixtures.naclReplyDrop)).toMatch(
      /^1\.000000 delivered - timeout .* \| reply dropped nacl\/denied-in\n$/,
    );
  });

  test('an ICMP packet has no ports', () => {
    const [path] = fixtures.sgDenial.paths;
    const icmp = {
      protocol: 'icmp',
      src: '10.1.0.45',
      dst: '10.1.17.33',
      ttl: 64,
      icmp: { type: 8, code: 0 },
    };
    const hops = path!.hops.slice(0, 1).map((hop) => ({ ...hop, in: icmp, out: icmp }));
    expect(renderWire({ ...fixtures.sgDenial, paths: [{ ...path!, hops }] })).toContain(
      '| icmp 10.1.0.45 > 10.1.17.33 | pod/default/client |',
    );
  });
});
