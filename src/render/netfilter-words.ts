/** The walk through netfilter in a few words: by which chains to the rule that translates, and why there was no
 *  source NAT. The rest of the chains is plumbing: most rules only say where to look next. */
import type { Path, TraceStep } from '../trace/trace.ts';
import { commentsOf, targetOf } from './decisive.ts';
import { formatShare } from './share.ts';

const plumbing =
  /^(?:(?:raw|mangle|nat|filter|security) (?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)\b|(?:ip6?|inet) \S+ (?:prerouting|input|forward|output|postrouting)\b|(?:nat|conntrack)$)/;

/** Whether a step stands in a netfilter hook: what it does shows as a translation or a denial. */
export function isPlumbing(step: TraceStep): boolean {
  return plumbing.test(step.stage);
}

const separator = ' > ';

function hookOf(step: TraceStep): string {
  return step.stage.split(separator)[0]!;
}

function chainOf(step: TraceStep): string | undefined {
  return step.stage.split(separator)[1];
}

export interface ChainWalk {
  /** "KUBE-SERVICES > KUBE-SVC-AAAA (1/3) > KUBE-SEP-BBBB"; empty in a built-in chain. */
  readonly chains: string;
  readonly count: number;
  /** "DNAT" */
  readonly target: string;
  /** What the rule's comment names: the Service. */
  readonly comment: string;
  /** For a masqueraded packet: the chain that marked it. */
  readonly marked: string | undefined;
  /** Of the path's choices, those that the walk tells. */
  readonly choices: readonly Path['choices'][number][];
}

/** How the packet came to the translating step: the jumps from the built-in chain to the step's own. */
export function chainWalk(
  steps: readonly TraceStep[],
  at: TraceStep,
  choices: Path['choices'],
): ChainWalk | undefined {
  const target = targetOf(at.rule);
  if (target === undefined) return undefined;
  const before = steps.slice(0, steps.indexOf(at)).filter((step) => hookOf(step) === hookOf(at));
  const told: Path['choices'][number][] = [];
  const names: string[] = [];
  for (let chain = chainOf(at), i = before.length; chain !== undefined; ) {
    const made = choices.find((choice) => choice.why.includes(` ${chain}:`));
    if (made) told.push(made);
    names.unshift(made ? `${chain} (${formatShare(made.share)})` : chain);
    const into: string = chain;
    i = before.findLastIndex((step, place) => place < i && targetOf(step.rule) === into);
    chain = i < 0 ? undefined : chainOf(before[i]!);
  }
  const marking = steps
    .slice(0, steps.indexOf(at))
    .findLast((step) => targetOf(step.rule) === 'KUBE-MARK-MASQ');
  return {
    chains: names.join(separator),
    count: names.length,
    target,
    comment: at.rule === undefined ? '' : commentsOf(at.rule).join(', '),
    marked: target === 'MASQUERADE' && marking ? chainOf(marking) : undefined,
    choices: told,
  };
}

/** Why the source stayed as it was: the reason of the last chain that could have changed it. */
export function snatSkipped(steps: readonly TraceStep[]): string | undefined {
  const post = steps.filter((step) => hookOf(step) === 'nat POSTROUTING');
  if (post.length === 0 || post.some((step) => step.before && step.before.src !== step.after?.src))
    return undefined;
  // A packet that kube-proxy did not mark is the usual case; what the CNI decided is the news.
  const reason = post.findLast((step) => step.verdict === 'skipped' && chainOf(step) !== 'KUBE-POSTROUTING');
  return reason?.because ?? 'no SNAT: no rule of nat POSTROUTING translates it';
}
