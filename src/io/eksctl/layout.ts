/** The VPC that eksctl makes (eksctl user guide, "VPC configuration"): public subnets first, then private ones,
 *  both in zone order; one public route table, one private one per zone. */
import { type Cidr, cidr, formatCidr, sizeOf } from '../../addressing/cidr.ts';

export type NatMode = 'Single' | 'HighlyAvailable' | 'Disable';

export interface PlannedSubnet {
  readonly name: string;
  readonly az: string;
  readonly cidr: string;
  readonly kind: 'public' | 'private';
}

export interface Layout {
  readonly cluster: string;
  readonly region: string;
  readonly cidr: string;
  readonly subnets: readonly PlannedSubnet[];
  readonly nat: NatMode;
}

export const DEFAULT_VPC_CIDR = cidr('192.168.0.0/16');
export const INTERNET_GATEWAY = 'igw';

/** eksctl picks zones at random, two in us-east-1 and three elsewhere; here the first ones. */
export function defaultZones(region: string): readonly string[] {
  const letters = region === 'us-east-1' ? ['a', 'b'] : ['a', 'b', 'c'];
  return letters.map((letter) => region + letter);
}

/** Equal slices: an eighth of the VPC each for up to 8 subnets, a sixteenth for up to 16. */
export function planSubnets(block: Cidr, zones: readonly string[]): readonly PlannedSubnet[] {
  const length = block.length + (zones.length * 2 <= 8 ? 3 : 4);
  return (['public', 'private'] as const).flatMap((kind, row) =>
    zones.map((az, column) => {
      const offset = (row * zones.length + column) * sizeOf({ base: 0, length });
      const slice = formatCidr({ base: (block.base + offset) | 0, length });
      return { name: `${kind}-${az}`, az, cidr: slice, kind };
    }),
  );
}

/** CloudFormation stack of the cluster, which is also what its VPC is called. */
export function stackName(cluster: string): string {
  return `eksctl-${cluster}-cluster`;
}

/** The VPC as the topology file would write it. */
export function vpcOf(layout: Layout) {
  const { cluster, subnets, nat } = layout;
  const zones = [...new Set(subnets.map(({ az }) => az))];
  const publicSubnets = subnets.filter(({ kind }) => kind === 'public');
  const natSubnets = nat === 'Disable' ? [] : nat === 'Single' ? publicSubnets.slice(0, 1) : publicSubnets;
  const nats = natSubnets.map(({ name, az }) => ({
    name: nat === 'Single' ? 'nat' : `nat-${az}`,
    subnet: name,
    connectivity: 'public',
    az,
  }));
  const privateZones = zones.filter((az) => subnets.some((one) => one.az === az && one.kind === 'private'));
  const privateTables = privateZones.map((az) => {
    const gateway = nats.find((one) => one.az === az) ?? nats[0];
    const routes = gateway ? [{ to: '0.0.0.0/0', via: gateway.name }] : [];
    return { name: `private-${az}`, routes };
  });
  const publicTable = { name: 'public', routes: [{ to: '0.0.0.0/0', via: INTERNET_GATEWAY }] };
  const hasPublic = publicSubnets.length > 0;
  return {
    name: stackName(cluster),
    region: layout.region,
    cidrs: [layout.cidr],
    subnets: subnets.map(({ name, az, cidr: block, kind }) => ({
      name,
      cidr: block,
      az,
      routeTable: kind === 'public' ? 'public' : `private-${az}`,
      mapPublicIp: kind === 'public',
      tags: subnetTags(cluster, az, kind),
    })),
    ...(hasPublic && { internetGateway: { name: INTERNET_GATEWAY } }),
    natGateways: nats.map(({ az: _, ...gateway }) => gateway),
    routeTables: [...(hasPublic ? [publicTable] : []), ...privateTables],
  };
}

function subnetTags(cluster: string, az: string, kind: 'public' | 'private'): Record<string, string> {
  const zone = az.toUpperCase().replaceAll('-', '');
  const role = kind === 'public' ? 'kubernetes.io/role/elb' : 'kubernetes.io/role/internal-elb';
  return {
    Name: `${stackName(cluster)}/Subnet${kind === 'public' ? 'Public' : 'Private'}${zone}`,
    'alpha.eksctl.io/cluster-name': cluster,
    [role]: '1',
  };
}
