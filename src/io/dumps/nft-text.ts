/** The blocks of `nft list ruleset`: a head, and what stands between its braces, as logical lines. */
import type { DumpText } from './dump-text.ts';

export interface NftLine {
  readonly text: string;
  /** 0-based. */
  readonly line: number;
  /** 0-based column of its first character. */
  readonly at: number;
}

export interface NftBlock {
  /** "chain nat-OUTPUT", "map jumps". */
  readonly head: NftLine;
  readonly lines: readonly NftLine[];
  readonly blocks: readonly NftBlock[];
}

const handle = /\s+# handle \d+\s*$/;

/** Reads the block whose head stands on the line `start`; gives the line behind it. Undefined block: it has no end. */
export function readBlock(
  dump: DumpText,
  start: number,
): { readonly block?: NftBlock; readonly end: number } {
  const open: { head: NftLine; lines: NftLine[]; blocks: NftBlock[] }[] = [];
  for (let line = start; line < dump.lines.length; line++) {
    const first = line;
    let text = bare(dump.lines[line]!);
    if (text === '' || text.startsWith('#')) continue;
    const at = dump.lines[line]!.search(/\S/);
    const written = { line: first, at };
    if (text === '}') {
      const closed = open.pop()!;
      if (open.length === 0) return { block: closed, end: line + 1 };
      open.at(-1)!.blocks.push(closed);
      continue;
    }
    if (open.length < 2 && text.endsWith('{') && !text.startsWith('elements')) {
      open.push({ head: { ...written, text: text.slice(0, -1).trim() }, lines: [], blocks: [] });
      continue;
    }
    // Long lists of elements are printed over several lines.
    for (let depth = balance(text); depth > 0 && line + 1 < dump.lines.length; ) {
      const more = bare(dump.lines[++line]!);
      text = `${text} ${more}`;
      depth += balance(more);
    }
    open.at(-1)?.lines.push({ ...written, text });
  }
  const what = open[0]?.head ?? { line: start, at: 0, text: 'the table' };
  dump.error(what.line, {
    code: 'dump/truncated',
    message: `${what.text} is not closed: the file is cut off`,
    hint: 'a table ends with }',
    at: what.at,
  });
  return { end: dump.lines.length };
}

const bare = (line: string): string => line.replace(handle, '').trim();

/** Opening braces without closing ones, outside of quotes. */
function balance(text: string): number {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) quoted = !quoted;
    else if (!quoted && code === 123) depth++;
    else if (!quoted && code === 125) depth--;
  }
  return depth;
}

/** "a, b : jump c" split at its commas, quotes and braces apart. */
export function splitElements(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) quoted = !quoted;
    else if (quoted) continue;
    else if (code === 123) depth++;
    else if (code === 125) depth--;
    else if (code === 44 && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** The text with its quoted parts blanked, so that a comment is no rule. */
export function unquoted(text: string): string {
  return text.replace(/"[^"]*"/g, (part) => ' '.repeat(part.length));
}
