/** `cluster:` of the topology file: an EKS cluster, its add-ons and its nodes. */
import * as z from 'zod';
import { instanceInterface, nodeInterface } from './schema-interfaces.ts';
import { kubeProxy } from './schema-kube-proxy.ts';
import {
  address,
  anyAddress,
  cidr,
  dumps,
  instanceTypeName,
  metadata,
  name,
  primaryInterface,
  reference,
  references,
  settings,
  texts,
} from './schema-values.ts';

const taint = z
  .strictObject({
    key: z.string(),
    value: z.string().optional(),
    effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
  })
  .describe('a taint {key, value, effect}');

const nodeTemplate = {
  instanceType: instanceTypeName.optional(),
  labels: texts.optional(),
  taints: z.array(taint).optional(),
  securityGroups: references.optional(),
  iptables: z.enum(['nft', 'legacy']).optional(),
  sysctls: settings.optional(),
  primaryInterface: primaryInterface.optional(),
  metadata: metadata.optional(),
  maxPods: z.int().min(1).max(1000).optional(),
};

const count = z.int().min(0).max(100_000);

const nodeGroup = z
  .strictObject({
    name,
    ...nodeTemplate,
    desired: count.optional(),
    min: count.optional(),
    max: count.optional(),
    subnets: references.optional(),
    capacityType: z.enum(['ON_DEMAND', 'SPOT']).optional(),
  })
  .describe('a node group');

const node = z
  .strictObject({
    name,
    ...nodeTemplate,
    subnet: reference,
    address: address.optional(),
    podCIDR: cidr.optional(),
    otherAddresses: z.array(anyAddress).describe('a list of addresses').optional(),
    nodeIps: z.array(anyAddress).describe('a list of addresses').optional(),
    interfaces: z.array(nodeInterface).optional(),
  })
  .describe('a node in a subnet of your choice');

const placement = z
  .strictObject({
    pod: z.string().describe('a pod as namespace/name'),
    node: reference,
    address: address.optional(),
  })
  .describe('a pod pinned to a node');

export const cluster = z
  .strictObject({
    name: name.optional(),
    version: z
      .string()
      .regex(/^1\.\d{1,2}$/)
      .describe('a Kubernetes version such as "1.34", in quotes')
      .optional(),
    vpc: reference.optional(),
    subnets: references.optional(),
    serviceCidr: cidr.optional(),
    serviceNodePortRange: z
      .string()
      .regex(/^\d{1,5}-\d{1,5}$/)
      .describe('a range of ports such as 30000-32767')
      .optional(),
    securityGroup: reference.optional(),
    endpointAccess: z
      .strictObject({
        public: z.boolean().optional(),
        private: z.boolean().optional(),
        publicCidrs: z.array(cidr).optional(),
      })
      .optional(),
    cni: z
      .strictObject({
        version: z
          .string()
          .regex(/^v?\d+\.\d+\.\d+/)
          .describe('a version such as 1.23.1')
          .optional(),
        env: settings.optional(),
      })
      .optional(),
    kubeProxy: kubeProxy.optional(),
    networkPolicy: z.enum(['none', 'aws', 'upstream']).optional(),
    loadBalancerController: z.boolean().optional(),
    controllers: z.boolean().optional(),
    controlPlane: z
      .strictObject({
        securityGroups: references.optional(),
        interfaces: z.array(instanceInterface).optional(),
      })
      .optional(),
    coredns: z.strictObject({ replicas: z.int().min(0).max(100).optional() }).optional(),
    nodeGroups: z.array(nodeGroup).optional(),
    nodes: z.array(node).optional(),
    placements: z.array(placement).optional(),
    nodeRules: z.record(z.string(), dumps).describe('a map of dumps by node').optional(),
    podRules: z.record(z.string(), dumps).describe('a map of dumps by pod').optional(),
  })
  .describe('an EKS cluster');

export type ClusterFile = z.infer<typeof cluster>;
export type NodeGroupFile = z.infer<typeof nodeGroup>;
export type NodeFile = z.infer<typeof node>;
