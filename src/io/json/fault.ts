/** Where a text stops being JSON (RFC 8259): engines say it in words that change, or not at all. */

const literal =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const blank = /[ \t\r\n]*/y;

/** Offset of the first character that cannot stand where it does in the value that begins at `start`. */
export function faultAt(text: string, start: number): number {
  /** Brackets that are open. */
  const open: string[] = [];
  let at = start;
  let wants: 'value' | 'value or end' | 'key' | 'key or end' | 'comma or end' = 'value';
  const skip = (): void => {
    at += lengthOf(blank, text, at);
  };
  for (;;) {
    skip();
    const character = text[at];
    if (character === undefined) return at;
    const ends = character === (open.at(-1) === '{' ? '}' : ']');
    if (wants !== 'value' && wants !== 'key' && open.length > 0 && ends) {
      open.pop();
      at++;
      wants = 'comma or end';
    } else if (wants === 'comma or end') {
      if (open.length === 0 || character !== ',') return at;
      at++;
      wants = open.at(-1) === '{' ? 'key' : 'value';
    } else if (wants.startsWith('key')) {
      if (character !== '"') return at;
      const length = lengthOf(literal, text, at);
      if (length === 0) return at;
      at += length;
      skip();
      if (text[at] !== ':') return at;
      at++;
      wants = 'value';
    } else if (character === '{' || character === '[') {
      open.push(character);
      at++;
      wants = character === '{' ? 'key or end' : 'value or end';
    } else {
      const length = lengthOf(literal, text, at);
      if (length === 0) return at;
      at += length;
      wants = 'comma or end';
    }
  }
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
