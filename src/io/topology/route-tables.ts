/** Route tables (VPC guide, "Configure route tables" and "Gateway route tables"): one of them is the main one, and a
 *  gateway has at most one. */
import { defaulted } from '../../base/origin.ts';
import type { RouteTableFile, VpcFile } from '../../world/schema-vpc.ts';
import type { RouteTableSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkReferences, checkUnique } from './names.ts';
import type { RouteTargetKind } from './route-target-names.ts';
import { type RouteContext, readRoutes } from './routes.ts';

export function readRouteTables(
  reading: Reading,
  vpc: VpcFile,
  context: RouteContext,
): readonly RouteTableSpec[] {
  const written = vpc.routeTables ?? [];
  checkUnique(reading, ['route table', written]);
  const main = mainTable(reading, vpc, written);
  const gateways = new Map<string, string>();
  const tables = written.map((table) => ({
    name: table.name,
    main: table === main,
    edge: readEdge(reading, table, context, gateways),
    routes: readRoutes(reading, vpc, table, context),
    origin: reading.of(table),
  }));
  if (main) return tables;
  const path = `vpcs.${vpc.name}.routeTables.main`;
  reading.fill(path, 'main', 'AWS', 'the main route table, with local routes only');
  const origin = defaulted('AWS', 'main route table');
  return [{ name: 'main', main: true, edge: [], routes: [], origin }, ...tables];
}

const withTables: readonly (RouteTargetKind | undefined)[] = [
  'internet gateway',
  'virtual private gateway',
  'NAT gateway',
];

/** Gateways whose route table it is; `taken`: those that have one, with its name. */
function readEdge(
  reading: Reading,
  table: RouteTableFile,
  { targets }: RouteContext,
  taken: Map<string, string>,
): readonly string[] {
  const known = new Set([...targets].flatMap(([name, kind]) => (withTables.includes(kind) ? [name] : [])));
  const names = checkReferences(reading, table.edge ?? [], 'gateway with a route table', known);
  return names.filter((name) => {
    const earlier = taken.get(name);
    if (earlier === undefined) {
      taken.set(name, table.name);
      return true;
    }
    reading.error(reading.of(table.edge!, table.edge!.indexOf(name)), {
      code: 'route/two-gateway-tables',
      message: `${JSON.stringify(earlier)} already is the route table of ${name}`,
    });
    return false;
  });
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
