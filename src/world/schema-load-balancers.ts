/** `vpcs[].loadBalancers` of the topology file: load balancers beside those that a cluster's controller makes. */
import * as z from 'zod';
import { address, name, reference, references } from './schema-values.ts';

const port = z.int().min(0).max(65535).describe('a port number');

const action = z
  .strictObject({
    type: z.enum(['forward', 'redirect', 'fixed-response']),
    targetGroups: z
      .array(
        z
          .strictObject({ name: reference, weight: z.int().min(0).max(999).optional() })
          .describe('a target group and its weight'),
      )
      .optional(),
    statusCode: z.int().min(200).max(599).optional(),
    protocol: z.string().optional(),
    host: z.string().optional(),
    port: z.string().optional(),
    path: z.string().optional(),
    query: z.string().optional(),
    before: z
      .array(z.string())
      .describe('a list of actions that come first, such as authenticate-oidc')
      .optional(),
  })
  .describe('what is done with a request');

const condition = z
  .strictObject({
    field: z.enum([
      'host-header',
      'path-pattern',
      'http-header',
      'http-request-method',
      'query-string',
      'source-ip',
    ]),
    name: z.string().describe('the name of a header').optional(),
    values: z.array(z.string()).describe('a list of values'),
    regex: z.boolean().optional(),
  })
  .describe('a condition of a rule');

const listener = z
  .strictObject({
    port,
    protocol: z.enum(['HTTP', 'HTTPS', 'TCP', 'UDP', 'TCP_UDP', 'TLS']),
    defaultAction: action,
    rules: z
      .union([
        z.array(
          z
            .strictObject({ priority: z.int().min(1).max(50_000), conditions: z.array(condition), action })
            .describe('a rule of a listener'),
        ),
        z.literal('unknown'),
      ])
      .describe('a list of rules, or unknown')
      .optional(),
  })
  .describe('a listener');

const target = z
  .strictObject({
    instance: reference.optional(),
    address: address.optional(),
    loadBalancer: reference.optional(),
    port: port.optional(),
    zone: z.string().describe('an Availability Zone, or all').optional(),
    health: z.enum(['healthy', 'unhealthy', 'unused']).optional(),
    reason: z.string().describe('a reason code such as Target.Timeout').optional(),
  })
  .describe('a target');

const targetGroup = z
  .strictObject({
    name,
    type: z.enum(['instance', 'ip', 'alb']).optional(),
    protocol: z.enum(['HTTP', 'HTTPS', 'TCP', 'UDP', 'TCP_UDP', 'TLS']),
    port,
    preserveClientIp: z.boolean().optional(),
    crossZone: z.boolean().optional(),
    targets: z
      .union([z.array(target), z.literal('unknown')])
      .describe('a list of targets, or unknown')
      .optional(),
    notModelled: z.array(z.string()).describe('a list of settings').optional(),
  })
  .describe('a target group');

export const loadBalancer = z
  .strictObject({
    name,
    type: z.enum(['application', 'network']),
    scheme: z.enum(['internal', 'internet-facing']).optional(),
    dnsName: z.string().optional(),
    state: z.string().describe('active, or what AWS says instead').optional(),
    subnets: z.array(
      z
        .strictObject({
          subnet: reference,
          interface: name.optional(),
          address: address.optional(),
          publicAddress: address.optional(),
        })
        .describe('a node of the load balancer'),
    ),
    securityGroups: references.optional(),
    crossZone: z.boolean().optional(),
    listeners: z.array(listener).optional(),
    targetGroups: z.array(targetGroup).optional(),
    for: z.string().describe('an object such as service/default/web').optional(),
    notModelled: z.array(z.string()).describe('a list of settings').optional(),
  })
  .describe('a load balancer');

export type LoadBalancerFile = z.infer<typeof loadBalancer>;
