/** eksctl's ClusterConfig (eksctl.io/v1alpha5): every key of its schema, types only for what bears on the
 *  network. */
import * as z from 'zod';
import { accepted } from '../accepted.ts';

export const EKSCTL_API_VERSION = 'eksctl.io/v1alpha5';

const text = z.string().optional();
const flag = z.boolean().optional();
const count = z.int().min(0).optional();
const list = z.array(z.string()).optional();
const map = z.record(z.string(), z.string()).optional();

const taints = z
  .union([
    z.array(z.strictObject({ key: z.string(), value: text, effect: z.string() })),
    z.record(z.string(), z.string()),
  ])
  .describe('a list of taints {key, value, effect}')
  .optional();

const nodeGroupKeys = {
  name: z.string(),
  instanceType: text,
  desiredCapacity: count,
  minSize: count,
  maxSize: count,
  privateNetworking: flag,
  availabilityZones: list,
  subnets: list,
  maxPodsPerNode: count,
  labels: map,
  taints,
  ssh: z
    .strictObject({
      allow: flag,
      ...accepted('publicKey', 'publicKeyName', 'publicKeyPath', 'sourceSecurityGroupIds', 'enableSsm'),
    })
    .optional(),
  securityGroups: z.strictObject({ attachIDs: list, withLocal: flag, withShared: flag }).optional(),
  ...accepted(
    'additionalVolumes',
    'ami',
    'amiFamily',
    'asgSuspendProcesses',
    'bottlerocket',
    'capacityReservation',
    'disableIMDSv1',
    'disablePodIMDS',
    'ebsOptimized',
    'efaEnabled',
    'enableDetailedMonitoring',
    'iam',
    'instanceMarketOptions',
    'instanceName',
    'instancePrefix',
    'instanceSelector',
    'outpostARN',
    'overrideBootstrapCommand',
    'placement',
    'preBootstrapCommands',
    'propagateASGTags',
    'tags',
    'updateConfig',
    'volumeEncrypted',
    'volumeIOPS',
    'volumeKmsKeyID',
    'volumeName',
    'volumeSize',
    'volumeThroughput',
    'volumeType',
  ),
};

const managedNodeGroup = z.strictObject({
  ...nodeGroupKeys,
  instanceTypes: list,
  spot: flag,
  ...accepted('launchTemplate', 'nodeRepairConfig', 'releaseVersion'),
});

const nodeGroup = z.strictObject({
  ...nodeGroupKeys,
  instancesDistribution: z.looseObject({ instanceTypes: list }).optional(),
  ...accepted(
    'asgMetricsCollection',
    'classicLoadBalancerNames',
    'clusterDNS',
    'containerRuntime',
    'cpuCredits',
    'enclaveEnabled',
    'kubeletExtraConfig',
    'localZones',
    'maxInstanceLifetime',
    'targetGroupARNs',
  ),
});

const subnetSpec = z.strictObject({ az: text, cidr: text, id: text });
const subnets = z.record(z.string(), subnetSpec).optional();

const vpc = z.strictObject({
  id: text,
  cidr: text,
  subnets: z.strictObject({ public: subnets, private: subnets }).optional(),
  nat: z.strictObject({ gateway: z.enum(['HighlyAvailable', 'Single', 'Disable']).optional() }).optional(),
  clusterEndpoints: z.strictObject({ publicAccess: flag, privateAccess: flag }).optional(),
  publicAccessCIDRs: list,
  controlPlaneSubnetIDs: list,
  controlPlaneOnPrivateSubnets: flag,
  manageSharedNodeSecurityGroupRules: flag,
  ...accepted(
    'autoAllocateIPv6',
    'controlPlaneEgressMode',
    'controlPlaneSecurityGroupIDs',
    'extraCIDRs',
    'extraIPv6CIDRs',
    'hostnameType',
    'ipv6Cidr',
    'ipv6Pool',
    'securityGroup',
    'sharedNodeSecurityGroup',
  ),
});

const addon = z.strictObject({
  name: z.string(),
  version: text,
  configurationValues: text,
  ...accepted(
    'attachPolicy',
    'attachPolicyARNs',
    'namespaceConfig',
    'owners',
    'permissionsBoundary',
    'podIdentityAssociations',
    'publishers',
    'resolveConflicts',
    'serviceAccountRoleARN',
    'tags',
    'types',
    'useDefaultPodIdentityAssociations',
    'wellKnownPolicies',
  ),
});

export const clusterConfig = z.strictObject({
  apiVersion: z.literal(EKSCTL_API_VERSION),
  kind: z.literal('ClusterConfig'),
  metadata: z.strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/)
      .describe('a name of letters, digits and dashes'),
    region: z
      .string()
      .regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/)
      .describe('an AWS Region such as us-east-1'),
    version: text,
    ...accepted('annotations', 'forceUpdateVersion', 'rollbackConfig', 'tags'),
  }),
  availabilityZones: list,
  vpc: vpc.optional(),
  kubernetesNetworkConfig: z
    .strictObject({
      ipFamily: z.enum(['IPv4', 'IPv6']).optional(),
      serviceIPv4CIDR: text,
      serviceIPv6CIDR: text,
    })
    .optional(),
  privateCluster: z
    .strictObject({ enabled: flag, skipEndpointCreation: flag, additionalEndpointServices: list })
    .optional(),
  managedNodeGroups: z.array(managedNodeGroup).optional(),
  nodeGroups: z.array(nodeGroup).optional(),
  addons: z.array(addon).optional(),
  autoModeConfig: z.looseObject({ enabled: flag }).optional(),
  ...accepted(
    'accessConfig',
    'addonsConfig',
    'capabilities',
    'cloudWatch',
    'controlPlaneScalingConfig',
    'fargateProfiles',
    'gitops',
    'iam',
    'iamIdentityMappings',
    'identityProviders',
    'karpenter',
    'kubeAPIServerConfig',
    'kubeControllerManagerConfig',
    'kubeSchedulerConfig',
    'localZones',
    'outpost',
    'remoteNetworkConfig',
    'secretsEncryption',
    'upgradePolicy',
    'zonalShiftConfig',
  ),
});

export type ClusterConfig = z.infer<typeof clusterConfig>;
export type EksctlNodeGroup = z.infer<typeof managedNodeGroup> | z.infer<typeof nodeGroup>;
