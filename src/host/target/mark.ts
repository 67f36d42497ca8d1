/** Targets that write marks: MARK and CONNMARK (xt_mark, xt_connmark). */
import { MATCHED, REWROTE } from '../../trace/outcome.ts';
import { type GivenOption, givenValue } from '../match/module.ts';
import { hex, parseMasked, parseNumber } from '../netfilter/rule-quoting.ts';
import { NEXT_RULE, type TargetModule } from './module.ts';

const setOptions = { '--set-xmark': 1, '--set-mark': 1, '--and-mark': 1, '--or-mark': 1, '--xor-mark': 1 };

/** All spellings come down to: clear the bits of a mask, then flip those of a value. */
function parseSet(given: readonly GivenOption[]): [value: number, mask: number] | undefined {
  const option = given[0];
  const text = option?.values[0];
  if (option?.name === '--set-xmark' || option?.name === '--set-mark') {
    const masked = parseMasked(text);
    if (!masked) return undefined;
    return [masked.value, option.name === '--set-mark' ? masked.mask | masked.value : masked.mask];
  }
  const value = parseNumber(text);
  if (value === undefined) return undefined;
  if (option?.name === '--and-mark') return [0, ~value];
  return [value, option?.name === '--or-mark' ? value : 0];
}

/** numbers: value, mask. */
export const MARK: TargetModule = {
  name: 'MARK',
  options: setOptions,
  parse(given) {
    const set = parseSet(given);
    return set && given.length === 1 ? { numbers: set, words: [] } : undefined;
  },
  print: ({ numbers: [value = 0, mask = 0] }) => `--set-xmark ${hex(value)}/${hex(mask)}`,
  execute(numbers, flow) {
    const marked = (flow.packet.mark & ~numbers[1]!) ^ numbers[0]!;
    flow.record(marked === flow.packet.mark ? MATCHED : REWROTE);
    flow.walk.setMark(marked);
    return NEXT_RULE;
  },
};

const SET = 0;
const SAVE = 1;
const RESTORE = 2;

/** Bits to the left, negative to the right. */
function parseShift(given: readonly GivenOption[]): number | undefined {
  const left = parseNumber(givenValue(given, '--left-shift-mark') ?? '0');
  const right = parseNumber(givenValue(given, '--right-shift-mark') ?? '0');
  return left === undefined || right === undefined || left > 31 || right > 31 ? undefined : left - right;
}

const shifted = (mark: number, bits: number): number => (bits < 0 ? mark >>> -bits : mark << bits);

/** numbers: what to do, shift, then for SET value and mask; for SAVE and RESTORE nfmask and ctmask. */
export const CONNMARK: TargetModule = {
  name: 'CONNMARK',
  options: {
    ...setOptions,
    '--save-mark': 0,
    '--restore-mark': 0,
    '--mask': 1,
    '--nfmask': 1,
    '--ctmask': 1,
    '--left-shift-mark': 1,
    '--right-shift-mark': 1,
  },
  parse(given) {
    const action = given.find(({ name }) => name === '--save-mark' || name === '--restore-mark');
    const shift = parseShift(given);
    if (shift === undefined) return undefined;
    if (action === undefined) {
      const set = parseSet(given.filter(({ name }) => !name.endsWith('-shift-mark')));
      return set && { numbers: [SET, shift, ...set], words: [] };
    }
    const nfmask = parseNumber(givenValue(given, '--nfmask', '--mask') ?? '0xffffffff');
    const ctmask = parseNumber(givenValue(given, '--ctmask', '--mask') ?? '0xffffffff');
    if (nfmask === undefined || ctmask === undefined) return undefined;
    return { numbers: [action.name === '--save-mark' ? SAVE : RESTORE, shift, nfmask, ctmask], words: [] };
  },
  print({ numbers: [action, shift = 0, first = 0, second = 0] }) {
    const bits = shift === 0 ? '' : ` --${shift > 0 ? 'left' : 'right'}-shift-mark ${Math.abs(shift)}`;
    return action === SET
      ? `--set-xmark ${hex(first)}/${hex(second)}${bits}`
      : `--${action === SAVE ? 'save' : 'restore'}-mark --nfmask ${hex(first)} --ctmask ${hex(second)}${bits}`;
  },
  execute(numbers, flow) {
    if (!flow.tracked) {
      flow.record(MATCHED);
      return NEXT_RULE;
    }
    const { packet, walk } = flow;
    const action = numbers[0]!;
    const shift = numbers[1]!;
    const first = numbers[2]!;
    const second = numbers[3]!;
    if (action === RESTORE) {
      const marked = (packet.mark & ~first) ^ shifted(flow.connmark & second, shift);
      flow.record(marked === packet.mark ? MATCHED : REWROTE);
      walk.setMark(marked);
      return NEXT_RULE;
    }
    flow.record(MATCHED);
    flow.connmark =
      action === SET
        ? shifted((flow.connmark & ~second) ^ first, shift)
        : (flow.connmark & ~second) ^ shifted(packet.mark & first, shift);
    return NEXT_RULE;
  },
};
