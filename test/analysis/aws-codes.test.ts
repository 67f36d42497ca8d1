/** AWS's explanation codes: each is carried by a drop code, or explained with the reason why none does. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { awsCodesWithoutDrop } from '../../src/analysis/aws-codes.ts';
import { allDrops, awsCodesOf } from '../../src/trace/vocabulary.ts';
import '../../src/world/devices.ts';

const carried = new Set(allDrops().flatMap(awsCodesOf));
const explained = awsCodesWithoutDrop.map(({ code }) => code);

test('no code is said to be missing that a drop code carries, and none is there twice', () => {
  expect(explained.filter((code) => carried.has(code))).toEqual([]);
  expect(new Set(explained).size).toBe(explained.length);
});

const fixtures = process.env.VPCSIM_FIXTURES;
const file = join(fixtures ?? '', 'reachability-codes.json');

describe.skipIf(fixtures === undefined || !existsSync(file))('of all codes that AWS documents', () => {
  test('every one is carried or explained', () => {
    const { codes } = JSON.parse(readFileSync(file, 'utf8')) as { codes: { code: string }[] };
    const known = new Set([...carried, ...explained]);
    expect(codes.map(({ code }) => code).filter((code) => !known.has(code))).toEqual([]);
    expect([...known].filter((code) => !codes.some((one) => one.code === code))).toEqual([]);
  });
});
