/** What a set of dumps describes: resources by kind and name, from however many files and pages. Files are known by
 *  what stands in them. */
import { isMap } from '../members.ts';
import type { Reading } from '../reading.ts';
import { collections } from './collections.ts';
import { originOf, pathOf, type Resource, text } from './resource.ts';

export interface Inventory {
  /** Resources under a key such as `Subnets`, by name, in the order of files; undefined where no file has the key. */
  of(collection: string): ReadonlyMap<string, Resource> | undefined;
  readonly reading: Reading;
}

export interface DumpDocument {
  readonly file: string;
  /** Key of the document in the loaded sources. */
  readonly key: string;
  readonly value: unknown;
}

/** Whether a document is something that an AWS command prints and that is read here. */
export function isAwsDump(value: unknown): boolean {
  return isMap(value) && Object.keys(value).some((key) => Object.hasOwn(collections, key));
}

export function takeInventory(reading: Reading, documents: readonly DumpDocument[]): Inventory {
  const found = new Map<string, Map<string, Resource>>();
  for (const document of documents) takeDocument(reading, document, found);
  return { of: (collection) => found.get(collection), reading };
}

function takeDocument(
  reading: Reading,
  { key: document, value, file }: DumpDocument,
  found: Map<string, Map<string, Resource>>,
): void {
  if (!isMap(value)) {
    const at = { from: 'written', document, pointer: [] } as const;
    reading.warn(at, { code: 'aws/not-understood', message: `${file} holds no map of keys and values` });
    return;
  }
  for (const [key, list] of Object.entries(value)) {
    if (key === 'NextToken' || key === 'ResponseMetadata') continue;
    const resource: Resource = { value, document, pointer: [key] };
    if (!Object.hasOwn(collections, key) || !Array.isArray(list)) {
      const message = `${key} is not understood, and is left out`;
      reading.warn(originOf(resource), { code: 'aws/not-understood', message });
      continue;
    }
    const members = found.get(key) ?? new Map<string, Resource>();
    found.set(key, members);
    for (const [index, item] of list.entries()) takeMember(reading, key, { document, item, index }, members);
  }
}

function takeMember(
  reading: Reading,
  key: string,
  { document, item, index }: { document: string; item: unknown; index: number },
  members: Map<string, Resource>,
): void {
  const { noun, id } = collections[key]!;
  const resource = { value: isMap(item) ? item : {}, document, pointer: [key, index] };
  const name = id.map((member) => text(resource, member)).find((found) => found !== undefined);
  if (name !== undefined) members.set(name, resource);
  else
    reading.warn(originOf(resource), {
      code: 'aws/no-id',
      message: `${pathOf(resource)} has no ${id.join(' or ')}: this ${noun} is left out`,
    });
}
