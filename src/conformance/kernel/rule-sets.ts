/** Random rules among those that a node has anyway, written where a user would write them: in a dump of the node. */
import type { Asked } from './flows.ts';
import type { Random } from './random.ts';
import { chainIn, printRestore, type RestoreTables, readRestore } from './restore-text.ts';
import { type MatchPiece, matchPieces, type Place, type TargetPiece, targetPieces } from './rule-pieces.ts';

const hooks: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};
const tables = Object.keys(hooks);

export interface RuleGround {
  readonly random: Random;
  readonly flows: readonly Asked[];
  readonly pods: readonly string[];
  readonly nodes: readonly string[];
}

/** The rules of `restore` with `count` random ones among them. `first` numbers them, and decides which match and target
 *  each is about, so that all have their turn. */
export function withRandomRules(restore: string, ground: RuleGround, first: number, count: number): string {
  const all = readRestore(restore);
  for (let i = 0; i < count; i++) addRule(all, ground, first + i);
  return printRestore(all);
}

function addRule(all: RestoreTables, ground: RuleGround, number: number): void {
  const { random, flows } = ground;
  const target = random.chance(0.35) ? random.of(targetPieces) : targetPieces[number % targetPieces.length]!;
  const table = random.of(target.tables ?? tables);
  const hook = random.of(hooks[table]!.filter((name) => target.hooks?.includes(name) ?? true));
  const suitable = flows.filter(({ flow }) => target.protocols?.includes(flow.protocol) ?? true);
  const flow = random.of(suitable.length > 0 ? suitable : flows);
  const wanted = matchPieces[number % matchPieces.length]!;
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
  const texts = rule(place, wanted, target);
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
function rule(place: Place, wanted: MatchPiece, target: TargetPiece): string {
  const { random, protocol, flow, hook, table } = place;
  const fits = ({ hooks: at, tables: inside, protocols }: MatchPiece): boolean =>
    (at?.includes(hook) ?? true) &&
    (inside?.includes(table) ?? true) &&
    (protocols === undefined || (protocol !== undefined && protocols.includes(protocol)));
  const chosen = new Map<string, MatchPiece>();
  if (fits(wanted)) chosen.set(wanted.name, wanted);
  if (random.chance(0.4)) {
    const other = random.of(matchPieces.filter(fits));
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
