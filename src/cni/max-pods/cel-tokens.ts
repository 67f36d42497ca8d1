/** The words of a CEL expression (cel-spec, "Syntax"), as far as sums of numbers need them. */

export interface Token {
  readonly kind: 'int' | 'double' | 'name' | 'sign' | 'end';
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

/** Why an expression gives no value. */
export class CelFault extends Error {
  /** CEL has it, and this program does not: what nodeadm would make of it is not known. */
  readonly beyond: boolean;

  constructor(message: string, beyond = false) {
    super(message);
    this.beyond = beyond;
  }
}

const SIGNS = [
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '+',
  '-',
  '*',
  '/',
  '%',
  '<',
  '>',
  '!',
  '?',
  ':',
  '(',
  ')',
  ',',
];

/** One word from where the expression is read on; groups: blank, double, int, name, sign. */
const WORD = new RegExp(
  [
    '(\\s+|//[^\\n]*)',
    '(\\d*\\.\\d+(?:[eE][+-]?\\d+)?|\\d+[eE][+-]?\\d+)',
    '(0[xX][\\da-fA-F]+|\\d+)',
    '([A-Za-z_]\\w*)',
    `(${SIGNS.map((sign) => sign.replace(/[|+*?()/]/g, '\\$&')).join('|')})`,
  ].join('|'),
  'y',
);

/** Throws CelFault at a character that begins no word. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < expression.length) {
    WORD.lastIndex = at;
    const match = WORD.exec(expression);
    if (!match) throw unreadable(expression, at);
    const [text, blank, double, int, name] = match;
    const column = at + 1;
    at += text.length;
    if (blank !== undefined) continue;
    if ((int ?? double) !== undefined && /[\w.]/.test(expression[at] ?? '')) throw unreadable(expression, at);
    const kind =
      double !== undefined ? 'double' : int !== undefined ? 'int' : name !== undefined ? 'name' : 'sign';
    tokens.push({ kind, text, column });
  }
  return [...tokens, { kind: 'end', text: '', column: at + 1 }];
}

/** Texts, lists, maps, members and unsigned numbers are CEL that nobody needs for a number of pods. */
function unreadable(expression: string, at: number): CelFault {
  const character = expression[at]!;
  return '"\'[]{}.u'.includes(character)
    ? new CelFault(`has ${character} at column ${at + 1}: only numbers are modelled`, true)
    : new CelFault(`does not compile: ${character} at column ${at + 1}`);
}
