/** Numbers by CEL, the Common Expression Language (cel-spec, "Syntax" and "Standard definitions"), as nodeadm's
 *  maxPodsExpression uses it: whole numbers of 64 bits, doubles, truth values, their operators, `?:`, int() and
 *  double(). Types are checked before anything is computed: CEL has no int + double. */
import { CelFault, type Token, tokensOf } from './cel-tokens.ts';

type Type = 'int' | 'double' | 'bool';
type Value = bigint | number | boolean;

interface Node {
  readonly type: Type;
  readonly value: () => Value;
}

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
    const sign = this.#oneOf(['-', '!']);
    if (!sign) return this.#primary();
    let times = 1;
    while (this.#take(sign)) times++;
    const inner = this.#primary();
    if (sign === '!' ? inner.type !== 'bool' : inner.type === 'bool') throw noOverload(`${sign}_`, [inner]);
    if (times % 2 === 0) return inner;
    const { type } = inner;
    if (type === 'bool') return { type, value: () => !inner.value() };
    return {
      type,
      value: type === 'int' ? () => checked(-(inner.value() as bigint)) : () => -(inner.value() as number),
    };
  }

  #primary(): Node {
    const token = this.#next;
    if (token.kind === 'int') {
      this.#at++;
      const number = checked(BigInt(token.text));
      return { type: 'int', value: () => number };
    }
    if (token.kind === 'double') {
      this.#at++;
      return { type: 'double', value: () => Number(token.text) };
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

/** An error on one side does not matter where the other side decides. */
function logical(sign: '&&' | '||', left: Node, right: Node): Node {
  if (left.type !== 'bool' || right.type !== 'bool') throw noOverload(`_${sign}_`, [left, right]);
  const deciding = sign === '||';
  return {
    type: 'bool',
    value: () => {
      let fault: unknown;
      for (const side of [left, right])
        try {
          if (side.value() === deciding) return deciding;
        } catch (error) {
          fault = error;
        }
      if (fault !== undefined) throw fault;
      return !deciding;
    },
  };
}

function comparison(sign: string, left: Node, right: Node): Node {
  if (left.type !== right.type) throw noOverload(`_${sign}_`, [left, right]);
  const compare: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
    '<': (a, b) => a < b,
    '<=': (a, b) => a <= b,
    '>': (a, b) => a > b,
    '>=': (a, b) => a >= b,
    '==': (a, b) => a === b,
    '!=': (a, b) => a !== b,
  };
  return { type: 'bool', value: () => compare[sign]!(left.value(), right.value()) };
}

function arithmetic(sign: string, left: Node, right: Node): Node {
  const { type } = left;
  if (type === 'bool' || type !== right.type || (type === 'double' && sign === '%'))
    throw noOverload(`_${sign}_`, [left, right]);
  if (type === 'int')
    return { type, value: () => ofInts(sign, left.value() as bigint, right.value() as bigint) };
  return { type, value: () => ofDoubles(sign, left.value() as number, right.value() as number) };
}

function ofInts(sign: string, a: bigint, b: bigint): bigint {
  if (b === 0n && sign === '/') throw new CelFault('fails: division by zero');
  if (b === 0n && sign === '%') throw new CelFault('fails: modulus by zero');
  const results: Readonly<Record<string, () => bigint>> = {
    '+': () => a + b,
    '-': () => a - b,
    '*': () => a * b,
    '/': () => a / b,
    '%': () => a % b,
  };
  return checked(results[sign]!());
}

function ofDoubles(sign: string, a: number, b: number): number {
  return sign === '+' ? a + b : sign === '-' ? a - b : sign === '*' ? a * b : a / b;
}

function checked(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new CelFault('fails: integer overflow');
  return value;
}

/** Towards zero; a truth value is no number. */
function toInt(value: Value, what: string): bigint {
  if (typeof value === 'boolean') throw new CelFault(`gives no number: ${what} is ${value}`);
  if (typeof value === 'bigint') return value;
  if (!Number.isFinite(value)) throw new CelFault('fails: integer overflow');
  return checked(BigInt(Math.trunc(value)));
}

function noOverload(name: string, nodes: readonly Node[]): CelFault {
  const types = nodes.map(({ type }) => type).join(', ');
  return new CelFault(`does not compile: found no matching overload for '${name}' applied to '(${types})'`);
}
