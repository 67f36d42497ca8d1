/** Text of `ipset save`: "create NAME TYPE options", then "add NAME member" for each member. */
import type { IpSetSource } from '../../host/rules.ts';
import { closeTo, type DumpText } from './dump-text.ts';
import type { Gathered } from './gathered.ts';

const line = /^(create|add)\s+(\S+)\s+(\S.*)$/;

export function startsSets(text: string): boolean {
  return /^(?:create|add)\s+\S+\s+\S/.test(text);
}

/** Reads from the line `start` on; gives the line behind. */
export function readSets(dump: DumpText, start: number, into: Gathered): number {
  const sets = new Map<
    string,
    { readonly source: Omit<IpSetSource, 'members'>; readonly members: string[] }
  >();
  let at = start;
  for (; at < dump.lines.length; at++) {
    const text = dump.lines[at]!.trimEnd();
    if (text === '' || text.startsWith('#')) continue;
    const [, verb, name = '', rest = ''] = line.exec(text) ?? [];
    if (verb === undefined) break;
    if (verb === 'create') {
      const source = created(dump, name, rest, at);
      if (source) sets.set(name, { source, members: [] });
    } else {
      const set = sets.get(name);
      if (set) set.members.push(rest);
      else
        dump.error(at, {
          code: 'dump/undeclared-set',
          message: `a member of set ${JSON.stringify(name)}, which no line creates`,
          hint: dump.full ? undefined : closeTo(name, sets.keys()),
          at: text.indexOf(name, 3),
        });
    }
  }
  into.sets.push(...[...sets.values()].map(({ source, members }) => ({ ...source, members })));
  return at;
}

function created(
  dump: DumpText,
  name: string,
  rest: string,
  at: number,
): Omit<IpSetSource, 'members'> | undefined {
  const [type = '', ...options] = rest.split(/\s+/);
  if (!/^(?:hash|bitmap|list):[a-z,]+$/.test(type)) {
    const message = `${JSON.stringify(type)} is no type of a set`;
    dump.error(at, { code: 'dump/bad-set', message, hint: 'such as hash:ip, hash:net,port or list:set' });
    return undefined;
  }
  const family = options[options.indexOf('family') + 1] === 'inet6' ? 'IPv6' : 'IPv4';
  return {
    name,
    type,
    family,
    ...(options.length > 0 && { options: options.join(' ') }),
    origin: dump.originOf(at),
  };
}
