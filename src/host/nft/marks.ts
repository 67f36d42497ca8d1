/** `meta mark` and `ct mark` of nftables, asked and changed. */
import type { Translation } from './translation.ts';
import { negation, only, type Words } from './words.ts';

/** `[& MASK] [op] VALUE` of a mark, `set ...` handled by the caller. */
function markTest(words: Words, out: Translation, module: 'mark' | 'connmark'): boolean {
  const mask = words.takeAll('&') || words.takeAll('and') ? words.take() : undefined;
  const compared = words.comparison();
  const value = only(compared);
  if (value === undefined) return false;
  out.matches.push(
    `-m ${module} ${negation(compared)}--mark ${value}${mask === undefined ? '' : `/${mask}`}`,
  );
  return true;
}

const AND = ['&', 'and'];
const OR = ['|', 'or'];
const XOR = ['^', 'xor'];

/** `set VALUE` or `set OWN OP VALUE` of a mark. */
function markChange(words: Words, own: readonly [string, string], options: string): string | undefined {
  if (!words.takeAll(...own)) {
    const value = words.take();
    return /^(0x[\da-f]+|\d+)$/i.test(value) ? `${options} --set-xmark ${value}/0xffffffff` : undefined;
  }
  const operator = words.take();
  const value = words.take();
  if (AND.includes(operator)) return `${options} --and-mark ${value}`;
  if (OR.includes(operator)) return `${options} --or-mark ${value}`;
  return XOR.includes(operator) ? `${options} --xor-mark ${value}` : undefined;
}

export function metaMark(words: Words, out: Translation): boolean {
  if (!words.takeAll('set')) return markTest(words, out, 'mark');
  if (words.takeAll('ct', 'mark')) {
    const masked = words.takeAll('&') || words.takeAll('and');
    out.act(
      `-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask ${masked ? words.take() : '0xffffffff'}`,
    );
    return true;
  }
  const change = markChange(words, ['meta', 'mark'], '-j MARK');
  if (change === undefined) return false;
  out.act(change);
  return true;
}

export function ctMark(words: Words, out: Translation): boolean {
  if (!words.takeAll('set')) return markTest(words, out, 'connmark');
  if (words.takeAll('meta', 'mark') || words.takeAll('mark')) {
    out.act('-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff');
    return true;
  }
  const change = markChange(words, ['ct', 'mark'], '-j CONNMARK');
  if (change === undefined) return false;
  out.act(change);
  return true;
}
