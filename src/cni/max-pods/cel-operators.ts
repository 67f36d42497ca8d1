/** Operators and conversions of CEL (cel-spec, "Standard definitions"): their types, and their values when asked for. */
import { CelFault } from './cel-tokens.ts';

type Type = 'int' | 'double' | 'bool';
type Value = bigint | number | boolean;

/** A part of an expression: its type is known before its value is computed. */
export interface Node {
  readonly type: Type;
  /** Throws CelFault. */
  readonly value: () => Value;
}

/** An error on one side does not matter where the other side decides. */
export function logical(sign: '&&' | '||', left: Node, right: Node): Node {
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

export function comparison(sign: string, left: Node, right: Node): Node {
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

export function arithmetic(sign: string, left: Node, right: Node): Node {
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

export function checked(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new CelFault('fails: integer overflow');
  return value;
}

/** Towards zero; a truth value is no number. */
export function toInt(value: Value, what: string): bigint {
  if (typeof value === 'boolean') throw new CelFault(`gives no number: ${what} is ${value}`);
  if (typeof value === 'bigint') return value;
  if (!Number.isFinite(value)) throw new CelFault('fails: integer overflow');
  return checked(BigInt(Math.trunc(value)));
}

export function noOverload(name: string, nodes: readonly Node[]): CelFault {
  const types = nodes.map(({ type }) => type).join(', ');
  return new CelFault(`does not compile: found no matching overload for '${name}' applied to '(${types})'`);
}
