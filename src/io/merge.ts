/** Merging of topology files: maps by key, named lists by name, anything else is replaced; `over` wins. */
import { isMap, isNamedList } from './members.ts';
import type { Reading } from './reading.ts';

/** A new value where both have something to say; the containers of one side are shared. */
export function merge(reading: Reading, base: unknown, over: unknown): unknown {
  if (isMap(base) && isMap(over)) return mergeMaps(reading, base, over);
  if (isNamedList(base) && isNamedList(over) && base.length > 0 && over.length > 0)
    return mergeLists(reading, base, over);
  return over;
}

export function mergeMaps(
  reading: Reading,
  base: Record<string, unknown>,
  over: Record<string, unknown>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  reading.origins.set(merged, reading.of(over));
  for (const key of new Set([...Object.keys(base), ...Object.keys(over)])) {
    const mine = Object.hasOwn(over, key);
    const both = mine && Object.hasOwn(base, key);
    merged[key] = both ? merge(reading, base[key], over[key]) : (mine ? over : base)[key];
    reading.origins.setMember(merged, key, reading.of(mine ? over : base, key));
  }
  return merged;
}

function mergeLists(
  reading: Reading,
  base: readonly { name: string }[],
  over: readonly { name: string }[],
): unknown[] {
  const own = new Map(over.map((item) => [item.name, item]));
  const merged: unknown[] = [];
  for (const item of base) {
    const replacement = own.get(item.name);
    merged.push(replacement ? merge(reading, item, replacement) : item);
    own.delete(item.name);
  }
  const added = over.filter((item) => !base.some(({ name }) => name === item.name));
  merged.push(...added);
  reading.origins.set(merged, reading.of(over));
  merged.forEach((item, index) => {
    reading.origins.setMember(merged, index, reading.of(item as object));
  });
  return merged;
}
