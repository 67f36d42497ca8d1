/** Targets that change fields of the IP header: TTL, TOS, DSCP, ECN (xt_HL, xt_DSCP, ipt_ECN). */
import { MATCHED, REWROTE } from '../../trace/outcome.ts';
import { hexByte, parseDscp, parseTos } from '../match/header.ts';
import { parseNumber } from '../netfilter/rule-quoting.ts';
import { NEXT_RULE, type TargetModule } from './module.ts';

/** Sets the TTL, or the hop limit of IPv6, or changes it. numbers: which change, by how much. */
function changeHops(name: string, changes: readonly string[]): TargetModule {
  return {
    name,
    options: Object.fromEntries(changes.map((change) => [change, 1])),
    parse(given) {
      const option = given[0];
      const value = parseNumber(option?.values[0]);
      if (!option || given.length > 1 || value === undefined || value > 255) return undefined;
      return { numbers: [changes.indexOf(option.name), value], words: [] };
    },
    print: ({ numbers: [change = 0, value] }) => `${changes[change]} ${value}`,
    execute(numbers, flow) {
      const { ttl } = flow.packet;
      const [change, value] = [numbers[0], numbers[1]!];
      const changed =
        change === 0 ? value : change === 1 ? Math.min(255, ttl + value) : Math.max(0, ttl - value);
      flow.record(changed === ttl ? MATCHED : REWROTE);
      flow.walk.setTtl(changed);
      return NEXT_RULE;
    },
  };
}

export const TTL = changeHops('TTL', ['--ttl-set', '--ttl-inc', '--ttl-dec']);
export const HL = changeHops('HL', ['--hl-set', '--hl-inc', '--hl-dec']);

/** Clears the bits of a mask, then flips those of a value. numbers: value, mask. */
export const TOS: TargetModule = {
  name: 'TOS',
  options: { '--set-tos': 1, '--and-tos': 1, '--or-tos': 1, '--xor-tos': 1 },
  parse(given) {
    const option = given[0];
    if (!option || given.length > 1) return undefined;
    const masked = parseTos(option.values[0]);
    if (masked === undefined) return undefined;
    const { value, mask } = masked;
    const numbers = {
      '--set-tos': [value, mask],
      '--and-tos': [0, ~value & 255],
      '--or-tos': [value, value],
      '--xor-tos': [value, 0],
    }[option.name];
    return numbers && { numbers, words: [] };
  },
  print: ({ numbers: [value = 0, mask = 0] }) => `--set-tos ${hexByte(value)}/${hexByte(mask)}`,
  execute(numbers, flow) {
    flow.record(MATCHED);
    flow.walk.setTos((flow.packet.tos & ~numbers[1]!) ^ numbers[0]!);
    return NEXT_RULE;
  },
};

/** The upper six bits of the same field. numbers: value. */
export const DSCP: TargetModule = {
  name: 'DSCP',
  options: { '--set-dscp': 1, '--set-dscp-class': 1 },
  parse(given) {
    const value = parseDscp(given, '--set-dscp');
    return value === undefined ? undefined : { numbers: [value], words: [] };
  },
  print: ({ numbers: [value = 0] }) => `--set-dscp ${hexByte(value)}`,
  execute(numbers, flow) {
    flow.record(MATCHED);
    flow.walk.setTos((flow.packet.tos & 3) | (numbers[0]! << 2));
    return NEXT_RULE;
  },
};
