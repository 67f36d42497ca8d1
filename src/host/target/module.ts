/** The shape of a target: parse, print and execute in one entry (libxt_NAME.c and xt_NAME.c in one). */
import type { Flow } from '../flow.ts';
import type { GivenOption, Parameters } from '../match/module.ts';

/** What the interpreter does after a rule that matched. */
export const NEXT_RULE = 0;
export const ACCEPT = 1;
export const DROP = 2;
export const RETURN = 3;
/** Drop and tell the sender, as `flow.rejectWith` says. */
export const REJECT = 4;
/** What the target does is not modelled. */
export const UNKNOWN = 5;
export const JUMP = 6;
export const GOTO = 7;
export type TargetVerdict = 0 | 1 | 2 | 3 | 4 | 5;

export interface TargetModule {
  readonly name: string;
  readonly options: Readonly<Record<string, number>>;
  /** It does not bear on where packets go: LOG, TRACE. */
  readonly noEffect?: boolean;
  /** Undefined: not modelled in this form. */
  parse(given: readonly GivenOption[]): Parameters | undefined;
  print(parameters: Parameters): string;
  /** Records its own step, before it changes the header. */
  execute(numbers: readonly number[], flow: Flow): TargetVerdict;
}
