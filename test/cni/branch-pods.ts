/** A cluster with security groups for pods: two pods with branch ENIs and a plain one on node n1, a branch pod on n2. */
import { worldOf } from '../support/worlds.ts';

const pod = (name: string, node: string, labels: string, ports = '{containerPort: 80}') => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: ${labels}}
spec: {nodeName: ${node}, containers: [{name: c, ports: [${ports}]}]}
`;

const manifests = `
apiVersion: vpcresources.k8s.aws/v1beta1
kind: SecurityGroupPolicy
metadata: {name: web}
spec: {podSelector: {matchLabels: {app: web}}, securityGroups: {groupIds: [web]}}
---
apiVersion: v1
kind: Service
metadata: {name: second}
spec: {type: NodePort, selector: {number: second}, clusterIP: 172.20.0.100, ports: [{port: 80, nodePort: 30080}]}
${pod('first', 'n1', '{app: web}', '{containerPort: 80}, {containerPort: 53, protocol: UDP}')}
${pod('second', 'n1', '{app: web, number: second}')}
${pod('far', 'n2', '{app: web}')}
${pod('plain', 'n1', '{}')}`;

export interface BranchOptions {
  /** Environment of aws-node beside ENABLE_POD_ENI. */
  readonly env?: string;
  readonly subnet?: 'private' | 'public';
  /** Further rules of the group of the branch pods. */
  readonly ingress?: string;
  readonly more?: string;
  /** ENABLE_POD_ENI. */
  readonly podEni?: boolean;
  readonly instanceType?: string;
  /** What iptables-save prints on n1, in place of what the model writes. */
  readonly iptables?: string;
  /** Of the subnet of the nodes. */
  readonly cidr?: string;
}

export function branchWorld({
  env = '',
  subnet = 'private',
  ingress = '',
  more = '',
  podEni = true,
  instanceType = 'm5.large',
  cidr = '10.0.1.0/24',
  iptables,
}: BranchOptions = {}) {
  return worldOf({
    'm.yaml': manifests + more,
    ...(iptables === undefined ? {} : { 'n1.iptables': iptables }),
    'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: v
    cidrs: [10.0.0.0/16]
    internetGateway: {}
    natGateways: [{name: nat, subnet: public}]
    subnets:
      - {name: public, az: us-east-1a, cidr: 10.0.0.0/24, mapPublicIp: true, routeTable: open}
      - {name: private, az: us-east-1a, cidr: ${cidr}, routeTable: nat, tags: {kubernetes.io/role/internal-elb: "1"}}
      - {name: pods, az: us-east-1a, cidr: 10.0.2.0/24, routeTable: nat}
    routeTables:
      - {name: open, routes: [{to: 0.0.0.0/0, via: igw}]}
      - {name: nat, routes: [{to: 0.0.0.0/0, via: nat}]}
    securityGroups:
      - {name: nodes, ingress: [{protocol: all, from: sg/nodes}, {protocol: all, from: sg/web}]}
      - {name: web, ingress: [{protocol: tcp, ports: 80, from: sg/web}${ingress}]}
      - {name: database}
cluster:
  securityGroup: nodes
  coredns: {replicas: 0}
  cni: {env: {ENABLE_POD_ENI: "${podEni}"${env}}}
  nodes:
    - {name: n1, subnet: ${subnet}, instanceType: ${instanceType}}
    - {name: n2, subnet: ${subnet}, instanceType: ${instanceType}}
${iptables === undefined ? '' : '  nodeRules: {n1: [n1.iptables]}'}
manifests: [m.yaml]
hosts: [{name: internet, address: 198.51.100.7, listen: [tcp/443]}]
`,
  });
}

export const STANDARD = ', POD_SECURITY_GROUP_ENFORCING_MODE: standard';
export const NO_EARLY_DEMUX = ', DISABLE_TCP_EARLY_DEMUX: "true"';
/** Rules that let the nodes in. */
export const FROM_NODES =
  ', {protocol: tcp, ports: 80, from: sg/nodes}, {protocol: udp, ports: 53, from: sg/nodes}, {protocol: icmp, from: sg/nodes}';
