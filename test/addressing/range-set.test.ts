import { describe, expect, test } from 'vitest';
import { cidr } from '../../src/addressing/cidr.ts';
import {
  formatRange,
  parseRange,
  rangeOf,
  rangeSet,
  rangesContain,
  rangesCover,
  rangesIntersect,
  unionOf,
} from '../../src/addressing/range-set.ts';

const ports = (...texts: readonly string[]) => rangeSet(texts.map((text) => parseRange(text, 65535)!));

describe('port ranges in text', () => {
  test('one port and a range of ports are written back the same', () => {
    expect(parseRange('80', 65535)).toEqual({ first: 80, last: 80 });
    expect(parseRange('30000-32767', 65535)).toEqual({ first: 30000, last: 32767 });
    for (const text of ['0', '80', '0-65535']) expect(formatRange(parseRange(text, 65535)!)).toBe(text);
  });

  test.each([
    '',
    '-',
    '80-',
    '-80',
    '090',
    '80-090',
    '90-80',
    '65536',
    '80-65536',
    '80:90',
    '1e3',
    ' 80',
    '80,90',
    '+1',
  ])('%j is not a range of ports', (text) => {
    expect(parseRange(text, 65535)).toBeUndefined();
  });
});

describe('a set of ports', () => {
  test('ranges that overlap or touch are one range', () => {
    expect(ports('443', '80-90', '85-100', '101', '103').map(formatRange)).toEqual(['80-101', '103', '443']);
    expect(unionOf(ports('1024-2047'), ports('22'), ports('2048-65535')).map(formatRange)).toEqual([
      '22',
      '1024-65535',
    ]);
  });

  test('both ends of a range belong to it', () => {
    const set = ports('80', '8000-8080');
    expect([79, 80, 81, 7999, 8000, 8080, 8081].map((port) => rangesContain(set, port))).toEqual([
      false,
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test('the ephemeral ports are covered only when no port of them is missing', () => {
    const ephemeral = { first: 1024, last: 65535 };
    expect(rangesCover(ports('1024-32767', '32768-65535'), ephemeral)).toBe(true);
    expect(rangesCover(ports('1024-32767', '32769-65535'), ephemeral)).toBe(false);
    expect(rangesIntersect(ports('1024-32767', '32769-65535'), ephemeral)).toBe(true);
    expect(rangesIntersect(ports('22', '80', '443'), ephemeral)).toBe(false);
  });

  test('the empty set holds nothing', () => {
    expect(rangesContain([], 0)).toBe(false);
    expect(rangesIntersect([], { first: 0, last: 65535 })).toBe(false);
    expect(rangesCover([], { first: 0, last: 0 })).toBe(false);
  });
});

test('adjacent subnets together cover their VPC, also above 128.0.0.0', () => {
  const subnets = rangeSet(['192.168.128.0/17', '192.168.0.0/17'].map((block) => rangeOf(cidr(block))));
  expect(rangesCover(subnets, rangeOf(cidr('192.168.0.0/16')))).toBe(true);
  expect(rangesCover(subnets, rangeOf(cidr('192.168.0.0/15')))).toBe(false);
  expect(rangeOf(cidr('0.0.0.0/0'))).toEqual({ first: 0, last: 4294967295 });
});
