import fc from 'fast-check';
import { Address4 } from 'ip-address';
import { Netmask } from 'netmask';
import { expect, test } from 'vitest';
import {
  addressAt,
  type Cidr,
  contains,
  covers,
  formatCidr,
  maskOf,
  overlaps,
  parseCidr,
  sizeOf,
} from '../../src/addressing/cidr.ts';
import { formatIpv4, parseIpv4 } from '../../src/addressing/ip.ts';
import {
  allMatches,
  longestMatch,
  longestMatchIndex,
  prefixTable,
} from '../../src/addressing/prefix-table.ts';

fc.configureGlobal({ seed: 1 });

const address = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const block = fc
  .tuple(address, fc.nat(32))
  .map(([base, length]): Cidr => ({ base: base & maskOf(length), length }));

/** Blocks that nest: prefixes of few addresses. */
const nested = fc
  .tuple(fc.constantFrom(0x0a000000, 0x0a0a0a0a, 0xac1f00ff | 0, -1, 0x7fffffff), fc.nat(3), fc.nat(32))
  .map(([base, low, length]): Cidr => ({ base: (base ^ low) & maskOf(length), length }));
const blocks = fc.array(fc.oneof(nested, block), { maxLength: 120 });

function bruteForce(entries: readonly Cidr[], target: number): number {
  let best = -1;
  entries.forEach((cidr, at) => {
    if (contains(cidr, target) && (best < 0 || cidr.length > entries[best]!.length)) best = at;
  });
  return best;
}

test('the longest prefix is the one that trying every entry finds, and the first of equals', () => {
  fc.assert(
    fc.property(blocks, fc.array(address, { maxLength: 20 }), (entries, random) => {
      const table = prefixTable(entries.map((cidr, value) => ({ cidr, value })));
      const edges = entries.flatMap((cidr) => [
        cidr.base,
        cidr.base - 1,
        addressAt(cidr, -1),
        addressAt(cidr, -1) + 1,
      ]);
      for (const target of [...random, ...edges, 0, -1].map((value) => value | 0)) {
        const expected = bruteForce(entries, target);
        expect(longestMatchIndex(table, target)).toBe(expected);
        expect(longestMatch(table, target)).toBe(expected < 0 ? undefined : expected);
      }
    }),
    { numRuns: 200 },
  );
});

test('the evidence begins with the winner and lists every block around the address, longest first', () => {
  fc.assert(
    fc.property(
      blocks,
      fc.oneof(
        address,
        nested.map(({ base }) => base),
      ),
      (entries, target) => {
        const table = prefixTable(entries.map((cidr, value) => ({ cidr, value })));
        const found = allMatches(table, target);
        expect(found[0]?.value).toBe(longestMatch(table, target));
        expect(found.map(({ value }) => value)).toEqual(
          [...entries.keys()]
            .filter((at) => contains(entries[at]!, target))
            .sort((a, b) => entries[b]!.length - entries[a]!.length || a - b),
        );
      },
    ),
  );
});

test('addresses and blocks survive being written and read', () => {
  fc.assert(
    fc.property(address, block, (value, cidr) => {
      expect(parseIpv4(formatIpv4(value))).toBe(value);
      expect(parseCidr(formatCidr(cidr))).toEqual(cidr);
    }),
  );
});

test('netmask and ip-address agree which addresses a block contains', () => {
  const edge = fc.constantFrom(-1, 0, 1);
  fc.assert(
    fc.property(block, address, edge, (cidr, far, step) => {
      const byNetmask = new Netmask(formatCidr(cidr));
      const byAddress = new Address4(formatCidr(cidr));
      expect(byNetmask.size).toBe(sizeOf(cidr));
      // Not `first` and `last`, which leave out the network and broadcast addresses.
      expect(byAddress.startAddress().address).toBe(formatIpv4(cidr.base));
      expect(byAddress.endAddress().address).toBe(formatIpv4(addressAt(cidr, -1)));
      const inside = cidr.base | (far & ~maskOf(cidr.length));
      const edges = [cidr.base + step, addressAt(cidr, -1) + step];
      for (const target of [far, inside, ...edges].map((value) => value | 0)) {
        const text = formatIpv4(target);
        expect(byNetmask.contains(text)).toBe(contains(cidr, target));
        expect(new Address4(text).isInSubnet(byAddress)).toBe(contains(cidr, target));
      }
    }),
    { numRuns: 1000 },
  );
});

test('netmask agrees which blocks contain each other, and blocks overlap only by nesting', () => {
  fc.assert(
    fc.property(fc.oneof(nested, block), nested, (a, b) => {
      const inside = new Netmask(formatCidr(a)).contains(formatCidr(b));
      expect(covers(a, b)).toBe(inside);
      expect(overlaps(a, b)).toBe(inside || new Netmask(formatCidr(b)).contains(formatCidr(a)));
    }),
  );
});

const octet = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('0', '1', '10', '99', '255') },
  fc.constantFrom('010', '00', '256', '1000', '0x7f', '', '-1', '+1', '1 '),
);

/** Texts close to an address or a block. Not "/08", which ip-address reads as "/8" and we refuse. */
const almost = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: fc.array(octet, { minLength: 4, maxLength: 4 }) },
      fc.array(octet, { maxLength: 6 }),
    ),
    fc.constantFrom('', '', '/', '/0', '/8', '/32', '/33', '/-1', '/24abc', '/8/8', '/ 8'),
  )
  .map(([octets, suffix]) => octets.join('.') + suffix);

test('ip-address refuses the addresses and blocks that we refuse', () => {
  const reads = (text: string) => Address4.isValid(text);
  fc.assert(
    fc.property(almost, (text) => {
      if (text.includes('/')) {
        const parsed = parseCidr(text);
        // Host bits are no fault for ip-address, which keeps them.
        const formed = !('fault' in parsed) || parsed.fault === 'cidr/host-bits';
        expect(formed).toBe(reads(text));
      } else expect(parseIpv4(text) !== undefined).toBe(reads(text));
    }),
    { numRuns: 3000 },
  );
});
