/** The match on SCTP's ports and chunks (xt_sctp). The model sends what opens an association: INIT, alone in its packet
 *  (RFC 9260 section 6.10), and the INIT ACK that answers it. */
import { SCTP } from '../../packet/protocol.ts';
import type { Flow } from '../flow.ts';
import { type Answer, answer, both, type GivenOption, type MatchModule, NO, not } from './module.ts';
import { evaluatePair, parsePair, portOptions, printPair, WHICH_PORT } from './ports.ts';

/** By their numbers; the gaps have no names. */
const chunkNumbers: Readonly<Record<string, number>> = {
  DATA: 0,
  INIT: 1,
  INIT_ACK: 2,
  SACK: 3,
  HEARTBEAT: 4,
  HEARTBEAT_ACK: 5,
  ABORT: 6,
  SHUTDOWN: 7,
  SHUTDOWN_ACK: 8,
  ERROR: 9,
  COOKIE_ECHO: 10,
  COOKIE_ACK: 11,
  ECN_ECNE: 12,
  ECN_CWR: 13,
  SHUTDOWN_COMPLETE: 14,
  FORWARD_TSN: 192,
  ASCONF: 193,
  ASCONF_ACK: 128,
};
const kinds = ['any', 'all', 'only'];
const NO_CHUNKS = -1;

interface Chunks {
  readonly kind: number;
  readonly inverted: 0 | 1;
  /** Bit of INIT is 1, that of INIT ACK 2; 4 stands for every other chunk that is listed. */
  readonly listed: number;
  readonly words: readonly string[];
}

function parseChunks(given: readonly GivenOption[]): Chunks | undefined {
  const option = given.find(({ name }) => name === '--chunk-types');
  if (option === undefined) return { kind: NO_CHUNKS, inverted: 0, listed: 0, words: [] };
  const kind = kinds.indexOf(option.values[0]?.toLowerCase() ?? '');
  const list = option.values[1]?.toUpperCase() ?? '';
  const common = { kind, inverted: option.not ? 1 : 0 } as const;
  if (kind < 0) return undefined;
  if (list === 'ALL' || list === 'NONE')
    return { ...common, listed: list === 'ALL' ? 0b111 : 0, words: [list] };
  const chunks = (option.values[1] ?? '').split(',').map((text) => {
    const [name = '', flags] = text.split(':');
    return { name: name.toUpperCase(), flags, number: chunkNumbers[name.toUpperCase()] };
  });
  if (chunks.some(({ number }) => number === undefined)) return undefined;
  return {
    ...common,
    listed: chunks.reduce((bits, { number }) => bits | (number === 1 ? 1 : number === 2 ? 2 : 4), 0),
    words: [...chunks]
      .sort((a, b) => a.number! - b.number!)
      .map(({ name, flags }) => (flags ? `${name}:${flags}` : name)),
  };
}

/** match_packet, for a packet with this one chunk. */
function chunkHolds(kind: number, listed: number, chunk: number): boolean {
  if (kinds[kind] === 'all') return (listed & ~chunk) === 0;
  return (listed & chunk) !== 0;
}

function evaluateChunks(code: Int32Array, at: number, { walk }: Flow): Answer {
  const kind = code[at]!;
  if (kind === NO_CHUNKS) return answer(true);
  return answer(chunkHolds(kind, code[at + 2]!, walk.reply ? 2 : 1) !== (code[at + 1] === 1));
}

/** numbers: those of the ports, then the kind of list (-1 for none), inverted, chunks listed. words: the chunks. */
export const sctp: MatchModule = {
  name: 'sctp',
  unknown: WHICH_PORT,
  options: {
    ...portOptions,
    '--chunk-types': 2,
  },
  parse(given) {
    const ports = parsePair(given);
    const chunks = parseChunks(given);
    if (!ports || !chunks) return undefined;
    return { numbers: [...ports, chunks.kind, chunks.inverted, chunks.listed], words: chunks.words };
  },
  print({ numbers, words }) {
    const [kind = NO_CHUNKS, inv] = numbers.slice(6);
    return [
      ...printPair(numbers),
      ...(kind === NO_CHUNKS ? [] : [`${not(inv)}--chunk-types ${kinds[kind]} ${words.join(',')}`]),
    ].join(' ');
  },
  evaluate(code, at, flow) {
    if (flow.packet.protocol !== SCTP) return NO;
    const chunks = evaluateChunks(code, at + 6, flow);
    return chunks === NO ? NO : both(chunks, evaluatePair(code, at, flow));
  },
};
