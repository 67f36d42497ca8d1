/** The formats of a trace, and where it is written to. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { traceSchema } from '../../src/render/trace-schema.ts';
import { vpcsim } from '../support/console.ts';

const ask = ['trace', 'node/node-1', '10.0.2.34:10250', '-t', 'two-nodes'];
const colour = '\u001b[';

describe('formats', () => {
  test('json is one trace of the published schema', async () => {
    const { status, out } = await vpcsim([...ask, '-o', 'json']);
    expect(status).toBe(0);
    expect(traceSchema.safeParse(JSON.parse(out)).error).toBeUndefined();
    expect(out.endsWith('}\n')).toBe(true);
  });

  test('wire is one line a path', async () => {
    const { out } = await vpcsim([
      'trace',
      'pod/dev/client',
      'svc/production/day-service:80',
      '-t',
      'day',
      '-o',
      'wire',
    ]);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines)
      expect(line).toMatch(
        /^0\.333333 delivered - connected \| tcp \S+ > \S+ \| pod\/dev\/client > .* \| reply delivered -$/,
      );
  });

  test('wide has more to say than text', async () => {
    const [text, wide] = [await vpcsim([...ask, '-o', 'text']), await vpcsim([...ask, '-o', 'wide'])];
    expect(wide.out.length).toBeGreaterThan(text.out.length);
  });

  test('svg is a picture', async () => {
    expect((await vpcsim([...ask, '-o', 'svg'])).out).toMatch(/^<\?xml [^>]*\?><svg [\s\S]*<\/svg>\s*$/);
  });

  test('--branch shows one path, and the status is still that of the whole', async () => {
    const { status, out } = await vpcsim([
      ...['trace', 'internet', 'http://day.example.com/', '-t', 'day', '-o', 'wire'],
      ...['--variant', 'one-subnet-cut-off', '--branch', '2'],
    ]);
    expect(status).toBe(1);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toMatch(/^0\.166667 delivered - connected /);
  });
});

describe('colour', () => {
  test('on a terminal', async () => {
    expect((await vpcsim(ask, { isTerminal: true })).out).toContain(colour);
  });

  test('not into a pipe', async () => {
    expect((await vpcsim(ask)).out).not.toContain(colour);
  });

  test('not where NO_COLOR or a dumb terminal asks for none', async () => {
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }])
      expect((await vpcsim(ask, { isTerminal: true, env })).out).not.toContain(colour);
  });

  test('text fits the width of the terminal', async () => {
    for (const width of [80, 100, 140])
      for (const line of (await vpcsim(ask, { width })).out.split('\n'))
        expect(line.length).toBeLessThanOrEqual(width);
  });

  test('a terminal wider than 160 columns does not pull the columns apart', async () => {
    expect((await vpcsim(ask, { width: 1e9 })).out).toBe((await vpcsim(ask, { width: 160 })).out);
  });
});

describe('--output-file', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vpcsim-output-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('holds what would have been printed, and standard error names it', async () => {
    const written = await vpcsim([...ask, '--output-file', 'trace.txt'], { cwd: folder });
    expect(written).toEqual({ status: 0, out: '', err: 'wrote trace.txt\n' });
    expect(readFileSync(join(folder, 'trace.txt'), 'utf8')).toBe((await vpcsim(ask)).out);
    expect(readdirSync(folder)).toEqual(['trace.txt']);
  });

  test('has no colours, even from a terminal', async () => {
    await vpcsim([...ask, '--output-file', 'plain.txt'], { cwd: folder, isTerminal: true });
    expect(readFileSync(join(folder, 'plain.txt'), 'utf8')).not.toContain(colour);
  });

  test('an unreachable verdict is written too, and is still status 1', async () => {
    const { status } = await vpcsim(
      [...ask, '--variant', 'no-self-rule', '--output-file', 'no.json', '-o', 'json'],
      {
        cwd: folder,
      },
    );
    expect(status).toBe(1);
    expect(JSON.parse(readFileSync(join(folder, 'no.json'), 'utf8'))).toMatchObject({
      verdict: 'unreachable',
    });
  });

  test('a folder that is not there is told, and nothing is left behind', async () => {
    const before = readdirSync(folder);
    const failed = await vpcsim([...ask, '--output-file', 'missing/trace.txt'], { cwd: folder });
    expect(failed).toMatchObject({ status: 2, out: '' });
    expect(failed.err).toMatch(/^error io\/cannot-write {2}missing\/trace\.txt: /);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('a folder in place of the file is told, and its half is taken away', async () => {
    mkdirSync(join(folder, 'taken'));
    const failed = await vpcsim([...ask, '--output-file', 'taken'], { cwd: folder });
    expect(failed).toMatchObject({ status: 2, out: '' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('nothing is written where the question is wrong', async () => {
    const { status } = await vpcsim(
      ['trace', 'node/node-9', '10.0.2.34:1', '-t', 'two-nodes', '--output-file', 'never.txt'],
      { cwd: folder },
    );
    expect(status).toBe(2);
    expect(readdirSync(folder)).not.toContain('never.txt');
  });
});
