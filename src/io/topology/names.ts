/** Names that must be unique where they are referred to. */
import type { Reading } from '../reading.ts';

/** Reports every name that was used before in `lists`, which share one space of names. */
export function checkUnique(
  reading: Reading,
  ...lists: readonly (readonly [what: string, list: readonly object[] | undefined])[]
): void {
  const seen = new Map<string, string>();
  for (const [what, list] of lists) {
    for (const item of list ?? []) {
      const name = 'name' in item ? item.name : undefined;
      if (typeof name !== 'string') continue;
      const earlier = seen.get(name);
      if (earlier === undefined) seen.set(name, what);
      else
        reading.error(reading.of(item, 'name'), {
          code: 'topology/duplicate-name',
          message: `${JSON.stringify(name)} already names ${earlier === what ? `another ${what}` : `a ${earlier}`}`,
        });
    }
  }
}

/** Whether `name` is among `known`, an issue where it is not; absent where they cannot be known. */
export function checkReference(
  reading: Reading,
  container: object,
  key: string | number,
  what: string,
  name: string,
  known: ReadonlySet<string> | undefined,
): boolean {
  if (!known || known.has(name)) return true;
  reading.unknown(reading.of(container, key), what, name, known);
  return false;
}

/** The entries of a list of names that stand for something; each entry once. */
export function checkReferences(
  reading: Reading,
  list: readonly string[],
  what: string,
  known: ReadonlySet<string> | undefined,
): readonly string[] {
  const good = list.filter((name, index) => {
    if (list.indexOf(name) < index) {
      const message = `${JSON.stringify(name)} is listed twice`;
      reading.error(reading.of(list, index), { code: 'topology/duplicate-name', message });
      return false;
    }
    return checkReference(reading, list, index, what, name, known);
  });
  return good;
}

export function namesOf(list: readonly { readonly name?: string | undefined }[] | undefined): Set<string> {
  return new Set((list ?? []).flatMap(({ name }) => (name === undefined ? [] : [name])));
}
