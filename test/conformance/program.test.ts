/** The conformance runner: what it takes, what it prints, how it ends. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../src/conformance/program.ts';
import { Report } from '../../src/conformance/report.ts';

async function conformance(...args: string[]): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = [];
  const status = await runConformance(args, (line) => lines.push(line));
  return { status, lines };
}

const folder = mkdtempSync(join(tmpdir(), 'vpcsim-cases-'));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('the command line', () => {
  test('an unknown suite lists the known ones', async () => {
    const { status, lines } = await conformance('kube-prox');
    expect(status).toBe(2);
    expect(lines[0]).toMatch(/conformance\/unknown-suite .*\n.*known: kube-proxy/);
  });

  test('no suite prints the usage', async () => {
    expect((await conformance()).status).toBe(2);
  });

  test('an unknown option is a mistake', async () => {
    const { status, lines } = await conformance('kube-proxy', '--case', 'x');
    expect(status).toBe(2);
    expect(lines[0]).toContain("usage/arguments  Unknown option '--case'");
  });

  test('a file without cases is a mistake, so that nothing passes by being empty', async () => {
    const { status, lines } = await conformance('kube-proxy', '--cases', file('empty.json', '{}'));
    expect(status).toBe(2);
    expect(lines).toEqual(['error conformance/no-cases  suite kube-proxy: no cases']);
  });

  test('a missing file is a mistake', async () => {
    const { status, lines } = await conformance('kube-proxy', '--cases', join(folder, 'absent.json'));
    expect(status).toBe(2);
    expect(lines[0]).toContain('io/not-found');
  });
});

describe('the cases', () => {
  test('an unknown field is a mistake with its place', async () => {
    const text = '{\n  "scenarios": [],\n  "selection": []\n}';
    const { status, lines } = await conformance('kube-proxy', '--cases', file('field.json', text));
    expect(status).toBe(2);
    expect(lines[0]).toMatch(/field\.json:3:16 {2}error cases\/unknown-field {2}selection/);
  });

  test('a value of another form is a mistake with its place', async () => {
    const text = '{\n  "probabilities": {"2": 0.5}\n}';
    const { status, lines } = await conformance('kube-proxy', '--cases', file('form.json', text));
    expect(status).toBe(2);
    expect(lines[0]).toMatch(/form\.json:2:26 {2}error cases\/format {2}probabilities\.2/);
  });

  test('what is no JSON is a mistake with its place', async () => {
    const { status, lines } = await conformance(
      'kube-proxy',
      '--cases',
      file('cut.json', '{\n  "scenarios": ['),
    );
    expect(status).toBe(2);
    expect(lines[0]).toMatch(/cut\.json:2:\d+ {2}error cases\/not-json/);
  });
});

describe('the report', () => {
  function report(only?: string): { report: Report; lines: string[] } {
    const lines: string[] = [];
    return { report: new Report((line) => lines.push(line), only), lines };
  }

  test('prints each difference as it is found, and counts at the end', () => {
    const { report: r, lines } = report();
    r.ran('a/1', []);
    r.ran('a/2', ['expected DROP', 'got NONE']);
    r.skipped('b', 'needs root');
    r.notApplicable('c', 'nftables only');
    r.notApplicable('d', 'nftables only');
    expect(lines).toEqual(['differs  a/2', '         expected DROP', '         got NONE']);
    expect(r.summary()).toEqual([
      '1 skipped: needs root',
      '2 not applicable: nftables only',
      '1 skipped, 2 not applicable',
      '1 passed, 1 failed',
    ]);
  });

  test('with --only, the other cases do not count', () => {
    const { report: r } = report('a');
    for (const id of ['a', 'a/1', 'ab', 'b']) r.ran(id, []);
    expect(r.cases.map(({ id }) => id)).toEqual(['a', 'a/1']);
  });
});
