/** Route tables of transit gateways: the deciding route is the one that a plain reading of AWS's order finds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cidr, contains, maskOf } from '../../src/addressing/cidr.ts';
import { defaulted } from '../../src/base/origin.ts';
import {
  compileTransitTable,
  decidingTransitRoute,
  ranks,
  type TransitRoute,
} from '../../src/vpc/transit-route-table.ts';

const origin = defaulted('test', 'route');
/** Few bits, so that blocks meet. */
const block = fc
  .record({ bits: fc.integer({ min: 0, max: 15 }), length: fc.integer({ min: 0, max: 12 }) })
  .map(({ bits, length }): Cidr => ({ base: ((bits << 20) & maskOf(length)) | 0, length }));
const route = fc
  .record({ to: block, attachment: fc.integer({ min: -1, max: 3 }), rank: fc.constantFrom(...ranks) })
  .map((fields): TransitRoute => ({ ...fields, via: `att-${fields.attachment}`, origin }));
const address = fc.integer({ min: 0, max: 15 }).map((bits) => (bits << 20) | 5);

test('longest block first, then static, prefix list, VPC, Direct Connect, VPN', () => {
  fc.assert(
    fc.property(fc.array(route, { maxLength: 24 }), address, (routes, to) => {
      const { table } = compileTransitTable('rt', routes, origin);
      const number = decidingTransitRoute(table!, to);
      const matching = routes.filter((one) => contains(one.to, to));
      if (matching.length === 0) {
        expect(number).toBe(-1);
        return;
      }
      const longest = Math.max(...matching.map((one) => one.to.length));
      const best = Math.min(
        ...matching.filter((one) => one.to.length === longest).map(({ rank }) => ranks.indexOf(rank)),
      );
      const decided = table!.entries[number]!.value;
      expect([decided.to.length, decided.rank]).toEqual([longest, ranks[best]]);
    }),
  );
});
