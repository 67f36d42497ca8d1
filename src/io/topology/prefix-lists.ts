/** Managed prefix lists (VPC guide, "Consolidate and manage network CIDR blocks with managed prefix lists"): those that
 *  are written, and AWS's own of the Regions that VPCs are in. */
import { type Cidr, formatCidr } from '../../addressing/cidr.ts';
import { awsPrefixLists, prefixListNamed } from '../../world/prefix-lists.ts';
import type { TopologyFile } from '../../world/schema.ts';
import type { PrefixListSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkUnique } from './names.ts';
import { readCidr } from './values.ts';

type PrefixListFile = NonNullable<TopologyFile['prefixLists']>[number];

/** The lists, written ones first; of AWS's own the name may be written for all Regions or for one. */
export function readPrefixLists(
  reading: Reading,
  file: TopologyFile,
  regions: ReadonlySet<string>,
): readonly PrefixListSpec[] {
  checkUnique(reading, ['prefix list', file.prefixLists]);
  const written = (file.prefixLists ?? []).map((list) => readPrefixList(reading, list));
  const own = [...regions].flatMap((region) =>
    awsPrefixLists(region).filter(({ name }) => !prefixListNamed(written, name, region)),
  );
  return [...written, ...own];
}

function readPrefixList(reading: Reading, list: PrefixListFile): PrefixListSpec {
  const path = `prefixLists.${list.name}`;
  const cidrs = readEntries(reading, list);
  const owner = list.owner ?? reading.fill(`${path}.owner`, ownerOf(list.name), 'vpcsim');
  const least = owner === 'AWS' ? 1 : Math.max(1, list.cidrs.length);
  const maxEntries = list.maxEntries ?? reading.fill(`${path}.maxEntries`, least, 'vpcsim');
  if (owner === 'customer' && list.cidrs.length > maxEntries)
    reading.error(reading.of(list, 'maxEntries'), {
      code: 'prefix-list/too-many-entries',
      message: `${list.name} has ${list.cidrs.length} entries, and at most ${maxEntries} are allowed`,
      hint: `raise maxEntries to ${list.cidrs.length}`,
    });
  const { name, region } = list;
  return { name, ...(region && { region }), owner, cidrs, maxEntries, origin: reading.of(list) };
}

function readEntries(reading: Reading, list: PrefixListFile): readonly Cidr[] {
  const seen = new Set<string>();
  return list.cidrs.flatMap((text, index) => {
    const block = readCidr(reading, list.cidrs, index, text);
    if (!block) return [];
    const known = formatCidr(block);
    if (seen.has(known)) {
      const message = `${known} is in the list twice`;
      reading.error(reading.of(list.cidrs, index), { code: 'prefix-list/duplicate', message });
      return [];
    }
    seen.add(known);
    return [block];
  });
}

/** AWS keeps names that begin like this for its own lists. */
function ownerOf(name: string): PrefixListSpec['owner'] {
  return /^com\.amazonaws\.|^(s3|dynamodb)$/.test(name) ? 'AWS' : 'customer';
}

/** What rules and routes of one VPC can name. */
export interface KnownPrefixLists {
  readonly lists: readonly PrefixListSpec[];
  /** Region of the VPC. */
  readonly region: string;
}

/** The list that `text`, "pl/NAME", names; an issue at the member `key` of `container` where there is none. */
export function namedPrefixList(
  reading: Reading,
  container: object,
  key: string,
  text: string,
  { lists, region }: KnownPrefixLists,
): PrefixListSpec | undefined {
  const name = text.slice('pl/'.length);
  const found = prefixListNamed(lists, name, region);
  if (!found) {
    const here = lists.filter((list) => (list.region ?? region) === region);
    const known = here.map((list) => list.name);
    reading.unknown(reading.of(container, key), 'prefix list', name, known);
    return undefined;
  }
  const path = `prefixLists.${found.name}`;
  if (found.origin.from === 'defaulted' && !reading.defaults.some((filled) => filled.path === path))
    reading.fill(path, found, 'AWS', `${found.cidrs.length} blocks of ${region}`);
  return found;
}
