/** Look-ups of nftables: a rule that asks a set or a verdict map is several plain rules, one for each element. What
 *  changes while packets pass (dynamic sets) and what can't be told apart so is left as it is: nobody knows it. */
import type { NftSetSource } from '../rules.ts';

/** More than this is not written out. */
const MAX_ELEMENTS = 65_536;

/** A quoted word, braces with what they hold, or a word. */
const token = /"[^"]*"|\{[^}]*\}|[^\s{}]+/g;
/** Where one key of a concatenation ends and the next begins. */
const DOT = '.';

/** The plain rules of a rule, in order; itself where it asks nothing. */
export function withoutLookups(text: string, sets: readonly NftSetSource[]): readonly string[] {
  const words = text.match(token) ?? [];
  const at = words.findIndex(
    (word, i) => word === 'vmap' || word.startsWith('@') || (word.startsWith('{') && isJoined(words, i)),
  );
  if (at < 0) return [text];
  const verdicts = words[at] === 'vmap';
  const elements = elementsOf(words[verdicts ? at + 1 : at] ?? '', sets, verdicts);
  const start = firstOfKey(words, at);
  const keys = splitAtDots(words.slice(start, at));
  const rest = words.slice(at + (verdicts ? 2 : 1));
  if (elements === undefined || keys.some((key) => key.length === 0)) return [text];
  const inverted = keys[0]!.includes('!=');
  // Nothing is in an empty set.
  if (elements.length === 0) return inverted ? [[...words.slice(0, start), ...rest].join(' ')] : [];
  if (!verdicts && keys.length === 1)
    return [[...words.slice(0, at), `{ ${elements.join(', ')} }`, ...rest].join(' ')];
  if (inverted) return [text];
  const rules: string[] = [];
  for (const element of elements) {
    const [key = '', verdict = ''] = verdicts ? splitOnce(element, ' : ') : [element];
    const values = key.split(` ${DOT} `);
    if (values.length !== keys.length || (verdicts && verdict === '')) return [text];
    const tests = keys.flatMap((words, i) => (values[i] === '*' ? [] : [...words, values[i]!.trim()]));
    rules.push([...words.slice(0, start), ...tests, ...(verdicts ? [verdict] : []), ...rest].join(' '));
  }
  // A second look-up in the same rule.
  return rules.flatMap((rule) => withoutLookups(rule, sets));
}

/** Whether a rule of a table for both families can match IPv6 packets only. */
export function isForIpv6(text: string): boolean {
  return /(^|\s)(ip6|icmpv6|meta nfproto ipv6)\s/.test(text.replace(/"[^"]*"/g, '""'));
}

/** Whether the set at `at` is asked for a concatenation: "ip daddr . tcp dport { ... }". */
function isJoined(words: readonly string[], at: number): boolean {
  return words.slice(firstOfKey(words, at), at).includes(DOT);
}

/** Where the key of a look-up begins: an expression has two words ("ip daddr", "iifname" has one), more with dots. */
function firstOfKey(words: readonly string[], at: number): number {
  let start = at;
  for (;;) {
    if (words[start - 1] === '!=' || words[start - 1] === '==') start--;
    start -= oneWord.has(words[start - 1] ?? '') && words[start - 2] !== 'meta' ? 1 : 2;
    if (words[start - 1] !== DOT) return Math.max(0, start);
    start--;
  }
}

const oneWord = new Set(['iifname', 'oifname', 'iif', 'oif', 'mark']);

function splitAtDots(words: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const word of words)
    if (word === DOT) parts.push([]);
    else parts.at(-1)!.push(word);
  return parts;
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** The elements of "{ a, b }" or of the named set; undefined where they can't be known. */
function elementsOf(
  word: string,
  sets: readonly NftSetSource[],
  verdicts: boolean,
): readonly string[] | undefined {
  if (word.startsWith('{')) {
    const inside = word.slice(1, -1).trim();
    return inside === '' ? [] : inside.split(/\s*,\s*/);
  }
  const found = sets.find(({ name }) => `@${name}` === word);
  if (!found || found.flags.includes('dynamic') || found.elements.length > MAX_ELEMENTS) return undefined;
  if ((found.kind === 'map') !== verdicts || (verdicts && found.to !== 'verdict')) return undefined;
  return found.elements.map(withoutExtras);
}

/** An element without its counter, timeout and comment. */
function withoutExtras(element: string): string {
  const [key, verdict] = splitOnce(element, ' : ');
  const bare = key.replace(/ (timeout|expires|counter|comment) .*$/, '');
  return verdict === '' ? bare : `${bare} : ${verdict}`;
}
