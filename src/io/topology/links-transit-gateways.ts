/** Transit gateways: attachments with a subnet in each zone they serve, route tables, which of them an attachment asks
 *  (association) and which learn its blocks (propagation). "How AWS Transit Gateway works". */
import type { TransitGatewaySpec, TransitRouteTableSpec } from '../../world/link-spec.ts';
import type { TopologyFile } from '../../world/schema.ts';
import type { TransitGatewayFile } from '../../world/schema-links.ts';
import type { Reading } from '../reading.ts';
import { type Neighbours, readAttachments } from './links-attachments.ts';
import { readTransitRoutes } from './links-transit-routes.ts';
import { checkUnique, namesOf } from './names.ts';

const DEFAULT_REGION = 'us-east-1';
const DEFAULT_ACCOUNT = '111122223333';

export function readTransitGateways(
  reading: Reading,
  file: TopologyFile,
  neighbours: Neighbours,
): readonly TransitGatewaySpec[] {
  const written = file.transitGateways ?? [];
  checkUnique(reading, ['transit gateway', written]);
  checkUnique(reading, ['attachment', written.flatMap(({ attachments }) => attachments ?? [])]);
  const gateways = written.map((gateway) => readTransitGateway(reading, file, gateway, neighbours));
  checkConnections(reading, gateways, neighbours);
  return gateways;
}

/** AWS makes the attachment together with the connection. */
function checkConnections(
  reading: Reading,
  gateways: readonly TransitGatewaySpec[],
  { connections }: Neighbours,
): void {
  const attached = gateways.flatMap(({ attachments }) =>
    attachments.flatMap(({ resource }) => ('connection' in resource ? [resource.connection] : [])),
  );
  for (const { name, gateway, origin } of connections) {
    if (!gateways.some((one) => one.name === gateway)) continue;
    const count = attached.filter((one) => one === name).length;
    if (count !== 1)
      reading.error(origin, {
        code: 'tgw/connection-attachment',
        message: `connection ${JSON.stringify(name)} has ${count === 0 ? 'no attachment' : 'more than one attachment'} at transit gateway ${gateway}`,
        hint: `one of its attachments is { name: ..., connection: ${name} }`,
      });
  }
}

function readTransitGateway(
  reading: Reading,
  file: TopologyFile,
  gateway: TransitGatewayFile,
  neighbours: Neighbours,
): TransitGatewaySpec {
  const { name } = gateway;
  const path = `transitGateways.${name}`;
  const home = neighbours.vpcs.find((vpc) => gateway.attachments?.some((one) => one.vpc === vpc.name));
  const region = gateway.region ?? reading.fill(`${path}.region`, home?.region ?? DEFAULT_REGION, 'vpcsim');
  const account =
    gateway.account ?? reading.fill(`${path}.account`, home?.account ?? DEFAULT_ACCOUNT, 'vpcsim');
  checkUnique(reading, ['route table', gateway.routeTables]);
  // AWS makes one table, to which every attachment is associated and propagates, unless that was switched off.
  const usual = gateway.routeTables ? undefined : reading.fill(`${path}.routeTables`, 'default', 'AWS');
  const tables = usual === undefined ? namesOf(gateway.routeTables) : new Set([usual]);
  const attachments = readAttachments(reading, file, { gateway, region, tables, usual, neighbours });
  const origin = reading.of(gateway);
  return {
    name,
    region,
    account,
    state: gateway.state ?? reading.fill(`${path}.state`, 'available', 'vpcsim'),
    securityGroupReferencing:
      gateway.securityGroupReferencing ?? reading.fill(`${path}.securityGroupReferencing`, false, 'AWS'),
    attachments: attachments.map(({ spec }) => spec),
    routeTables: (gateway.routeTables ?? [{ name: usual! }]).map(
      (table): TransitRouteTableSpec => ({
        name: table.name,
        routes: readTransitRoutes(reading, table, attachments, neighbours),
        origin: usual === undefined ? reading.of(table) : origin,
      }),
    ),
    origin,
  };
}
