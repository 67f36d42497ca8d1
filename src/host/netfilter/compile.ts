/** Chains as the interpreter runs them: plain data, made from the text at the first packet that enters a chain. */
import { type Classifier, classifier, FIELD, type Test } from '../../addressing/classifier.ts';
import { isIpv6 } from '../../addressing/ip6.ts';
import { CT_INVALID } from '../flow.ts';
import { matchCode, NEVER } from '../match/matches.ts';
import { NO_PARAMETERS } from '../match/module.ts';
import { likelihood, statistic, throwsDice } from '../match/other.ts';
import { prefix6 } from '../match/prefix6.ts';
import { asksRecent, recent } from '../match/recent.ts';
import { isForIpv6, withoutLookups } from '../nft/lookups.ts';
import type { BaseChain, ChainSource, NftSetSource, RuleLine, TableSource } from '../rules.ts';
import { ACCEPT, DROP, GOTO, JUMP, NEXT_RULE, RETURN, type TargetModule, UNKNOWN } from '../target/module.ts';
import { isNftTable } from './base-chains.ts';
import { type HeaderMatch, NOT_DST, NOT_PROTOCOL, NOT_SRC } from './header-match.ts';
import { oddsOf } from './odds.ts';
import { readLine } from './rule-line.ts';
import type { ParsedMatch, ParsedRule, ParsedTarget } from './rule-text.ts';

/** What the interpreter does itself, before it asks an extension. */
export const EXTENSION = 8;
export type Action =
  | typeof NEXT_RULE
  | typeof ACCEPT
  | typeof DROP
  | typeof RETURN
  | typeof UNKNOWN
  | typeof JUMP
  | typeof GOTO
  | typeof EXTENSION;

export interface CompiledRule {
  readonly src: number;
  readonly srcMask: number;
  readonly dst: number;
  readonly dstMask: number;
  readonly protocol: number;
  readonly inverted: number;
  /** Empty for any; the text before the `+` where `wild`. */
  readonly inName: string;
  readonly inWild: boolean;
  readonly outName: string;
  readonly outWild: boolean;
  /** Neither inverted nor about interfaces: the common case. */
  readonly plain: boolean;
  /** The matches: number, how many numbers follow, the numbers. */
  readonly code: Int32Array;
  /** Of a `statistic` match; -1 without one. */
  readonly likelihood: number;
  /** How many rules from here on, this one included, have a `statistic` match, or all ask a `recent` list. */
  readonly run: number;
  /** List of recently seen addresses that the rule asks; -1 for none. */
  readonly list: number;
  readonly action: Action;
  readonly target: TargetModule | undefined;
  readonly numbers: readonly number[];
  /** Chain of a jump. */
  readonly chain: string;
  /** Asks for packets that conntrack can't place. */
  readonly wantsInvalid: boolean;
  /** Where the jump last led, and for which host's rule set: a shared rule may lead elsewhere on another host. */
  jumpedIn: object | undefined;
  jumpedTo: Chain | undefined;
}

export interface ChainBody {
  /** By rule. A line that asks a set of nftables is there once for each plain rule it stands for. */
  readonly lines: readonly RuleLine[];
  /** By rule, where they are not the same: the number of its line in the chain as it was written. */
  readonly places: readonly number[] | undefined;
  readonly rules: readonly CompiledRule[];
  /** By the first rule of a run of `statistic` rules that ask for nothing else: how likely each is the first to fire,
   *  and last that none does. */
  readonly odds: ReadonlyMap<number, Float64Array>;
  /** Only where there is something to hash. */
  readonly index: Classifier | undefined;
}

/** A chain: who writes it, and once it has been entered what that means. Shared between hosts that share the source. */
export interface Chain {
  readonly table: TableSource['table'];
  readonly name: string;
  /** Undefined for a user chain. */
  readonly base: BaseChain | undefined;
  readonly policy: typeof ACCEPT | typeof DROP;
  /** What its rules look up, where it is one of nftables. */
  readonly sets: readonly NftSetSource[];
  /** One, or several for a base chain. Their rules may be written only when they are read. */
  readonly sources: readonly ChainSource[];
  body: ChainBody | undefined;
  /** Its number in records, and in those of which rule set. */
  number: number;
  numberedIn: object | undefined;
}

/** Chains shorter than this are scanned. */
const SHORTEST_INDEXED = 16;

export function bodyOf(chain: Chain): ChainBody {
  chain.body ??= compileChain(chain);
  return chain.body;
}

const linesOf = ({ sources }: Chain): readonly RuleLine[] =>
  sources.length === 1 ? sources[0]!.rules : sources.flatMap(({ rules }) => [...rules]);

function compileChain(chain: Chain): ChainBody {
  const { table } = chain;
  const { lines, places } = plainLines(chain);
  const parsed = lines.map((line) => readLine(table, line.text));
  const rules: CompiledRule[] = new Array(parsed.length);
  let run = 0;
  let of: 'dice' | 'lists' | 'nothing' = 'nothing';
  for (let i = parsed.length - 1; i >= 0; i--) {
    const chance = chanceOf(parsed[i]!);
    const list = listOf(parsed[i]!);
    const now = chance >= 0 ? 'dice' : list >= 0 ? 'lists' : 'nothing';
    run = now === 'nothing' ? 0 : now === of ? run + 1 : 1;
    of = now;
    rules[i] = compileRule(parsed[i]!, chance, list, run);
  }
  const tests = parsed.length >= SHORTEST_INDEXED ? parsed.map(testsOf) : [];
  return {
    lines,
    places,
    rules,
    odds: oddsOf(rules),
    index: tests.some((test) => test.length > 0) ? classifier(tests) : undefined,
  };
}

/** The lines with what they look up written out. */
function plainLines(chain: Chain): Pick<ChainBody, 'lines' | 'places'> {
  const written = linesOf(chain);
  if (!isNftTable(chain.table)) return { lines: written, places: undefined };
  const lines: RuleLine[] = [];
  const places: number[] = [];
  written.forEach((line, place) => {
    if (isForIpv6(line.text)) return;
    for (const text of withoutLookups(line.text, chain.sets)) {
      lines.push(text === line.text ? line : { ...line, text });
      places.push(place);
    }
  });
  return { lines, places };
}

const isDice = ({ module, parameters }: ParsedMatch): boolean =>
  module === statistic && throwsDice(parameters.numbers);

function chanceOf(rule: ParsedRule): number {
  const dice = rule.matches.filter(isDice);
  return dice.length === 0 ? -1 : dice.reduce((p, { parameters }) => p * likelihood(parameters.numbers), 1);
}

/** Place of the list's number among those of the match. */
const LIST = 7;

function listOf({ matches }: ParsedRule): number {
  const asked = matches.find(({ module, parameters }) => module === recent && asksRecent(parameters.numbers));
  return asked?.parameters.numbers[LIST] ?? -1;
}

function compileRule(rule: ParsedRule, chance: number, list: number, run: number): CompiledRule {
  const { matches, target } = rule;
  const { header, code: prefixes } = withoutPrefixes(rule.header);
  const inWild = header.inName.endsWith('+');
  const outWild = header.outName.endsWith('+');
  return {
    src: header.src,
    srcMask: header.srcMask,
    dst: header.dst,
    dstMask: header.dstMask,
    protocol: header.protocol,
    inverted: header.inverted,
    inName: inWild ? header.inName.slice(0, -1) : header.inName,
    inWild,
    outName: outWild ? header.outName.slice(0, -1) : header.outName,
    outWild,
    plain: header.inverted === 0 && header.inName === '' && header.outName === '',
    code: asCode([
      ...prefixes,
      // No packet of the model is a fragment.
      ...(header.fragment === 'later' ? NEVER : []),
      ...matches.flatMap((match) => codeOf(match, bears(target))),
    ]),
    likelihood: chance,
    run,
    list,
    action: actionOf(target),
    target: target?.module,
    numbers: target?.parameters.numbers ?? [],
    chain: target !== undefined && target.module === undefined ? target.name : '',
    wantsInvalid: matches.some(
      ({ module, parameters: { numbers } }) =>
        (module?.name === 'conntrack' || module?.name === 'state') &&
        numbers[1] === 0 &&
        ((numbers[0] ?? 0) & CT_INVALID) !== 0,
    ),
    jumpedIn: undefined,
    jumpedTo: undefined,
  };
}

/** An IPv6 network takes four words to compare, so it is a match; the header keeps single addresses. */
function withoutPrefixes(header: HeaderMatch): { readonly header: HeaderMatch; readonly code: number[] } {
  const { src, srcMask, dst, dstMask, inverted } = header;
  const code: number[] = [];
  let rest = header;
  if (isPrefix6(src, srcMask)) {
    code.push(...prefixCode(0, src, srcMask, inverted & NOT_SRC));
    rest = { ...rest, srcMask: 0, inverted: rest.inverted & ~NOT_SRC };
  }
  if (isPrefix6(dst, dstMask)) {
    code.push(...prefixCode(1, dst, dstMask, inverted & NOT_DST));
    rest = { ...rest, dstMask: 0, inverted: rest.inverted & ~NOT_DST };
  }
  return { header: rest, code };
}

const isPrefix6 = (base: number, mask: number): boolean => mask > 0 && isIpv6(base);

function prefixCode(side: number, base: number, length: number, inverted: number): number[] {
  return matchCode(prefix6, { numbers: [side, base, length, inverted === 0 ? 0 : 1], words: [] }, false);
}

const NO_CODE = new Int32Array(0);

const asCode = (numbers: readonly number[]): Int32Array =>
  numbers.length > 0 ? Int32Array.from(numbers) : NO_CODE;

/** Matches that hold for every packet, and the bare "-m tcp", need no code. */
function codeOf({ module, parameters }: ParsedMatch, decides: boolean): number[] {
  return module?.always || (module && parameters === NO_PARAMETERS)
    ? []
    : matchCode(module, parameters, decides);
}

/** Whether it matters if the rule matches: counting and logging don't. */
const bears = (target: ParsedTarget | undefined): boolean =>
  target !== undefined && target.module?.noEffect !== true;

function actionOf(target: ParsedTarget | undefined): Action {
  if (target === undefined) return NEXT_RULE;
  if (target.goto) return GOTO;
  if (target.module === undefined) return target.parameters.words.length > 0 ? UNKNOWN : JUMP;
  if (target.name === 'ACCEPT') return ACCEPT;
  if (target.name === 'DROP') return DROP;
  return target.name === 'RETURN' ? RETURN : EXTENSION;
}

/** The equality tests of a rule: addresses, protocol, and single ports of the tcp, udp and sctp matches. */
function testsOf({ header: written, matches }: ParsedRule): Test[] {
  const tests: Test[] = [];
  const header = withoutPrefixes(written).header;
  if (header.srcMask && !(header.inverted & NOT_SRC))
    tests.push({ field: FIELD.src, mask: header.srcMask, value: header.src });
  if (header.dstMask && !(header.inverted & NOT_DST))
    tests.push({ field: FIELD.dst, mask: header.dstMask, value: header.dst });
  if (header.protocol && !(header.inverted & NOT_PROTOCOL))
    tests.push({ field: FIELD.protocol, mask: -1, value: header.protocol });
  for (const { module, parameters } of matches) {
    if (module?.name !== 'tcp' && module?.name !== 'udp' && module?.name !== 'sctp') continue;
    const [low = 0, high = 65535, inv, dLow = 0, dHigh = 65535, dInv] = parameters.numbers;
    if (low === high && !inv) tests.push({ field: FIELD.sourcePort, mask: -1, value: low });
    if (dLow === dHigh && !dInv) tests.push({ field: FIELD.destinationPort, mask: -1, value: dLow });
  }
  return tests;
}
