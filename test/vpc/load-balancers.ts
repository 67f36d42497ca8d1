/** Load balancers in front of three targets, for tests. */
import { ipv4 } from '../../src/addressing/ip.ts';
import type { ActionInput, AlbInput, NlbInput } from '../../src/vpc/load-balancer.ts';
import type { Target, TargetGroup } from '../../src/vpc/target-group.ts';
import type { Plan } from './network.ts';
import { group, origin } from './rules.ts';

export const target = (name: string, address: string, changes: Partial<Target> = {}): Target => ({
  address: ipv4(address),
  port: 8080,
  az: 'us-east-1a',
  label: `pod/default/${name}`,
  health: 'healthy',
  reason: '',
  ...changes,
});

export const targets = (group: Partial<TargetGroup>): TargetGroup => ({
  name: 'tg',
  targetType: 'ip',
  port: 8080,
  protocol: 'HTTP',
  targets: [],
  preserveClientIp: false,
  ...group,
});

export const three = [
  target('web-0', '10.0.2.10'),
  target('web-1', '10.0.2.11'),
  target('web-2', '10.0.3.10', { az: 'us-east-1b' }),
];

const notFound: ActionInput = { type: 'fixed-response', statusCode: 404 };
export const toTg: ActionInput = { type: 'forward', targetGroups: [{ name: 'tg', weight: 1 }] };

export function albOf(changes: Partial<AlbInput> = {}): AlbInput {
  return {
    name: 'web',
    scheme: 'internet-facing',
    crossZone: true,
    listeners: [
      {
        port: 80,
        protocol: 'HTTP',
        rules: [
          {
            priority: 1,
            conditions: [
              { field: 'host-header', values: ['day.example'] },
              { field: 'path-pattern', values: ['/*'] },
            ],
            action: toTg,
            origin,
          },
        ],
        defaultAction: notFound,
        origin,
      },
    ],
    targetGroups: [targets({ targets: three })],
    ...changes,
  };
}

export const base: Plan = {
  subnets: {
    public: { cidr: '10.0.1.0/24', az: 'us-east-1a', table: 'public' },
    a: { cidr: '10.0.2.0/24', az: 'us-east-1a' },
    b: { cidr: '10.0.3.0/24', az: 'us-east-1b' },
  },
  tables: { public: ['0.0.0.0/0 -> igw'] },
  groups: [
    group('lb', ['tcp 80 from 0.0.0.0/0', 'tcp 443 from 0.0.0.0/0']),
    group('pods', ['tcp 8080 from sg/lb']),
  ],
  hosts: {
    'web-0': { subnet: 'a', address: '10.0.2.10', groups: ['pods'] },
    'web-1': { subnet: 'a', address: '10.0.2.11', groups: ['pods'] },
    'web-2': { subnet: 'b', address: '10.0.3.10', groups: ['pods'] },
    client: { subnet: 'a', address: '10.0.2.99' },
  },
  outside: { laptop: '198.51.100.7' },
};

export const withAlb = (balancer = albOf(), changes: Partial<Plan> = {}): Plan => ({
  ...base,
  albs: { web: { subnet: 'public', address: '10.0.1.30', public: '203.0.113.30', groups: ['lb'], balancer } },
  ...changes,
});

export function nlbOf(tg: Partial<TargetGroup>, changes: Partial<NlbInput> = {}): NlbInput {
  return {
    name: 'edge',
    scheme: 'internet-facing',
    crossZone: true,
    listeners: [{ port: 80, protocol: 'TCP', defaultAction: toTg, origin }],
    targetGroups: [targets({ protocol: 'TCP', targets: three, ...tg })],
    ...changes,
  };
}

export const withNlb = (
  balancer: NlbInput,
  groups: readonly string[] | undefined,
  changes: Partial<Plan> = {},
): Plan => ({
  ...base,
  subnets: {
    ...base.subnets,
    a: { ...base.subnets.a!, table: 'public' },
    b: { ...base.subnets.b!, table: 'public' },
  },
  nlbs: {
    edge: {
      subnet: 'public',
      address: '10.0.1.30',
      public: '203.0.113.30',
      balancer,
      ...(groups ? { groups } : {}),
    },
  },
  ...changes,
});
