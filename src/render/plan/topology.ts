/** A planned network as a topology file: what `vpcsim capacity -t FILE` reads, with the arithmetic as comments. */
import { formatCidr } from '../../addressing/cidr.ts';
import { COREDNS_PODS, zonesOf } from '../../analysis/plan/demand.ts';
import { INTERFACE_ENDPOINTS } from '../../analysis/plan/needs.ts';
import type { AddressPlan, PlannedSubnet } from '../../analysis/plan/plan.ts';
import { header, spaceLeft, subnetComment } from './comments.ts';

const NAME = 'planned';

/** One YAML file: the topology, then the manifests that it stands on. */
export function planTopology(plan: AddressPlan): string {
  const manifests = [...(plan.demand.env.customNetworking ? eniConfigs(plan) : []), standIn(plan)];
  return [
    ...header(plan),
    'apiVersion: vpcsim/v1',
    'kind: Topology',
    `metadata: { name: ${NAME} }`,
    'vpcs:',
    ...vpc(plan).map((line) => (line === '' ? line : `  ${line}`)),
    'cluster:',
    ...cluster(plan).map((line) => `  ${line}`),
    ...manifests.flatMap((manifest) => ['---', ...manifest]),
    '',
  ].join('\n');
}

function vpc(plan: AddressPlan): string[] {
  const { demand, cidrs, subnets } = plan;
  const isolated = demand.access === 'isolated';
  return [
    '- name: main',
    `  region: ${demand.region}`,
    `  cidrs: [${cidrs.map(formatCidr).join(', ')}]`,
    '  subnets:',
    ...subnets.flatMap((subnet, index) => [
      ...(index === 0 ? [] : ['']),
      ...subnetComment(plan, subnet).map((line) => `    ${line}`),
      ...subnetEntry(plan, subnet).map((line) => `    ${line}`),
    ]),
    '',
    ...spaceLeft(plan).map((line) => `  ${line}`),
    ...(isolated ? [] : ['  internetGateway: {}']),
    ...(demand.access === 'private' ? natGateways(plan) : []),
    ...routeTables(plan),
    ...(isolated ? endpoints(plan) : []),
  ];
}

function subnetEntry({ demand }: AddressPlan, subnet: PlannedSubnet): string[] {
  const open = subnet.kind === 'public' || (demand.access === 'public' && subnet.kind !== 'control-plane');
  const table = subnet.kind === 'control-plane' ? undefined : open ? 'public' : `private-${subnet.az}`;
  const role =
    subnet.kind === 'public' ? 'elb' : subnet.kind === 'nodes' && !open ? 'internal-elb' : undefined;
  return [
    `- name: ${subnet.name}`,
    `  cidr: ${formatCidr(subnet.cidr)}`,
    `  az: ${subnet.az}`,
    ...(table ? [`  routeTable: ${table}`] : []),
    ...(open && subnet.kind !== 'pods' ? ['  mapPublicIp: true'] : []),
    ...(role ? [`  tags: { kubernetes.io/role/${role}: "1" }`] : []),
    ...(subnet.reservations.length > 0
      ? [
          '  reservations:',
          ...subnet.reservations.map((block) => `    - { cidr: ${formatCidr(block)}, type: prefix }`),
        ]
      : []),
  ];
}

function natGateways({ demand }: AddressPlan): string[] {
  return [
    '  natGateways:',
    ...zonesOf(demand).map((az) => `    - { name: nat-${az}, subnet: public-${az} }`),
  ];
}

/** Subnets of the control plane have the main table, which knows the VPC alone. */
function routeTables({ demand }: AddressPlan): string[] {
  const open = '    - { name: public, routes: [{ to: 0.0.0.0/0, via: igw }] }';
  const closed = zonesOf(demand).map((az) =>
    demand.access === 'isolated'
      ? `    - { name: private-${az} }`
      : `    - { name: private-${az}, routes: [{ to: 0.0.0.0/0, via: nat-${az} }] }`,
  );
  return [
    '  routeTables:',
    '    - { name: main, main: true }',
    ...(demand.access === 'isolated' ? [] : [open]),
    ...(demand.access === 'public' ? [] : closed),
  ];
}

function endpoints({ demand }: AddressPlan): string[] {
  const zones = zonesOf(demand);
  const subnets = zones.map((az) => `nodes-${az}`).join(', ');
  const tables = zones.map((az) => `private-${az}`).join(', ');
  return [
    '  endpoints:',
    `    - { name: s3, service: s3, type: gateway, routeTables: [${tables}] }`,
    ...INTERFACE_ENDPOINTS.map(
      (service) =>
        `    - { name: ${service.replaceAll('.', '-')}, service: ${service}, type: interface, subnets: [${subnets}] }`,
    ),
  ];
}

function cluster(plan: AddressPlan): string[] {
  const { demand, peak } = plan;
  const zones = zonesOf(demand);
  const names = (kind: string): string => zones.map((az) => `${kind}-${az}`).join(', ');
  const variables = Object.entries(demand.variables);
  const isolated = demand.access === 'isolated';
  return [
    `name: ${NAME}`,
    `subnets: [${names('control-plane')}]`,
    `serviceCidr: ${formatCidr(demand.serviceCidr)}`,
    ...(isolated ? ['endpointAccess: { public: false, private: true }'] : []),
    ...(variables.length > 0
      ? ['cni:', '  env:', ...variables.map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`)]
      : []),
    `coredns: { replicas: ${COREDNS_PODS} }`,
    'nodeGroups:',
    '  - name: workers',
    `    instanceType: ${demand.type.name}`,
    `    maxPods: ${demand.maxPods}`,
    `    min: ${demand.nodes}`,
    `    desired: ${demand.nodes}`,
    `    max: ${Math.max(peak.nodesGrown, demand.nodes)}`,
    `    subnets: [${names('nodes')}]`,
  ];
}

/** One for each zone, named as the nodes' label says (ENI_CONFIG_LABEL_DEF); without groups of its own an ENI has those
 *  of the node's primary one. */
function eniConfigs({ demand }: AddressPlan): string[][] {
  return zonesOf(demand).map((az) => [
    'apiVersion: crd.k8s.amazonaws.com/v1alpha1',
    'kind: ENIConfig',
    `metadata: { name: ${az} }`,
    `spec: { subnet: pods-${az} }`,
  ]);
}

function standIn({ demand }: AddressPlan): string[] {
  return [
    '# Stands for the pods that were planned for: put your own manifests in its place.',
    'apiVersion: apps/v1',
    'kind: Deployment',
    `metadata: { name: ${NAME}, namespace: default }`,
    'spec:',
    `  replicas: ${demand.pods}`,
    `  selector: { matchLabels: { app: ${NAME} } }`,
    '  template:',
    `    metadata: { labels: { app: ${NAME} } }`,
    '    spec:',
    '      containers: [{ name: app, image: app }]',
  ];
}
