/** Objects of kubectl's JSON, of which only their kind and name are certain. */
import { isMap } from '../members.ts';

export type Value = Record<string, unknown>;

export interface KubeValue extends Value {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** Whether an object is of that kind, and has a name at all. */
export function kindIs(kind: string): (value: Value) => value is KubeValue {
  return (value): value is KubeValue =>
    value.kind === kind && isMap(value.metadata) && typeof value.metadata.name === 'string';
}

/** The member at a path, where everything on the way is a map. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isMap(found)) return undefined;
    found = found[key];
  }
  return found;
}

/** The same, where it is a text with something in it. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The maps of a list at a path. */
export function mapsAt(value: unknown, ...path: readonly string[]): readonly Value[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isMap) : [];
}
