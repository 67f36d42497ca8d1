/** Numbers by CEL, as maxPodsExpression has them. */
import { describe, expect, test } from 'vitest';
import { evaluateCel } from '../../src/cni/max-pods/cel.ts';

const m5large = { default_enis: 3, ips_per_eni: 10, max_pods: 29, vcpus: 2, memory_mib: undefined };
const of = (expression: string) => evaluateCel(expression, m5large);

describe('values', () => {
  test.each([
    ['max_pods', 29],
    ['default_enis * (ips_per_eni - 1) + 2', 29],
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['10 - 3 - 2', 5],
    ['-7 / 2', -3],
    ['-7 % 3', -1],
    ['0x1f', 31],
    ['- - 5', 5],
    ['!!-5', -5],
    ['-9223372036854775808 < 0 ? 1 : 2', 1],
    ['max_pods > 20 ? 20 : max_pods', 20],
    ['max_pods < 20 ? 1 : max_pods < 30 ? 2 : 3', 2],
    ['max_pods >= 29 && !(vcpus != 2) || false ? 1 : 0', 1],
    ['true ? 1 : 0 // the rest is a remark', 1],
    ['int(double(max_pods) * 0.9)', 26],
    ['1.5 + 1.5', 3],
    ['2.9', 2],
    ['1 / 0 > 1 || true ? 4 : 5', 4],
  ])('%s is %i', (expression, value) => {
    expect(of(expression)).toEqual({ value });
  });
});

describe('what CEL refuses', () => {
  test.each([
    ['', 'does not compile: it ends too early'],
    ['max_pods +', 'does not compile: it ends too early'],
    ['max_pods 3', 'does not compile: 3 at column 10'],
    ['(max_pods', 'does not compile: it ends too early'],
    ['max_pods # 3', 'does not compile: # at column 10'],
    ['pods', "does not compile: undeclared reference to 'pods'"],
    ['min(110, max_pods)', "does not compile: undeclared reference to 'min'"],
    ['max_pods * 0.9', "does not compile: found no matching overload for '_*_' applied to '(int, double)'"],
    [
      'max_pods ? 1 : 2',
      "does not compile: found no matching overload for '_?_:_' applied to '(int, int, int)'",
    ],
    ['!max_pods', "does not compile: found no matching overload for '!_' applied to '(int)'"],
    ['max_pods > 3', 'gives no number: the result is true'],
    ['max_pods / 0', 'fails: division by zero'],
    ['max_pods % 0', 'fails: modulus by zero'],
    ['9223372036854775807 + 1', 'fails: integer overflow'],
    ['1.0 / 0.0', 'fails: integer overflow'],
    [`${'('.repeat(300)}1${')'.repeat(300)}`, 'does not compile: nested deeper than 250'],
  ])('%s', (expression, fault) => {
    expect(of(expression)).toEqual({ fault, beyond: false });
  });
});

test.each(['"110"', 'size([1])', 'max_pods in [1]', '12u', 'memory_mib / 11', 'x.y'])(
  '%s is CEL that is not modelled, and nothing is claimed of it',
  (expression) => {
    expect(of(expression)).toMatchObject({ beyond: true });
  },
);
