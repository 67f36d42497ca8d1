/** The topology file as a whole, and its JSON Schema for editors. */
import * as z from 'zod';
import { cluster } from './schema-cluster.ts';
import { connection, onPremises, peering, transitGateway } from './schema-links.ts';
import { address, anyAddress, instanceTypeName, listen, name, protocol } from './schema-values.ts';
import { blockPublicAccess, instance, prefixList, vpc } from './schema-vpc.ts';

export const TOPOLOGY_API_VERSION = 'vpcsim/v1';

/** Of an IP packet that a flow asks for: an empty echo, and what the header can say. */
const SMALLEST_SIZE = 28;
const LARGEST_SIZE = 65535;

const port = z.int().min(0).max(65535).describe('a port number');

const expectation = z
  .strictObject({
    from: z.string(),
    to: z.string(),
    protocol: protocol.optional(),
    port: port.optional(),
    sourcePort: port.optional(),
    ttl: z.int().min(1).max(255).optional(),
    size: z
      .int()
      .min(SMALLEST_SIZE)
      .max(LARGEST_SIZE)
      .describe('bytes of the IP packets that carry data, both ways')
      .optional(),
    df: z.boolean().describe('whether the sender forbids fragments').optional(),
    strictListen: z.boolean().optional(),
    seenClient: z.boolean().describe('the client has been here before: session affinity applies').optional(),
    uid: z.int().min(0).describe('user that the sending process runs as').optional(),
    gid: z.int().min(0).describe('group that the sending process runs as').optional(),
    oneWay: z.boolean().describe('nobody answers this traffic').optional(),
    via: z.string().describe('name of the load balancer to enter by').optional(),
    method: z.string().optional(),
    headers: z.record(z.string(), z.string()).describe('HTTP headers').optional(),
    sourceIp: anyAddress.optional(),
    arrivingAt: z.string().describe('NODE or NODE:INTERFACE where the packet comes in').optional(),
    verdict: z.enum(['reachable', 'unreachable', 'ambiguous', 'undetermined', 'one-way']).optional(),
    code: z.string().describe('a drop code such as sg/no-ingress-rule').optional(),
    device: z.string().describe('kind/id of the device where the path ends').optional(),
    symptom: z.string().optional(),
    disposition: z
      .enum(['delivered', 'answered', 'dropped', 'rejected', 'exited', 'loop', 'undetermined'])
      .optional(),
    paths: z.int().min(0).optional(),
    remark: z.string().min(1).describe('a part of a remark of the trace').optional(),
  })
  .describe('a flow and what must come of it');

const expectations = z.array(expectation).describe('a list of flows and what must come of them');

const operation = z
  .strictObject({
    op: z.enum(['add', 'replace', 'remove']),
    path: z.string().describe('a path such as /vpcs/main/securityGroups/web/ingress'),
    value: z.unknown().optional(),
  })
  .describe('a change {op, path, value}');

const variant = z
  .strictObject({
    description: z.string().optional(),
    patch: z.array(operation).optional(),
    expect: expectations.optional(),
  })
  .describe('a changed topology');

const host = z
  .strictObject({ name, address, ipv6Address: anyAddress.optional(), listen: listen.optional() })
  .describe('a machine outside every VPC');

const instanceType = z
  .strictObject({
    name: instanceTypeName,
    maxEnis: z.int().min(1).max(100),
    ipv4PerEni: z.int().min(1).max(1000),
    networkCards: z.int().min(1).max(100).optional(),
    hypervisor: z.enum(['nitro', 'xen']).optional(),
    bareMetal: z.boolean().optional(),
    vcpus: z.int().min(1).max(10_000).optional(),
    memoryMiB: z.int().min(1).max(1_000_000_000).optional(),
    branchEnis: z.int().min(0).max(1000).optional(),
  })
  .describe('an EC2 instance type');

const paths = z.array(z.string().describe('a path relative to this file')).describe('a list of paths');

export const topologyFile = z
  .strictObject({
    apiVersion: z.literal(TOPOLOGY_API_VERSION),
    kind: z.literal('Topology'),
    metadata: z.strictObject({ name: name.optional(), description: z.string().optional() }).optional(),
    include: paths.optional(),
    eksctl: z.string().describe('the path of an eksctl ClusterConfig').optional(),
    vpcs: z.array(vpc).describe('a list of VPCs').optional(),
    prefixLists: z.array(prefixList).describe('a list of managed prefix lists').optional(),
    peerings: z.array(peering).describe('a list of VPC peering connections').optional(),
    transitGateways: z.array(transitGateway).describe('a list of transit gateways').optional(),
    connections: z.array(connection).describe('a list of VPN and Direct Connect connections').optional(),
    onPremises: z.array(onPremises).describe('a list of networks outside AWS').optional(),
    blockPublicAccess: z.array(blockPublicAccess).optional(),
    cluster: cluster.optional(),
    manifests: z
      .array(z.string().describe('a path or pattern such as k8s/*.yaml'))
      .describe('a list of paths of Kubernetes manifests')
      .optional(),
    hosts: z.array(host).describe('a list of outside hosts').optional(),
    instances: z.array(instance).describe('a list of EC2 instances').optional(),
    instanceTypes: z.array(instanceType).describe('a list of EC2 instance types').optional(),
    instanceTypesFile: z
      .string()
      .describe('the path of what aws ec2 describe-instance-types printed')
      .optional(),
    expect: expectations.optional(),
    variants: z.record(name, variant).describe('a map of variants by name').optional(),
  })
  .describe('a vpcsim topology');

export type TopologyFile = z.infer<typeof topologyFile>;
export type ExpectationFile = z.infer<typeof expectation>;
export type InstanceTypeFile = z.infer<typeof instanceType>;
export type OperationFile = z.infer<typeof operation>;

/** JSON Schema (draft 2020-12) of the topology file, for editors. */
export function topologyJsonSchema(): Record<string, unknown> {
  return { title: 'vpcsim topology', ...z.toJSONSchema(topologyFile, { io: 'input' }) };
}
