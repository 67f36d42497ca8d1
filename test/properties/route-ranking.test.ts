/** The route that decides is the one that AWS's order names, whatever the order of the table. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cidr, cidr, contains, covers } from '../../src/addressing/cidr.ts';
import type { Origin } from '../../src/base/origin.ts';
import { compileRouteTable, decidingRoute, type Route, routeAt } from '../../src/vpc/route-table.ts';

const origin: Origin = { from: 'defaulted', by: 'test', what: 'test' };
const local: Route = { to: cidr('10.0.0.0/16'), via: 'local', target: { kind: 'local' }, origin };

/** Blocks that often nest, meet and repeat. */
const block = fc
  .tuple(
    fc.constantFrom('10.0', '10.1', '192.0'),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 8, max: 24 }),
  )
  .map(([head, third, length]): Cidr => {
    const { base } = cidr(`${head}.${third}.0/24`);
    return { base: base & (-1 << (32 - length)), length };
  });
const written = fc.record({
  to: block,
  via: fc.constantFrom('igw', 'nat', 'tgw'),
  kind: fc.constantFrom('static', 'list', 'propagated'),
});

/** Rank of AWS's order among routes with the same block. */
const rank = ({ propagated, prefixList, target }: Route): number =>
  propagated ? 3 : prefixList ? 2 : target.kind === 'local' ? 1 : 0;

test('longest prefix, then static, local, prefix list, propagated; never a propagated one inside the local block', () => {
  fc.assert(
    fc.property(
      fc.array(written, { maxLength: 24 }),
      fc.array(fc.tuple(block, fc.nat(255))),
      (specs, asked) => {
        const routes = specs.map(
          ({ to, via, kind }, index): Route => ({
            to,
            via,
            target: { kind: 'gateway', device: index },
            propagated: kind === 'propagated',
            prefixList: kind === 'list' ? 'corp' : undefined,
            origin,
          }),
        );
        const table = compileRouteTable({ name: 'r', routes: [...routes, local] });
        for (const [{ base }, last] of asked) {
          const address = base | last;
          const candidates = [...routes, local].filter(
            (route) => contains(route.to, address) && !(route.propagated && covers(local.to, route.to)),
          );
          const best = candidates.sort((a, b) => b.to.length - a.to.length || rank(a) - rank(b))[0];
          const number = decidingRoute(table, address);
          if (!best) expect(number).toBe(-1);
          else {
            const winner = routeAt(table, number);
            expect([winner.to.length, rank(winner)]).toEqual([best.to.length, rank(best)]);
            expect(contains(winner.to, address)).toBe(true);
          }
        }
      },
    ),
  );
});
