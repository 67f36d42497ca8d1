/** Chance: the kernel throws its dice anew for each connection, the model gives each path a share. Over many packets the
 *  counts must fit (Pearson's chi-square test). */

/** A fit is refused where chance alone would do worse once in 10,000 runs: the normal distribution's quantile for that. */
const Z = 3.719;

export interface Fit {
  readonly statistic: number;
  readonly degrees: number;
  readonly critical: number;
}

/** `counts` are what was seen of each path, `shares` what the model says. */
export function fit(counts: readonly number[], shares: readonly number[]): Fit {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const statistic = counts.reduce((sum, count, i) => {
    const expected = total * shares[i]!;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  const degrees = counts.length - 1;
  return { statistic, degrees, critical: criticalValue(degrees) };
}

/** The chi-square quantile, as Wilson and Hilferty approximate it; for one degree of freedom it is a little generous. */
function criticalValue(degrees: number): number {
  const part = 2 / (9 * degrees);
  return degrees * (1 - part + Z * Math.sqrt(part)) ** 3;
}
