/** The netfilter interpreter: one base chain, rule by rule, as ipt_do_table does it.
 *
 *    in  > PREROUTING  raw -300, conntrack -200, mangle -150, nat -100  > routing > INPUT   mangle -150, filter 0, nat 100, security 150  > socket
 *                                                                          v
 *                                                                       FORWARD mangle -150, filter 0, security 150
 *                                                                          v
 *    socket > routing > OUTPUT raw, conntrack, mangle, nat -100, filter 0, security 150 > POSTROUTING mangle -150, nat 100 > out */
import { ANY_PORT, nextCandidate } from '../../addressing/classifier.ts';
import { FREE_DESTINATION_PORT, FREE_SOURCE_PORT, RST } from '../../packet/packet.ts';
import { TCP } from '../../packet/protocol.ts';
import { ANSWER_ICMP, ANSWER_RST, MATCHED, type Outcome, PASSED, SKIPPED } from '../../trace/outcome.ts';
import { CT_INVALID, Flow, TCP_RESET } from '../flow.ts';
import { evaluateMatch, NOT_MODELLED } from '../match/matches.ts';
import { type Answer, MAYBE_NO, MAYBE_YES, NO, YES } from '../match/module.ts';
import { addressType } from '../routing/address-type.ts';
import { rejectSource } from '../routing/reject-source.ts';
import { RTN_BROADCAST } from '../routing/route-type.ts';
import { ACCEPT, DROP, GOTO, JUMP, NEXT_RULE, REJECT, RETURN } from '../target/module.ts';
import { bodyOf, type Chain, type ChainBody, type CompiledRule, EXTENSION } from './compile.ts';
import { confirmForAnswer } from './conntrack.ts';
import { NOT_DST, NOT_IN, NOT_OUT, NOT_PROTOCOL, NOT_SRC } from './header-match.ts';
import { jumpTarget, numberOf } from './rule-set.ts';
import {
  denied,
  didItMatch,
  invalidDropped,
  matchNotModelled,
  policyStep,
  refused,
  rememberedChoice,
  ruleStep,
  statisticChoice,
  targetNotModelled,
  unknownTarget,
} from './words.ts';

/** How many rules have been looked at since the process began: for the benchmark. */
export const counters = { ruleEvaluations: 0 };

/** The one packet in hand. */
export const flow = new Flow(ruleStep);

/** Chains to come back to, and the rule there to go on with. Deeper than any real nesting of jumps. */
const MAX_DEPTH = 64;
const returnChain: Chain[] = [];
const returnRule = new Int32Array(MAX_DEPTH);

/** The members of a run of `statistic` rules whose other matches hold, and how likely each is the first to fire. */
let members = new Int32Array(64);
let shares = new Float64Array(65);

/** Runs a packet through a base chain of a hook. 0: accepted, go on. Otherwise the outcome of the hop. */
export function traverse(base: Chain, hook: number): Outcome | 0 {
  const { packet, walk } = flow;
  const set = flow.host.netfilter!;
  const { table } = base;
  let chain = base;
  let body = bodyOf(chain);
  let depth = 0;
  let next = 0;
  flow.hook = hook;
  if (walk.recording) flow.chain = numberOf(set, chain);

  for (;;) {
    if (body.index !== undefined)
      next = nextCandidate(
        body.index,
        next - 1,
        packet.protocol,
        packet.src,
        packet.dst,
        packet.free & FREE_SOURCE_PORT ? ANY_PORT : packet.sourcePort,
        packet.free & FREE_DESTINATION_PORT ? ANY_PORT : packet.destinationPort,
      );
    if (next < 0 || next >= body.rules.length) {
      // The end of a chain: back to the caller, or the policy.
      if (depth === 0) return policy(base);
      depth--;
      chain = returnChain[depth]!;
      next = returnRule[depth]!;
      body = bodyOf(chain);
      if (walk.recording) flow.chain = numberOf(set, chain);
      continue;
    }
    let rule = body.rules[next]!;
    if (rule.run > 0 && rule.likelihood >= 0) {
      const fired = chooseFromRun(chain, body, next);
      if (fired < 0) {
        next += rule.run;
        continue;
      }
      next = fired;
      rule = body.rules[next]!;
    } else {
      if (rule.run > 0 && walk.seenClient) chooseList(chain, body.rules, next);
      counters.ruleEvaluations++;
      const answer = holds(rule);
      if (answer === NO || (answer !== YES && !ask(chain, next, answer))) {
        next++;
        continue;
      }
    }

    flow.rule = next;
    let verdict: number = rule.action;
    if (verdict === JUMP || verdict === GOTO) {
      const target = jumpTarget(set, table, rule);
      if (target !== undefined) {
        flow.record(MATCHED);
        const targetBody = bodyOf(target);
        if (verdict === JUMP) {
          if (targetBody.rules.length === 0) {
            next++;
            continue;
          }
          if (depth >= MAX_DEPTH) throw new Error(`bug in vpcsim: jumps nested deeper than ${MAX_DEPTH}`);
          returnChain[depth] = chain;
          returnRule[depth] = next + 1;
          depth++;
        }
        chain = target;
        body = targetBody;
        next = 0;
        if (walk.recording) flow.chain = numberOf(set, chain);
        continue;
      }
    } else if (verdict === EXTENSION) verdict = rule.target!.execute(rule.numbers, flow);
    else if (verdict === RETURN) flow.record(leavesOut(body.rules, next) ? SKIPPED : MATCHED);
    else if (verdict === ACCEPT || verdict === NEXT_RULE) flow.record(MATCHED);

    switch (verdict) {
      case NEXT_RULE:
        next++;
        continue;
      case ACCEPT:
        return 0;
      case RETURN:
        if (depth === 0) return policy(base);
        depth--;
        chain = returnChain[depth]!;
        next = returnRule[depth]!;
        body = bodyOf(chain);
        if (walk.recording) flow.chain = numberOf(set, chain);
        continue;
      case DROP:
        return deny(rule);
      case REJECT:
        return refuse(rule);
      default: {
        const number = numberOf(set, chain);
        if (walk.choose(unknownTarget, 2, undefined, number, next) === 1)
          return walk.undetermined(targetNotModelled, number, next);
        walk.remark(targetNotModelled, number, next);
        next++;
      }
    }
  }
}

function policy(base: Chain): Outcome | 0 {
  flow.rule = -1;
  if (base.policy === DROP) return flow.walk.deny(denied, flow.hook, numberIfRecording(base), -1);
  flow.walk.step(policyStep, PASSED, flow.hook, numberIfRecording(base));
  return 0;
}

const numberIfRecording = (chain: Chain): number =>
  flow.walk.recording ? numberOf(flow.host.netfilter!, chain) : 0;

function deny(rule: CompiledRule): Outcome | 0 {
  const code = flow.state === CT_INVALID && rule.wantsInvalid ? invalidDropped : denied;
  return flow.walk.deny(code, flow.hook, flow.chain, flow.rule);
}

/** REJECT: the answer belongs to the connection, so that bindings are undone in it (nf_ct_attach). An ICMP error is
 *  never answered, nor a reset by a reset, nor what went to all (RFC 1122 section 3.2.2; icmp_send, nf_send_reset). */
function refuse(rule: CompiledRule): Outcome | 0 {
  const { packet, walk } = flow;
  const reset = flow.rejectWith === TCP_RESET;
  if (packet.isError || (reset && (packet.protocol !== TCP || packet.flags & RST))) return deny(rule);
  if (addressType(flow.host.routing, packet.dst, -1) === RTN_BROADCAST) return deny(rule);
  confirmForAnswer(flow);
  return reset
    ? walk.refuse(refused, ANSWER_RST, 0, 0, flow.hook, flow.chain, flow.rule, TCP_RESET)
    : walk.refuse(
        refused,
        ANSWER_ICMP,
        flow.rejectWith,
        rejectSource(flow),
        flow.hook,
        flow.chain,
        flow.rule,
        flow.rejectWith,
      );
}

/** A RETURN with rules after it leaves something out that a reader may expect. */
const leavesOut = (rules: readonly CompiledRule[], at: number): boolean => at + 1 < rules.length;

/** Whether all of a rule but its `statistic` matches holds. */
function holds(rule: CompiledRule): Answer {
  const { packet } = flow;
  if (rule.plain) {
    if (
      ((packet.dst ^ rule.dst) & rule.dstMask) !== 0 ||
      ((packet.src ^ rule.src) & rule.srcMask) !== 0 ||
      (rule.protocol !== 0 && rule.protocol !== packet.protocol)
    )
      return NO;
  } else if (!headerHolds(rule)) return NO;

  const { code } = rule;
  let result: Answer = YES;
  for (let at = 0; at < code.length; at += 2 + code[at + 1]!) {
    const one = evaluateMatch(code[at]!, code, at + 2, flow);
    if (one === NO) return NO;
    if (one === MAYBE_NO || (one === MAYBE_YES && result === YES)) result = one;
  }
  return result;
}

function headerHolds(rule: CompiledRule): boolean {
  const { packet } = flow;
  const { inverted } = rule;
  const { interfaces } = flow.host;
  return (
    (((packet.dst ^ rule.dst) & rule.dstMask) === 0) === ((inverted & NOT_DST) === 0) &&
    (((packet.src ^ rule.src) & rule.srcMask) === 0) === ((inverted & NOT_SRC) === 0) &&
    (rule.protocol === 0 || (rule.protocol === packet.protocol) === ((inverted & NOT_PROTOCOL) === 0)) &&
    (rule.inName === '' && !rule.inWild
      ? true
      : means(rule.inName, rule.inWild, interfaces[flow.inPort]?.name ?? '') ===
        ((inverted & NOT_IN) === 0)) &&
    (rule.outName === '' && !rule.outWild
      ? true
      : means(rule.outName, rule.outWild, interfaces[flow.outPort]?.name ?? '') ===
        ((inverted & NOT_OUT) === 0))
  );
}

/** Whether an interface is called so; a wild pattern is its beginning. Letter by letter: quicker than startsWith here. */
function means(pattern: string, wild: boolean, name: string): boolean {
  if (!wild) return name === pattern;
  for (let i = 0; i < pattern.length; i++) if (name.charCodeAt(i) !== pattern.charCodeAt(i)) return false;
  return true;
}

/** A rule of which nobody can know whether it matches: both sides are walked. */
function ask(chain: Chain, rule: number, shown: Answer): boolean {
  const number = numberOf(flow.host.netfilter!, chain);
  if (hasUnknownMatch(bodyOf(chain).rules[rule]!)) flow.walk.remark(matchNotModelled, number, rule);
  const picked = flow.walk.choose(didItMatch, 2, undefined, number, rule);
  return (picked === 0) === (shown === MAYBE_YES);
}

function hasUnknownMatch({ code }: CompiledRule): boolean {
  for (let at = 0; at < code.length; at += 2 + code[at + 1]!) if (code[at] === NOT_MODELLED) return true;
  return false;
}

/** With a client that was seen before: which list of a run of rules that ask lists holds it, kube-proxy's affinity to
 *  one endpoint. Nobody knows: all are as likely. */
function chooseList(chain: Chain, rules: readonly CompiledRule[], at: number): void {
  const end = at + rules[at]!.run;
  if ((flow.listsOf === chain && flow.listsEnd === end) || !headerHolds(rules[at]!)) return;
  flow.listsOf = chain;
  flow.listsEnd = end;
  const asking = rules.slice(at, end).filter(headerHolds);
  const lists = [...new Set(asking.map(({ list }) => list))];
  const number = numberOf(flow.host.netfilter!, chain);
  flow.remembered = lists[flow.walk.choose(rememberedChoice, lists.length, undefined, number, at)]!;
}

/** Number of the rule of a run of `statistic` rules that is the first to fire, or -1 for none. The kernel throws its dice
 *  rule by rule; here all is one choice, with the weight each rule has of being the first. */
function chooseFromRun(chain: Chain, { rules, odds }: ChainBody, start: number): number {
  const end = start + rules[start]!.run;
  const known = odds.get(start);
  if (known !== undefined) {
    const number = numberOf(flow.host.netfilter!, chain);
    const picked = flow.walk.choose(statisticChoice, known.length, known, number, start);
    counters.ruleEvaluations += Math.min(picked + 1, end - start);
    return picked < end - start ? start + picked : -1;
  }
  if (members.length < end - start) {
    members = new Int32Array(2 * (end - start));
    shares = new Float64Array(2 * (end - start) + 1);
  }
  let count = 0;
  let rest = 1;
  for (let i = start; i < end && rest > 0; i++) {
    const rule = rules[i]!;
    const answer = holds(rule);
    if (answer === NO || (answer !== YES && !ask(chain, i, answer))) continue;
    members[count] = i;
    shares[count++] = rest * rule.likelihood;
    rest *= 1 - rule.likelihood;
  }
  shares[count] = rest;
  // A rule that is sure to fire, or none left that may: nothing to choose.
  const alternatives = rest > 0 ? count + 1 : count;
  const picked =
    alternatives > 1
      ? flow.walk.choose(statisticChoice, alternatives, shares, numberOf(flow.host.netfilter!, chain), start)
      : 0;
  const fired = picked < count ? members[picked]! : -1;
  counters.ruleEvaluations += (fired < 0 ? end : fired + 1) - start;
  return fired;
}
