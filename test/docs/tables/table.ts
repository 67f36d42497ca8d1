/** Markdown tables, with columns of one width, as the formatter of this repository writes them. */

export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [columns, ...rows].map((row) => row.map(cell));
  const widths = columns.map((_, i) => Math.max(3, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, i) => text.padEnd(widths[i]!)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  const [head, ...body] = cells.map(line);
  return [head, rule, ...body].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** Angle brackets outside code would be read as HTML; rows of blanks are one. */
export function prose(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(/ +/g, ' ');
}
