/** A line typed into a shell and what comes of it: `vpcsim ...`, and behind it `| head -N` or `| jq FILTER`, of which
 *  as much is done here as the pages need. */
import { vpcsim } from '../support/console.ts';

/** "$ vpcsim ..." and the output; a status that says something is shown. */
export async function session(line: string): Promise<string> {
  const [command = '', ...filters] = line.split(' | ');
  const { status, out, err } = await vpcsim(wordsOf(command).slice(1));
  if (status === 70) throw new Error(`${line}\n${err}`);
  const told = filters.reduce(filtered, out);
  const asked = status === 0 || filters.length > 0 ? '' : `$ echo $?\n${status}\n`;
  return `$ ${line}\n${err}${told.trimEnd()}\n${asked}`.replace(/\n\n(\$ echo)/, '\n$1');
}

function filtered(text: string, filter: string): string {
  const [program, argument = ''] = wordsOf(filter);
  if (program === 'head') return text.split('\n').slice(0, -Number(argument)).join('\n');
  if (program === 'grep')
    return text
      .split('\n')
      .filter((row) => row.includes(argument))
      .join('\n');
  if (program === 'jq') return JSON.stringify(selected(JSON.parse(text), argument), null, 2);
  throw new Error(`no filter ${program}`);
}

/** `.a.b[0]`, and `{a, b}` of the whole. */
function selected(value: unknown, filter: string): unknown {
  if (filter.startsWith('{')) {
    const keys = filter.slice(1, -1).split(', ');
    return Object.fromEntries(keys.map((key) => [key, member(value, key)]));
  }
  return [...filter.matchAll(/\.([a-zA-Z]+)|\[(\d+)\]/g)].reduce(
    (inner, [, key, index]) => member(inner, key ?? Number(index)),
    value,
  );
}

function member(value: unknown, key: string | number): unknown {
  return (value as Readonly<Record<string | number, unknown>>)[key];
}

/** Words as a shell splits them, as far as quotes go. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare!,
  );
}
