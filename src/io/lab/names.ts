/** Names in a lab: plain letters, digits and hyphens, whatever the topology calls its things, and no two alike. */

/** As long as `ip netns` and file names can well be. */
const LONGEST = 100;

export class LabNames {
  readonly #taken = new Set<string>();

  /** A name of its own, made from these words. */
  of(...words: readonly string[]): string {
    const plain = plainName(words.join('-'));
    let name = plain;
    for (let n = 2; this.#taken.has(name); n++) name = `${plain}-${n}`;
    this.#taken.add(name);
    return name;
  }
}

/** What is left of a name once everything unusual is a hyphen. */
export function plainName(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST);
  return plain === '' ? 'x' : plain;
}
