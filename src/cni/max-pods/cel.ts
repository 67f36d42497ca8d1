/** Numbers by CEL, the Common Expression Language (cel-spec, "Syntax" and "Standard definitions"), as nodeadm's
 *  maxPodsExpression uses it: whole numbers of 64 bits, doubles, truth values, their operators, `?:`, int() and
 *  double(). Types are checked before anything is computed: CEL has no int + double. */
import { arithmetic, checked, comparison, logical, type Node, noOverload, toInt } from './cel-operators.ts';
import { CelFault, type Token, tokensOf } from './cel-tokens.ts';

/** cel-go refuses what is nested deeper. */
const MAX_DEPTH = 250;
const MAX_LENGTH = 10_000;

/** `fault` is why nodeadm takes the standard value; with `beyond` it may not: this program cannot read it. */
export type CelResult = { readonly value: number } | { readonly fault: string; readonly beyond: boolean };

/** The expression's value as a whole number. A variable whose value is undefined exists and is not known here. */
export function evaluateCel(
  expression: string,
  variables: Readonly<Record<string, number | undefined>>,
): CelResult {
  try {
    if (expression.length > MAX_LENGTH) throw new CelFault(`is longer than ${MAX_LENGTH} characters`, true);
    const node = new Parser(tokensOf(expression), variables).whole();
    return { value: Number(toInt(node.value(), 'the result')) };
  } catch (error) {
    if (!(error instanceof CelFault)) throw error;
    return { fault: error.message, beyond: error.beyond };
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #variables: Readonly<Record<string, number | undefined>>;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], variables: Readonly<Record<string, number | undefined>>) {
    this.#tokens = tokens;
    this.#variables = variables;
  }

  whole(): Node {
    const node = this.#choice();
    if (this.#next.kind !== 'end') throw this.#unexpected();
    return node;
  }

  #choice(): Node {
    if (++this.#depth > MAX_DEPTH) throw new CelFault(`does not compile: nested deeper than ${MAX_DEPTH}`);
    const condition = this.#either();
    this.#depth--;
    if (!this.#take('?')) return condition;
    const yes = this.#either();
    this.#expect(':');
    const no = this.#choice();
    if (condition.type !== 'bool' || yes.type !== no.type) throw noOverload('_?_:_', [condition, yes, no]);
    return { type: yes.type, value: () => (condition.value() ? yes.value() : no.value()) };
  }

  #either(): Node {
    let left = this.#both();
    while (this.#take('||')) left = logical('||', left, this.#both());
    return left;
  }

  #both(): Node {
    let left = this.#relation();
    while (this.#take('&&')) left = logical('&&', left, this.#relation());
    return left;
  }

  #relation(): Node {
    let left = this.#sum();
    for (
      let sign = this.#oneOf(['<', '<=', '>', '>=', '==', '!=']);
      sign;
      sign = this.#oneOf(['<', '<=', '>', '>=', '==', '!='])
    )
      left = comparison(sign, left, this.#sum());
    return left;
  }

  #sum(): Node {
    let left = this.#product();
    for (let sign = this.#oneOf(['+', '-']); sign; sign = this.#oneOf(['+', '-']))
      left = arithmetic(sign, left, this.#product());
    return left;
  }

  #product(): Node {
    let left = this.#unary();
    for (let sign = this.#oneOf(['*', '/', '%']); sign; sign = this.#oneOf(['*', '/', '%']))
      left = arithmetic(sign, left, this.#unary());
    return left;
  }

  #unary(): Node {
    const sign = this.#beginsNumber() ? undefined : this.#oneOf(['-', '!']);
    if (!sign) return this.#primary();
    let times = 1;
    while (!this.#beginsNumber() && this.#take(sign)) times++;
    const inner = this.#primary();
    // cel-go's parser drops an even number of them before types are checked.
    if (times % 2 === 0) return inner;
    if (sign === '!' ? inner.type !== 'bool' : inner.type === 'bool') throw noOverload(`${sign}_`, [inner]);
    const { type } = inner;
    if (type === 'bool') return { type, value: () => !inner.value() };
    return {
      type,
      value: type === 'int' ? () => checked(-(inner.value() as bigint)) : () => -(inner.value() as number),
    };
  }

  /** A sign before a number is part of it. */
  #beginsNumber(): boolean {
    const after = this.#tokens[this.#at + 1];
    return this.#next.text === '-' && (after?.kind === 'int' || after?.kind === 'double');
  }

  #primary(): Node {
    const negative = this.#beginsNumber() && this.#take('-');
    const token = this.#next;
    if (token.kind === 'int') {
      this.#at++;
      const number = BigInt(token.text);
      const signed = checked(negative ? -number : number);
      return { type: 'int', value: () => signed };
    }
    if (token.kind === 'double') {
      this.#at++;
      const signed = negative ? -Number(token.text) : Number(token.text);
      return { type: 'double', value: () => signed };
    }
    if (token.kind === 'name') {
      this.#at++;
      return this.#take('(') ? this.#call(token) : this.#variable(token);
    }
    if (!this.#take('(')) throw this.#unexpected();
    const inner = this.#choice();
    this.#expect(')');
    return inner;
  }

  #call({ text, column }: Token): Node {
    const words = ['size', 'string', 'uint', 'bool', 'bytes', 'type', 'dyn', 'has', 'duration', 'timestamp'];
    if (words.includes(text))
      throw new CelFault(`calls ${text}() at column ${column}: only int() and double() are modelled`, true);
    if (text !== 'int' && text !== 'double')
      throw new CelFault(`does not compile: undeclared reference to '${text}'`);
    const inner = this.#choice();
    this.#expect(')');
    if (inner.type === 'bool') throw noOverload(text, [inner]);
    return text === 'int'
      ? { type: 'int', value: () => toInt(inner.value(), 'int()') }
      : { type: 'double', value: () => Number(inner.value()) };
  }

  #variable({ text }: Token): Node {
    if (text === 'true' || text === 'false') return { type: 'bool', value: () => text === 'true' };
    if (text === 'null' || text === 'in') throw new CelFault(`has ${text}: only numbers are modelled`, true);
    if (!Object.hasOwn(this.#variables, text))
      throw new CelFault(`does not compile: undeclared reference to '${text}'`);
    const value = this.#variables[text];
    if (value === undefined) throw new CelFault(`needs ${text}, which is not known of this type`, true);
    return { type: 'int', value: () => BigInt(value) };
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #take(sign: string): boolean {
    if (this.#next.kind !== 'sign' || this.#next.text !== sign) return false;
    this.#at++;
    return true;
  }

  #oneOf(signs: readonly string[]): string | undefined {
    const { kind, text } = this.#next;
    return kind === 'sign' && signs.includes(text) && this.#take(text) ? text : undefined;
  }

  #expect(sign: string): void {
    if (!this.#take(sign)) throw this.#unexpected();
  }

  #unexpected(): CelFault {
    const { kind, text, column } = this.#next;
    return new CelFault(
      kind === 'end'
        ? 'does not compile: it ends too early'
        : `does not compile: ${text} at column ${column}`,
    );
  }
}
