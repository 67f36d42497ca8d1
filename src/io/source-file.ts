/** Files as the caller hands them over: text or bytes, checked before anything parses them.
 *  YAML 1.2 section 5.1 allows printable characters only; a control character in a name would reach the
 *  reader's terminal. */
import type { Issue } from '../base/issue.ts';

export type SourceFile = { readonly text: string } | { readonly bytes: Uint8Array };

/** The file at `path`, or undefined when there is none. */
export type Read = (path: string) => SourceFile | undefined;

/** Paths, readable with `Read`, that match a glob pattern (`*`, `?`, `**`) relative to the folder `base`. */
export type List = (pattern: string, base: string) => readonly string[];

/** Larger YAML is refused before parsing; JSON (dumps of real clusters) is not limited. */
const MAX_YAML_BYTES = 10 * 1024 * 1024;

const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** The text of a file, or why it cannot be read as text. */
export function textOf(
  path: string,
  file: SourceFile,
  most = path.endsWith('.json') ? Number.POSITIVE_INFINITY : MAX_YAML_BYTES,
): { readonly text: string } | { readonly issue: Issue } {
  const size = 'bytes' in file ? file.bytes.length : file.text.length;
  if (size > most) {
    const [megabytes, allowed] = [(size / 1024 / 1024).toFixed(1), most / 1024 / 1024];
    return refused('io/too-large', path, 1, 1, `${path} is ${megabytes} MB, more than ${allowed} MB`, {
      hint: 'split it into several files and name them under manifests or include',
    });
  }
  const decoded = 'bytes' in file ? decode(path, file.bytes) : file;
  if ('issue' in decoded) return decoded;
  const text = decoded.text.startsWith('\ufeff') ? decoded.text.slice(1) : decoded.text;
  const at = text.search(forbidden);
  if (at < 0) return { text };
  const before = text.slice(0, at).split('\n');
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  const message = `${path} holds the control character U+${code}, so it is not a text file`;
  return refused('io/binary', path, before.length, before.at(-1)!.length + 1, message);
}

function decode(path: string, bytes: Uint8Array): { text: string } | { issue: Issue } {
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    const before = bytes.subarray(0, zero);
    const line = before.reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 1);
    return refused('io/binary', path, line, zero - before.lastIndexOf(10), `${path} is a binary file`, {
      hint: isUtf16(bytes) ? 'it looks like UTF-16: save it as UTF-8' : undefined,
    });
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    const valid = validPrefix(bytes);
    const before = new TextDecoder().decode(bytes.subarray(0, valid), { stream: true }).split('\n');
    return refused(
      'io/not-utf8',
      path,
      before.length,
      before.at(-1)!.length + 1,
      `${path} is not valid UTF-8`,
      {
        hint: 'save it as UTF-8',
      },
    );
  }
}

/** How many of the first bytes are valid UTF-8, to the byte that is not. */
function validPrefix(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      low = middle;
    } catch {
      high = middle - 1;
    }
  }
  return low;
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

function refused(
  code: string,
  file: string,
  line: number,
  column: number,
  message: string,
  more: { hint?: string | undefined } = {},
): { issue: Issue } {
  return { issue: { severity: 'error', code, at: { file, line, column }, message, hint: more.hint } };
}
