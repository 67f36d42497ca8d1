/** JSON text to values (RFC 8259), one document or several after each other, as pages of the AWS CLI are put into one
 *  file. Positions are found when somebody asks: dumps of real accounts have tens of megabytes. */
import type { Issue, Position } from '../../base/issue.ts';
import { faultAt } from './fault.ts';
import { endOfValue, startOfMember } from './scan.ts';

type Pointer = readonly (string | number)[];

export interface JsonDocument {
  /** Key of the document in origins: the file, with "#2" for its second document. */
  readonly key: string;
  readonly file: string;
  readonly value: unknown;
  /** Offset in the text of what stands at `pointer`, or of the nearest value above it. */
  offsetOf(pointer: Pointer, part: 'value' | 'key'): number;
  positionAt(offset: number): Position;
  /** The value at `pointer` as it is spelt. */
  spelling(pointer: Pointer): string;
}

/** Values nested deeper than any dump. */
const MAX_DEPTH = 200;

export function parseJson(
  file: string,
  text: string,
): { readonly documents: readonly JsonDocument[]; readonly issues: readonly Issue[] } {
  const lines = new Lines(file, text);
  const documents: JsonDocument[] = [];
  let at = skipBlank(text, 0);
  while (at < text.length) {
    const found = valueAt(text, at);
    if ('fault' in found) return { documents, issues: [syntaxIssue(lines, text, found)] };
    if (isDeeper(found.value, MAX_DEPTH)) {
      const message = `values are nested more than ${MAX_DEPTH} deep`;
      const issue: Issue = { severity: 'error', code: 'json/too-deep', at: lines.position(at), message };
      return { documents, issues: [issue] };
    }
    const number = documents.length + 1;
    documents.push(document(number === 1 ? file : `${file}#${number}`, file, text, at, found.value, lines));
    at = skipBlank(text, found.end);
  }
  return { documents, issues: [] };
}

function document(
  key: string,
  file: string,
  text: string,
  start: number,
  value: unknown,
  lines: Lines,
): JsonDocument {
  const elements = new Map<number, number[]>();
  const offsetOf = (pointer: Pointer, part: 'value' | 'key'): number => {
    let offset = start;
    for (const [depth, step] of pointer.entries()) {
      const member = startOfMember(text, offset, step, elements);
      if (!member) return offset;
      offset = part === 'key' && depth === pointer.length - 1 ? member.key : member.value;
    }
    return offset;
  };
  return {
    key,
    file,
    value,
    offsetOf,
    positionAt: (offset) => lines.position(offset),
    spelling(pointer) {
      const from = offsetOf(pointer, 'value');
      return text.slice(from, endOfValue(text, from) ?? text.length);
    },
  };
}

/** Nothing, or the beginning of a text, a number or a word. */
const cutOff = /^(?:"(?:[^"\\\n]|\\.)*\\?|[\w.+-]*)$/;

/** One document mostly is the whole text; where it is not, its end is looked for. */
function valueAt(
  text: string,
  start: number,
):
  | { readonly value: unknown; readonly end: number }
  | { readonly fault: 'syntax' | 'truncated'; readonly at: number } {
  const whole = parsed(start === 0 ? text : text.slice(start));
  if (whole) return { ...whole, end: text.length };
  const end = endOfValue(text, start);
  const one = end === undefined ? undefined : parsed(text.slice(start, end));
  if (one) return { ...one, end: end! };
  const at = faultAt(text, start);
  return cutOff.test(text.slice(at)) ? { fault: 'truncated', at: start } : { fault: 'syntax', at };
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function syntaxIssue(
  lines: Lines,
  text: string,
  { fault, at }: { readonly fault: 'syntax' | 'truncated'; readonly at: number },
): Issue {
  if (fault === 'truncated')
    return {
      severity: 'error',
      code: 'json/truncated',
      at: lines.position(text.length),
      message: `the file ends inside a value that begins in line ${lines.position(at).line}`,
      hint: 'write it again: what a command printed was cut off',
    };
  const shown = text.slice(at, at + 20).split('\n')[0]!;
  return {
    severity: 'error',
    code: 'json/syntax',
    at: lines.position(at),
    message: shown === '' ? 'this is no JSON' : `this is no JSON: ${JSON.stringify(shown)} cannot stand here`,
  };
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  for (const member of Array.isArray(value) ? value : Object.values(value))
    if (typeof member === 'object' && member !== null && isDeeper(member, depth - 1)) return true;
  return false;
}

/** Blanks between documents, and the line that YAML puts there. */
const between = /(?:[ \t\r\n]|---(?=\s|$))*/y;

function skipBlank(text: string, from: number): number {
  between.lastIndex = from;
  return from + (between.exec(text)?.[0].length ?? 0);
}

/** Line and column of offsets; the starts of lines are looked for once, when first asked. */
class Lines {
  readonly #file: string;
  readonly #text: string;
  #starts: number[] | undefined;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  position(offset: number): Position {
    this.#starts ??= startsOfLines(this.#text);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { file: this.#file, line: low + 1, column: offset - this.#starts[low]! + 1 };
  }
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
