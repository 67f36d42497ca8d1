/** Text of `nft list ruleset` and `nft list table`: chains with their hooks, rules as they are printed, named sets and
 *  maps. What a rule means is left to who executes it. */
import { everyAddress } from '../../addressing/cidr.ts';
import { tableNames } from '../../host/netfilter/base-chains.ts';
import type { BaseChain, ChainSource, NftSetSource, NftTableName } from '../../host/rules.ts';
import { builtInChains } from '../../host/save/iptables.ts';
import type { DumpText } from './dump-text.ts';
import type { Gathered } from './gathered.ts';
import { checkJumps, type Jump } from './jumps.ts';
import { type NftBlock, type NftLine, readBlock, splitElements, unquoted } from './nft-text.ts';

const head = /^table\s+(?:(ip|ip6|inet|arp|bridge|netdev)\s+)?(\S+)\s*\{(?:\s*#.*)?\s*$/;

export function startsNftTable(line: string): boolean {
  return /^table\s+\S/.test(line);
}

/** nft prints this above the tables that iptables-nft owns. */
const managedBy = /^# Warning: table (?:ip6?) (\S+) is managed by iptables-nft/;

export function readNftTable(dump: DumpText, start: number, into: Gathered): number {
  const parts = head.exec(dump.lines[start]!);
  if (!parts) {
    const message = 'this is no head of a table as nft prints it';
    dump.error(start, { code: 'dump/unknown-line', message, hint: 'table ip NAME {' });
    return start + 1;
  }
  const [, family = 'ip', name = ''] = parts;
  const { block, end } = readBlock(dump, start);
  // Its chains are not hooked in.
  if (!block || block.lines.some(({ text }) => text === 'flags dormant')) return end;
  if (family !== 'ip' && family !== 'ip6' && family !== 'inet') {
    if (block.blocks.some(isHooked))
      into.absent.push({ what: `nftables table ${family} ${name}`, to: everyAddress });
    return end;
  }
  const chains = chainsOf(dump, block, `${family} ${name}`, into);
  const sets = block.blocks.flatMap((each) => setOf(dump, each) ?? []);
  const objects = block.blocks
    .filter(({ head: { text } }) => !/^(?:chain|set|map) /.test(text))
    .map(({ head: { text }, lines }) => ({ head: text, lines: lines.map((line) => line.text) }));
  checkJumps(dump, {
    table: `${family} ${name}`,
    chains: new Map(chains.map(({ chain, lines }) => [chain.name, jumpsOf(lines, sets)])),
    entries: chains.filter(({ chain }) => chain.base).map(({ chain }) => chain.name),
  });
  const table: NftTableName = `${family} ${name}`;
  const sources = chains.map(({ chain }) => chain);
  const managed = managedBy.test(dump.lines[start - 1] ?? '') || looksManaged(name, sources);
  into.tables.push({
    source: {
      table,
      chains: sources,
      ...(sets.length > 0 && { sets }),
      ...(objects.length > 0 && { objects }),
    },
    dump,
    line: start,
    kind: managed ? 'managed' : 'nftables',
  });
  for (const { text } of chains.flatMap(({ lines }) => lines))
    for (const [, interfaceName] of text.matchAll(/\b[io]ifname (?:!= )?"([^"]+)"/g))
      into.interfaces.add(interfaceName!);
  return end;
}

/** nft says whose table it is on standard error, and older versions not at all. A table may hold nothing but a canary. */
function looksManaged(name: string, chains: readonly ChainSource[]): boolean {
  const table = tableNames.find((each) => each === name);
  const bases = chains.filter(({ base }) => base);
  return table !== undefined && bases.every((chain) => builtInChains(table).includes(chain.name));
}

interface ReadChain {
  readonly chain: ChainSource;
  readonly lines: readonly NftLine[];
}

const isHooked = ({ head: { text }, lines }: NftBlock): boolean =>
  text.startsWith('chain ') && lines.some((line) => line.text.startsWith('type '));

function chainsOf(dump: DumpText, table: NftBlock, name: string, into: Gathered): ReadChain[] {
  return table.blocks.flatMap((block): ReadChain[] => {
    const chain = /^chain\s+(\S+)$/.exec(block.head.text)?.[1];
    if (chain === undefined) return [];
    const hooked = block.lines.find(({ text }) => text.startsWith('type '));
    const lines = block.lines.filter((line) => line !== hooked && !/^comment\s+"/.test(line.text));
    const base = hooked && baseOf(hooked.text);
    if (hooked && !base) {
      into.absent.push({
        what: `nftables chain ${chain} of table ${name} (${hooked.text})`,
        to: everyAddress,
      });
      return [];
    }
    const policy = hooked && (/policy\s+drop/.test(hooked.text) ? 'DROP' : 'ACCEPT');
    const rules = lines.map(({ text, line }) => ({ text, origin: dump.originOf(line) }));
    return [{ chain: { name: chain, ...(policy && { policy }), ...(base && { base }), rules }, lines }];
  });
}

/** Names of priorities (nft(8), "Standard priority names"). */
const priorities: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

const hook =
  /^type (filter|nat|route) hook (prerouting|input|forward|output|postrouting) priority (?:(-?\d+)|([a-z]+)(?: ([+-]) (\d+))?);/;

/** "type nat hook postrouting priority srcnat - 10; policy accept;". */
function baseOf(text: string): BaseChain | undefined {
  const [, type, at, number, name, sign, distance] = hook.exec(text) ?? [];
  if (type === undefined) return undefined;
  const named = name === undefined ? Number(number) : priorities[name];
  if (named === undefined) return undefined;
  const priority = named + (sign === undefined ? 0 : Number(`${sign}${distance}`));
  return { type: type as BaseChain['type'], hook: at as BaseChain['hook'], priority };
}

function setOf(dump: DumpText, { head: { text: title, line }, lines }: NftBlock): NftSetSource | undefined {
  const [, kind, name] = /^(set|map)\s+(\S+)$/.exec(title) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  const value = (key: string): string => {
    const found = lines.find(({ text }) => text.startsWith(`${key} `))?.text.slice(key.length);
    return found?.replace(/^\s*=?\s*/, '').replace(/;$/, '') ?? '';
  };
  const typed = value('type') || value('typeof');
  const [keys = '', to] = typed.split(/\s+:\s+/);
  const elements = value('elements').replace(/^\{|\}$/g, '');
  const options = lines
    .map(({ text }) => text)
    .filter((text) => !/^(?:type|typeof|flags|elements) /.test(text));
  return {
    name,
    kind: kind as NftSetSource['kind'],
    type: keys,
    ...(to !== undefined && { to }),
    flags: splitElements(value('flags')),
    ...(options.length > 0 && { options }),
    elements: splitElements(elements),
    origin: dump.originOf(line),
  };
}

const jump = /\b(?:jump|goto) ([\w./-]+)/g;

/** What the rules of a chain lead to, by themselves and by the maps they look up. */
function jumpsOf(lines: readonly NftLine[], sets: readonly NftSetSource[]): Jump[] {
  return lines.flatMap(({ text, line, at }) => {
    const bare = unquoted(text);
    const own = [...bare.matchAll(jump)].map((found) => ({
      to: found[1]!,
      line,
      at: at + found.index + found[0].length - found[1]!.length,
    }));
    const maps = [...bare.matchAll(/@([\w./-]+)/g)].flatMap(([, name]) =>
      sets.filter((set) => set.name === name),
    );
    const mapped = maps.flatMap(({ elements }) =>
      elements.flatMap((element) =>
        [...unquoted(element).matchAll(jump)].map(([, to]) => ({ to: to!, line, at })),
      ),
    );
    return [...own, ...mapped];
  });
}
