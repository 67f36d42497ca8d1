/** What the kernel suite is made of, where no kernel is needed to see it. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Coverage } from '../../src/conformance/kernel/coverage.ts';
import { Random } from '../../src/conformance/kernel/random.ts';
import { randomRound } from '../../src/conformance/kernel/random-round.ts';
import { printRestore, readRestore } from '../../src/conformance/kernel/restore-text.ts';
import { matchPieces, targetPieces } from '../../src/conformance/kernel/rule-pieces.ts';
import { fit } from '../../src/conformance/kernel/shares.ts';
import { runConformance } from '../../src/conformance/program.ts';
import { matchNames, targetNames } from '../../src/index.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function asNobody(): Promise<{ status: number; lines: string[] }> {
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  const lines: string[] = [];
  return { status: await runConformance(['kernel'], (line) => lines.push(line)), lines };
}

describe('without root', () => {
  test('the suite is skipped, and says why', async () => {
    vi.stubEnv('CI', '');
    const { status, lines } = await asNobody();
    expect(status).toBe(0);
    expect(lines[0]).toBe('1 skipped: only root can make network namespaces');
  });

  test('CI refuses to skip it', async () => {
    vi.stubEnv('CI', 'true');
    const { status, lines } = await asNobody();
    expect(status).toBe(1);
    expect(lines.join('\n')).toContain('cannot run here: only root can make network namespaces');
  });
});

describe('random clusters', () => {
  test('one seed is one cluster with one set of rules and flows', () => {
    const [one, two, other] = [5, 5, 6].map((seed) => randomRound(new Random(seed), 'x', 20, 0));
    expect(one!.files).toEqual(two!.files);
    expect(one!.asked).toEqual(two!.asked);
    expect(one!.files).not.toEqual(other!.files);
  });

  test('no two flows of a lab have the same source port', () => {
    const { asked } = randomRound(new Random(7), 'x', 60, 0);
    expect(new Set(asked.map(({ number }) => number)).size).toBe(asked.length);
  });

  test('rules stand on every node, among those that it has anyway', () => {
    const { world } = randomRound(new Random(8), 'x', 20, 0);
    for (const { rules } of world.cluster!.nodes) {
      const texts = [...rules.shared, ...rules.own].flatMap(({ chains }) =>
        chains.flatMap((chain) => chain.rules.map(({ text }) => text)),
      );
      expect(texts.filter((text) => /--comment r\d+/.test(text)).length).toBeGreaterThanOrEqual(14);
      expect(texts.some((text) => text.includes('KUBE-SERVICES'))).toBe(true);
    }
  });
});

test('every match and target that the interpreter knows has a piece, or a reason why no packet judges it', () => {
  const pieces = [...matchPieces, ...targetPieces].map(({ name }) => name);
  const gaps = new Coverage().gaps().filter((gap) => /the (match|target) /.test(gap));
  const unseen = gaps.map((gap) => gap.split(' ').at(-1)!);
  expect(unseen.filter((name) => !pieces.includes(name))).toEqual([]);
  expect([...matchNames, ...targetNames].length).toBeGreaterThan(unseen.length);
});

test('counts that fit their shares are taken, and lopsided ones refused', () => {
  const thirds = [1 / 3, 1 / 3, 1 / 3];
  for (const [counts, fits] of [
    [[50, 51, 49], true],
    [[40, 60, 50], true],
    [[100, 25, 25], false],
    [[75, 75, 0], false],
  ] as const) {
    const { statistic, critical } = fit(counts, thirds);
    expect(statistic <= critical).toBe(fits);
  }
});

test('a file of iptables-save comes out as it went in', () => {
  const text = [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':X - [0:0]',
    '-A PREROUTING -j X',
    '-A X -p tcp -j REDIRECT --to-ports 1',
    'COMMIT',
    '*filter',
    ':INPUT DROP [0:0]',
    'COMMIT',
    '',
  ].join('\n');
  expect(printRestore(readRestore(text))).toBe(text);
});
