/** Targets for connection tracking: NOTRACK, and CT with zones and helpers (xt_CT.c). */
import { MATCHED } from '../../trace/outcome.ts';
import { CT_UNTRACKED, type Flow } from '../flow.ts';
import { type GivenOption, givenValue } from '../match/module.ts';
import { keepWord, parseNumber } from '../netfilter/rule-quoting.ts';
import { NEXT_RULE, type TargetModule, UNKNOWN } from './module.ts';

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

/** In the order in which iptables-save prints them. */
const kept = ['--helper', '--ctevents', '--expevents'];
const ZONE_OF_MARK = -1;
const NO_ZONE = -2;
/** Another zone for each direction. */
const ZONE_OF_DIRECTION = -3;

function parseZone(given: readonly GivenOption[]): number | undefined {
  const zone = givenValue(given, '--zone');
  if (given.some(({ name }) => name === '--zone-orig' || name === '--zone-reply')) return ZONE_OF_DIRECTION;
  if (zone === undefined) return NO_ZONE;
  return zone === 'mark' ? ZONE_OF_MARK : parseNumber(zone);
}

/** A helper only matters to later, expected connections; events and timeouts to nobody on the way. numbers: 1 for
 *  --notrack, zone. words: the options as printed. */
export const CT: TargetModule = {
  name: 'CT',
  options: {
    '--notrack': 0,
    '--timeout': 1,
    ...Object.fromEntries(kept.map((name) => [name, 1])),
    '--zone': 1,
    '--zone-orig': 1,
    '--zone-reply': 1,
  },
  parse(given) {
    const zone = parseZone(given);
    if (zone === undefined || zone > 0xffff) return undefined;
    const words = ['--notrack', ...kept, '--timeout', '--zone-orig', '--zone-reply', '--zone'].flatMap(
      (name) =>
        given
          .filter((option) => option.name === name)
          .map(({ values }) => [name, ...values.map(keepWord)].join(' ')),
    );
    return { numbers: [words.includes('--notrack') ? 1 : 0, zone], words };
  },
  print: ({ words }) => words.join(' '),
  execute(numbers, flow) {
    const [hidden, zone] = [numbers[0], numbers[1]!];
    if (hidden === 1) return notrack(flow);
    if (zone === ZONE_OF_DIRECTION) return UNKNOWN;
    flow.record(MATCHED);
    if (flow.state === 0 && zone !== NO_ZONE)
      flow.zone = zone === ZONE_OF_MARK ? flow.packet.mark & 0xffff : zone;
    return NEXT_RULE;
  },
};
