/** Attachments of a transit gateway: to a VPC, to a VPN or Direct Connect connection, to another transit gateway. */
import type { ConnectionSpec, OnPremisesSpec, TransitAttachmentSpec } from '../../world/link-spec.ts';
import type { TopologyFile } from '../../world/schema.ts';
import type { TransitAttachmentFile, TransitGatewayFile } from '../../world/schema-links.ts';
import type { PrefixListSpec, VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkReference, checkReferences, namesOf } from './names.ts';

export interface Neighbours {
  readonly vpcs: readonly VpcSpec[];
  readonly connections: readonly ConnectionSpec[];
  readonly onPremises: readonly OnPremisesSpec[];
  readonly prefixLists: readonly PrefixListSpec[];
}

/** An attachment, and the tables that learn its blocks. */
export interface Attached {
  readonly spec: TransitAttachmentSpec;
  readonly propagations: readonly string[];
}

interface Context {
  readonly gateway: TransitGatewayFile;
  readonly region: string;
  readonly tables: ReadonlySet<string>;
  /** The only table, where the file writes none. */
  readonly usual: string | undefined;
  readonly neighbours: Neighbours;
}

type Resource = TransitAttachmentSpec['resource'];

export function readAttachments(reading: Reading, file: TopologyFile, context: Context): readonly Attached[] {
  const seen = new Set<string>();
  return (context.gateway.attachments ?? []).flatMap((written) => {
    const { name, vpc, association, propagations } = written;
    const path = `transitGateways.${context.gateway.name}.attachments.${name}`;
    const resource = resourceOf(reading, file, written, context);
    if (vpc !== undefined && seen.has(vpc)) {
      const message = `VPC ${JSON.stringify(vpc)} is attached twice to ${context.gateway.name}: AWS takes one attachment`;
      reading.error(reading.of(written, 'vpc'), { code: 'tgw/attached-twice', message });
    }
    if (vpc !== undefined) seen.add(vpc);
    const associated =
      association === undefined ||
      checkReference(reading, written, 'association', 'route table', association, context.tables);
    if (propagations) checkReferences(reading, propagations, 'route table', context.tables);
    if (written.transitGateway !== undefined && propagations?.length)
      reading.error(reading.of(written, 'propagations'), {
        code: 'tgw/no-propagation',
        message: 'a peering of transit gateways propagates nothing: it takes static routes only',
      });
    if (!resource || !associated) return [];
    const usual = context.usual;
    const spec: TransitAttachmentSpec = {
      name,
      resource,
      state: written.state ?? reading.fill(`${path}.state`, 'available', 'vpcsim'),
      association:
        association ?? (usual === undefined ? undefined : reading.fill(`${path}.association`, usual, 'AWS')),
      origin: reading.of(written),
    };
    const peered = resource.type === 'peering';
    return [{ spec, propagations: propagations ?? (usual === undefined || peered ? [] : [usual]) }];
  });
}

function resourceOf(
  reading: Reading,
  file: TopologyFile,
  written: TransitAttachmentFile,
  context: Context,
): Resource | undefined {
  const { vpc, connection, transitGateway } = written;
  if ([vpc, connection, transitGateway].filter((one) => one !== undefined).length !== 1) {
    reading.error(reading.of(written), {
      code: 'tgw/bad-attachment',
      message: `attachment ${JSON.stringify(written.name)} needs one of vpc, connection and transitGateway`,
    });
    return undefined;
  }
  if (vpc !== undefined) return toVpc(reading, written, vpc, context);
  for (const key of ['subnets', 'applianceMode', 'securityGroupReferencing'] as const)
    if (written[key] !== undefined)
      reading.errorAtKey(reading.of(written, key), {
        code: 'topology/misplaced-key',
        message: `only an attachment to a VPC has ${key}`,
      });
  return connection !== undefined
    ? toConnection(reading, written, connection, context)
    : toPeer(reading, file, written, context);
}

function toVpc(
  reading: Reading,
  written: TransitAttachmentFile,
  name: string,
  { gateway, region, neighbours }: Context,
): Resource | undefined {
  const path = `transitGateways.${gateway.name}.attachments.${written.name}`;
  if (!checkReference(reading, written, 'vpc', 'VPC', name, namesOf(neighbours.vpcs))) return undefined;
  const vpc = neighbours.vpcs.find((one) => one.name === name)!;
  if (vpc.region !== region)
    reading.error(reading.of(written, 'vpc'), {
      code: 'tgw/other-region',
      message: `VPC ${JSON.stringify(name)} is in ${vpc.region}, the transit gateway in ${region}`,
      hint: 'attach it to a transit gateway of its Region, and peer the two',
    });
  if (!written.subnets?.length)
    reading.error(reading.of(written), {
      code: 'topology/missing-key',
      message: `attachment ${JSON.stringify(written.name)} needs subnets`,
      hint: 'one subnet of each zone that it is to serve',
    });
  const subnets = checkReferences(
    reading,
    written.subnets ?? [],
    `subnet of VPC ${name}`,
    namesOf(vpc.subnets),
  );
  const zones = new Map<string, string>();
  subnets.forEach((subnet) => {
    const { az } = vpc.subnets.find((one) => one.name === subnet)!;
    const other = zones.get(az);
    if (other !== undefined)
      reading.error(reading.of(written.subnets!, written.subnets!.indexOf(subnet)), {
        code: 'tgw/two-subnets-in-zone',
        message: `${subnet} and ${other} are both in ${az}: an attachment has one subnet a zone`,
      });
    zones.set(az, subnet);
  });
  return {
    type: 'vpc',
    vpc: name,
    subnets,
    applianceMode: written.applianceMode ?? reading.fill(`${path}.applianceMode`, false, 'AWS'),
    securityGroupReferencing:
      written.securityGroupReferencing ?? reading.fill(`${path}.securityGroupReferencing`, true, 'AWS'),
  };
}

function toConnection(
  reading: Reading,
  written: TransitAttachmentFile,
  name: string,
  { gateway, neighbours }: Context,
): Resource | undefined {
  const known = neighbours.connections;
  if (!checkReference(reading, written, 'connection', 'connection', name, namesOf(known))) return undefined;
  const connection = known.find((one) => one.name === name)!;
  if (connection.gateway !== gateway.name)
    reading.error(reading.of(written, 'connection'), {
      code: 'tgw/other-gateway',
      message: `connection ${JSON.stringify(name)} ends at ${connection.gateway}, not at ${gateway.name}`,
    });
  return { type: connection.type, connection: name };
}

function toPeer(
  reading: Reading,
  file: TopologyFile,
  written: TransitAttachmentFile,
  { gateway }: Context,
): Resource | undefined {
  const peer = written.transitGateway;
  if (typeof peer !== 'string') return { type: 'peering', transitGateway: undefined };
  const all = file.transitGateways ?? [];
  if (!checkReference(reading, written, 'transitGateway', 'transit gateway', peer, namesOf(all)))
    return undefined;
  const back = all
    .find(({ name }) => name === peer)!
    .attachments?.some((other) => other.transitGateway === gateway.name);
  if (!back)
    reading.error(reading.of(written, 'transitGateway'), {
      code: 'tgw/one-sided-peering',
      message: `transit gateway ${JSON.stringify(peer)} has no attachment to ${gateway.name}: a peering has one at each side`,
    });
  return { type: 'peering', transitGateway: peer };
}
