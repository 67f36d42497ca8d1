/** The VPC of a ClusterConfig: eksctl's own layout, or the existing subnets that the file lists. */
import { type Cidr, formatCidr, maskOf, parseCidr } from '../../addressing/cidr.ts';
import type { Reading } from '../reading.ts';
import { readCidr } from '../topology/values.ts';
import {
  DEFAULT_VPC_CIDR,
  defaultZones,
  type Layout,
  type NatMode,
  type PlannedSubnet,
  planSubnets,
  stackName,
} from './layout.ts';
import type { ClusterConfig } from './schema.ts';

const MAX_SUBNETS = 16;

export function networkOf(reading: Reading, config: ClusterConfig): Layout | undefined {
  const { name: cluster, region } = config.metadata;
  const path = `vpcs.${stackName(cluster)}`;
  const isPrivate = config.privateCluster?.enabled === true;
  const written = config.vpc?.nat?.gateway;
  const nat: NatMode = isPrivate ? 'Disable' : (written ?? reading.fill(`${path}.nat`, 'Single', 'eksctl'));
  const existing = config.vpc?.subnets;
  if (existing?.public || existing?.private) {
    const subnets = existingSubnets(reading, config, region);
    const block = config.vpc?.cidr ?? spanOf(subnets);
    if (block === undefined) return undefined;
    if (config.vpc?.cidr === undefined) reading.fill(`${path}.cidrs`, block, 'vpcsim');
    return { cluster, region, cidr: block, subnets, nat };
  }
  const block = blockOf(reading, config, path);
  const zones = zonesOf(reading, config, path);
  if (!block || !zones) return undefined;
  const planned = planSubnets(block, zones).filter(({ kind }) => kind === 'private' || !isPrivate);
  reading.fill(
    `${path}.subnets`,
    planned,
    'eksctl',
    planned.map((one) => `${one.name} ${one.cidr}`).join(', '),
  );
  return { cluster, region, cidr: formatCidr(block), subnets: planned, nat };
}

function blockOf(reading: Reading, config: ClusterConfig, path: string): Cidr | undefined {
  const { vpc } = config;
  if (vpc?.cidr === undefined)
    return reading.fill(`${path}.cidrs`, DEFAULT_VPC_CIDR, 'eksctl', formatCidr(DEFAULT_VPC_CIDR));
  const block = readCidr(reading, vpc, 'cidr', vpc.cidr);
  if (!block || (block.length >= 16 && block.length <= 24)) return block;
  const message = `${vpc.cidr} is a /${block.length}; eksctl takes a /16 to a /24`;
  reading.error(reading.of(vpc, 'cidr'), { code: 'cidr/size', message });
  return undefined;
}

function zonesOf(reading: Reading, config: ClusterConfig, path: string): readonly string[] | undefined {
  const { availabilityZones: zones, metadata } = config;
  if (zones === undefined || zones.length === 0) {
    const chosen = defaultZones(metadata.region);
    return reading.fill(`${path}.availabilityZones`, chosen, 'eksctl', chosen.join(', '));
  }
  const at = reading.of(config, 'availabilityZones');
  zones.forEach((zone, index) => {
    if (!zone.startsWith(metadata.region)) {
      const message = `${zone} is not a zone of ${metadata.region}`;
      reading.error(reading.of(zones, index), { code: 'eksctl/unknown-zone', message });
    } else if (zones.indexOf(zone) < index) {
      const message = `${zone} is listed twice`;
      reading.error(reading.of(zones, index), { code: 'eksctl/duplicate-zone', message });
    }
  });
  if (zones.length < 2)
    reading.error(at, { code: 'eksctl/one-zone', message: 'eksctl wants at least two Availability Zones' });
  if (zones.length * 2 > MAX_SUBNETS) {
    reading.error(at, { code: 'eksctl/too-many-zones', message: 'eksctl makes at most 16 subnets' });
    return undefined;
  }
  return zones.filter((zone, index) => zone.startsWith(metadata.region) && zones.indexOf(zone) === index);
}

function existingSubnets(reading: Reading, config: ClusterConfig, region: string): readonly PlannedSubnet[] {
  return (['public', 'private'] as const).flatMap((kind) =>
    Object.entries(config.vpc?.subnets?.[kind] ?? {}).flatMap(([key, subnet]) => {
      const az = subnet.az ?? (key.startsWith(region) ? key : undefined);
      if (subnet.cidr !== undefined && az !== undefined) {
        const name =
          config.vpc?.subnets?.public?.[key] && config.vpc.subnets.private?.[key] ? `${kind}-${key}` : key;
        return [{ name, az, cidr: subnet.cidr, kind }];
      }
      reading.error(reading.of(subnet), {
        code: 'eksctl/unknown-subnet',
        message: `${subnet.id ?? key} exists in AWS only: its ${az === undefined ? 'zone' : 'block'} is not known here`,
        hint: `add ${az === undefined ? `az: ${region}a` : 'cidr: 10.0.0.0/24'} with its true value`,
      });
      return [];
    }),
  );
}

/** The smallest block that holds all subnets, as the primary block of the VPC. */
function spanOf(subnets: readonly PlannedSubnet[]): string | undefined {
  const blocks = subnets.flatMap(({ cidr }) => {
    const parsed = parseCidr(cidr);
    return 'fault' in parsed ? [] : [parsed];
  });
  const first = blocks[0];
  if (!first) return undefined;
  let length = 28;
  while (length > 16 && blocks.some(({ base }) => ((base ^ first.base) & maskOf(length)) !== 0)) length--;
  while (length > 16 && blocks.some((block) => block.length < length)) length--;
  return formatCidr({ base: first.base & maskOf(length), length });
}
