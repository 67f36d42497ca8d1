/** Members of plain values by path. */

/** The member of `value` at `path`; undefined where there is none. */
export function memberAt(value: unknown, path: readonly (string | number)[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isContainer(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** A map or a list. */
export function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return isContainer(value) && !Array.isArray(value);
}

/** A list of maps that all have a name: it merges, and is addressed, by name. */
export function isNamedList(
  value: unknown,
): value is readonly (Record<string, unknown> & { name: string })[] {
  return Array.isArray(value) && value.every((item) => isMap(item) && typeof item.name === 'string');
}
