/** `describe-managed-prefix-lists`, `describe-prefix-lists` and `get-managed-prefix-list-entries` (EC2 API,
 *  ManagedPrefixList, PrefixList and PrefixListEntry) as prefix lists of the topology file. */
import { awsPrefixLists } from '../../world/prefix-lists.ts';
import { type Account, made } from './account.ts';
import { number, parts, text, texts } from './resource.ts';

/** Services that AWS has a list of in every Region, which the topology knows by the name of the service. */
const ofService = /^com\.amazonaws\.([a-z]+(?:-[a-z]+)+-\d)\.(s3|dynamodb)$/;

/** How rules and routes name a list: "s3", else its id; undefined where nobody knows what is in it. */
export function prefixListName(account: Account, id: string): string | undefined {
  const [, region = '', service] = ofService.exec(awsNameOf(account, id) ?? '') ?? [];
  const blocks = blocksOf(account, id);
  if (service !== undefined) return blocks || isBuiltIn(service, region) ? service : undefined;
  return blocks && id;
}

/** Whether the blocks of a service in a Region are known, from the dumps or by themselves. */
export function knowsBlocks(account: Account, service: string, region: string): boolean {
  const name = `com.amazonaws.${region}.${service}`;
  const listed = [...(account.inventory.of('PrefixListBlocks')?.values() ?? [])];
  return isBuiltIn(service, region) || listed.some((list) => text(list, 'PrefixListName') === name);
}

function isBuiltIn(service: string, region: string): boolean {
  return awsPrefixLists(region).some(({ name }) => name === service);
}

/** Lists whose blocks are known. */
export function prefixListsOf(account: Account): readonly Record<string, unknown>[] {
  const ids = new Set(
    ['PrefixLists', 'PrefixListBlocks'].flatMap((key) => [...(account.inventory.of(key)?.keys() ?? [])]),
  );
  return [...ids].flatMap((id) => {
    const cidrs = blocksOf(account, id);
    if (cidrs === undefined) return [];
    const described = account.inventory.of('PrefixLists')?.get(id);
    const [, region, service] = ofService.exec(awsNameOf(account, id) ?? '') ?? [];
    const resource = described ?? account.inventory.of('PrefixListBlocks')!.get(id)!;
    return [
      made(account, resource, {
        name: service ?? id,
        region,
        owner: described === undefined || text(described, 'OwnerId') === 'AWS' ? 'AWS' : 'customer',
        cidrs,
        maxEntries: number(described, 'MaxEntries'),
      }),
    ];
  });
}

/** IPv4 blocks, each once. */
function blocksOf(account: Account, id: string): readonly string[] | undefined {
  const own = account.inventory.of('PrefixListBlocks')?.get(id);
  const entries = account.inventory.of('PrefixListEntries')?.get(id);
  if (!own && !entries) return undefined;
  const found = own
    ? texts(own, 'Cidrs')
    : parts(entries, 'Entries').flatMap((each) => text(each, 'Cidr') ?? []);
  return [...new Set(found.filter((block) => !block.includes(':')))];
}

function awsNameOf(account: Account, id: string): string | undefined {
  const named = (key: string): string | undefined =>
    text(account.inventory.of(key)?.get(id), 'PrefixListName');
  return named('PrefixLists') ?? named('PrefixListBlocks');
}
