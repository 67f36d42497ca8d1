/** What to say of a hop when there is room for one line: the step that decided, and what it did to the header. */
import { endpoint, type Header } from '../packet/headers.ts';
import type { Hop, TraceStep } from '../trace/trace.ts';

/** Chains are plumbing: what they do shows as a rewrite or a denial, and then that step is told. */
const plumbing = /^(raw|mangle|nat|filter|security|conntrack|iptables|nftables)\b/i;

/** The steps worth a line: every denial, else every change of an address, else the one that decided. */
export function decisiveSteps(hop: Hop): readonly TraceStep[] {
  const denied = hop.steps.filter((step) => step.verdict === 'denied');
  if (denied.length > 0) return denied;
  const rewritten = hop.steps.filter((step) => changedEnds(step.before, step.after).length > 0);
  if (rewritten.length > 0) return rewritten;
  // A rewrite that leaves both ends alone (TTL, mark) is told like a match.
  const matched = hop.steps.filter((step) => step.verdict === 'matched' || step.verdict === 'rewrote');
  const told =
    matched.findLast((step) => !plumbing.test(step.stage)) ??
    matched.at(-1) ??
    hop.steps.findLast((step) => step.verdict === 'skipped') ??
    hop.steps.at(-1);
  return told ? [told] : [];
}

/** Nothing was decided here: every step passed or did not apply. */
export function isBoring(hop: Hop): boolean {
  return hop.steps.every((step) => step.verdict === 'passed' || step.verdict === 'skipped');
}

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
  const said = [...rule.matchAll(comment)].map((match) => match[1] ?? match[2]);
  return rule.replace(comment, '') + (said.length > 0 ? `  # ${said.join(', ')}` : '');
}
