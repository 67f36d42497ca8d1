/** The schema of `vpcsim.capacity/v1`, for validation and as JSON Schema for other programs
 *  (schema/capacity-v1.schema.json). Loaded only where a schema is asked for. */
import * as z from 'zod';
import {
  CAPACITY_SCHEMA,
  type CapacityReport,
  type CapacityUse,
  capacityUses,
} from '../../analysis/capacity/report.ts';

const count = z.int().min(0);
const text = z.string();
const texts = z.array(text);

const use = z
  .enum(Object.keys(capacityUses) as [CapacityUse, ...CapacityUse[]]) // the keys of a literal of this type
  .meta({ id: 'use' });
const line = z.strictObject({ use, addresses: count.min(1) }).meta({ id: 'line' });
const difference = z
  .strictObject({ use, addresses: z.int().describe('beyond today; below 0 where there are fewer') })
  .meta({ id: 'difference' });

const limitKind = z.enum([
  'max-pods',
  'enis',
  'cpu',
  'memory',
  'placement',
  'subnet-addresses',
  'prefix-blocks',
  'group-max',
  'branch-enis',
]);
const stopFields = {
  kind: limitKind,
  at: text.describe('kind/name: group/workers, subnet/a, cluster'),
  message: text,
};
const stop = z.strictObject(stopFields).meta({ id: 'stop' });

const finding = z
  .strictObject({
    urgency: z.enum(['now', 'peak', 'later', 'none']),
    message: text,
    cure: text.nullable(),
  })
  .meta({ id: 'finding' });

const cluster = z
  .strictObject({
    name: text,
    mode: z.enum(['secondary-ip', 'prefix-delegation']),
    customNetworking: z.boolean(),
    podEni: z.boolean(),
    settings: z.record(text, text),
    nodes: count,
    pods: count.describe('with an address of their own'),
    hostNetworkPods: count,
  })
  .meta({ id: 'cluster' });

const prefixes = z
  .strictObject({
    total: count,
    free: count,
    delegated: count,
    stranded: count.describe('free addresses in blocks that something touches'),
    map: text.regex(/^[.rP+#-]*$/).describe('one letter a /28, the lowest first'),
    touched: z.array(z.strictObject({ cidr: text, free: count, by: texts })),
    reservation: z
      .strictObject({ cidr: text, blocks: count, usable: count, later: count, taken: count, by: texts })
      .nullable()
      .describe('the reservation of type prefix that keeps the most blocks'),
  })
  .meta({ id: 'prefixes' });

const subnet = z
  .strictObject({
    name: text,
    vpc: text,
    az: text,
    cidr: text,
    size: count,
    lines: z.array(line).describe('they sum to size'),
    free: count,
    largestFreeBlock: text.nullable(),
    prefixes,
    occupiedBy: z.array(z.strictObject({ by: text, addresses: count })),
  })
  .meta({ id: 'subnet' });

const footprint = z
  .strictObject({ pods: count, enis: count, prefixes: count, addresses: count })
  .meta({ id: 'footprint' });

const group = z
  .strictObject({
    name: text,
    kind: z.enum(['node-group', 'nodes']),
    instanceType: text,
    nodes: count,
    max: count.nullable(),
    subnets: texts,
    maxPods: count,
    maxPodsBecause: text,
    pods: count,
    footprint: z.strictObject({ launched: footprint, full: footprint }),
    room: z.strictObject({
      nodes: count,
      stoppedBy: stop,
      fullNodes: count,
      fullStoppedBy: stop,
      pods: count,
      podsStoppedBy: stop,
      bySubnet: z.array(z.strictObject({ subnet: text, nodes: count, fullNodes: count })),
    }),
  })
  .meta({ id: 'group' });

const waiting = z
  .strictObject({
    kind: z.enum(['unschedulable', 'address', 'node']),
    count: count.min(1),
    example: text,
    message: text,
  })
  .meta({ id: 'waiting' });

const peak = z
  .strictObject({
    kind: z.enum([
      'rolling-update',
      'rolling-update-of-all',
      'node-group-update',
      'node-replacement',
      'zone-loss',
      'control-plane-upgrade',
      'load-balancer-growth',
      'terminating-nodes',
      'cooldown',
      'branch-cooldown',
    ]),
    of: text,
    fits: z.boolean(),
    addresses: z.int().describe('beyond today'),
    seconds: count.nullable(),
    nodes: z.int().describe('beyond today'),
    pods: z.strictObject({ extra: z.int(), unschedulable: count, withoutAddress: count }),
    subnets: z.array(
      z.strictObject({
        subnet: text,
        extra: z.array(difference),
        addresses: z.int(),
        free: count.describe('today'),
        short: count,
      }),
    ),
    stops: z.array(stop),
    because: texts,
  })
  .meta({ id: 'peak' });

const snapshotFields = {
  pods: count,
  nodes: count,
  unschedulable: count,
  withoutAddress: count,
  subnets: z.array(z.strictObject({ subnet: text, lines: z.array(line) })),
};

const scenario = z
  .strictObject({
    replicas: z.array(z.strictObject({ workload: text, from: count, to: count })),
    nodes: z.array(z.strictObject({ group: text, from: count, to: count })),
    added: z.array(z.strictObject({ group: text, nodes: count })),
    after: z.strictObject(snapshotFields),
    fits: z.boolean(),
    stops: z.array(stop),
  })
  .meta({ id: 'scenario' });

const growth = z
  .strictObject({
    percent: z.number(),
    per: z.enum(['day', 'week', 'month']),
    runsOut: z.strictObject({ at: count, stop }).nullable(),
    bySubnet: z.array(z.strictObject({ subnet: text, at: count.nullable() })),
    events: z.array(
      z.strictObject({
        at: count,
        kind: z.enum(['node-added', 'group-max', 'subnet-full', 'no-place', 'no-address']),
        message: text,
      }),
    ),
    timeline: z.array(z.strictObject({ at: count, ...snapshotFields })),
  })
  .meta({ id: 'growth' });

const advice = z
  .strictObject({
    kind: z.enum([
      'warm-ip-target',
      'warm-eni-target',
      'prefix-delegation',
      'secondary-cidr',
      'larger-subnets',
      'larger-nodes',
      'prefix-reservation',
      'group-max',
    ]),
    title: text,
    changes: z.array(z.strictObject({ where: text, from: text.nullable(), to: text })),
    numbers: z.array(z.strictObject({ what: text, before: count, after: count })),
    costs: texts,
  })
  .meta({ id: 'advice' });

/** Validates a report as read from JSON. */
export const capacitySchema: z.ZodType<CapacityReport> = z.strictObject({
  schema: z.literal(CAPACITY_SCHEMA),
  topology: text,
  fits: z.boolean(),
  findings: z.array(finding),
  cluster: cluster.nullable(),
  subnets: z.array(subnet),
  groups: z.array(group),
  waiting: z.array(waiting),
  limits: z.array(z.strictObject({ ...stopFields, pods: count, nodes: count })),
  workloads: z.array(z.strictObject({ workload: text, replicas: count, more: count, stoppedBy: stop })),
  peaks: z.array(peak),
  scenario: scenario.nullable(),
  growth: growth.nullable(),
  advice: z.array(advice),
  assumptions: texts,
});

/** Text of schema/capacity-v1.schema.json. */
export function capacitySchemaText(): string {
  const schema = {
    title: CAPACITY_SCHEMA,
    ...z.toJSONSchema(capacitySchema, { io: 'input', reused: 'inline' }),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
