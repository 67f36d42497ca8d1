/** Route tables (VPC guide, "Configure route tables"): one is the main one, each destination stands once, and
 *  below the local route only whole subnets may be sent elsewhere. */
import { type Cidr, covers, formatCidr, overlaps, parseCidr } from '../../addressing/cidr.ts';
import { defaulted } from '../../base/origin.ts';
import type { RouteTableFile, VpcFile } from '../../world/schema-vpc.ts';
import type { RouteSpec, RouteTableSpec } from '../../world/topology.ts';
import type { Reading } from '../reading.ts';
import { checkUnique } from './names.ts';
import { readCidr } from './values.ts';

export interface RouteContext {
  readonly cidrs: readonly Cidr[];
  /** What `via` may name -> what it is. */
  readonly targets: ReadonlyMap<string, 'internet gateway' | 'NAT gateway' | 'instance'>;
}

export function readRouteTables(
  reading: Reading,
  vpc: VpcFile,
  context: RouteContext,
): readonly RouteTableSpec[] {
  const written = vpc.routeTables ?? [];
  checkUnique(reading, ['route table', written]);
  const main = mainTable(reading, vpc, written);
  const tables = written.map((table) => ({
    name: table.name,
    main: table === main,
    edge: [],
    routes: readRoutes(reading, vpc, table, context),
    origin: reading.of(table),
  }));
  if (main) return tables;
  const path = `vpcs.${vpc.name}.routeTables.main`;
  reading.fill(path, 'main', 'AWS', 'the main route table, with local routes only');
  const origin = defaulted('AWS', 'main route table');
  return [{ name: 'main', main: true, edge: [], routes: [], origin }, ...tables];
}

function mainTable(
  reading: Reading,
  vpc: VpcFile,
  written: readonly RouteTableFile[],
): RouteTableFile | undefined {
  const marked = written.filter((table) => table.main === true);
  for (const table of marked.slice(1))
    reading.error(reading.of(table, 'main'), {
      code: 'topology/two-main-tables',
      message: `${JSON.stringify(marked[0]!.name)} already is the main route table of the VPC`,
    });
  if (marked[0]) return marked[0];
  const named = written.find((table) => table.name === 'main');
  if (named) reading.fill(`vpcs.${vpc.name}.routeTables.main.main`, true, 'vpcsim');
  return named;
}

function readRoutes(
  reading: Reading,
  vpc: VpcFile,
  table: RouteTableFile,
  context: RouteContext,
): readonly RouteSpec[] {
  const seen = new Set<string>();
  return (table.routes ?? []).flatMap((route) => {
    const to = readCidr(reading, route, 'to', route.to);
    const known = checkTarget(reading, route, context);
    if (!to) return [];
    const text = formatCidr(to);
    if (seen.has(text)) {
      const message = `the table has another route to ${text}`;
      reading.error(reading.of(route, 'to'), { code: 'route/duplicate', message });
      return [];
    }
    seen.add(text);
    const local = context.cidrs.find((block) => covers(block, to));
    if (route.via === 'local') {
      if (!local || formatCidr(local) !== text) {
        const hint = `local routes exist for ${context.cidrs.map(formatCidr).join(', ')}`;
        const message = `there is no local route to ${text}`;
        reading.error(reading.of(route, 'to'), { code: 'route/not-local', message, hint });
      }
      return [];
    }
    if (local && !mayReplaceLocal(vpc, to, local, context.targets.get(route.via))) {
      reading.error(reading.of(route, 'to'), {
        code: 'route/below-local',
        message: `${text} lies inside the local route ${formatCidr(local)}`,
        hint: 'only a whole subnet or the whole block may be routed, to an instance or a NAT gateway',
      });
      return [];
    }
    return known ? [{ to, via: route.via, by: 'static', origin: reading.of(route) }] : [];
  });
}

function checkTarget(reading: Reading, route: { readonly via: string }, { targets }: RouteContext): boolean {
  if (targets.has(route.via) || route.via === 'blackhole' || route.via === 'local') return true;
  const known = [...targets.keys(), 'blackhole'];
  reading.unknown(reading.of(route, 'via'), 'gateway, NAT gateway or instance', route.via, known);
  return false;
}

/** "More specific than the local route": the destination is a whole subnet, the target an interface. */
function mayReplaceLocal(vpc: VpcFile, to: Cidr, local: Cidr, target: string | undefined): boolean {
  if (target !== 'instance' && target !== 'NAT gateway') return false;
  if (overlaps(to, local) && to.length === local.length) return true;
  return (vpc.subnets ?? []).some((subnet) => {
    const block = parseCidr(subnet.cidr);
    return !('fault' in block) && formatCidr(block) === formatCidr(to);
  });
}
