/** Columns of text: each as wide as its widest cell, two spaces between them. */

export function renderTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  return `${[columns, ...rows].map(line).join('\n')}\n`;
}

/** How many names stand before a text that they share. */
const MOST_NAMES = 3;

/** Texts that are too wide for a table, each once, under the names of the rows that have it. */
export function renderBelow(title: string, names: readonly string[], texts: readonly string[]): string {
  const having = new Map<string, string[]>();
  texts.forEach((text, row) => void having.set(text, [...(having.get(text) ?? []), names[row]!]));
  const lines = [...having].flatMap(([text, all]) => [`  ${namesText(all)}`, `      ${text}`]);
  return `\n${[title, ...lines].join('\n')}\n`;
}

function namesText(names: readonly string[]): string {
  if (names.length <= MOST_NAMES + 1) return names.join(', ');
  return `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;
}
