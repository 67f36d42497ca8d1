/** One file with dumps of any kind, one after another: each line tells what it begins. */
import type { TableName } from '../../host/rules.ts';
import { DumpText } from './dump-text.ts';
import type { Gathered, SaveHeader } from './gathered.ts';
import { isIpRoute, readIpRoute, routeTableIn } from './ip-route.ts';
import { isIpRule, readIpRule } from './ip-rule.ts';
import { readSets, startsSets } from './ipset-save.ts';
import { readListedTable, startsList } from './iptables-list.ts';
import { headerOf, readSavedTable, startsTable, tableIn } from './iptables-save.ts';
import { readNftTable, startsNftTable } from './nft-list.ts';

const forms =
  'iptables-save, ip6tables-save, iptables -S, nft list ruleset, ipset save, ip rule and ip route show table all are read';

/** `text` is that of `file`; what is wrong with it is told with its place. */
export function readDump(file: string, text: string, into: Gathered): DumpText {
  const dump = new DumpText(file, text);
  let header: SaveHeader = /(?:ip6tables|ip6t|ipv6)/.test(nameOf(file)) ? { family: 'IPv6' } : {};
  let told: TableName | undefined = tableIn(nameOf(file));
  let routeTable = 'main';
  let found = false;
  let line = 0;
  while (line < dump.lines.length) {
    const written = dump.lines[line]!;
    const start = line;
    if (written.trim() === '') line++;
    else if (isHeading(written)) {
      header = headerOf(written) ?? header;
      told = (/\bip6?tables\b/.test(written) ? tableIn(written) : undefined) ?? told;
      routeTable = routeTableIn(written) ?? routeTable;
      warnOfLegacy(dump, line, written);
      line++;
    } else if (startsTable(written)) line = readSavedTable(dump, line, header, into);
    else if (startsList(written)) line = readListedTable(dump, line, told, header, into);
    else if (startsNftTable(written)) line = readNftTable(dump, line, into);
    else if (startsSets(written)) line = readSets(dump, line, into);
    else if (isIpRule(written)) readIpRule(dump, line++, into);
    else if (isIpRoute(written)) line = readIpRoute(dump, line, routeTable, into);
    else if (isIpAddress(written)) line = passAddresses(dump, line);
    else {
      dump.error(line++, unknown(written, found));
      // A file of another kind altogether has nothing to say line by line.
      if (!found) break;
      continue;
    }
    found ||= line > start && !isHeading(written) && written.trim() !== '';
  }
  if (!found && dump.issues.length === 0)
    dump.error(0, { code: 'dump/empty', message: `${file} holds no rules`, hint: forms });
  return dump;
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1).toLowerCase();

/** A comment, or the prompt and command of a terminal session: "$ ip rule", "[root@node1 ~]# iptables-save". */
const isHeading = (line: string): boolean =>
  line.startsWith('#') || /^(?:\$|\[?[\w.-]+@[^\s#$]+.*?[#$]|sudo)\s/.test(line);

/** iptables-nft-save says so of rules that it does not see. */
function warnOfLegacy(dump: DumpText, line: number, text: string): void {
  if (!/^# Warning: ip6?tables-legacy tables present/.test(text)) return;
  dump.warn(line, {
    code: 'dump/other-back-end',
    message: 'the node also has rules of iptables-legacy, which are not in this dump',
    hint: 'add the output of iptables-legacy-save',
  });
}

/** "2: eth0: <BROADCAST,MULTICAST,UP> mtu 9001 ..." of `ip addr`, with its indented lines. */
const isIpAddress = (line: string): boolean => /^\d+: \S+: </.test(line);

/** Addresses are the topology's to say. */
function passAddresses(dump: DumpText, start: number): number {
  let line = start + 1;
  while (line < dump.lines.length && (/^\s+\S/.test(dump.lines[line]!) || isIpAddress(dump.lines[line]!)))
    line++;
  return line;
}

function unknown(line: string, found: boolean): { code: string; message: string; hint: string } {
  const start = JSON.stringify(line.length > 40 ? `${line.slice(0, 40)}...` : line);
  if (found)
    return { code: 'dump/unknown-line', message: `${start} belongs to no dump that is read`, hint: forms };
  return { code: 'dump/unknown-format', message: `${start} begins no dump that is read`, hint: forms };
}
