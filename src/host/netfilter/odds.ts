/** Runs of `statistic` rules that ask for nothing else, such as those of kube-proxy's KUBE-SVC chains: how likely each
 *  is the first to fire is known before any packet comes. */
import type { CompiledRule } from './compile.ts';

/** By the number of a run's first rule: the chance of each to be the first to fire, and last that none does. */
export function oddsOf(rules: readonly CompiledRule[]): ReadonlyMap<number, Float64Array> {
  const odds = new Map<number, Float64Array>();
  for (let i = 0; i < rules.length; i += Math.max(1, rules[i]!.run)) {
    const { run } = rules[i]!;
    if (run === 0 || !rules.slice(i, i + run).every(isUnconditional)) continue;
    const shares = new Float64Array(run + 1);
    let rest = 1;
    for (let k = 0; k < run; k++) {
      shares[k] = rest * rules[i + k]!.likelihood;
      rest *= 1 - rules[i + k]!.likelihood;
    }
    shares[run] = rest;
    odds.set(i, shares);
  }
  return odds;
}

/** Nothing but a `statistic` match that may or may not hold. */
function isUnconditional(rule: CompiledRule): boolean {
  return (
    rule.plain &&
    rule.srcMask === 0 &&
    rule.dstMask === 0 &&
    rule.protocol === 0 &&
    rule.code.length === 0 &&
    rule.likelihood < 1
  );
}
