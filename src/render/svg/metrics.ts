/** Widths of text without a browser: generous for the usual system fonts, so that nothing is clipped or touches. */

export const SMALL = 11;
export const NORMAL = 12;
export const TITLE = 16;

/** Advance per em. Monospace fonts have 0.6; sans-serif ones differ by letter. */
const MONO = 0.61;
const narrow = new Set("iljtfrI.,:;|!'()[]/ -");
const broad = new Set('mwMW@%');

export function monoWidth(text: string, size: number): number {
  return text.length * MONO * size;
}

/** `strong` is semibold. */
export function textWidth(text: string, size: number, strong = false): number {
  let ems = 0;
  for (const letter of text)
    ems += narrow.has(letter) ? 0.36 : broad.has(letter) ? 0.9 : letter >= 'A' && letter <= 'Z' ? 0.7 : 0.575;
  return ems * size * (strong ? 1.13 : 1);
}

/** Lines of at most `most` letters, broken after `-`, `/` or a space where possible; the last one clipped. */
export function labelLines(text: string, most: number, lines: number): readonly string[] {
  const { out, rest } = broken(text, most, lines);
  return [...out, rest.length > most ? `${rest.slice(0, most - 1)}…` : rest];
}

/** As labelLines, but what is left out is not the end: names differ there. */
export function nameLines(text: string, most: number, lines: number): readonly string[] {
  const { out, rest } = broken(text, most, lines);
  return [...out, rest.length > most ? `…${rest.slice(1 - most)}` : rest];
}

function broken(
  text: string,
  most: number,
  lines: number,
): { readonly out: readonly string[]; readonly rest: string } {
  const out: string[] = [];
  let rest = text;
  while (rest.length > most && out.length < lines - 1) {
    const head = rest.slice(0, most + 1);
    const mark = Math.max(
      head.lastIndexOf('-', most - 1),
      head.lastIndexOf('/', most - 1),
      head.lastIndexOf(' '),
    );
    const cut = mark > most / 3 ? mark + 1 : most;
    out.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut);
  }
  return { out, rest };
}
