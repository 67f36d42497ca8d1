/** Random rules among those that a node has anyway, written where a user would write them: in a dump of the node. */
import { matchNames, targetNames } from '../../index.ts';
import type { Asked } from './flows.ts';
import type { Random } from './random.ts';
import { chainIn, printRestore, type RestoreTables, readRestore } from './restore-text.ts';
import {
  matchPieces as allMatches,
  targetPieces as allTargets,
  type MatchPiece,
  type Place,
  type TargetPiece,
} from './rule-pieces.ts';

const hooks: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};
const tables = Object.keys(hooks);

/** Those that the interpreter says it knows, for a round that may set the type of service or one that may ask for it. */
function piecesOf(service: 'asks' | 'sets'): {
  matches: readonly MatchPiece[];
  targets: readonly TargetPiece[];
} {
  const fits = (piece: MatchPiece | TargetPiece): boolean => (piece.service ?? service) === service;
  return {
    matches: allMatches.filter(
      (piece) => fits(piece) && (piece.name.startsWith('-') || matchNames.includes(piece.name)),
    ),
    targets: allTargets.filter(
      (piece) => fits(piece) && (piece.name === 'none' || targetNames.includes(piece.name)),
    ),
  };
}

/** What every rule of one node may refer to. */
export interface RuleGround {
  readonly random: Random;
  readonly flows: readonly Asked[];
  readonly pods: readonly string[];
  readonly nodes: readonly string[];
  readonly set: Place['set'];
  readonly service: 'asks' | 'sets';
}

/** Sets of some of the addresses and ports of the flows, as `ipset save` prints them. */
export function randomSets({ random, flows }: Pick<RuleGround, 'random' | 'flows'>): {
  readonly text: string;
  readonly set: Place['set'];
} {
  const some = random.shuffled(flows).slice(0, 8);
  const unique = (members: readonly string[]): string[] => [...new Set(members)];
  const net = (address: string): string => address.replace(/\d+$/, '0/24');
  const ported = some.filter(({ flow }) => flow.protocol !== 'icmp');
  const sets: readonly (readonly [name: string, type: string, members: readonly string[]])[] = [
    ['hosts', 'hash:ip', some.flatMap(({ source, destination }) => [source, destination])],
    ['nets', 'hash:net', [...some.map(({ source }) => net(source)), `${net(some[0]!.destination)} nomatch`]],
    [
      'ports',
      'hash:ip,port',
      ported.map(({ destination, port, flow }) => `${destination},${flow.protocol}:${port}`),
    ],
    [
      'doors',
      'hash:net,port',
      ported.map(({ destination, port, flow }) => `${net(destination)},${flow.protocol}:${port}`),
    ],
  ];
  return {
    text: sets
      .flatMap(([name, type, members]) => [
        `create ${name} ${type} family inet hashsize 1024 maxelem 65536`,
        ...distinctKeys(unique(members)).map((member) => `add ${name} ${member}`),
      ])
      .join('\n'),
    set: sets.map(([name, type]) => ({ name, dimensions: type.split(',').length })),
  };
}

/** An element is in a set once, be it with nomatch or without. */
function distinctKeys(members: readonly string[]): string[] {
  const seen = new Set<string>();
  return members.filter((member) => {
    const [key = ''] = member.split(' ');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The rules of `restore` with `count` random ones among them. `first` numbers them, and decides which match and target
 *  each is about, so that all have their turn. */
export function withRandomRules(restore: string, ground: RuleGround, first: number, count: number): string {
  const all = readRestore(restore);
  const pieces = piecesOf(ground.service);
  for (let i = 0; i < count; i++) addRule(all, ground, pieces, first + i);
  return printRestore(all);
}

function addRule(
  all: RestoreTables,
  ground: RuleGround,
  { matches, targets }: ReturnType<typeof piecesOf>,
  number: number,
): void {
  const { random, flows } = ground;
  const target = random.chance(0.35) ? random.of(targets) : targets[number % targets.length]!;
  const table = random.of(target.tables ?? tables);
  const hook = random.of(hooks[table]!.filter((name) => target.hooks?.includes(name) ?? true));
  const suitable = flows.filter(({ flow }) => target.protocols?.includes(flow.protocol) ?? true);
  const flow = random.of(suitable.length > 0 ? suitable : flows);
  const wanted = matches[number % matches.length]!;
  const needs = wanted.protocols ?? target.protocols;
  const protocol =
    needs !== undefined
      ? needs.includes(flow.flow.protocol)
        ? flow.flow.protocol
        : random.of(target.protocols ?? needs)
      : random.chance(0.5)
        ? flow.flow.protocol
        : undefined;
  const place: Place = { ...ground, table, hook, flow, protocol, number };
  const chain = chainIn(all, table, hook);
  const texts = rule(place, wanted, target, matches);
  // Some stand in a chain of their own.
  if (random.chance(0.25)) {
    const name = `LAB-${number}`;
    const inner = chainIn(all, table, name);
    inner.rules.push(`-A ${name} ${texts}`);
    if (random.chance(0.5)) inner.rules.push(`-A ${name} -m comment --comment "end of ${number}" -j RETURN`);
    insert(
      chain.rules,
      `-A ${hook} -m comment --comment "to ${number}" ${random.chance(0.7) ? '-j' : '-g'} ${name}`,
      random,
    );
  } else insert(chain.rules, `-A ${hook} ${texts}`, random);
}

function insert(rules: string[], rule: string, random: Random): void {
  rules.splice(random.of([0, rules.length, random.below(rules.length + 1)]), 0, rule);
}

/** What follows "-A CHAIN ". */
function rule(place: Place, wanted: MatchPiece, target: TargetPiece, pieces: readonly MatchPiece[]): string {
  const { random, protocol, flow, hook, table } = place;
  const fits = ({ hooks: at, tables: inside, protocols }: MatchPiece): boolean =>
    (at?.includes(hook) ?? true) &&
    (inside?.includes(table) ?? true) &&
    (protocols === undefined || (protocol !== undefined && protocols.includes(protocol)));
  const chosen = new Map<string, MatchPiece>();
  if (fits(wanted)) chosen.set(wanted.name, wanted);
  if (random.chance(0.4)) {
    const other = random.of(pieces.filter(fits));
    chosen.set(other.name, other);
  }
  const matches = [...chosen.values()].map((piece) => piece.text(place));
  // A rule that decides about everything would leave nothing to compare.
  if (target.decides) {
    if (!chosen.has('-s')) matches.unshift(`-s ${flow.source}/32`);
    if (!chosen.has('-d') && random.chance(0.5)) matches.unshift(`-d ${flow.destination}/32`);
  }
  const flags = matches.filter((text) => /^(! )?-[sdio] /.test(text));
  const rest = matches.filter((text) => !/^(! )?-[sdio] /.test(text));
  return [
    ...flags,
    ...(protocol ? [`-p ${protocol}`] : []),
    ...rest,
    `-m comment --comment r${place.number}`,
    target.text(place),
  ]
    .filter((text) => text !== '')
    .join(' ');
}
