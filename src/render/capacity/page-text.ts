/** Pieces of an HTML page as text. */

export function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export interface Column {
  readonly title: string;
  /** Numbers stand right. */
  readonly number?: boolean;
  /** Sentences, which may be broken into lines. */
  readonly long?: boolean;
}

/** Empty where there are no rows. */
export function tableOf(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return '';
  const head = columns.map((column) => `<th scope="col"${look(column)}>${escaped(column.title)}</th>`);
  const body = rows.map(
    (row) =>
      `<tr>${row
        .map((cell, place) =>
          place === 0
            ? `<th scope="row"${look(columns[0]!)}>${escaped(cell)}</th>`
            : `<td${look(columns[place]!)}>${escaped(cell)}</td>`,
        )
        .join('')}</tr>`,
  );
  return [
    '<div class="scroll"><table>',
    `<caption>${escaped(caption)}</caption>`,
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>`,
    ...body,
    '</tbody></table></div>',
  ].join('\n');
}

function look({ number, long }: Column): string {
  return number ? ' class="number"' : long ? ' class="long"' : '';
}

/** A part of the page with its heading; empty where it holds nothing. */
export function section(id: string, title: string, ...parts: readonly string[]): string {
  const inside = parts.filter((part) => part !== '');
  if (inside.length === 0) return '';
  return [
    `<section aria-labelledby="${id}">`,
    `<h2 id="${id}">${escaped(title)}</h2>`,
    ...inside,
    '</section>',
  ].join('\n');
}

export function listOf(items: readonly string[]): string {
  return items.length === 0
    ? ''
    : `<ul>\n${items.map((item) => `<li>${escaped(item)}</li>`).join('\n')}\n</ul>`;
}
