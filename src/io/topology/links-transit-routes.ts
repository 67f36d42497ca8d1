/** Routes of a transit gateway's route table: those that are written, and those that attachments propagate. Of VPCs that
 *  propagate overlapping blocks the first keeps its own ("Route propagation", AWS Transit Gateway). */
import { type Cidr, formatCidr, overlaps } from '../../addressing/cidr.ts';
import { derived } from '../../base/origin.ts';
import type { TransitRouteSpec } from '../../world/link-spec.ts';
import type { TransitRouteTableFile } from '../../world/schema-links.ts';
import type { Reading } from '../reading.ts';
import type { Attached, Neighbours } from './links-attachments.ts';
import { learnt } from './links-propagation.ts';
import { checkReference, namesOf } from './names.ts';
import { readAnyCidr } from './values.ts';

const LIST = 'pl/';

/** Undefined where the file says that nobody could read them. */
export function readTransitRoutes(
  reading: Reading,
  table: TransitRouteTableFile,
  attachments: readonly Attached[],
  neighbours: Neighbours,
): readonly TransitRouteSpec[] | undefined {
  if (table.routes === 'unknown') return undefined;
  return [
    ...written(reading, table.routes ?? [], attachments, neighbours),
    ...propagated(reading, table, attachments, neighbours),
  ];
}

function written(
  reading: Reading,
  routes: Exclude<NonNullable<TransitRouteTableFile['routes']>, string>,
  attachments: readonly Attached[],
  { prefixLists }: Neighbours,
): TransitRouteSpec[] {
  const names = namesOf(attachments.map(({ spec }) => spec)).add('blackhole');
  const seen = new Set<string>();
  return routes.flatMap((route): TransitRouteSpec[] => {
    if (seen.has(route.to)) {
      const message = `the table has another static route to ${route.to}`;
      reading.error(reading.of(route, 'to'), { code: 'route/duplicate', message });
      return [];
    }
    seen.add(route.to);
    const known = checkReference(reading, route, 'via', 'attachment', route.via, names);
    const list = route.to.startsWith(LIST) ? route.to.slice(LIST.length) : undefined;
    const blocks = blocksOf(reading, route, list, prefixLists);
    const via = route.via === 'blackhole' ? undefined : route.via;
    const origin = reading.of(route);
    return known
      ? blocks.map((to) => ({
          to,
          via,
          type: 'static',
          ...(list !== undefined && { prefixList: list }),
          origin,
        }))
      : [];
  });
}

function blocksOf(
  reading: Reading,
  route: { readonly to: string },
  list: string | undefined,
  prefixLists: Neighbours['prefixLists'],
): readonly Cidr[] {
  if (list === undefined) {
    const block = readAnyCidr(reading, route, 'to', route.to);
    return block ? [block] : [];
  }
  const known = checkReference(reading, route, 'to', 'prefix list', list, namesOf(prefixLists));
  return known ? prefixLists.find(({ name }) => name === list)!.cidrs : [];
}

function propagated(
  reading: Reading,
  table: TransitRouteTableFile,
  attachments: readonly Attached[],
  neighbours: Neighbours,
): TransitRouteSpec[] {
  const ofVpcs: { readonly block: Cidr; readonly owner: string }[] = [];
  return attachments
    .filter(({ propagations }) => propagations.includes(table.name))
    .flatMap(({ spec }) =>
      blocksBehind(spec.resource, neighbours).flatMap((to): TransitRouteSpec[] => {
        const { name, resource } = spec;
        const first = ofVpcs.find(({ block, owner }) => owner !== name && overlaps(block, to));
        if (resource.type === 'vpc' && first) {
          reading.warn(spec.origin, {
            code: 'tgw/overlap',
            message: `${first.owner} propagates ${formatCidr(first.block)} to ${table.name} already: AWS leaves out ${formatCidr(to)} of ${name}`,
          });
          return [];
        }
        if (resource.type === 'vpc') ofVpcs.push({ block: to, owner: name });
        const origin = derived(`route propagation of ${name}`, spec.origin);
        return [{ to, via: name, type: 'propagated', origin }];
      }),
    );
}

/** What an attachment propagates. */
function blocksBehind(
  resource: Attached['spec']['resource'],
  { vpcs, connections, onPremises }: Neighbours,
): readonly Cidr[] {
  if (resource.type === 'vpc') {
    const vpc = vpcs.find(({ name }) => name === resource.vpc);
    return vpc ? [...vpc.cidrs, ...vpc.ipv6Cidrs] : [];
  }
  if (resource.type === 'peering') return [];
  const connection = connections.find(({ name }) => name === resource.connection);
  return connection ? learnt(connection, onPremises) : [];
}
