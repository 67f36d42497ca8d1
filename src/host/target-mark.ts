/** Targets that write marks and labels: MARK, CONNMARK, NOTRACK and CT --notrack (xt_mark, xt_connmark, xt_CT). */
import { MATCHED, REWROTE } from '../trace/outcome.ts';
import { CT_UNTRACKED, type Flow } from './flow.ts';
import { type GivenOption, givenValue } from './match-module.ts';
import { NEXT_RULE, type TargetModule } from './target-module.ts';
import { hex, parseMasked, parseNumber } from './words.ts';

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

/** numbers: what to do, then for SET value and mask; for SAVE and RESTORE nfmask and ctmask. */
export const CONNMARK: TargetModule = {
  name: 'CONNMARK',
  options: {
    ...setOptions,
    '--save-mark': 0,
    '--restore-mark': 0,
    '--mask': 1,
    '--nfmask': 1,
    '--ctmask': 1,
  },
  parse(given) {
    const action = given.find(({ name }) => name === '--save-mark' || name === '--restore-mark');
    if (action === undefined) {
      const set = parseSet(given);
      return set && given.length === 1 ? { numbers: [SET, ...set], words: [] } : undefined;
    }
    const nfmask = parseNumber(givenValue(given, '--nfmask', '--mask') ?? '0xffffffff');
    const ctmask = parseNumber(givenValue(given, '--ctmask', '--mask') ?? '0xffffffff');
    if (nfmask === undefined || ctmask === undefined) return undefined;
    return { numbers: [action.name === '--save-mark' ? SAVE : RESTORE, nfmask, ctmask], words: [] };
  },
  print: ({ numbers: [action, first = 0, second = 0] }) =>
    action === SET
      ? `--set-xmark ${hex(first)}/${hex(second)}`
      : `--${action === SAVE ? 'save' : 'restore'}-mark --nfmask ${hex(first)} --ctmask ${hex(second)}`,
  execute(numbers, flow) {
    if (!flow.tracked) {
      flow.record(MATCHED);
      return NEXT_RULE;
    }
    const { packet, walk } = flow;
    const action = numbers[0]!;
    const first = numbers[1]!;
    const second = numbers[2]!;
    if (action === RESTORE) {
      const marked = (packet.mark & ~first) ^ (flow.connmark & second);
      flow.record(marked === packet.mark ? MATCHED : REWROTE);
      walk.setMark(marked);
      return NEXT_RULE;
    }
    flow.record(MATCHED);
    flow.connmark =
      action === SET ? (flow.connmark & ~second) ^ first : (flow.connmark & ~second) ^ (packet.mark & first);
    return NEXT_RULE;
  },
};

/** Keeps a packet out of connection tracking; one that is tracked already stays so. */
function notrack(flow: Flow): typeof NEXT_RULE {
  flow.record(MATCHED);
  if (flow.state === 0) flow.state = CT_UNTRACKED;
  return NEXT_RULE;
}

/** The older spelling of CT --notrack. */
export const NOTRACK: TargetModule = {
  name: 'NOTRACK',
  options: {},
  parse: () => ({ numbers: [], words: [] }),
  print: () => '',
  execute: (_, flow) => notrack(flow),
};

/** A helper only matters to later, expected connections; zones are not modelled. numbers: 1 for --notrack. words: helper. */
export const CT: TargetModule = {
  name: 'CT',
  options: { '--notrack': 0, '--helper': 1, '--zone': 1, '--ctevents': 1, '--timeout': 1 },
  parse(given) {
    const option = given[0];
    if (option === undefined || given.length > 1) return undefined;
    if (option.name === '--notrack') return { numbers: [1], words: [] };
    return option.name === '--helper' ? { numbers: [0], words: option.values } : undefined;
  },
  print: ({ numbers: [hidden], words: [helper] }) => (hidden ? '--notrack' : `--helper ${helper}`),
  execute(numbers, flow) {
    if (numbers[0] === 1) return notrack(flow);
    flow.record(MATCHED);
    return NEXT_RULE;
  },
};
