/** Which of AWS's explanation codes traces give: each has a case in this folder, or a reason why no trace gives it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { awsCodesWithoutDrop } from '../../src/analysis/aws-codes.ts';
import { allDrops, awsCodesOf } from '../../src/trace/vocabulary.ts';
import '../../src/world/devices.ts';
import { notReachable } from './not-reachable.ts';

/** The codes of all cases, as the files of this folder write them. */
const cases = new Set(
  readdirSync(new URL('.', import.meta.url))
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => [
      ...readFileSync(new URL(name, import.meta.url), 'utf8').matchAll(/^ {4}aws: '([A-Z0-9_]+)',$/gm),
    ])
    .map(([, code]) => code!),
);
const given = notReachable.filter((code) => cases.has(code));
const explained = awsCodesWithoutDrop.map(({ code }) => code);
const claimed = new Set(allDrops().flatMap(awsCodesOf));

describe('explanation codes of AWS', () => {
  test('52 of the 58 that say why a path is blocked come from traces', () => {
    expect(notReachable).toHaveLength(58);
    expect(given).toHaveLength(52);
  });

  test('of each that no trace gives the reason is known', () => {
    expect(notReachable.filter((code) => !cases.has(code) && !explained.includes(code))).toEqual([]);
    expect(explained.filter((code) => cases.has(code))).toEqual([]);
  });

  test('each that a drop code names comes from a trace', () => {
    expect(notReachable.filter((code) => claimed.has(code) && !cases.has(code))).toEqual([]);
  });

  const fixture = join(process.env.VPCSIM_FIXTURES ?? '', 'reachability-codes.json');
  test.skipIf(!existsSync(fixture))(
    'they are those of the guide (skipped where VPCSIM_FIXTURES is unset)',
    () => {
      const { codes } = JSON.parse(readFileSync(fixture, 'utf8')) as {
        codes: readonly { readonly code: string; readonly category: string }[];
      };
      const blocked = codes.filter(
        ({ code, category }) => category === 'not-reachable' && !/^(ELB|ELBV2|TARGET)_/.test(code),
      );
      expect(blocked.map(({ code }) => code).sort()).toEqual([...notReachable].sort());
    },
  );
});
