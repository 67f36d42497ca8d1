/** `cluster.kubeProxy`: the keys of kube-proxy's own configuration (kubeproxy.config.k8s.io/v1alpha1
 *  KubeProxyConfiguration) that decide about packets. */
import * as z from 'zod';

const interfaceName = z
  .string()
  .regex(/^[^\s/"]{1,15}$/)
  .describe('the name of a network interface, of at most 15 characters');

export const kubeProxyKeys = {
  mode: z.enum(['iptables', 'ipvs', 'nftables']).optional(),
  clusterCIDR: z
    .string()
    .describe('the block of the pods such as 10.1.0.0/16, or one of each family with a comma between')
    .optional(),
  detectLocalMode: z.enum(['ClusterCIDR', 'NodeCIDR', 'BridgeInterface', 'InterfaceNamePrefix']).optional(),
  detectLocal: z
    .strictObject({
      bridgeInterface: interfaceName.optional(),
      interfaceNamePrefix: interfaceName.optional(),
    })
    .optional(),
  iptables: z
    .strictObject({
      masqueradeAll: z.boolean().optional(),
      masqueradeBit: z.int().min(0).max(31).optional(),
      localhostNodePorts: z.boolean().optional(),
    })
    .optional(),
  nodePortAddresses: z
    .array(z.string().describe('a block such as 10.1.0.0/16, or primary'))
    .describe('a list of blocks, or [primary]')
    .optional(),
  conntrack: z.strictObject({ tcpBeLiberal: z.boolean().optional() }).optional(),
  featureGates: z.record(z.string(), z.boolean()).describe('a map of true and false').optional(),
};

export const kubeProxy = z.strictObject(kubeProxyKeys).describe('the configuration of kube-proxy');

export type KubeProxyFile = z.infer<typeof kubeProxy>;
