/** Small questions about headers and rules that every renderer asks. */
import { endpoint, type Header } from '../packet/headers.ts';

export type End = 'src' | 'dst';
const ends: readonly End[] = ['src', 'dst'];

/** Which ends of the header differ in address or port. */
export function changedEnds(before: Header | undefined, after: Header | undefined): readonly End[] {
  if (!before || !after) return [];
  return ends.filter((end) => endpoint(before, end) !== endpoint(after, end));
}

const comment = / -m comment --comment (?:"([^"]*)"|(\S+))/g;

/** An iptables rule with its comments, which decide nothing and say the most, at the end. */
export function shortRule(rule: string): string {
  const said = commentsOf(rule);
  return rule.replace(comment, '') + (said.length > 0 ? `  # ${said.join(', ')}` : '');
}

/** What the comments of an iptables rule say. */
export function commentsOf(rule: string): readonly string[] {
  return [...rule.matchAll(comment)].map((match) => match[1] ?? match[2] ?? '');
}

/** Where an iptables rule sends the packet: a chain, or a target such as DNAT. */
export function targetOf(rule: string | undefined): string | undefined {
  return rule === undefined ? undefined : / -[jg] (\S+)/.exec(rule)?.[1];
}
