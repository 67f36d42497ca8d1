/** The suite max-pods judges: what it is told wrongly it reports, each case by its name. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../src/conformance/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'vpcsim-max-pods-'));

async function run(text: string): Promise<{ status: number; lines: string[] }> {
  const path = join(folder, 'cases.json');
  writeFileSync(path, text);
  const lines: string[] = [];
  const status = await runConformance(['max-pods', '--cases', path], (line) => lines.push(line));
  return { status, lines };
}

const judge = (...cases: object[]) => run(JSON.stringify(cases));

test("the project's own cases hold", async () => {
  const lines: string[] = [];
  expect(await runConformance(['max-pods'], (line) => lines.push(line))).toBe(0);
  expect(lines.at(-1)).toMatch(/^\d\d+ passed, 0 failed$/);
});

describe('a case', () => {
  test('that has the number passes', async () => {
    const { status, lines } = await judge(
      { instanceType: 'm5.large', maxPods: 29 },
      { instanceType: 'm5.large', maxPods: 20, options: { customNetworking: true } },
      { instanceType: 'm5.large', maxPods: 110, options: { prefixDelegation: true, as: 'al2-script' } },
    );
    expect(status).toBe(0);
    expect(lines.at(-1)).toBe('3 passed, 0 failed');
  });

  test('that has another number is told with the sum and what binds', async () => {
    const { status, lines } = await judge({ instanceType: 'm5.large', maxPods: 28, options: { maxENI: 2 } });
    expect(status).toBe(1);
    expect(lines).toEqual([
      'differs  m5.large/maxENI=2',
      '         maxPods: expected 28, got 20 = 2 * (10 - 1) + 2, bound by ENIs',
      '0 skipped, 0 not applicable',
      '0 passed, 1 failed',
    ]);
  });

  test('of an unknown type fails', async () => {
    const { status, lines } = await judge({ instanceType: 'm5.huge', maxPods: 1 });
    expect(status).toBe(1);
    expect(lines[1]).toContain('there is no such instance type');
  });

  test('may say what is recommended', async () => {
    const { lines } = await judge({ instanceType: 'c5.4xlarge', maxPods: 234, recommended: 250 });
    expect(lines[1]).toContain('recommended: expected 250, got 110');
  });
});

describe('what would not be checked is a mistake', () => {
  test.each([
    ['an unknown option', '[{"instanceType": "m5.large", "maxPods": 29, "options": {"maxEni": 1}}]'],
    ['an unknown field', '[{"instanceType": "m5.large", "maxPod": 29, "maxPods": 29}]'],
    ['an unknown rule set', '[{"instanceType": "m5.large", "maxPods": 29, "options": {"as": "eks"}}]'],
    ['another form', '{"m5.large": 29}'],
    ['no case', '[]'],
  ])('%s', async (_, text) => {
    expect((await run(text)).status).toBe(2);
  });
});
