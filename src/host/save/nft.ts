/** Tables of nftables as `nft list ruleset` prints them; `nft -f` takes the same. */
import { isNftTable } from '../netfilter/base-chains.ts';
import type { BaseChain, ChainSource, NftObjectSource, NftSetSource, TableSource } from '../rules.ts';

/** Parts of a table that several sources write are one table, parts of a chain one chain. */
export function nftText(sources: readonly TableSource[]): string {
  const tables = new Map<string, TableSource[]>();
  for (const source of sources) {
    if (!isNftTable(source.table)) continue;
    const known = tables.get(source.table);
    if (known) known.push(source);
    else tables.set(source.table, [source]);
  }
  return [...tables].map(([name, parts]) => tableText(name, parts)).join('');
}

function tableText(name: string, parts: readonly TableSource[]): string {
  const chains = new Map<string, ChainSource[]>();
  for (const chain of parts.flatMap((part) => part.chains)) {
    const known = chains.get(chain.name);
    if (known) known.push(chain);
    else chains.set(chain.name, [chain]);
  }
  const blocks = [
    ...parts.flatMap(({ objects = [] }) => objects.map(objectLines)),
    ...parts.flatMap(({ sets = [] }) => sets.map(setLines)),
    ...[...chains].map(([chain, same]) => chainLines(chain, same)),
  ];
  const body = blocks.map((lines) => lines.map((line) => `\t${line}\n`).join('')).join('\n');
  return `table ${name} {\n${body}}\n`;
}

function chainLines(name: string, parts: readonly ChainSource[]): string[] {
  const base = parts.find((part) => part.base);
  return [
    `chain ${name} {`,
    ...(base ? [`\t${hookText(base.base!)} policy ${base.policy === 'DROP' ? 'drop' : 'accept'};`] : []),
    ...parts.flatMap(({ rules }) => rules.map(({ text }) => `\t${text}`)),
    '}',
  ];
}

function objectLines({ head, lines }: NftObjectSource): string[] {
  return [`${head} {`, ...lines.map((line) => `\t${line}`), '}'];
}

/** nft prints these before the flags of a set, other options behind them (src/rule.c, set_print_declaration). */
const first = /^(?:policy|size) /;

function setLines({ name, kind, type, to, flags, options = [], elements }: NftSetSource): string[] {
  const key =
    /^[a-z0-9_]+(?: \. [a-z0-9_]+)*$/.test(type) && !/\b(?:saddr|daddr)\b/.test(type) ? 'type' : 'typeof';
  return [
    `${kind} ${name} {`,
    `\t${key} ${type}${to === undefined ? '' : ` : ${to}`}`,
    ...options.filter((option) => first.test(option)).map((option) => `\t${option}`),
    ...(flags.length > 0 ? [`\tflags ${flags.join(',')}`] : []),
    ...options.filter((option) => !first.test(option)).map((option) => `\t${option}`),
    ...(elements.length > 0 ? [`\telements = { ${elements.join(', ')} }`] : []),
    '}',
  ];
}

/** Priorities that nft has names for (nft(8)), where not at every hook only there. */
const named: readonly (readonly [name: string, priority: number, hook?: BaseChain['hook']])[] = [
  ['raw', -300],
  ['mangle', -150],
  ['dstnat', -100, 'prerouting'],
  ['filter', 0],
  ['security', 50],
  ['srcnat', 100, 'postrouting'],
];
/** nft names a priority by its neighbour up to this distance (src/rule.c, prio2str). */
const REACH = 10;

function hookText({ type, hook, priority }: BaseChain): string {
  const near = named.find(
    ([, at, only]) => Math.abs(priority - at) <= REACH && (only === undefined || only === hook),
  );
  const distance = near === undefined ? 0 : priority - near[1];
  const offset = distance === 0 ? '' : ` ${distance < 0 ? '-' : '+'} ${Math.abs(distance)}`;
  return `type ${type} hook ${hook} priority ${near === undefined ? priority : near[0] + offset};`;
}
