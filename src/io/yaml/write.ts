/** Plain values as YAML 1.2 text, as a person would write a topology: what fits on a line stands on one. */

/** Columns of a line. */
const WIDTH = 110;

export function yamlText(value: Readonly<Record<string, unknown>>): string {
  const lines: string[] = [];
  writeMap(value, 0, '', lines);
  return `${lines.join('\n')}\n`;
}

/** `lead` stands before the first line, which is the place of a list's dash. */
function writeMap(
  map: Readonly<Record<string, unknown>>,
  indent: number,
  lead: string,
  lines: string[],
): void {
  let before = lead;
  for (const [key, value] of Object.entries(map)) {
    if (value === undefined) continue;
    writeMember(`${before || ' '.repeat(indent)}${scalar(key)}:`, value, indent, lines);
    before = '';
  }
}

function writeMember(start: string, value: unknown, indent: number, lines: string[]): void {
  const short = inline(value, WIDTH - start.length - 1);
  if (short !== undefined && (start.length > 0 || !isContainer(value))) lines.push(`${start} ${short}`);
  else {
    lines.push(start);
    if (Array.isArray(value)) for (const item of value) writeItem(item, indent + 2, lines);
    else writeMap(value as Record<string, unknown>, indent + 2, '', lines);
  }
}

function writeItem(item: unknown, indent: number, lines: string[]): void {
  const lead = `${' '.repeat(indent)}- `;
  const short = inline(item, WIDTH - lead.length);
  if (short !== undefined) lines.push(lead + short);
  else if (Array.isArray(item)) {
    lines.push(lead.trimEnd());
    for (const each of item) writeItem(each, indent + 2, lines);
  } else writeMap(item as Record<string, unknown>, indent + 2, lead, lines);
}

/** The value on one line; undefined where it takes more than `room`. A scalar takes what it takes. */
function inline(value: unknown, room: number): string | undefined {
  if (!isContainer(value)) return scalar(value);
  if (Array.isArray(value))
    return joined(
      value.map((item) => ['', item] as const),
      '[',
      ']',
      room,
    );
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const pairs = members.map(([key, member]) => [`${scalar(key)}: `, member] as const);
  return pairs.length === 0 ? '{}' : joined(pairs, '{ ', ' }', room);
}

function joined(
  items: readonly (readonly [prefix: string, value: unknown])[],
  open: string,
  close: string,
  room: number,
): string | undefined {
  let text = open;
  for (const [index, [prefix, value]] of items.entries()) {
    const left = room - text.length - prefix.length - close.length;
    const member = left < 0 ? undefined : inline(value, left);
    if (member === undefined || member.length > left) return undefined;
    text += (index > 0 ? ', ' : '') + prefix + member;
  }
  return text.length + close.length <= room ? text + close : undefined;
}

/** Texts that mean only themselves: names, paths, addresses, blocks. */
const plain = /^(?:[A-Za-z_][\w./-]*|\d+\.\d+\.\d+\.\d+(?:\/\d+)?|\d+-\d+)$/;
/** Words that YAML takes for something else, in this version or the one before. */
const reserved = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
/** Characters that may not stand in YAML as they are, beside those that JSON writes as escapes. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value ?? null);
  if (plain.test(value) && !reserved.test(value)) return value;
  return JSON.stringify(value).replace(
    unprintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
