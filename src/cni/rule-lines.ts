/** Short ways to write the CNI's rules. */
import { defaulted, type Origin } from '../base/origin.ts';
import type { BuiltInRule } from '../host/netfilter/built-in-rules.ts';
import type { ChainSource, RuleLine, TableName } from '../host/rules.ts';
import type { CniEnvironment } from './environment.ts';

export const CNI_RULES = defaulted('VPC CNI', 'host rules');

export function comment(text: string): string {
  return `-m comment --comment "${text}"`;
}

/** A user chain of iptables; its rules without "-A CHAIN". */
export function chain(name: string, rules: readonly string[], origin: Origin = CNI_RULES): ChainSource {
  return { name, rules: rules.map((rule): RuleLine => ({ text: `-A ${name} ${rule}`, origin })) };
}

/** The CNI appends its rules to built-in chains. */
export function appended(table: TableName, name: string, rule: string): BuiltInRule {
  return { table, chain: name, rule, at: 'bottom', origin: CNI_RULES };
}

export function restoreMark({ connmark }: CniEnvironment): string {
  const mask = hex(connmark);
  return `CONNMARK --restore-mark --nfmask ${mask} --ctmask ${mask}`;
}

/** "0x80/0x80". */
export function markAndMask({ connmark }: CniEnvironment): string {
  return `${hex(connmark)}/${hex(connmark)}`;
}

function hex(mark: number): string {
  return `0x${mark.toString(16)}`;
}
