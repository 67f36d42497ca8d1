import { describe, expect, test } from 'vitest';
import { loadTopology } from '../../src/io/load-topology.ts';
import { faults, HEAD, issues } from './input.ts';

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a file that is no text is refused before it is parsed', () => {
  test('a file that is not there', () => {
    expect(faults({}, 'none.yaml')).toEqual(['undefined:undefined:undefined io/not-found']);
  });

  test('an empty file, and one with comments only', () => {
    expect(faults('')).toEqual(['vpcsim.yaml:1:1 io/empty']);
    expect(faults('# nothing\n---\n')).toEqual(['vpcsim.yaml:1:1 io/empty']);
  });

  test('a binary file, at the byte that shows it', () => {
    expect(faults({ 'vpcsim.yaml': bytes(97, 10, 98, 0) })).toEqual(['vpcsim.yaml:2:2 io/binary']);
    expect(faults('a: \u0007\n')).toEqual(['vpcsim.yaml:1:4 io/binary']);
  });

  test('UTF-16, with the advice to save it as UTF-8', () => {
    const found = issues({ 'vpcsim.yaml': bytes(0xff, 0xfe, 97, 0) });
    expect(found[0]?.hint).toBe('it looks like UTF-16: save it as UTF-8');
  });

  test('bytes that are not UTF-8', () => {
    expect(faults({ 'vpcsim.yaml': bytes(97, 58, 10, 32, 0xc3, 0x28) })).toEqual([
      'vpcsim.yaml:2:2 io/not-utf8',
    ]);
  });

  test('a byte order mark is no mistake', () => {
    expect(faults({ 'vpcsim.yaml': new Uint8Array([0xef, 0xbb, 0xbf, ...encode(HEAD)]) })).toEqual([]);
  });

  test('more than 10 MB of YAML, at once', () => {
    const started = performance.now();
    expect(faults(`${HEAD}# ${'x'.repeat(10 * 1024 * 1024)}`)).toEqual(['vpcsim.yaml:1:1 io/too-large']);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('a reader that throws', () => {
    const broken = (): never => {
      throw new Error('EACCES: permission denied');
    };
    const parsed = loadTopology('a.yaml', broken, () => []);
    expect(parsed.ok ? [] : parsed.issues.map(({ code }) => code)).toEqual(['io/unreadable']);
  });
});

describe('a file made to exhaust the reader is refused', () => {
  test.each([
    ['flow lists', '['.repeat(100_000)],
    ['flow maps', '{a: '.repeat(50_000)],
    ['block lists', '- '.repeat(50_000)],
    ['explicit keys', '? '.repeat(50_000)],
    ['indented maps', Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('%s nested without end', (_, text) => {
    expect(issues(text).map(({ code }) => code)).toEqual(['yaml/too-deep']);
  });

  test('aliases that multiply ("billion laughs")', () => {
    const levels = Array.from(
      { length: 20 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(', ')}]`,
    );
    const found = issues(`${HEAD}l0: &l0 [x]\n${levels.join('\n')}\n`);
    expect(found.map(({ code }) => code)).toContain('yaml/alias-bomb');
  });

  test('a few honest aliases are fine', () => {
    expect(
      faults(
        `${HEAD}hosts: [{name: a, address: 203.0.113.1, listen: &l [tcp/443]}, {name: b, address: 203.0.113.2, listen: *l}]\n`,
      ),
    ).toEqual([]);
  });
});

describe('files that name each other', () => {
  test('includes that form a cycle, with the chain', () => {
    const files = {
      'vpcsim.yaml': `${HEAD}include: [b.yaml]\n`,
      'b.yaml': `${HEAD}include: [c/d.yaml]\n`,
      'c/d.yaml': `${HEAD}include: [../b.yaml]\n`,
    };
    const [found] = issues(files);
    expect(found?.code).toBe('io/include-cycle');
    expect(found?.at).toEqual({ file: 'c/d.yaml', line: 4, column: 11 });
    expect(found?.message).toContain('b.yaml -> c/d.yaml -> b.yaml');
  });

  test('a file that includes itself', () => {
    expect(faults(`${HEAD}include: [./vpcsim.yaml]\n`)).toEqual(['vpcsim.yaml:4:11 io/include-cycle']);
  });

  test('an include that is not there, or is no topology', () => {
    expect(faults(`${HEAD}include: [none.yaml]\n`)).toEqual(['vpcsim.yaml:4:11 io/not-found']);
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c}]}\n';
    expect(faults({ 'vpcsim.yaml': `${HEAD}include: [pod.yaml]\n`, 'pod.yaml': pod })).toEqual([
      'vpcsim.yaml:4:11 io/not-a-topology',
    ]);
  });

  test('manifests that are not there, or that no pattern matches', () => {
    expect(faults(`${HEAD}manifests: [a.yaml]\n`)).toEqual(['vpcsim.yaml:4:13 io/not-found']);
    expect(faults(`${HEAD}manifests: ["k8s/*.yaml"]\n`)).toEqual(['vpcsim.yaml:4:13 io/no-match']);
  });

  test('a mistake in a manifest is told at its place in that file', () => {
    const files = {
      'vpcsim.yaml': `${HEAD}manifests: ["k8s/*.yaml"]\n`,
      'k8s/a.yaml': 'a: b\n---\nkind: [\n',
    };
    expect(faults(files)).toEqual(['k8s/a.yaml:4:1 yaml/syntax']);
  });
});
