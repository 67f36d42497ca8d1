/** Kubernetes quantities ("250m", "1.5", "128Mi", "1e3"): a decimal number with a binary or decimal suffix, or an
 *  exponent (apimachinery resource.Quantity). Computed exactly; the API rounds what does not come out even up. */

/** Suffix -> [base, exponent]. */
const SUFFIXES: Readonly<Record<string, readonly [bigint, number]>> = {
  Ki: [1024n, 1],
  Mi: [1024n, 2],
  Gi: [1024n, 3],
  Ti: [1024n, 4],
  Pi: [1024n, 5],
  Ei: [1024n, 6],
  n: [10n, -9],
  u: [10n, -6],
  m: [10n, -3],
  '': [10n, 0],
  k: [10n, 3],
  M: [10n, 6],
  G: [10n, 9],
  T: [10n, 12],
  P: [10n, 15],
  E: [10n, 18],
};

/** CPU in millicores, or undefined where `text` is no quantity (or a negative one, which no request may be). */
export function parseCpuMillis(text: string | number): number | undefined {
  return parse(text, 1000n);
}

/** Bytes, or undefined where `text` is no quantity (or a negative one). */
export function parseBytes(text: string | number): number | undefined {
  return parse(text, 1n);
}

/** A whole number, as extended resources are counted, or undefined where `text` is none. */
export function parseCount(text: string | number): number | undefined {
  const count = parse(text, 1n);
  return count !== undefined && parse(text, 1000n) === count * 1000 ? count : undefined;
}

/** `text` times `scale`, rounded up. */
function parse(text: string | number, scale: bigint): number | undefined {
  const found = /^\+?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([KMGTPE]i|[numkMGTPE]?))$/.exec(
    String(text).trim(),
  );
  if (!found) return undefined;
  const [, whole = '', fraction = '', exponent, suffix = ''] = found;
  if (whole === '' && fraction === '') return undefined;
  const [base, power] = exponent === undefined ? SUFFIXES[suffix]! : ([10n, Number(exponent)] as const);
  const numerator = BigInt(whole + fraction) * scale * (power > 0 ? base ** BigInt(power) : 1n);
  const denominator = 10n ** BigInt(fraction.length) * (power < 0 ? base ** BigInt(-power) : 1n);
  return Number((numerator + denominator - 1n) / denominator);
}
