/** Rules in the spelling and order of iptables-save (iptables xshared.c: addresses, interfaces, protocol, then the
 *  matches in the order they were given, then the target). */
import type { ChainSource, RuleLine } from '../host/rules.ts';

export interface RuleParts {
  /** "10.0.0.0/8", or "! 10.0.0.0/8" for all others. */
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly inInterface?: string | undefined;
  readonly protocol?: string | undefined;
  /** Each with its options: `-m addrtype --dst-type LOCAL`. */
  readonly matches?: readonly string[] | undefined;
  /** With its options: `MARK --set-xmark 0x4000/0x4000`; absent for a rule that only counts. */
  readonly target?: string | undefined;
}

export function ruleText(chain: string, parts: RuleParts): string {
  const words = [
    `-A ${chain}`,
    flag('-s', parts.source),
    flag('-d', parts.destination),
    flag('-i', parts.inInterface),
    flag('-p', parts.protocol),
    ...(parts.matches ?? []),
    flag('-j', parts.target),
  ];
  return words.filter((word) => word !== '').join(' ');
}

/** A block of all addresses is not printed. */
function flag(name: string, value: string | undefined): string {
  if (value === undefined || value === '0.0.0.0/0' || value === '::/0') return '';
  return value.startsWith('! ') ? `! ${name} ${value.slice(2)}` : `${name} ${value}`;
}

export function comment(text: string): string {
  return /^[\w-]+$/.test(text) ? `-m comment --comment ${text}` : `-m comment --comment "${text}"`;
}

/** `--probability` of 1 in `count`: kube-proxy writes 10 decimals, the kernel keeps 31 bits of them
 *  (libxt_statistic), iptables-save prints 11 decimals of what was kept. */
export function statistic(count: number): string {
  const kept = BigInt(Math.round(Number((1 / count).toFixed(10)) * 2 ** 31));
  return `-m statistic --mode random --probability ${decimals(kept, 2n ** 31n)}`;
}

/** kept / of, below 1, with 11 decimals rounded half to even as the C library does. */
function decimals(kept: bigint, of: bigint): string {
  const scaled = kept * 10n ** 11n;
  const down = scaled / of;
  const twice = (scaled % of) * 2n;
  const digits = twice > of || (twice === of && down % 2n === 1n) ? down + 1n : down;
  return `${digits / 10n ** 11n}.${String(digits % 10n ** 11n).padStart(11, '0')}`;
}

/** A chain whose rules are written when first read. */
export function lazyChain(name: string, write: () => readonly RuleLine[]): ChainSource {
  let rules: readonly RuleLine[] | undefined;
  return {
    name,
    get rules() {
      rules ??= write();
      return rules;
    },
  };
}
