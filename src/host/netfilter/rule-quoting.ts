/** The words of a rule line, and their quoting, as iptables-restore reads and iptables-save writes them
 *  (xtables_save_string: anything but letters, digits, `_` and `-` is put in double quotes). */

/** Splits a line at blanks; double or single quotes hold a word together, a backslash takes the next character as it is. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  const end = text.length;
  let i = 0;
  while (i < end) {
    const code = text.charCodeAt(i);
    if (code === 32 || code === 9) {
      i++;
    } else if (code === 34 || code === 39) {
      let word = '';
      for (i++; i < end && text.charCodeAt(i) !== code; i++) {
        if (text.charCodeAt(i) === 92) i++;
        word += text[i] ?? '';
      }
      i++;
      words.push(word);
    } else {
      let stop = i;
      while (stop < end && text.charCodeAt(stop) !== 32 && text.charCodeAt(stop) !== 9) stop++;
      words.push(text.slice(i, stop));
      i = stop;
    }
  }
  return words;
}

/** One word as iptables-save prints a string. */
export function quoteWord(word: string): string {
  return /^[\w-]+$/.test(word) ? word : `"${word.replace(/["\\']/g, '\\$&')}"`;
}

/** One word of options that are kept as written: quoted only where it would fall apart. */
export function keepWord(word: string): string {
  return /^[^\s"'\\]+$/.test(word) ? word : `"${word.replace(/["\\']/g, '\\$&')}"`;
}

/** `0x4000`; the kernel's marks are unsigned. */
export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/** A number as iptables takes it: decimal, 0x hexadecimal or 0 octal. As int32. */
export function parseNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^(0x[\da-f]+|\d+)$/i.test(text)) return undefined;
  const value = /^0\d/.test(text) ? Number.parseInt(text, 8) : Number(text);
  return value <= 0xffffffff ? value | 0 : undefined;
}

/** `value[/mask]`; all bits where no mask is written. */
export function parseMasked(text: string | undefined): { value: number; mask: number } | undefined {
  const [left, right, ...rest] = (text ?? '').split('/');
  const value = parseNumber(left);
  const mask = right === undefined ? -1 : parseNumber(right);
  return value === undefined || mask === undefined || rest.length > 0 ? undefined : { value, mask };
}
