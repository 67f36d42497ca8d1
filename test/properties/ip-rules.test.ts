/** Many `ip rule` entries are hashed, few are scanned: what is decided must not depend on it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipv4 } from '../../src/addressing/ip.ts';
import { defaulted } from '../../src/base/origin.ts';
import type { Interface } from '../../src/host/linux-record.ts';
import { LOOPBACK, lookup, routing } from '../../src/host/routing/routing.ts';
import { parseIpRoute, parseIpRule } from '../../src/host/routing/routing-text.ts';

const origin = defaulted('test', 'ip-rules');
const interfaces: readonly Interface[] = [
  { name: 'lo', kind: 'lo', peer: -1, peerPort: 0, addresses: [ipv4('127.0.0.1')] },
  { name: 'v0', kind: 'eni', peer: -1, peerPort: 0, addresses: [ipv4('10.9.0.5')] },
  { name: 'v1', kind: 'eni', peer: -1, peerPort: 0, addresses: [ipv4('10.9.1.5')] },
];
const routes = [
  'default via 10.9.0.1 dev v0',
  '10.1.0.0/16 via 10.9.0.2 dev v0',
  'default via 10.9.1.1 dev v1 table 100',
  'throw 10.1.2.0/24 table 100',
  '10.1.2.3 via 10.9.1.2 dev v1 table 200',
  'blackhole 10.2.0.0/16 table 200',
].map((line) => parseIpRoute(line, 'main', origin)!);

const word = (...words: readonly string[]) => fc.constantFrom(...words);
const ruleText = fc
  .tuple(
    word('', 'not '),
    word('from all', 'from 10.1.0.0/16', 'from 10.3.3.3'),
    word('', 'to 10.1.2.0/24', 'to 10.2.0.0/16'),
    word('', 'fwmark 0x10/0xf0'),
    word('', 'iif v0', 'iif lo'),
    word(
      'lookup 100',
      'lookup 200',
      'lookup main suppress_prefixlength 0',
      'goto 45',
      'goto 99',
      'nop',
      'prohibit',
    ),
  )
  .map((parts) =>
    parts
      .filter((part) => part !== '')
      .join(' ')
      .replace('not  ', 'not '),
  );

/** Rules that hold for no packet, between the others. */
const others = Array.from({ length: 40 }, (_, i) => `${20 + 2 * i}: from 203.0.113.${i} lookup 100`);

test('rules that hold for no packet change nothing', () => {
  const address = word('10.1.2.3', '10.1.2.4', '10.1.9.9', '10.2.5.5', '10.3.3.3', '8.8.8.8', '10.9.0.5').map(
    ipv4,
  );
  fc.assert(
    fc.property(
      fc.array(ruleText, { maxLength: 8 }),
      fc.array(fc.tuple(address, address, word('0', '16').map(Number), word('0', '1').map(Number)), {
        minLength: 5,
      }),
      (texts, packets) => {
        const rules = texts.map((text, i) => parseIpRule(`${21 + 6 * i}: ${text}`, origin)!);
        const few = routing(interfaces, rules, routes);
        const many = routing(
          interfaces,
          [...rules, ...others.map((text) => parseIpRule(text, origin)!)],
          routes,
        );
        expect(many.compiled.index.shapes.length).toBeGreaterThan(0);
        for (const [dst, src, mark, iif] of packets)
          expect(lookup(many, dst, src, mark, iif === 0 ? LOOPBACK : 1)).toBe(
            lookup(few, dst, src, mark, iif === 0 ? LOOPBACK : 1),
          );
      },
    ),
    { numRuns: 500, seed: 1 },
  );
});
