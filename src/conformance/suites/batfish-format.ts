/** The format of `peer-expectations/1`: fixtures of AWS dumps, and what Batfish's tests assert of flows through them. */
import * as z from 'zod';

const dispositions = [
  'ACCEPTED',
  'DENIED_IN',
  'DENIED_OUT',
  'NO_ROUTE',
  'NULL_ROUTED',
  'NEIGHBOR_UNREACHABLE',
  'EXITS_NETWORK',
  'DELIVERED_TO_SUBNET',
  'INSUFFICIENT_INFO',
  'LOOP',
] as const;
export type Disposition = (typeof dispositions)[number];

const place = z.strictObject({
  kind: z.enum(['instance', 'internet', 'ip', 'subnetRouter', 'vpcRouter']),
  id: z.string().optional(),
  /** Null, "any": any address; "ADDRESS (spoofed)": none of the sender's own. */
  ip: z.string().nullable().optional(),
  eni: z.string().optional(),
  note: z.string().optional(),
});

const filter = z.strictObject({
  hop: z.int(),
  kind: z.enum(['securityGroup', 'networkAcl']),
  direction: z.enum(['ingress', 'egress']),
  eni: z.string().optional(),
  id: z.string().optional(),
  result: z.enum(['permit', 'deny']),
});

const translation = z.strictObject({
  hop: z.int().optional(),
  at: z.string(),
  type: z.enum(['SOURCE_NAT', 'DEST_NAT']),
  from: z.string().optional(),
  to: z.string(),
  ports: z.string().optional(),
  /** Worked out from the data, not asserted by Batfish. */
  derived: z.boolean().optional(),
});

const expected = z.strictObject({
  disposition: z.enum(dispositions).or(z.literal('ACCEPTED (forward only)')),
  hops: z.array(z.string()).optional(),
  traces: z.int().optional(),
  filters: z.array(filter).optional(),
  nat: z.array(translation).optional(),
  reverseHops: z.array(z.string()).optional(),
  reverseDisposition: z.enum(dispositions).optional(),
  note: z.string().optional(),
});

const decision = z.strictObject({
  component: z.string(),
  id: z.string().optional(),
  direction: z.enum(['ingress', 'egress']).optional(),
  rule: z.string().optional(),
});

const flow = z.strictObject({
  id: z.string(),
  javaMethod: z.string().optional(),
  src: place,
  dst: place,
  /** "tcp", "unset(0)", "107(A/N)", "any". */
  protocol: z.string(),
  srcPort: z.int().optional(),
  dstPort: z.int().optional(),
  expect: expected,
  decidedBy: decision.optional(),
  /** A TCP flow to this port has the same fate. */
  equivalentTcp: z.strictObject({ dstPort: z.int() }).optional(),
  why: z.string().optional(),
});

const fixture = z.strictObject({
  id: z.string(),
  /** Folder of the dumps, beside the file of cases. */
  dir: z.string(),
  javaTest: z.string().optional(),
  story: z.string().optional(),
  entities: z.record(z.string(), z.unknown()).optional(),
  flows: z.array(flow),
  derivedFlows: z.array(flow).optional(),
});

/** What says where the cases come from and what their words mean is for people. */
export const expectations = z.looseObject({
  schema: z.literal('peer-expectations/1'),
  fixtures: z.array(fixture),
});

export type FlowCase = z.infer<typeof flow>;
export type Decision = z.infer<typeof decision>;
export type Filter = z.infer<typeof filter>;
export type Translation = z.infer<typeof translation>;
