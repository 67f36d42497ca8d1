/** What a lab has not: everything that AWS's fabric decides, and what is no Linux host. */
import type { World } from '../../world/world.ts';
import { linuxHosts } from './hosts.ts';

/** By kind of device: what stands in the lab for it, or that nothing does. */
const missing: Readonly<Record<string, string>> = {
  'nat-gateway': 'NAT gateways: what is routed to one does not get out',
  'regional-nat-gateway': 'regional NAT gateways: what is routed to one does not get out',
  'vpc-peering': 'VPC peerings: VPCs do not reach each other',
  'transit-gateway': 'transit gateways: VPCs do not reach each other',
  'vpn-gateway': 'virtual private gateways',
  'on-premises': 'on-premises networks with their hosts',
  alb: 'Application Load Balancers',
  nlb: 'Network Load Balancers',
  'eks-control-plane': "EKS's control plane: nothing answers at the API server's addresses",
  'aws-managed': 'interfaces of databases, functions and other services: nothing answers there',
  'eks-api-endpoint': 'the public endpoint of the API server',
  'unplaced-pod': 'pods that have no node or no address',
};

/** What the world has and its lab has not, one line each. */
export function leftOut(world: World): string[] {
  const kinds = new Set(world.devices.map(({ kind }) => kind));
  const tables = world.topology.vpcs.some(
    (vpc) => vpc.routeTables.some(({ routes }) => routes.length > 0) || vpc.endpoints.length > 0,
  );
  return [
    'security groups and network ACLs: the lab lets everything pass',
    "the interfaces' source/destination check",
    ...(tables
      ? [
          'route tables: every subnet reaches the internet where its VPC has an internet gateway; other routes are not built',
        ]
      : []),
    ...Object.entries(missing).flatMap(([kind, text]) => {
      const count = world.devices.filter((device) => device.kind === kind).length;
      return kinds.has(kind) ? [`${text} (${count})`] : [];
    }),
    ...(world.instances.some(({ ipv6Address }) => ipv6Address !== undefined)
      ? ['IPv6 of instances: addresses, routes and gateways']
      : []),
    ...trunks(world),
    ...strangeRoutes(world),
    'addresses of the internet that no host of the topology has',
    'the VPC resolver and instance metadata',
    'NetworkPolicy',
  ];
}

/** Security groups for pods: each branch has a link, named as on the node. */
function trunks(world: World): string[] {
  const links = linuxHosts(world).flatMap(({ interfaces }) =>
    interfaces.filter(({ kind }) => kind === 'vlan'),
  );
  return links.length === 0
    ? []
    : [`VLANs: the link of a branch ENI is a plain one of its own beside the trunk's (${links.length})`];
}

/** Routes of dumps by interfaces that only the real host has. */
function strangeRoutes(world: World): string[] {
  const names = linuxHosts(world).flatMap(({ interfaces, routing }) => {
    const own = new Set(interfaces.map(({ name }) => name));
    return routing.routes.flatMap(({ dev }) => (dev === '' || own.has(dev) ? [] : [dev]));
  });
  return names.length === 0 ? [] : [`routes by ${[...new Set(names)].sort().join(', ')}`];
}
