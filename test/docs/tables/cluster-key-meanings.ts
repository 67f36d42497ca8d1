/** What the keys below `cluster:` mean, and their defaults. */

export interface Meaning {
  readonly means: string;
  readonly default?: string;
  readonly by?: string;
}

const nodeTemplate = (path: string): Readonly<Record<string, Meaning>> => ({
  [`${path}.name`]: { means: 'its name' },
  [`${path}.instanceType`]: {
    default: '`t3.medium`',
    by: 'EKS',
    means: 'decides interfaces, addresses, pod slots, CPU and memory',
  },
  [`${path}.labels`]: { default: 'none', means: 'labels beside those that the kubelet sets' },
  [`${path}.taints`]: { default: 'none', means: 'taints of its nodes' },
  [`${path}.securityGroups`]: {
    default: 'the cluster security group',
    by: 'EKS',
    means: 'groups of every interface of its nodes',
  },
  [`${path}.iptables`]: {
    default: '`nft`',
    by: 'EKS',
    means: 'which iptables; with `nft` the VPC CNI marks connections in a table of nftables, from 1.23 on',
  },
  [`${path}.sysctls`]: {
    default: "the AMI's and the CNI's",
    means: 'sysctls that differ, such as rp_filter',
  },
  [`${path}.primaryInterface`]: {
    default: '`ens5`, as AL2023 and Bottlerocket have it',
    by: 'EKS',
    means: 'name of the first interface, which the others follow: `eth0` on AL2',
  },
  [`${path}.metadata`]: {
    default: 'see its keys',
    means: 'options of instance metadata, see [Built-in services](#built-in-services)',
  },
  [`${path}.metadata.hopLimit`]: { default: '1', by: 'EKS', means: 'HttpPutResponseHopLimit, 1 to 64' },
  [`${path}.metadata.tokens`]: {
    default: '`required`',
    by: 'EKS',
    means: 'HttpTokens: `optional` takes requests without a token',
  },
  [`${path}.maxPods`]: { default: 'by instance type, as EKS sets it', means: "the kubelet's maxPods" },
});

export const clusterMeanings: Readonly<Record<string, Meaning>> = {
  'cluster.name': { default: '`metadata.name`, or `default`', by: 'vpcsim', means: 'its name' },
  'cluster.version': { default: '`"1.34"`', by: 'EKS', means: 'Kubernetes version' },
  'cluster.vpc': { default: 'the only VPC', by: 'vpcsim', means: 'the VPC it stands in' },
  'cluster.subnets': {
    default: 'all of the VPC',
    by: 'vpcsim',
    means: 'subnets of the control plane and of node groups',
  },
  'cluster.serviceCidr': {
    default: '172.20.0.0/16 in a VPC inside 10.0.0.0/8, else 10.100.0.0/16',
    by: 'EKS',
    means: 'addresses of Services',
  },
  'cluster.serviceNodePortRange': {
    default: '30000-32767',
    by: 'EKS',
    means: "the API server's --service-node-port-range, which EKS does not let one change",
  },
  'cluster.securityGroup': {
    default: '`eks-cluster-sg-NAME`: all from itself, all out',
    by: 'EKS',
    means: 'the cluster security group',
  },
  'cluster.controlPlane.securityGroups': {
    default: 'none',
    by: 'EKS',
    means: 'security groups that they hold beside the cluster security group',
  },
  'cluster.endpointAccess': { default: 'public only', by: 'EKS', means: 'how the API server is reached' },
  'cluster.endpointAccess.public': { default: '`true`', by: 'EKS', means: 'the public endpoint exists' },
  'cluster.endpointAccess.private': { default: '`false`', by: 'EKS', means: 'the private endpoint exists' },
  'cluster.endpointAccess.publicCidrs': {
    default: '0.0.0.0/0',
    by: 'EKS',
    means: 'sources that the public endpoint takes',
  },
  'cluster.cni': { default: 'the VPC CNI', means: 'version and settings of the VPC CNI' },
  'cluster.cni.version': { default: '1.23.1', by: 'vpcsim', means: 'its version' },
  'cluster.cni.env': {
    default: "those of the CNI's manifest",
    by: 'VPC CNI',
    means: 'environment of `aws-node`, such as `AWS_VPC_K8S_CNI_EXTERNALSNAT`',
  },
  'cluster.kubeProxy': {
    default: 'as in the add-on of EKS',
    by: 'EKS',
    means: "kube-proxy's own configuration keys",
  },
  'cluster.kubeProxy.mode': {
    default: '`iptables`',
    by: 'EKS',
    means: 'its mode; traces to Services are undetermined in the other two',
  },
  'cluster.kubeProxy.clusterCIDR': {
    default: 'empty: pods cannot be told from others',
    by: 'EKS',
    means: 'the block of the pods, or one of each family with a comma between',
  },
  'cluster.kubeProxy.detectLocalMode': {
    default: '`ClusterCIDR`',
    by: 'EKS',
    means: 'how pods are told from others: others get SNAT on their way to a ClusterIP',
  },
  'cluster.kubeProxy.detectLocal': { default: 'none', means: 'interfaces of the pods' },
  'cluster.kubeProxy.detectLocal.bridgeInterface': {
    default: 'none',
    means: 'the bridge of the pods, for mode `BridgeInterface`',
  },
  'cluster.kubeProxy.detectLocal.interfaceNamePrefix': {
    default: 'none',
    means: "how the names of the pods' interfaces begin, for mode `InterfaceNamePrefix`",
  },
  'cluster.kubeProxy.iptables': { default: 'as below', by: 'EKS', means: 'settings of mode `iptables`' },
  'cluster.kubeProxy.iptables.masqueradeAll': {
    default: '`false`',
    by: 'EKS',
    means: 'SNAT for everything that goes to a ClusterIP',
  },
  'cluster.kubeProxy.iptables.masqueradeBit': {
    default: '14',
    by: 'EKS',
    means: 'bit of the mark that asks for SNAT, 0 to 31',
  },
  'cluster.kubeProxy.iptables.localhostNodePorts': {
    default: '`true`',
    by: 'EKS',
    means: 'NodePorts answer on 127.0.0.0/8 too',
  },
  'cluster.kubeProxy.nodePortAddresses': {
    default: 'all local addresses',
    by: 'EKS',
    means: 'blocks of the node addresses that accept NodePorts, or `[primary]`',
  },
  'cluster.kubeProxy.conntrack': { default: 'as below', by: 'EKS', means: 'settings of connection tracking' },
  'cluster.kubeProxy.conntrack.tcpBeLiberal': {
    default: '`false`',
    by: 'EKS',
    means: 'INVALID packets are not dropped',
  },
  'cluster.kubeProxy.featureGates': {
    default: 'by version',
    by: 'Kubernetes',
    means:
      'read: `PreferSameTrafficDistribution` (hints for nodes count; from 1.34 on) and `ServiceTrafficDistribution` (hints for zones need no annotation; from 1.31 on)',
  },
  'cluster.networkPolicy': {
    default: '`none`',
    by: 'EKS',
    means:
      'who enforces NetworkPolicy; traces of pods are undetermined where somebody does and there are policies',
  },
  'cluster.controllers': {
    default: '`true`',
    means:
      'whether controllers make the pods of workloads and the scheduler places them; `false` where all objects are given as they are',
  },
  'cluster.controlPlane': { default: 'as EKS places them', means: 'what EKS puts into the VPC' },
  'cluster.controlPlane.interfaces': {
    default: 'two, in the first subnets of two zones',
    means: 'its network interfaces as they are, see [Given interfaces](#given-interfaces)',
  },
  'cluster.loadBalancerController': {
    default: '`true`',
    by: 'vpcsim',
    means: 'the AWS Load Balancer Controller runs',
  },
  'cluster.coredns': { default: 'two replicas', by: 'EKS', means: 'settings of CoreDNS' },
  'cluster.coredns.replicas': { default: '2', by: 'EKS', means: 'pods of CoreDNS' },
  'cluster.nodeGroups': {
    default: "eksctl's two m5.large, unless `nodes` is written",
    by: 'eksctl',
    means: 'node groups',
  },
  'cluster.nodes': { default: 'none', means: 'nodes with names and places of your choice' },
  'cluster.nodeRules': {
    default: 'what the model writes',
    means: 'by node, a dump or a list: what it really holds ([guide](guide.md#a-real-nodes-rules))',
  },
  'cluster.podRules': {
    default: 'none',
    means: 'the same by `namespace/name` of a pod, or of the workload whose pods all have it',
  },
  'cluster.placements': { default: 'none', means: 'pods pinned to nodes; the scheduler places the others' },
  ...nodeTemplate('cluster.nodeGroups[]'),
  'cluster.nodeGroups[].desired': {
    default: '2, within `min` and `max`',
    by: 'EKS',
    means: 'how many nodes',
  },
  'cluster.nodeGroups[].min': { default: '1', by: 'EKS', means: 'fewest nodes' },
  'cluster.nodeGroups[].max': { default: '2, or `desired`', by: 'EKS', means: 'most nodes' },
  'cluster.nodeGroups[].subnets': {
    default: 'those of the cluster',
    by: 'EKS',
    means: 'where nodes start, in turn',
  },
  'cluster.nodeGroups[].capacityType': { default: '`ON_DEMAND`', means: 'accepted; bears on no packet' },
  ...Object.fromEntries(
    ['nodeGroups', 'nodes'].flatMap((list) =>
      Object.entries({
        key: { means: 'its key' },
        value: { default: 'empty', means: 'its value' },
        effect: { means: 'what it does to pods without a toleration' },
      }).map(([key, meaning]) => [`cluster.${list}[].taints[].${key}`, meaning]),
    ),
  ),
  ...nodeTemplate('cluster.nodes[]'),
  'cluster.nodes[].subnet': { means: 'its subnet' },
  'cluster.nodes[].podCIDR': {
    default: 'none',
    by: 'EKS',
    means:
      "its `spec.podCIDR`, for kube-proxy's mode `NodeCIDR`; pods have addresses of the VPC all the same",
  },
  'cluster.nodes[].address': { default: 'the lowest free one', means: 'its primary address' },
  'cluster.nodes[].otherAddresses': {
    default: 'none',
    means: 'further addresses of its primary interface, IPv4 and IPv6, which the VPC does not know',
  },
  'cluster.nodes[].nodeIps': {
    default: 'its primary address',
    by: 'EKS',
    means: "the kubelet's --node-ip: of each family the address that the Node has",
  },
  'cluster.nodes[].interfaces': {
    default: 'those that the CNI plans',
    means: 'all its network interfaces as they are, see [Given interfaces](#given-interfaces)',
  },
  'cluster.placements[].pod': { means: 'the pod, `NAMESPACE/NAME`; the namespace may be left out' },
  'cluster.placements[].node': { means: 'its node' },
  'cluster.placements[].address': { default: 'the next of the node', means: 'its address' },
};
