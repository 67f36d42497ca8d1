/** The file format of the kube-proxy cases, as the file itself describes it under `schema`. */
import * as z from 'zod';

const family = z.enum(['IPv4', 'IPv6']);
const mode = z.enum(['iptables', 'nftables', 'ipvs']);
const policy = z.enum(['Cluster', 'Local']);
const port = z.int().min(0).max(65_535);
const texts = z.array(z.string());

const proxy = z.strictObject({
  nodeName: z.string(),
  nodeIPs: texts,
  primaryNodeIP: z.string(),
  family,
  detectLocal: z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('ClusterCIDR'), cidr: z.string() }),
    z.strictObject({ mode: z.literal('none') }),
  ]),
  masqueradeAll: z.boolean(),
  localhostNodePorts: z.boolean(),
  nodePortAddresses: texts.nullable(),
  serviceCIDRs: texts,
  nodeLabels: z.record(z.string(), z.string()),
});

const service = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']),
  clusterIP: z.string(),
  ports: z.array(
    z.strictObject({
      name: z.string(),
      port,
      protocol: z.enum(['TCP', 'UDP', 'SCTP']),
      targetPort: port.optional(),
      nodePort: port.optional(),
    }),
  ),
  externalIPs: texts,
  lbIngress: z.array(
    z.strictObject({ ip: z.string(), ipMode: z.enum(['VIP', 'Proxy']).nullable().optional() }),
  ),
  externalTrafficPolicy: policy,
  internalTrafficPolicy: policy,
  sessionAffinity: z.enum(['None', 'ClientIP']),
  sessionAffinityTimeoutSeconds: z.int().positive().optional(),
  loadBalancerSourceRanges: texts,
  healthCheckNodePort: port,
});

const endpoint = z.strictObject({
  /** "namespace/name". */
  service: z.string(),
  ip: z.string(),
  ports: z.record(z.string(), port),
  node: z.string().nullable(),
  ready: z.boolean(),
  serving: z.boolean(),
  terminating: z.boolean(),
  zoneHints: texts,
  nodeHints: texts,
});

const expectation = z.union([
  z.strictObject({ endpoints: texts, masq: z.boolean() }),
  z.enum(['DROP', 'REJECT', 'ACCEPT', 'NONE']),
]);

const flow = z.strictObject({
  name: z.string(),
  from: z.string(),
  to: z.string(),
  port,
  proto: z.enum(['TCP', 'UDP', 'SCTP']),
  expect: expectation,
  expectByMode: z.partialRecord(mode, expectation).optional(),
  modes: z.array(mode).optional(),
  derived: z.boolean().optional(),
});

const scenario = z.strictObject({
  id: z.string(),
  origin: texts,
  modes: z.array(mode),
  title: z.string(),
  notes: z.string().optional(),
  precededBy: texts.optional(),
  expectMartianDropRule: z.boolean().optional(),
  proxy,
  services: z.array(service),
  endpoints: z.array(endpoint),
  flows: z.array(flow),
});

const selectionCase = z.strictObject({
  id: z.string(),
  origin: z.string(),
  title: z.string(),
  nodeName: z.string(),
  /** Null: the node has no zone label. */
  nodeZone: z.string().nullable(),
  internalTrafficPolicy: policy,
  externalTrafficPolicy: policy,
  nodePort: port,
  endpoints: z.array(
    z.strictObject({
      /** "ip:port". */
      addr: z.string(),
      ready: z.boolean(),
      serving: z.boolean(),
      terminating: z.boolean(),
      local: z.boolean(),
      zoneHints: texts,
      nodeHints: texts,
    }),
  ),
  expect: z.strictObject({
    cluster: texts.nullable(),
    local: texts.nullable(),
    allReachable: texts,
    hasAny: z.boolean(),
  }),
  derived: z.boolean().optional(),
});

const goldenRules = z.strictObject({
  /** Id of the scenario whose rules these are. */
  scenario: z.string(),
  mode,
  filter: z.record(z.string(), texts),
  nat: z.record(z.string(), texts),
});

/** From what is hashed to the chain's name. */
const chainNames = z.strictObject({
  iptablesService: z.record(z.string(), z.string()).optional(),
  iptablesEndpoint: z.record(z.string(), z.string()).optional(),
  nftables: z.record(z.string(), z.string()).optional(),
});

/** Remarks for people are not looked into. */
const remarks = z.unknown().optional();

export const casesFile = z.strictObject({
  schema: remarks,
  provenance: remarks,
  conventions: remarks,
  scenarios: z.array(scenario).default([]),
  selectionCases: z.array(selectionCase).default([]),
  goldenRules: goldenRules.optional(),
  chainNames: chainNames.optional(),
  /** How many endpoints are left, and the text of the probability of the first of them. */
  probabilities: z.record(z.string().regex(/^[1-9]\d*$/), z.string()).optional(),
});

export type CasesFile = z.infer<typeof casesFile>;
export type Scenario = z.infer<typeof scenario>;
export type Expectation = z.infer<typeof expectation>;
export type CaseFlow = z.infer<typeof flow>;
export type SelectionCase = z.infer<typeof selectionCase>;
export type GoldenRules = z.infer<typeof goldenRules>;
export type ChainNames = z.infer<typeof chainNames>;
