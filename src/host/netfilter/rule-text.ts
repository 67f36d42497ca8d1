/** One rule as text and as parsed: both spellings in, the one of iptables-save out.
 *  What is not understood is kept word for word and marked, so that it can be printed, named, and treated as unknown. */

import { matchNamed } from '../match/matches.ts';
import { type GivenOption, type MatchModule, NO_PARAMETERS, type Parameters } from '../match/module.ts';
import type { TargetModule } from '../target/module.ts';
import { targetNamed } from '../target/targets.ts';
import {
  type HeaderMatch,
  NOT_DST,
  NOT_IN,
  NOT_OUT,
  NOT_PROTOCOL,
  NOT_SRC,
  parseNetwork,
  parseRuleProtocol,
  printHeader,
  printProtocol,
} from './header-match.ts';
import { keepWord, splitWords } from './rule-quoting.ts';

export interface ParsedMatch {
  readonly name: string;
  /** Undefined: not modelled, with the words as written in `parameters`. */
  readonly module: MatchModule | undefined;
  readonly parameters: Parameters;
}

export interface ParsedTarget {
  /** Name of an extension or of a chain. */
  readonly name: string;
  readonly goto: boolean;
  /** Undefined for a chain, and for a target that is not modelled (then `parameters` has its words). */
  readonly module: TargetModule | undefined;
  readonly parameters: Parameters;
}

export interface ParsedRule {
  readonly chain: string;
  readonly header: HeaderMatch;
  readonly matches: readonly ParsedMatch[];
  /** Absent for a rule that only counts. */
  readonly target: ParsedTarget | undefined;
}

/** A `-m` or `-j` while its options are being gathered. */
interface Loaded {
  readonly name: string;
  readonly kind: 'match' | 'jump' | 'goto';
  readonly options: Readonly<Record<string, number>> | undefined;
  readonly given: GivenOption[];
  readonly raw: string[];
}

const headerFlags: Readonly<Record<string, 's' | 'd' | 'i' | 'o' | 'p'>> = {
  '-s': 's',
  '--source': 's',
  '--src': 's',
  '-d': 'd',
  '--destination': 'd',
  '--dst': 'd',
  '-i': 'i',
  '--in-interface': 'i',
  '-o': 'o',
  '--out-interface': 'o',
  '-p': 'p',
  '--protocol': 'p',
  '--proto': 'p',
};

/** Reads "-A CHAIN ...". Leading packet counters ("[0:0]") and a "-t TABLE" are passed over. */
export function parseRule(text: string): ParsedRule {
  const words = splitWords(text);
  let chain = '';
  let [src, srcMask, dst, dstMask, protocol, inverted] = [0, 0, 0, 0, 0, 0];
  let [inName, outName] = ['', ''];
  let fragment: HeaderMatch['fragment'] = 'any';
  const loaded: Loaded[] = [];
  const stray: Loaded = { name: 'option', kind: 'match', options: undefined, given: [], raw: [] };

  for (let i = 0; i < words.length; i++) {
    let word = words[i]!;
    let negated = word === '!';
    if (negated) word = words[++i] ?? '';
    // "--proto" belongs to `-m policy` where that is loaded.
    const field = findOwner(loaded, word) === undefined ? headerFlags[word] : undefined;
    if (field !== undefined && words[i + 1] === '!') {
      // "-d ! 10.0.0.0/8", as iptables before 1.4.3 wrote it.
      negated = true;
      i++;
    }
    const value = words[i + 1] ?? '';
    if (word === '-A' || word === '--append') {
      chain = value;
      i++;
    } else if (word === '-t' || word === '-c') {
      i += word === '-c' ? 2 : 1;
    } else if (word === '-f' || word === '--fragment') {
      fragment = negated ? 'first' : 'later';
    } else if (word === '-m' || word === '--match') {
      loaded.push(load('match', value, matchNamed(value)?.options));
      i++;
    } else if (word === '-j' || word === '--jump' || word === '-g' || word === '--goto') {
      const kind = word === '-g' || word === '--goto' ? 'goto' : 'jump';
      loaded.push(load(kind, value, kind === 'goto' ? {} : targetNamed(value)?.options));
      i++;
    } else if (field === 's' || field === 'd') {
      const network = parseNetwork(value);
      i++;
      if (network === undefined) stray.raw.push(...(negated ? ['!'] : []), word, value);
      else if (field === 's') {
        src = network.base;
        srcMask = network.mask;
        if (negated) inverted |= NOT_SRC;
      } else {
        dst = network.base;
        dstMask = network.mask;
        if (negated) inverted |= NOT_DST;
      }
    } else if (field === 'i') {
      inName = value;
      if (negated) inverted |= NOT_IN;
      i++;
    } else if (field === 'o') {
      outName = value;
      if (negated) inverted |= NOT_OUT;
      i++;
    } else if (field === 'p') {
      const number = parseRuleProtocol(value);
      i++;
      if (number === undefined) stray.raw.push(...(negated ? ['!'] : []), word, value);
      else {
        protocol = number;
        if (negated) inverted |= NOT_PROTOCOL;
      }
    } else if (word.startsWith('[') && loaded.length === 0) {
    } else {
      i += giveOption(loaded, stray, protocol, word, negated, words, i);
    }
  }

  const header = { src, srcMask, dst, dstMask, inName, outName, protocol, fragment, inverted };
  const matches = loaded.filter(({ kind }) => kind === 'match').map((match) => finishMatch(match, protocol));
  if (stray.raw.length > 0) matches.push(finishMatch(stray, protocol));
  const target = loaded.find(({ kind }) => kind !== 'match');
  return { chain, header, matches, target: target && finishTarget(target) };
}

function load(kind: Loaded['kind'], name: string, options: Loaded['options']): Loaded {
  return { name, kind, options, given: [], raw: [] };
}

/** Hands an option to the newest match or target that has it, as iptables does; returns how many words it took. */
function giveOption(
  loaded: Loaded[],
  stray: Loaded,
  protocol: number,
  word: string,
  negated: boolean,
  words: readonly string[],
  at: number,
): number {
  let owner = findOwner(loaded, word);
  if (owner === undefined) {
    // "-p tcp --dport 80" loads the match of the protocol.
    const implicit = matchNamed(printProtocol(protocol));
    if (implicit?.options[word] !== undefined) {
      owner = load('match', implicit.name, implicit.options);
      loaded.push(owner);
    }
  }
  if (owner !== undefined) {
    const count = owner.options![word]!;
    const values = words.slice(at + 1, at + 1 + count);
    owner.given.push({ name: word, not: negated, values });
    owner.raw.push(...(negated ? ['!'] : []), word, ...values);
    return count;
  }
  // Nobody knows it: it belongs to the newest match or target that nobody knows, else to the rule.
  const last = loaded.at(-1);
  const raw = last !== undefined && last.options === undefined ? last.raw : stray.raw;
  raw.push(...(negated ? ['!'] : []), word);
  return 0;
}

function findOwner(loaded: readonly Loaded[], word: string): Loaded | undefined {
  for (let i = loaded.length - 1; i >= 0; i--) if (loaded[i]!.options?.[word] !== undefined) return loaded[i];
  return undefined;
}

function finishMatch({ name, given, raw }: Loaded, protocol: number): ParsedMatch {
  const module = matchNamed(name);
  // "-m tcp" without options says no more than "-p tcp".
  if (module !== undefined && given.length === 0 && name === printProtocol(protocol))
    return { name, module, parameters: NO_PARAMETERS };
  const parameters = module?.parse(given, protocol);
  return parameters === undefined
    ? { name, module: undefined, parameters: { numbers: [], words: raw.map(keepWord) } }
    : { name, module, parameters };
}

function finishTarget({ name, kind, given, raw }: Loaded): ParsedTarget {
  const goto = kind === 'goto';
  const module = goto ? undefined : targetNamed(name);
  const parameters = module?.parse(given);
  return parameters === undefined
    ? { name, goto, module: undefined, parameters: { numbers: [], words: raw.map(keepWord) } }
    : { name, goto, module, parameters };
}

/** The rule as `iptables-save` prints it. */
export function printRule(rule: ParsedRule): string {
  return [
    '-A',
    rule.chain,
    ...printHeader(rule.header),
    ...rule.matches.map(printMatch),
    printTarget(rule.target),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function printMatch({ name, module, parameters }: ParsedMatch): string {
  if (module === undefined)
    return name === 'option' ? parameters.words.join(' ') : ['-m', name, ...parameters.words].join(' ');
  return ['-m', name, ...(parameters === NO_PARAMETERS ? [] : [module.print(parameters)])]
    .filter((part) => part !== '')
    .join(' ');
}

function printTarget(target: ParsedTarget | undefined): string {
  if (target === undefined) return '';
  const options = target.module ? target.module.print(target.parameters) : target.parameters.words.join(' ');
  return [target.goto ? '-g' : '-j', target.name, options].filter((part) => part !== '').join(' ');
}

/** Any accepted spelling of a rule, as `iptables-save` prints it. */
export function canonicalRule(text: string): string {
  return printRule(parseRule(text));
}
