import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskOf } from '../../src/addressing/cidr.ts';
import { ANY_PORT, classifier, nextCandidate, type Test } from '../../src/addressing/classifier.ts';

fc.configureGlobal({ seed: 1 });

/** A rule beyond its equality tests: what the caller evaluates on each candidate. */
interface Rule {
  readonly tests: readonly Test[];
  readonly rest: boolean;
}

type Fields = readonly [number, number, number, number, number];

/** Few distinct values, so that rules and packets meet, spread over both signs of int32. */
const address = fc
  .tuple(
    fc.constantFrom(0x0a000000, 0xac140000 | 0, 0xffffff00 | 0, 0),
    fc.nat(20),
    fc.constantFrom(0, 8, 16),
  )
  .map(([base, step, shift]) => (base + (step << shift)) | 0);
const port = fc.constantFrom(0, 53, 80, 443, 1024, 30080, 65535);
const protocol = fc.constantFrom(1, 6, 17);

const equality: fc.Arbitrary<Test> = fc.oneof(
  protocol.map((value): Test => ({ field: 0, mask: 255, value })),
  fc
    .record({
      field: fc.constantFrom(1 as const, 2 as const),
      length: fc.constantFrom(0, 8, 16, 24, 28, 32),
      address,
    })
    .map(
      ({ field, length, address }): Test => ({
        field,
        mask: maskOf(length),
        value: address & maskOf(length),
      }),
    ),
  fc
    .record({
      field: fc.constantFrom(3 as const, 4 as const),
      mask: fc.constantFrom(0xffff, 0xfc00, -1),
      port,
    })
    .map(({ field, mask, port }): Test => ({ field, mask, value: port & mask })),
);

/** Lists made of a few templates repeated, as controllers write them, mixed with rules of any shape. */
const rule = fc.record({ tests: fc.array(equality, { maxLength: 4 }), rest: fc.boolean() });
const list = fc
  .tuple(fc.array(rule, { maxLength: 30 }), fc.array(fc.tuple(fc.nat(), rule), { maxLength: 60 }))
  .map(([templates, more]) =>
    more.flatMap(([pick, fresh]): Rule[] => {
      const template = templates[pick % Math.max(1, templates.length)];
      return template ? [fresh, { ...template, rest: fresh.rest }, template] : [fresh];
    }),
  );
const packet = fc.tuple(protocol, address, address, port, port);

const passes = (tests: readonly Test[], fields: Fields) =>
  tests.every(({ field, mask, value }) => (fields[field] & mask) === value);

function candidates(rules: readonly Rule[], fields: Fields): number[] {
  const found: number[] = [];
  const compiled = classifier(rules.map(({ tests }) => tests));
  for (let at = nextCandidate(compiled, -1, ...fields); at >= 0; at = nextCandidate(compiled, at, ...fields))
    found.push(at);
  return found;
}

test('the first match among the candidates is the first match of the linear walk', () => {
  fc.assert(
    fc.property(list, packet, (rules, fields) => {
      const matches = ({ tests, rest }: Rule) => rest && passes(tests, fields);
      expect(candidates(rules, fields).find((at) => matches(rules[at]!)) ?? -1).toBe(
        rules.findIndex(matches),
      );
    }),
    { numRuns: 1000 },
  );
});

test('candidates ascend and leave out no rule that the packet passes', () => {
  fc.assert(
    fc.property(list, packet, (rules, fields) => {
      const found = candidates(rules, fields);
      expect(found).toEqual([...new Set(found)].sort((a, b) => a - b));
      const passed = [...rules.keys()].filter((at) => passes(rules[at]!.tests, fields));
      expect(passed.filter((at) => !found.includes(at))).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

test('a walk may begin after any rule and meets the same candidates from there', () => {
  fc.assert(
    fc.property(list, packet, fc.nat(200), (rules, fields, at) => {
      fc.pre(at < rules.length);
      const compiled = classifier(rules.map(({ tests }) => tests));
      const later = candidates(rules, fields).find((candidate) => candidate > at) ?? -1;
      expect(nextCandidate(compiled, at, ...fields)).toBe(later);
    }),
    { numRuns: 500 },
  );
});

test('a packet whose port is not known meets the candidates of every port', () => {
  fc.assert(
    fc.property(list, packet, port, (rules, [proto, src, dst, sport, dport], other) => {
      const found = candidates(rules, [proto, src, dst, ANY_PORT, dport]);
      for (const known of [sport, other])
        for (const at of candidates(rules, [proto, src, dst, known, dport])) expect(found).toContain(at);
    }),
    { numRuns: 500 },
  );
});
