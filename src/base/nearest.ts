/** The known names closest to a misspelt one, for hints ("did you mean ..."). */

/** Optimal string alignment distance: insert, delete, replace, swap of neighbours cost 1 each. */
function distance(a: string, b: string): number {
  let previous: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, previous[j - 2]! + 1);
      next.push(best);
    }
    previous = row;
    row = next;
  }
  return row[b.length]!;
}

/** Up to `most` of `known`, nearest first, that are close enough to `word` to be what was meant. */
export function nearest(word: string, known: Iterable<string>, most = 3): string[] {
  const target = word.toLowerCase();
  const limit = Math.max(2, Math.floor(word.length / 3));
  return [...known]
    .map((name) => ({ name, far: distance(target, name.toLowerCase()) }))
    .filter(({ name, far }) => far <= limit || name.toLowerCase().includes(target))
    .sort((x, y) => x.far - y.far || (x.name < y.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** A hint for an unknown word: the nearest known names, or the whole short list. */
export function suggestion(word: string, known: Iterable<string>): string {
  const names = [...known];
  const close = nearest(word, names);
  if (close.length > 0) return `did you mean ${close.join(', ')}?`;
  if (names.length === 0) return 'there are none';
  return names.length <= 12
    ? `known: ${names.join(', ')}`
    : `known: ${names.slice(0, 12).join(', ')}, ... (${names.length})`;
}
