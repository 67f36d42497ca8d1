/** Matches on the socket that a packet belongs to: owner, socket, cgroup. Only what the host's own processes send has
 *  one, and who runs them is known where the request says so. */

import { RST } from '../../packet/packet.ts';
import { ECHO_REPLY, ICMP } from '../../packet/protocol.ts';
import type { Flow } from '../flow.ts';
import { parseNumber, quoteWord } from '../netfilter/rule-quoting.ts';
import {
  type Answer,
  answer,
  both,
  type GivenOption,
  givenValue,
  has,
  inverted,
  isInverted,
  MAYBE_NO,
  type MatchModule,
  NO,
  not,
  YES,
} from './module.ts';

/** A process of this host made the packet; resets, ICMP errors and echo replies are the kernel's. */
function isFromProcess({ inPort, packet }: Flow): boolean {
  if (inPort >= 0 || packet.isError || packet.flags & RST) return false;
  return packet.protocol !== ICMP || packet.destinationPort !== ECHO_REPLY << 8;
}

/** "1000" or "1000-2000"; of names only root, which every system has. */
function parseIds(text: string): readonly [number, number] | undefined {
  const [first = '', last = first] = text.split('-');
  const ids = [first, last].map((id) => (id === 'root' ? 0 : parseNumber(id)));
  return ids[0] === undefined || ids[1] === undefined ? undefined : [ids[0], ids[1]];
}

const printIds = (low: number, high: number): string =>
  low === high ? `${low >>> 0}` : `${low >>> 0}-${high >>> 0}`;

const ABSENT = -1;

/** Whether inverted (-1 where it is not tested), first and last number. */
function parseOwner(given: readonly GivenOption[], name: string): number[] | undefined {
  const text = givenValue(given, name);
  if (text === undefined) return [ABSENT, 0, 0];
  const ids = parseIds(text);
  return ids && [isInverted(given, name), ...ids];
}

function idHolds(code: Int32Array, at: number, id: number): Answer {
  if (code[at] === ABSENT) return YES;
  if (id < 0) return inverted(MAYBE_NO, code[at]);
  return inverted(answer(id >= code[at + 1]! >>> 0 && id <= code[at + 2]! >>> 0), code[at]);
}

/** Who sends (owner_mt): without a socket only what is inverted holds. numbers: user, group (each inverted, first,
 *  last), --socket-exists (inverted, -1 where it is not tested), --suppl-groups. */
export const owner: MatchModule = {
  name: 'owner',
  unknown: 'as which user and group the process runs that sends it; --uid and --gid say it',
  options: { '--uid-owner': 1, '--gid-owner': 1, '--socket-exists': 0, '--suppl-groups': 0 },
  parse(given) {
    const user = parseOwner(given, '--uid-owner');
    const group = parseOwner(given, '--gid-owner');
    const exists = has(given, '--socket-exists') ? isInverted(given, '--socket-exists') : ABSENT;
    if (!user || !group || given.length === 0) return undefined;
    return { numbers: [...user, ...group, exists, has(given, '--suppl-groups')], words: [] };
  },
  print({ numbers: [user, low = 0, high = 0, group, first = 0, last = 0, exists, supplementary] }) {
    return [
      ...(exists === ABSENT ? [] : [`${not(exists)}--socket-exists`]),
      ...(user === ABSENT ? [] : [`${not(user)}--uid-owner ${printIds(low, high)}`]),
      ...(group === ABSENT ? [] : [`${not(group)}--gid-owner ${printIds(first, last)}`]),
      ...(supplementary ? ['--suppl-groups'] : []),
    ].join(' ');
  },
  evaluate(code, at, flow) {
    const exists = code[at + 6];
    // The kernel's own answers come from sockets of its own, which belong to nobody.
    if (!isFromProcess(flow)) {
      const hasSocket = flow.inPort < 0 && !flow.fromReject;
      return answer(code[at] !== 0 && code[at + 3] !== 0 && exists !== (hasSocket ? 1 : 0));
    }
    if (exists === 1) return NO;
    const { walk } = flow;
    const asked = !walk.reply && walk.leg.index === 0;
    const user = idHolds(code, at, asked ? walk.uid : -1);
    // Being in a supplementary group is not known even where the first group is.
    const group = idHolds(code, at + 3, asked ? walk.gid : -1);
    const isMember = code[at + 7] === 1 && code[at + 3] !== ABSENT;
    return both(
      user,
      isMember && group !== inverted(YES, code[at + 3]) ? inverted(MAYBE_NO, code[at + 3]) : group,
    );
  },
};

const socketFlags = ['--transparent', '--nowildcard', '--restore-skmark'];

/** Whether a socket of the host takes the packet. words: the options. */
export const socket: MatchModule = {
  name: 'socket',
  unknown: 'whether a socket of the host takes the packet',
  options: Object.fromEntries(socketFlags.map((flag) => [flag, 0])),
  parse: (given) => ({ numbers: [], words: socketFlags.filter((flag) => has(given, flag)) }),
  print: ({ words }) => words.join(' '),
  evaluate: () => MAYBE_NO,
};

/** Control group of the sending process. numbers: inverted. words: option and value. */
export const cgroup: MatchModule = {
  name: 'cgroup',
  unknown: 'in which control group the process runs that sends it',
  options: { '--cgroup': 1, '--path': 1 },
  parse(given) {
    const option = given[0];
    if (!option || given.length > 1) return undefined;
    return { numbers: [option.not ? 1 : 0], words: [option.name, option.values[0] ?? ''] };
  },
  print: ({ numbers: [inv], words: [name = '', value = ''] }) =>
    `${not(inv)}${name} ${name === '--path' ? quoteWord(value) : value}`,
  evaluate: (code, at, flow) => (isFromProcess(flow) ? inverted(MAYBE_NO, code[at]) : NO),
};
