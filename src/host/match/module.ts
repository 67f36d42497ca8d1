/** The shape of a match: parse, print and evaluate in one entry (libxt_NAME.c and xt_NAME.c in one). */
import type { Flow } from '../flow.ts';

/** What a match says of a packet. The last two: nobody can know, and this is the side that a trace shows. */
export const NO = 0;
export const YES = 1;
export const MAYBE_YES = 2;
export const MAYBE_NO = 3;
export type Answer = 0 | 1 | 2 | 3;

/** One option as written: `! --dport 80` is { name: '--dport', not: true, values: ['80'] }. */
export interface GivenOption {
  readonly name: string;
  readonly not: boolean;
  readonly values: readonly string[];
}

/** A parsed match or target: numbers for the evaluation, words for what is only printed. */
export interface Parameters {
  readonly numbers: readonly number[];
  readonly words: readonly string[];
}

/** Of a match without options: "-m tcp" behind "-p tcp" says nothing more. */
export const NO_PARAMETERS: Parameters = { numbers: [], words: [] };

export interface MatchModule {
  readonly name: string;
  /** What it is that nobody knows where the answer is a MAYBE: "which port it is". */
  readonly unknown?: string;
  /** Of a match that remembers: what is taken for granted of it before the trace, as a clause. */
  startsEmpty?(numbers: readonly number[]): string | undefined;
  /** How many words each option takes. */
  readonly options: Readonly<Record<string, number>>;
  /** True for matches that hold for every packet: they are printed, never evaluated. */
  readonly always?: true;
  /** Undefined: well-formed perhaps, but not modelled in this form. `protocol` is that of the rule's -p, 0 for none. */
  parse(given: readonly GivenOption[], protocol: number): Parameters | undefined;
  /** The options as iptables-save prints them, without "-m NAME". */
  print(parameters: Parameters): string;
  /** `code[at]` is the first of the numbers. */
  evaluate(code: Int32Array, at: number, flow: Flow): Answer;
}

/** The option's value, undefined when it was not given. */
export function givenValue(given: readonly GivenOption[], ...names: readonly string[]): string | undefined {
  return given.find((option) => names.includes(option.name))?.values[0];
}

export function isInverted(given: readonly GivenOption[], ...names: readonly string[]): 0 | 1 {
  return given.find((option) => names.includes(option.name))?.not ? 1 : 0;
}

export const has = (given: readonly GivenOption[], name: string): 0 | 1 =>
  given.some((option) => option.name === name) ? 1 : 0;

export function answer(holds: boolean): Answer {
  return holds ? YES : NO;
}

export const not = (inverted: number | boolean | undefined): string => (inverted ? '! ' : '');

/** The answer of a match with "!" before it. */
export function inverted(result: Answer, invert: number | undefined): Answer {
  if (!invert) return result;
  return result === YES ? NO : result === NO ? YES : result === MAYBE_YES ? MAYBE_NO : MAYBE_YES;
}

/** Both must hold; what is unknown stays unknown unless the other says no. */
export function both(a: Answer, b: Answer): Answer {
  if (a === NO || b === NO) return NO;
  if (a === YES) return b;
  if (b === YES) return a;
  return a === MAYBE_YES && b === MAYBE_YES ? MAYBE_YES : MAYBE_NO;
}
