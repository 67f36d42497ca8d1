/** What to say of a hop where there is room for a few lines: what denied, what changed the header and how the packet
 *  came there, the routing decision, the rule that admitted. The order is that of the hop. */
import type { Hop, Path, TraceStep } from '../trace/trace.ts';
import { changedEnds, shortRule } from './decisive.ts';
import { chainWalk, isPlumbing, snatSkipped } from './netfilter-words.ts';

export interface Saying {
  /** With the verb: what it does, or would do beyond a blocker. */
  readonly text: string;
  readonly tone: 'plain' | 'quiet' | 'denied';
  /** Said only where the line has room for it. */
  readonly aside?: string;
  /** The step that changed an end of the header, when this tells of it. */
  readonly change?: TraceStep;
  /** Choices of the path that need no line of their own any more. */
  readonly choices?: Path['choices'];
}

/** What stands around a hop: it decides what is worth saying. */
export interface Around {
  readonly previous: Hop | undefined;
  readonly next: Hop | undefined;
  readonly reply: boolean;
  /** The packet begins here: nothing sent it on. */
  readonly starts: boolean;
  readonly choices: Path['choices'];
  /** Nobody knows what becomes of the packet here. */
  readonly unknown: boolean;
}

/** The packet's sender has nothing to tell but that it sends. */
export function sayings(hop: Hop, around: Around): readonly Saying[] {
  const said = hop.steps.flatMap((step) => stepSayings(hop, step, around));
  const snat = leavesNode(hop, around) ? snatSkipped(hop.steps) : undefined;
  if (snat !== undefined) said.push({ text: snat, tone: 'plain' });
  if (said.length === 0) said.push(fallback(hop, around));
  const told = hop.ghost ? said.map(wouldBe) : said;
  return around.starts ? begins(told, around.reply ? 'answers' : hasArrived(hop) ? 'takes' : 'sends') : told;
}

function stepSayings(hop: Hop, step: TraceStep, around: Around): readonly Saying[] {
  const { verdict, stage, rule, because } = step;
  if (verdict === 'denied')
    return [{ text: `${around.unknown ? 'UNKNOWN' : 'DENY'}  ${stage}: ${because}`, tone: 'denied' }];
  const changes = changedEnds(step.before, step.after).length > 0;
  if (isPlumbing(step)) return changes ? translation(hop, step, around) : [];
  if (changes)
    return [
      ...(rule === undefined ? [] : named(hop, stage, rule)),
      { text: because, tone: 'plain', change: step },
    ];
  if (stage === 'routing') return route(step, around);
  if (verdict === 'matched' || verdict === 'rewrote') return matched(hop, step, around);
  // What is skipped as a whole is news: a packet that stays on its node or in its subnet meets less.
  return verdict === 'skipped' && (stage === 'subnet' || stage === 'security group')
    ? [{ text: because.replace(/^skipped: /, ''), tone: 'plain' }]
    : [];
}

/** A load balancer's listener stands before what it did; the pair of addresses of a gateway is in the sentence. */
function named(hop: Hop, stage: string, rule: string): readonly Saying[] {
  return rule.startsWith(stage) || hop.device.kind.endsWith('lb') ? [{ text: rule, tone: 'plain' }] : [];
}

function translation(hop: Hop, step: TraceStep, around: Around): readonly Saying[] {
  const walk = chainWalk(hop.steps, step, around.choices);
  if (!walk) return [{ text: step.because, tone: 'plain', change: step }];
  const long = walk.count > 1;
  const detail = long ? walk.comment : walk.chains;
  return [
    ...(long ? [{ text: walk.chains, tone: 'plain' as const }] : []),
    {
      text: walk.target,
      tone: 'plain',
      change: step,
      choices: walk.choices,
      ...(detail ? { aside: `, ${detail}` } : {}),
    },
    ...(walk.marked ? [{ text: `marked in ${walk.marked}`, tone: 'plain' as const }] : []),
  ];
}

const ownAddress = /^local /;

/** "route 10.1.0.10 dev eni5ef1535d4cc, to the pod". Which `ip rule` chose the table is told where it is none of
 *  the usual ones. */
function route(step: TraceStep, { next }: Around): readonly Saying[] {
  const rule = step.rule ?? step.because;
  if (ownAddress.test(rule)) return [];
  const by = /^(ip rule \d+: .*lookup (?!main\b|local\b)[^\s;:]+)/.exec(step.because);
  const pod = next?.device.kind === 'pod' ? ', to the pod' : '';
  const to = rule.replace(/ (scope|src|proto) \S+/g, '');
  return [{ text: `route ${to}${pod}${by ? `  (${by[1]})` : ''}`, tone: 'plain' }];
}

/** A rule that names its own table (`sg/nodes`, `nacl/default`, `rtb/public`) needs no other name. */
const namesItself = /^(sg|nacl|rtb)\//;

function matched(hop: Hop, step: TraceStep, around: Around): readonly Saying[] {
  const { stage, rule, because } = step;
  if (stage === 'socket') return [{ text: `delivered: ${because}`, tone: 'plain' }];
  const chosen = stage === 'target group' ? around.choices.filter((choice) => madeBy(choice.why, hop)) : [];
  if (chosen.length > 0)
    return chosen.map((choice) => ({
      text: `to ${choice.why.slice(choice.why.indexOf(': ') + 2)}`,
      tone: 'plain',
      choices: [choice],
    }));
  if (stage === 'target group' && rule !== undefined) return [{ text: `${rule}: ${because}`, tone: 'plain' }];
  // The denial names the same rule.
  if (hop.steps.some((other) => other.verdict === 'denied' && other.rule === rule)) return [];
  if (rule === undefined) return [{ text: `${stage}: ${because}`, tone: 'plain' }];
  const clear = namesItself.test(rule) || stage.startsWith(rule.split(' ')[0]!);
  return [{ text: clear ? shortRule(rule) : `${stage}: ${shortRule(rule)}`, tone: 'plain' }];
}

/** "name: what": a choice names the load balancer, a device its node in one zone. */
function madeBy(why: string, hop: Hop): boolean {
  const colon = why.indexOf(': ');
  return colon > 0 && `${hop.device.id}/`.startsWith(`${why.slice(0, colon)}/`);
}

const checks = /check$/;

/** Nothing decided, so one quiet line: the last step that is more than the check of an address. */
function fallback(hop: Hop, { reply, next, starts }: Around): Saying {
  const local = hop.steps.find((step) => step.stage === 'routing' && ownAddress.test(step.rule ?? ''));
  if (local) return { text: `delivered: ${local.rule!.replace(/ (scope|src) \S+/g, '')}`, tone: 'plain' };
  const step = hop.steps.findLast(({ stage }) => !checks.test(stage)) ?? hop.steps.at(-1);
  const own = step && (step.stage === hop.device.kind ? step.because : `${step.stage}: ${step.because}`);
  const text = own ?? (starts ? '' : reply && !next ? 'delivered' : 'passes');
  return { text, tone: 'quiet' };
}

/** The node that hands a pod's packet to the VPC. */
function leavesNode(hop: Hop, { previous, next, reply }: Around): boolean {
  const [from, at, to] = [previous?.device.kind, hop.device.kind, next?.device.kind];
  return !reply && from === 'pod' && at === 'node' && to === 'eni';
}

/** From where the packet comes is not part of the trace. */
const hasArrived = (hop: Hop): boolean => hop.steps[0]?.stage === 'arrival';

function begins(said: readonly Saying[], verb: string): readonly Saying[] {
  const [first, ...more] = said;
  if (!first || first.tone === 'denied') return said;
  if (first.text === '') return [{ ...first, text: verb }, ...more];
  return first.text.startsWith('route ') ? [{ ...first, text: `${verb}, ${first.text}` }, ...more] : said;
}

function wouldBe(saying: Saying): Saying {
  const { text, tone } = saying;
  const verb =
    tone === 'quiet' && !text.startsWith('pass')
      ? `would pass: ${text}`
      : tone === 'denied' || /^(route|pass)/.test(text)
        ? `would ${text.replace(/^passes/, 'pass')}`
        : text.startsWith('delivered')
          ? `would be ${text}`
          : `would: ${text}`;
  return { ...saying, text: verb };
}
