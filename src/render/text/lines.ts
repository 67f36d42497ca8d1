/** Wrapping and padding of plain text. Colour is put on afterwards, so a character is a column. */

/** Breaks at spaces; a word longer than the width breaks after `/`, `,` or `-` where it can. The first line may have
 *  another width than the rest. */
export function wrap(text: string, width: number, first = width): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const room = (): number => (lines.length === 0 ? first : width);
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (joined.length <= room()) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (line.length > room()) {
      const head = beginning(line, room());
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  lines.push(line);
  return lines;
}

function beginning(word: string, width: number): string {
  const head = word.slice(0, width);
  const mark = Math.max(head.lastIndexOf('/'), head.lastIndexOf(','), head.lastIndexOf('-'));
  return mark >= width / 3 ? head.slice(0, mark + 1) : head;
}

/** One line at most, with `..` for what is left out. */
export function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 2))}..`;
}

/** `label` in a column of its own, the wrapped text beside it. */
export function labelled(label: string, text: string, indent: number, width: number): readonly string[] {
  return wrap(text, Math.max(16, width - indent)).map((line, i) =>
    `${(i === 0 ? label : '').padEnd(indent)}${line}`.trimEnd(),
  );
}

/** "1-4, 7": numbers as ranges. */
export function ranges(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length; ) {
    let end = i;
    while (numbers[end + 1] === numbers[end]! + 1) end++;
    parts.push(end === i ? `${numbers[i]}` : `${numbers[i]}-${numbers[end]}`);
    i = end + 1;
  }
  return parts.join(', ');
}
