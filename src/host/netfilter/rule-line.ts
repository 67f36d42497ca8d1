/** A rule as its table writes it: in the spelling of iptables, or in that of nft. */

import { asIptables } from '../nft/rule.ts';
import type { TableSource } from '../rules.ts';
import { isNftTable } from './base-chains.ts';
import { type ParsedRule, parseRule, printRule } from './rule-text.ts';

export function readLine(table: TableSource['table'], text: string): ParsedRule {
  return parseRule(isNftTable(table) ? asIptables(text) : text);
}

/** The rule as a trace shows it: as iptables-save prints it, or as nft does without what it has counted. */
export function showLine(table: TableSource['table'], text: string): string {
  return isNftTable(table) ? text.replace(COUNTED, '') : printRule(parseRule(text));
}

const COUNTED = /\bcounter packets \d+ bytes \d+ ?/;
