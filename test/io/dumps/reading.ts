/** Dumps in a test: read, and told as short lines. */
import type { Issue } from '../../../src/base/issue.ts';
import { readHostDump } from '../../../src/io/dumps/host-dump.ts';

/** What is read of one file, which has to be in order. */
export function read(text: string, file = 'node1.txt') {
  const { dump, issues } = readHostDump([{ file, text }]);
  const errors = issues.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(told).join('\n'));
  return dump;
}

/** "line:column code" of everything that is wrong. */
export function faults(text: string, file = 'node1.txt'): string[] {
  return issuesOf(text, file).map(({ at, code }) => `${at?.line}:${at?.column} ${code}`);
}

export function issuesOf(text: string, file = 'node1.txt'): readonly Issue[] {
  return readHostDump([{ file, text }]).issues;
}

export function told({ at, code, message, hint }: Issue): string {
  return `${at?.line}:${at?.column} ${code} ${message}${hint ? ` | ${hint}` : ''}`;
}

/** The rules of a table: "CHAIN: text" in order. */
export function rules(text: string, table: string, file?: string): string[] {
  const found = read(text, file).tables?.find((source) => source.table === table);
  return (found?.chains ?? []).flatMap(({ rules: lines }) => lines.map((line) => line.text));
}
