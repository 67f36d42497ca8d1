/** Lines of `ip rule` (ip-rule(8)): "1536:	from 10.0.1.5 lookup 2". */
import { everyAddress } from '../../addressing/cidr.ts';
import { parseIpRule } from '../../host/routing/routing-text.ts';
import type { DumpText } from './dump-text.ts';
import type { Gathered } from './gathered.ts';

export function isIpRule(line: string): boolean {
  return /^\d+:\s+(?:not\s+)?(?:from|to|fwmark|iif|oif)\s/.test(line);
}

/** Reads the line `at`. The rules of IPv6 begin with the same three, which say nothing new. */
export function readIpRule(dump: DumpText, at: number, into: Gathered): void {
  const text = dump.lines[at]!;
  into.sawRules = true;
  if (/\s[\da-f]*:[\da-f:]*(?:\/\d+)?(?:\s|$)/.test(text.replace(/^\d+:/, ''))) return;
  const rule = parseIpRule(text, dump.originOf(at));
  if (rule === undefined) {
    into.absent.push({ what: `ip rule "${text.trim().replace(/\s+/g, ' ')}"`, to: everyAddress });
    dump.warn(at, {
      code: 'dump/not-modelled',
      message: 'this rule says something that is not modelled: all paths through the host are undetermined',
    });
    return;
  }
  const { origin: _, ...said } = rule;
  const key = JSON.stringify(said);
  if (!into.seenRules.has(key)) into.ipRules.push(rule);
  into.seenRules.add(key);
}
