/** Environment of the VPC CNI's aws-node: what its manifest sets, and which names it reads at all
 *  (amazon-vpc-cni-k8s v1.23.1, chart values and README "CNI Configuration Variables"). */
import { nearest } from '../../base/nearest.ts';
import { CNI_VERSION } from '../../cni/environment.ts';
import type { ClusterSpec } from '../../world/cluster-spec.ts';
import type { ClusterFile } from '../../world/schema-cluster.ts';
import type { Reading } from '../reading.ts';
import { checkCniValue } from './cni-values.ts';

/** Settings of the manifest that bear on the network. */
export const manifestEnv: Readonly<Record<string, string>> = {
  AWS_VPC_CNI_NODE_PORT_SUPPORT: 'true',
  AWS_VPC_ENI_MTU: '9001',
  AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'false',
  AWS_VPC_K8S_CNI_EXTERNALSNAT: 'false',
  AWS_VPC_K8S_CNI_RANDOMIZESNAT: 'prng',
  AWS_VPC_K8S_CNI_VETHPREFIX: 'eni',
  DISABLE_TCP_EARLY_DEMUX: 'false',
  ENABLE_POD_ENI: 'false',
  ENABLE_PREFIX_DELEGATION: 'false',
  ENABLE_SUBNET_DISCOVERY: 'true',
  WARM_ENI_TARGET: '1',
  WARM_PREFIX_TARGET: '1',
};

const otherEnv = [
  'ADDITIONAL_ENI_TAGS',
  'ANNOTATE_POD_IP',
  'AWS_EC2_ENDPOINT',
  'AWS_EXTERNAL_SERVICE_CIDRS',
  'AWS_MANAGE_ENIS_NON_SCHEDULABLE',
  'AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER',
  'AWS_VPC_K8S_CNI_CONNMARK',
  'AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS',
  'AWS_VPC_K8S_CNI_LOGLEVEL',
  'AWS_VPC_K8S_CNI_LOG_FILE',
  'AWS_VPC_K8S_PLUGIN_LOG_FILE',
  'AWS_VPC_K8S_PLUGIN_LOG_LEVEL',
  'CLUSTER_ENDPOINT',
  'CLUSTER_NAME',
  'DISABLE_INTROSPECTION',
  'DISABLE_LEAKED_ENI_CLEANUP',
  'DISABLE_METRICS',
  'DISABLE_NETWORK_RESOURCE_PROVISIONING',
  'DISABLE_POD_V6',
  'ENABLE_BANDWIDTH_PLUGIN',
  'ENABLE_IMDS_ONLY_MODE',
  'ENABLE_IPv4',
  'ENABLE_IPv6',
  'ENABLE_MULTI_NIC',
  'ENABLE_NFTABLES',
  'ENABLE_V4_EGRESS',
  'ENABLE_V6_EGRESS',
  'ENI_CONFIG_ANNOTATION_DEF',
  'ENI_CONFIG_LABEL_DEF',
  'INTROSPECTION_BIND_ADDRESS',
  'IP_COOLDOWN_PERIOD',
  'MANAGE_UNTAGGED_ENI',
  'MAX_ENI',
  'MINIMUM_IP_TARGET',
  'NETWORK_POLICY_ENFORCING_MODE',
  'POD_MTU',
  'POD_SECURITY_GROUP_ENFORCING_MODE',
  'VPC_CNI_VERSION',
  'VPC_ID',
  'WARM_IP_TARGET',
];

export function readCni(reading: Reading, written: ClusterFile['cni']): ClusterSpec['cni'] {
  const version = written?.version?.replace(/^v/, '');
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(written?.env ?? {})) {
    env[key] = String(value);
    checkName(reading, written!.env!, key);
    checkCniValue(reading, written!.env!, key, env[key]);
  }
  for (const [key, value] of Object.entries(manifestEnv))
    env[key] ??= reading.fill(`cluster.cni.env.${key}`, value, 'VPC CNI');
  const sorted = Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { version: version ?? reading.fill('cluster.cni.version', CNI_VERSION, 'vpcsim'), env: sorted };
}

/** The CNI ignores a setting it does not know, which is how a slip goes unnoticed. */
function checkName(reading: Reading, env: object, key: string): void {
  const known = [...Object.keys(manifestEnv), ...otherEnv];
  if (known.includes(key)) return;
  const close = nearest(key, known, 1)[0];
  reading.add({
    severity: 'warning',
    code: 'cni/unknown-setting',
    at: reading.sources.locate(reading.of(env, key), 'key'),
    message: `the VPC CNI has no setting ${key} and will ignore it`,
    hint: close && `did you mean ${close}?`,
  });
}
