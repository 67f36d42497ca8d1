/** A described AWS resource, or a part of one: the JSON value, and where it stands in which file.
 *  Nothing about the value is certain: a member of another type than AWS prints counts as absent. */
import type { Origin } from '../../base/origin.ts';
import { isMap } from '../members.ts';

export interface Resource {
  readonly value: Readonly<Record<string, unknown>>;
  /** Key of the document in the loaded sources. */
  readonly document: string;
  readonly pointer: readonly (string | number)[];
}

export function originOf({ document, pointer }: Resource): Origin {
  return { from: 'written', document, pointer };
}

/** "SecurityGroups[3].IpPermissions[0]". */
export function pathOf({ pointer }: Resource): string {
  return pointer
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}

/** A member that is a text with something in it. */
export function text(resource: Resource | undefined, key: string): string | undefined {
  const value = resource?.value[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function texts(resource: Resource | undefined, key: string): readonly string[] {
  const value = resource?.value[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function number(resource: Resource | undefined, key: string): number | undefined {
  const value = resource?.value[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function flag(resource: Resource | undefined, key: string): boolean | undefined {
  const value = resource?.value[key];
  return typeof value === 'boolean' ? value : undefined;
}

/** A member that is a map. */
export function part(resource: Resource | undefined, key: string): Resource | undefined {
  const value = resource?.value[key];
  if (!resource || !isMap(value)) return undefined;
  return { value, document: resource.document, pointer: [...resource.pointer, key] };
}

/** The maps of a member that is a list. */
export function parts(resource: Resource | undefined, key: string): readonly Resource[] {
  const value = resource?.value[key];
  if (!resource || !Array.isArray(value)) return [];
  const { document, pointer } = resource;
  return value.flatMap((item, index) =>
    isMap(item) ? [{ value: item, document, pointer: [...pointer, key, index] }] : [],
  );
}

/** `Tags` (or `TagSet`) as a map; undefined where there are none. */
export function tagsOf(resource: Resource, key = 'Tags'): Record<string, string> | undefined {
  const pairs = parts(resource, key).flatMap((tag) => {
    const [name, value] = [text(tag, 'Key'), tag.value.Value];
    return name === undefined ? [] : [[name, typeof value === 'string' ? value : ''] as const];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}
