import { describe, expect, test } from 'vitest';
import { cidr, maskOf } from '../../src/addressing/cidr.ts';
import {
  ANY_PORT,
  type Classifier,
  classifier,
  FIELD,
  nextCandidate,
  type Test,
} from '../../src/addressing/classifier.ts';
import { ipv4 } from '../../src/addressing/ip.ts';

const protocol = (value: number): Test => ({ field: FIELD.protocol, mask: 255, value });
const destinationPort = (value: number): Test => ({ field: FIELD.destinationPort, mask: 0xffff, value });
const sourcePort = (value: number): Test => ({ field: FIELD.sourcePort, mask: 0xffff, value });
const from = (text: string): Test => {
  const { base, length } = cidr(text);
  return { field: FIELD.src, mask: maskOf(length), value: base };
};
const to = (text: string): Test => ({ ...from(text), field: FIELD.dst });

function candidates(list: Classifier, dst: string, dport: number, src = '10.0.1.9', sport = 40000): number[] {
  const found: number[] = [];
  const next = (after: number) => nextCandidate(list, after, 6, ipv4(src), ipv4(dst), sport, dport);
  for (let rule = next(-1); rule >= 0; rule = next(rule)) found.push(rule);
  return found;
}

/** As kube-proxy writes KUBE-SERVICES: one rule a service port. */
const services = Array.from({ length: 10_000 }, (_, i) => [
  protocol(6),
  to(`172.20.${i >> 8}.${i & 255}/32`),
  destinationPort(i % 2 ? 443 : 80),
]);

describe('a long chain', () => {
  test('of 10,000 service rules a packet needs to look at its own and at the ones that test nothing', () => {
    const list = classifier([...services, []]);
    expect(candidates(list, '172.20.3.233', 443)).toEqual([1001, 10_000]);
    expect(candidates(list, '172.20.3.233', 80)).toEqual([10_000]);
    expect(candidates(list, '192.0.2.1', 80)).toEqual([10_000]);
  });

  test('rules of several shapes come back in the order of the list', () => {
    const list = classifier([
      ...services.slice(0, 20),
      [from('10.0.1.0/24')],
      services[7]!,
      ...Array.from({ length: 8 }, (_, i) => [from(`10.0.${i}.0/24`), protocol(6)]),
      ...Array.from({ length: 8 }, (_, i) => [to(`172.20.0.${i}/32`)]),
      [],
      services[7]!,
    ]);
    expect(candidates(list, '172.20.0.7', 443)).toEqual([7, 20, 21, 23, 37, 38, 39]);
    // Rule 20 is the only one of its shape: such rules are cheaper to evaluate than to hash.
    expect(candidates(list, '172.20.0.7', 443, '10.9.0.1')).toEqual([7, 20, 21, 37, 38, 39]);
  });

  test('a /16 and a /24 of one network are different shapes', () => {
    const list = classifier([
      ...Array.from({ length: 10 }, (_, i) => [to(`10.${i}.0.0/16`)]),
      ...Array.from({ length: 10 }, (_, i) => [to(`10.5.${i}.0/24`)]),
    ]);
    expect(candidates(list, '10.5.3.1', 80)).toEqual([5, 13]);
    expect(candidates(list, '10.5.99.1', 80)).toEqual([5]);
    expect(candidates(list, '203.0.113.1', 80)).toEqual([]);
  });

  test('rules that repeat the same tests are all candidates', () => {
    const list = classifier(Array.from({ length: 40 }, (_, i) => [to(`10.0.0.${i % 2}/32`)]));
    expect(candidates(list, '10.0.0.1', 80)).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i + 1));
  });

  test('two tests of one field hold together, and a rule that contradicts itself is never a candidate', () => {
    const list = classifier([
      ...Array.from({ length: 20 }, (_, i) => [to('10.0.0.0/8'), to(`10.0.${i}.0/24`)]),
      [to('10.0.3.0/24'), to('10.0.4.0/24')],
      [{ field: FIELD.protocol, mask: 0, value: 1 }],
    ]);
    expect(candidates(list, '10.0.3.9', 80)).toEqual([3]);
  });

  test('a port that is not known rules out no rule that tests it, and the other fields still do', () => {
    const list = classifier([
      ...Array.from({ length: 20 }, (_, i) => [to('10.0.0.1/32'), sourcePort(i)]),
      ...Array.from({ length: 20 }, (_, i) => [to(`10.0.0.${i}/32`)]),
      ...Array.from({ length: 20 }, (_, i) => [destinationPort(i)]),
    ]);
    const all = (first: number) => Array.from({ length: 20 }, (_, i) => first + i);
    expect(candidates(list, '10.0.0.1', 5, '10.0.1.9', ANY_PORT)).toEqual([...all(0), 21, 45]);
    expect(candidates(list, '10.0.0.1', ANY_PORT, '10.0.1.9', 7)).toEqual([7, 21, ...all(40)]);
  });
});

test('a short chain is walked rule by rule', () => {
  const list = classifier(services.slice(0, 15));
  expect(list.shapes).toEqual([]);
  expect(candidates(list, '192.0.2.1', 80)).toEqual(Array.from({ length: 15 }, (_, i) => i));
  expect(candidates(classifier([]), '192.0.2.1', 80)).toEqual([]);
});
