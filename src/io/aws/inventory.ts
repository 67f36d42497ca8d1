/** What a set of dumps describes: resources by kind and name, from however many files and pages. Files are known by
 *  what stands in them. */
import { isMap } from '../members.ts';
import type { Reading } from '../reading.ts';
import { type Answer, answerOf, collectionOf, collections, ofNoEffect } from './collections.ts';
import { originOf, part, parts, pathOf, type Resource, text } from './resource.ts';

export interface Inventory {
  /** Resources under a key such as `Subnets`, by name, in the order of files; undefined where no file has the key. */
  of(collection: string): ReadonlyMap<string, Resource> | undefined;
  /** Every key that some file has, with how many resources it describes. */
  readonly found: readonly { readonly what: string; readonly count: number }[];
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
  if (!isMap(value)) return false;
  return Object.keys(value).some((key) => Object.hasOwn(collections, key)) || answerOf(value) !== undefined;
}

export function takeInventory(reading: Reading, documents: readonly DumpDocument[]): Inventory {
  const found: Found = new Map();
  for (const document of documents) takeDocument(reading, document, found);
  return { of: (collection) => found.get(collection), found: countsOf(found), reading };
}

function countsOf(found: Found): Inventory['found'] {
  return [...found].map(([key, members]) => {
    // Nobody thinks of instances by the request that started them.
    if (key === 'Reservations')
      return {
        what: 'instance',
        count: [...members.values()].flatMap((each) => parts(each, 'Instances')).length,
      };
    return {
      what: Object.hasOwn(collections, key) ? collections[key]!.noun : key,
      count: members.size,
    };
  });
}

type Found = Map<string, Map<string, Resource>>;

function takeDocument(reading: Reading, document: DumpDocument, found: Found): void {
  const { key, value, file } = document;
  if (!isMap(value)) {
    const at = { from: 'written', document: key, pointer: [] } as const;
    reading.warn(at, { code: 'aws/not-understood', message: `${file} holds no map of keys and values` });
    return;
  }
  const answer = answerOf(value);
  if (answer) takeAnswer(reading, document, answer, found);
  else
    for (const name of Object.keys(value))
      takeList(reading, { value, document: key, pointer: [name] }, found);
}

function takeAnswer(
  reading: Reading,
  { key, file, value }: DumpDocument,
  answer: Answer,
  found: Found,
): void {
  const whole: Resource = { value: value as Record<string, unknown>, document: key, pointer: [] };
  const resource = answer.member === undefined ? whole : part(whole, answer.member)!;
  const id = text(resource, answer.id) ?? answer.inPath?.exec(file)?.[0];
  if (id !== undefined) {
    // Attributes of a VPC come one by one.
    const place = answer.collection === 'VpcAttributes' ? `${id} ${key}` : id;
    membersOf(found, answer.collection).set(place, resource);
    return;
  }
  reading.warn(originOf(resource), {
    code: 'aws/no-id',
    message: `nothing in ${file} says which ${answer.id} it is about: it is left out`,
    hint: 'put the id into the name of the file',
  });
}

/** `resource` is the whole document, its pointer the key of the list. */
function takeList(reading: Reading, resource: Resource, found: Found): void {
  const { value, document, pointer } = resource;
  const key = pointer[0] as string;
  const list = value[key];
  if (ofNoEffect.has(key)) return;
  if (!Object.hasOwn(collections, key) || !Array.isArray(list)) {
    const message = `${key} is not understood, and is left out`;
    reading.warn(originOf(resource), { code: 'aws/not-understood', message });
    return;
  }
  membersOf(found, key);
  for (const [index, item] of list.entries())
    takeMember(reading, key, { value: isMap(item) ? item : {}, document, pointer: [key, index] }, found);
}

function takeMember(reading: Reading, key: string, resource: Resource, found: Found): void {
  const { noun, id, within } = collections[key]!;
  const own = id.map((member) => text(resource, member)).find((name) => name !== undefined);
  if (own !== undefined) {
    const outer = within === undefined ? undefined : text(resource, within);
    const place = outer === undefined ? own : `${outer} ${own}`;
    membersOf(found, collectionOf(key, resource.value)).set(place, resource);
    return;
  }
  reading.warn(originOf(resource), {
    code: 'aws/no-id',
    message: `${pathOf(resource)} has no ${id.join(' or ')}: this ${noun} is left out`,
  });
}

function membersOf(found: Found, collection: string): Map<string, Resource> {
  const members = found.get(collection) ?? new Map<string, Resource>();
  found.set(collection, members);
  return members;
}
