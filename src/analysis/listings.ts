/** What `vpcsim get` lists: objects of the world as rows of plain text, in the columns their own tools use. */

import { formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { protocolName } from '../packet/protocol.ts';
import { peerText } from '../vpc/security-group.ts';
import type { SecurityGroupRuleSpec } from '../world/vpc-spec.ts';
import type { PodState } from '../world/world.ts';
import { addresses, enis, nodes } from './address-listings.ts';
import { type ListingKind, none } from './listing.ts';

const pods: ListingKind = {
  names: ['pods', 'pod', 'po'],
  list: (world) => ({
    columns: ['NAMESPACE', 'NAME', 'READY', 'STATUS', 'IP', 'NODE', 'ENI', 'REASON'],
    rows: (world.cluster?.pods ?? []).map((pod) => [
      pod.pod.metadata.namespace,
      pod.pod.metadata.name,
      readiness(pod),
      pod.phase,
      address(pod.address),
      pod.node ?? none,
      pod.pod.spec.hostNetwork && pod.eni ? `${pod.eni} (host network)` : (pod.eni ?? none),
      pod.reasons[0] ?? '',
    ]),
  }),
};

const services: ListingKind = {
  names: ['services', 'service', 'svc'],
  list: (world) => ({
    columns: ['NAMESPACE', 'NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL', 'PORTS'],
    rows: (world.cluster?.services ?? []).map((service) => {
      const id = `${service.metadata.namespace}/${service.metadata.name}`;
      return [
        service.metadata.namespace,
        service.metadata.name,
        service.type,
        service.clusterIP ?? none,
        service.externalName ??
          world.loadBalancers.find((balancer) => balancer.for === `service/${id}`)?.dnsName ??
          none,
        service.ports
          .map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
          .join(','),
      ];
    }),
  }),
};

const endpoints: ListingKind = {
  names: ['endpoints', 'endpointslices', 'ep'],
  list: (world) => ({
    columns: ['NAMESPACE', 'SERVICE', 'ADDRESS', 'PORTS', 'READY', 'NODE', 'POD'],
    rows: (world.cluster?.slices ?? []).flatMap((slice) =>
      slice.endpoints.map((endpoint) => [
        slice.metadata.namespace,
        slice.service,
        endpoint.addresses.join(','),
        slice.ports.map(({ port, protocol }) => `${port}/${protocol}`).join(','),
        endpoint.ready ? 'true' : 'false',
        endpoint.nodeName ?? none,
        endpoint.pod ?? none,
      ]),
    ),
  }),
};

const subnets: ListingKind = {
  names: ['subnets', 'subnet'],
  list: (world) => ({
    columns: ['SUBNET', 'VPC', 'CIDR', 'ZONE', 'ROUTE-TABLE', 'NETWORK-ACL', 'PUBLIC', 'USED', 'FREE'],
    rows: world.subnets.map((subnet) => [
      subnet.name,
      subnet.vpc,
      subnet.cidr,
      subnet.az,
      subnet.routeTable,
      subnet.networkAcl,
      subnet.public ? 'yes' : 'no',
      String(subnet.used),
      String(subnet.free),
    ]),
  }),
};

const routeTables: ListingKind = {
  names: ['routetables', 'route-tables', 'routetable', 'rtb'],
  list: (world) => ({
    columns: ['ROUTE-TABLE', 'VPC', 'MAIN', 'DESTINATION', 'TARGET'],
    rows: world.topology.vpcs.flatMap((vpc) =>
      vpc.routeTables.flatMap((table) =>
        [...vpc.cidrs.map((to) => ({ to, via: 'local' })), ...table.routes].map(({ to, via }, index) => [
          index === 0 ? table.name : '',
          index === 0 ? vpc.name : '',
          index === 0 ? (table.main ? 'yes' : 'no') : '',
          formatCidr(to),
          via,
        ]),
      ),
    ),
  }),
};

const securityGroups: ListingKind = {
  names: ['securitygroups', 'security-groups', 'securitygroup', 'sg'],
  list: (world) => ({
    columns: ['SECURITY-GROUP', 'VPC', 'DIRECTION', 'PROTOCOL', 'PORTS', 'PEER', 'DESCRIPTION'],
    rows: world.securityGroups.flatMap(({ vpc, group }) => {
      const rules = [
        ...group.ingress.map((rule) => ruleRow('ingress', rule)),
        ...group.egress.map((rule) => ruleRow('egress', rule)),
      ];
      return (rules.length > 0 ? rules : [['-', '-', '-', '-', 'no rules']]).map((row, index) => [
        index === 0 ? group.name : '',
        index === 0 ? vpc : '',
        ...row,
      ]);
    }),
  }),
};

const loadBalancers: ListingKind = {
  names: ['loadbalancers', 'load-balancers', 'loadbalancer', 'lb'],
  list: (world) => ({
    columns: ['NAME', 'KIND', 'SCHEME', 'FOR', 'LISTENERS', 'HOSTS', 'ADDRESSES', 'DNS-NAME'],
    rows: world.loadBalancers.map((balancer) => [
      balancer.name,
      balancer.kind,
      balancer.scheme,
      balancer.for,
      balancer.listeners.map(({ protocol, port }) => `${protocol}:${port}`).join(','),
      balancer.hosts.join(',') || none,
      balancer.nodes.map((node) => address(node.publicAddress ?? node.address)).join(','),
      balancer.dnsName,
    ]),
  }),
};

const defaults: ListingKind = {
  names: ['defaults', 'default'],
  list: (world) => ({
    columns: ['WHERE', 'VALUE', 'BY'],
    rows: world.topology.defaults.map(({ path, value, by }) => [path, value, by]),
  }),
};

export const listingKinds: readonly ListingKind[] = [
  pods,
  nodes,
  services,
  endpoints,
  enis,
  addresses,
  subnets,
  routeTables,
  securityGroups,
  loadBalancers,
  defaults,
];

function readiness(pod: PodState): string {
  const all = pod.pod.spec.containers.length;
  return `${pod.ready ? all : 0}/${all}`;
}

function address(value: number | undefined): string {
  return value === undefined ? none : formatIpv4(value);
}

function ruleRow(
  direction: string,
  rule: Pick<SecurityGroupRuleSpec, 'protocol' | 'ports' | 'peer'> & { readonly description?: string },
): string[] {
  const { protocol, ports, peer, description } = rule;
  return [
    direction,
    protocolName(protocol),
    ports ? (ports[0] === ports[1] ? String(ports[0]) : `${ports[0]}-${ports[1]}`) : 'all',
    peerText(peer),
    description ?? '',
  ];
}
