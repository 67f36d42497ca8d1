/** The words of the netfilter interpreter: steps as the kernel's TRACE would print them, refusals, choices, limits.
 *  The numbers of a record are: base chain, number of the chain, number of the rule (-1 for the policy). */
import { formatIpv4 } from '../../addressing/ip.ts';
import { isIpv6 } from '../../addressing/ip6.ts';
import { icmp6Error } from '../../packet/icmp6.ts';
import { hasPorts, protocolName } from '../../packet/protocol.ts';
import { choice, drop, note, type PacketView, step, type Wording } from '../../trace/vocabulary.ts';
import { TCP_RESET } from '../flow.ts';
import type { LinuxHost } from '../linux-record.ts';
import type { RuleLine } from '../rules.ts';
import { hookNames, isNftTable } from './base-chains.ts';
import { bodyOf, type Chain } from './compile.ts';
import { readLine, showLine } from './rule-line.ts';
import type { ParsedRule } from './rule-text.ts';
import { commentOf, effectOf, skippedBy } from './rule-words.ts';

type Said = Pick<Wording<LinuxHost>, 'self' | 'a' | 'b' | 'c'>;

const chainNumbered = (self: LinuxHost, number: number): Chain => self.netfilter!.level.numbered[number]!;

/** "nat PREROUTING > KUBE-SERVICES". */
function stageOf({ self, a, b }: Said): string {
  const { table, name } = chainNumbered(self, b);
  const hook = hookNames[a]!;
  if (isNftTable(table)) return `${table} ${hook.toLowerCase()} > ${name}`;
  return name === hook ? `${table} ${hook}` : `${table} ${hook} > ${name}`;
}

interface ReadRule {
  readonly parsed: ParsedRule;
  readonly text: string;
}

/** Rules as read back for print: a line's text never changes. */
const readRules = new WeakMap<RuleLine, ReadRule>();

function readRule({ table }: Chain, line: RuleLine): ReadRule {
  let read = readRules.get(line);
  if (read === undefined) {
    read = { parsed: readLine(table, line.text), text: showLine(table, line.text) };
    readRules.set(line, read);
  }
  return read;
}

/** What records say of a rule: where, its text, and where it comes from. */
function ruleOf(said: Said) {
  const chain = chainNumbered(said.self, said.b);
  const line = bodyOf(chain).lines[said.c];
  if (line === undefined) {
    const rule = `-P ${chain.name} DROP`;
    return { stage: stageOf(said), rule, chain, parsed: undefined, origin: bodyOf(chain).lines[0]?.origin };
  }
  const { parsed, text } = readRule(chain, line);
  return { stage: stageOf(said), rule: text, chain, parsed, origin: line.origin };
}

export const ruleStep = step<LinuxHost>('netfilter-rule', (said) => {
  const { stage, rule, chain, parsed, origin } = ruleOf(said);
  const returns = parsed?.target?.name === 'RETURN' && said.c + 1 < bodyOf(chain).lines.length;
  const because =
    parsed === undefined
      ? ''
      : returns
        ? skippedBy(chain, said.c, parsed)
        : effectOf(parsed, said.before, said.after);
  return { stage, rule, because, origin };
});

export const policyStep = step<LinuxHost>('netfilter-policy', (said) => ({
  stage: stageOf(said),
  because: 'no rule decided: policy ACCEPT',
}));

/** Which line of its chain a rule comes from. */
const placeOf = (chain: Chain, rule: number): number => bodyOf(chain).places?.[rule] ?? rule;

/** A rule before this one that would let the packet through. */
function admit(chain: Chain, number: number, packet: PacketView): string {
  const rule = placeOf(chain, number);
  if (isNftTable(chain.table)) {
    const port = hasPorts(packet.protocol)
      ? `${protocolName(packet.protocol)} dport ${packet.destinationPort} `
      : `meta l4proto ${protocolName(packet.protocol)} `;
    const at =
      rule < 0
        ? `add rule ${chain.table} ${chain.name}`
        : `insert rule ${chain.table} ${chain.name} index ${rule}`;
    return `nft ${at} ip saddr ${formatIpv4(packet.src)} ip daddr ${formatIpv4(packet.dst)} ${port}accept`;
  }
  const ports = hasPorts(packet.protocol) ? ` --dport ${packet.destinationPort}` : '';
  const at = rule < 0 ? `-A ${chain.name}` : `-I ${chain.name} ${rule + 1}`;
  const [command, length] = isIpv6(packet.dst) ? ['ip6tables', 128] : ['iptables', 32];
  return `${command} -t ${chain.table} ${at} -s ${formatIpv4(packet.src)}/${length} -d ${formatIpv4(packet.dst)}/${length} -p ${protocolName(packet.protocol)}${ports} -j ACCEPT`;
}

function refusal(said: Wording<LinuxHost>, verb: string) {
  const { stage, rule, chain, parsed, origin } = ruleOf(said);
  const why = parsed && commentOf(parsed);
  return {
    stage,
    rule,
    because: `${verb} by ${parsed === undefined ? 'the policy' : `rule ${placeOf(chain, said.c) + 1}`} of ${chain.name}${why ? `: ${why}` : ''}`,
    origin,
    fix: admit(chain, said.c, said.before),
  };
}

export const denied = drop<LinuxHost>({
  code: 'netfilter/drop',
  means: 'A rule or the policy of a netfilter chain dropped the packet; the sender is not told.',
  causes: [
    'a Service with externalTrafficPolicy or internalTrafficPolicy Local and no endpoint on this node',
    'a source outside loadBalancerSourceRanges',
    'a host firewall whose rules forget the ports of pods',
  ],
  look: [
    'iptables-save -c on the node: which DROP counter grows',
    'iptables -t raw -A PREROUTING ... -j TRACE',
  ],
  word: (said) => refusal(said, 'dropped'),
});

export const invalidDropped = drop<LinuxHost>({
  code: 'conntrack/invalid',
  means: 'Connection tracking could not place the packet (INVALID), and a rule drops such packets.',
  causes: [
    'the way back is not the way there: this node sees the answer and never saw the request',
    'the connection was forgotten (conntrack table full, or an idle timeout)',
  ],
  look: [
    'conntrack -S: the column invalid',
    'sysctl net.netfilter.nf_conntrack_log_invalid',
    'compare the devices of the request with those of the reply',
  ],
  word: (said) => ({
    ...refusal(said, 'dropped'),
    because: 'conntrack has not seen the connection this packet belongs to, and INVALID packets are dropped',
    fix: 'send the request and its reply through the same node, or set net.netfilter.nf_conntrack_tcp_be_liberal=1 and restart kube-proxy',
  }),
});

function icmpText({ d, before }: Wording<LinuxHost>): string {
  const error = isIpv6(before.dst) ? icmp6Error(d) : d;
  return `ICMP${error === d ? '' : 'v6'} ${error >> 8}/${error & 255}`;
}

export const refused = drop<LinuxHost>({
  code: 'netfilter/reject',
  means: 'A rule of a netfilter chain rejected the packet and told the sender.',
  causes: [
    'the Service has no ready endpoint: kube-proxy rejects its address and ports',
    'a host firewall with REJECT',
  ],
  look: [
    'kubectl get endpointslices: are there ready addresses',
    'iptables-save on the node: the rule named here',
  ],
  word(said) {
    const text = refusal(said, `rejected (${said.d === TCP_RESET ? 'TCP reset' : icmpText(said)})`);
    const noEndpoints = /^(\S+) has no (local )?endpoints$/.exec(text.because.split(': ').at(-1) ?? '');
    return noEndpoints ? { ...text, fix: `give Service ${noEndpoints[1]} a ready endpoint` } : text;
  },
});

/** "1/3" where a share is that of n equal ones, to what 31 random bits can tell; else with six decimals. */
function fraction(share: number): string {
  const parts = Math.round(1 / share);
  return Math.abs(share - 1 / parts) < 1e-8 ? `1/${parts}` : share.toFixed(6);
}

export const statisticChoice = choice<LinuxHost>({
  name: 'statistic',
  nature: 'chance',
  word({ self, a, b, picked, count }) {
    const chain = chainNumbered(self, a);
    const { lines, rules } = bodyOf(chain);
    const { run } = rules[b]!;
    // With rules of the run left out, which they were depends on the packet.
    if (count < run) return `statistic, ${picked + 1} of ${count} in ${chain.name}`;
    let share = picked < run ? rules[b + picked]!.likelihood : 1;
    for (let i = 0; i < picked; i++) share *= 1 - rules[b + i]!.likelihood;
    const line = lines[b + picked];
    const parsed = line && readRule(chain, line).parsed;
    const what = parsed && (commentOf(parsed) ?? `-j ${parsed.target?.name ?? ''}`);
    return `statistic ${fraction(share)} in ${chain.name}${what ? `: ${what}` : ''}`;
  },
});

export const rememberedChoice = choice<LinuxHost>({
  name: 'recent',
  nature: 'chance',
  word({ self, a, b, picked, count }) {
    const chain = chainNumbered(self, a);
    const { lines, rules } = bodyOf(chain);
    const lists = [...new Set(rules.slice(b, b + rules[b]!.run).map(({ list }) => list))];
    // With rules of the run left out, which they were depends on the packet.
    if (count < lists.length) return `the client was seen before, ${picked + 1} of ${count} in ${chain.name}`;
    const line = lines[b + rules.slice(b).findIndex(({ list }) => list === lists[picked])];
    const parsed = line && readRule(chain, line).parsed;
    const what = parsed && (commentOf(parsed) ?? `-j ${parsed.target?.name ?? ''}`);
    return `the client was seen before, ${picked + 1} of ${count} in ${chain.name}${what ? `: ${what}` : ''}`;
  },
});

/** The rule's text, for questions and limits. */
function textOf(self: LinuxHost, chain: number, rule: number): string {
  const found = chainNumbered(self, chain);
  const line = showLine(found.table, bodyOf(found).lines[rule]!.text);
  return isNftTable(found.table)
    ? `table ${found.table}, chain ${found.name}: ${line}`
    : `-t ${found.table} ${line}`;
}

export const didItMatch = choice<LinuxHost>({
  name: 'rule-match',
  nature: 'unknown',
  word({ self, a, b }) {
    const chain = chainNumbered(self, a);
    const { parsed } = readRule(chain, bodyOf(chain).lines[b]!);
    const missing = parsed.matches.filter(({ module }) => module === undefined).map(({ name }) => name);
    const reasons = new Set(parsed.matches.flatMap(({ module }) => module?.unknown ?? []));
    const why =
      missing.length > 0
        ? `match ${missing.join(', ')} is not modelled`
        : [...reasons].join('; ') || 'one of its matches is not known';
    return `whether a rule matches (${why}): ${textOf(self, a, b)}`;
  },
});

export const unknownTarget = choice<LinuxHost>({
  name: 'rule-target',
  nature: 'unknown',
  word: ({ self, a, b }) => `what the target of a rule does to the packet: ${textOf(self, a, b)}`,
});

export const targetNotModelled = note<LinuxHost>({
  name: 'target-not-modelled',
  nature: 'limit',
  word: ({ self, a, b }) => `target not modelled on ${self.kind}/${self.id}: ${textOf(self, a, b)}`,
});

export const matchNotModelled = note<LinuxHost>({
  name: 'match-not-modelled',
  nature: 'limit',
  word: ({ self, a, b }) => `match not modelled on ${self.kind}/${self.id}: ${textOf(self, a, b)}`,
});
