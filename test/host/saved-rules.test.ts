/** Rules are printed as iptables-save prints them, and what is printed is read as the same rule. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalRule, parseRule } from '../../src/host/netfilter/rule-text.ts';
import { rewrittenMatches, rewrittenTargets, unchangedMatches, unchangedTargets } from './saved-rules.ts';

/** Names of matches and targets of a rule that nobody knows. */
function unknown(line: string): string[] {
  const { matches, target } = parseRule(line);
  const names = matches.filter(({ module }) => module === undefined).map(({ name }) => name);
  return target && target.module === undefined ? [...names, target.name] : names;
}

describe('matches', () => {
  test.each(unchangedMatches)('%s is printed as it is', (line) => {
    expect(canonicalRule(line)).toBe(line);
    expect(unknown(line)).toEqual([]);
  });

  test.each(rewrittenMatches)('%s', (written, saved) => {
    expect(canonicalRule(written)).toBe(saved);
    expect(canonicalRule(saved)).toBe(saved);
    expect(unknown(written)).toEqual([]);
  });
});

describe('targets', () => {
  test.each(unchangedTargets)('%s is printed as it is', (line) => {
    expect(canonicalRule(line)).toBe(line);
    expect(unknown(line)).toEqual([]);
  });

  test.each(rewrittenTargets)('%s', (written, saved) => {
    expect(canonicalRule(written)).toBe(saved);
    expect(canonicalRule(saved)).toBe(saved);
    expect(unknown(written)).toEqual([]);
  });
});

test('rules of several matches and a target come back unchanged once they are printed', () => {
  const savedMatches = [...unchangedMatches, ...rewrittenMatches.map(([, saved]) => saved)];
  const savedTargets = [...unchangedTargets, ...rewrittenTargets.map(([, saved]) => saved)];
  // "-m ..." without the protocol before it, which one rule has once.
  const match = fc.constantFrom(...savedMatches.flatMap((line) => / (-m .*)$/.exec(line)?.[1] ?? []));
  const target = fc.constantFrom(...savedTargets.flatMap((line) => / (-j .*)$/.exec(line)?.[1] ?? []));
  const header = fc.constantFrom('', '-p tcp', '! -s 10.0.0.0/8 -p udp', '-d 10.0.0.1/32 -i eni+ ! -o lo');
  fc.assert(
    fc.property(header, fc.array(match, { maxLength: 3 }), target, (start, matches, end) => {
      const once = canonicalRule(['-A X', start, ...matches, end].filter((part) => part !== '').join(' '));
      expect(canonicalRule(once)).toBe(once);
      expect(unknown(once)).toEqual([]);
    }),
    { numRuns: 2000, seed: 1 },
  );
});
