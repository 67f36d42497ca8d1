/** Rules compared as iptables understands them: one spelling for the texts that mean the same rule. */
import { InputError, type NodeRule, type NodeRulesOptions, rulesOf, type World } from '../../index.ts';

/** The rules of the case's node. */
export function nodeRules(world: World, node: string, options: NodeRulesOptions): readonly NodeRule[] {
  const rules = rulesOf(world, node, options);
  if (!rules.ok) throw new InputError(rules.issues);
  return rules.value;
}

/** A rule as its parts, sorted: "! -s 10.0.0.0/8", "-m comment", "--comment ns1/svc1:p80 cluster IP". */
export function partsOf(rule: string): readonly string[] {
  const parts: string[] = [];
  let negated = false;
  for (const word of wordsOf(rule)) {
    if (word === '!') negated = true;
    else if (/^--?[a-z]/i.test(word)) {
      parts.push(`${negated ? '! ' : ''}${word}`);
      negated = false;
    } else parts.push(`${parts.pop() ?? ''} ${word}`);
  }
  return parts
    .map(spelling)
    .filter((part) => part !== '')
    .sort();
}

/** Words, with quotes taken off and what they hold together kept. */
function wordsOf(rule: string): string[] {
  return [...rule.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replace(/^(?=-)/, ' ').replace(/\\(.)/g, '$1'),
  );
}

/** What iptables-save would print; empty for what it leaves out. */
function spelling(part: string): string {
  const address = /^((?:! )?-[sd]) ([^/]+)$/.exec(part);
  if (address) return `${address[1]} ${address[2]}/${address[2]!.includes(':') ? 128 : 32}`;
  const mark = /^--(or|xor|and)-mark (\S+)$/.exec(part);
  if (mark?.[1] === 'or') return `--set-xmark ${mark[2]}/${mark[2]}`;
  if (mark?.[1] === 'xor') return `--set-xmark ${mark[2]}/0x0`;
  const probability = /^--probability (\S+)$/.exec(part);
  if (probability) return `--probability ${kept(probability[1]!)}`;
  return defaults.has(part) ? '' : part;
}

/** The kernel keeps 31 bits of a probability (libxt_statistic). */
const kept = (probability: string): number => Math.round(Number(probability) * 2 ** 31);

/** What is so where nothing is said. */
const defaults = new Set([
  '-m tcp',
  '-m udp',
  '-m sctp',
  '--reject-with icmp-port-unreachable',
  '--reject-with icmp6-port-unreachable',
  '--mask 255.255.255.255',
  '--mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  '--rsource',
]);

/** The probability that a rule's text says, in the kernel's 31 bits. */
export function probabilityOf(rule: string): number | undefined {
  const found = /--probability (\S+)/.exec(rule);
  return found ? kept(found[1]!) : undefined;
}
