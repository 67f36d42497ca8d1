/** A cluster with two nodes in a private subnet, another subnet for pods in 100.64/10 with a route table and a security
 *  group of its own, a Service, and an internet-facing load balancer that sends to pods. */
import { worldOf } from '../support/worlds.ts';

export interface PoolWorldOptions {
  /** Environment of aws-node. */
  readonly env?: string;
  readonly instanceType?: string;
  /** Plain pods on node n1 that start before "web" does, and fill its first addresses. */
  readonly before?: number;
  /** Tags of the subnets "nodes" and "pods". */
  readonly nodesTags?: string;
  readonly podsTags?: string;
  readonly podsZone?: string;
  readonly manifests?: string;
  readonly nodes?: string;
  readonly subnets?: string;
  readonly cluster?: string;
  /** Of the VPC CNI. */
  readonly version?: string;
}

const pod = (name: string, node: string, rest = '') => `---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${name}}}
spec: {nodeName: ${node}, containers: [{name: c${rest}}]}
`;

/** For each zone of the nodes, by its name. */
export const ENI_CONFIG = `---
apiVersion: crd.k8s.amazonaws.com/v1alpha1
kind: ENIConfig
metadata: {name: us-east-1a}
spec: {subnet: pods, securityGroups: [pods]}
`;

export const CUSTOM =
  'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: "true", ENI_CONFIG_LABEL_DEF: topology.kubernetes.io/zone';
export const PREFIXES = 'ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1"';

export function poolWorld(options: PoolWorldOptions = {}) {
  const { env = '', instanceType = 'm5.large', before = 0, manifests = '', subnets = '' } = options;
  const {
    nodesTags = '',
    podsTags = '',
    podsZone = 'us-east-1a',
    cluster = '',
    version = '1.23.1',
  } = options;
  const nodes =
    options.nodes ??
    `
    - {name: n1, subnet: nodes, address: 10.0.1.10, instanceType: ${instanceType}}
    - {name: n2, subnet: nodes, address: 10.0.1.11, instanceType: ${instanceType}}`;
  const filling = Array.from({ length: before }, (_, i) => pod(`a${i}`, 'n1')).join('');
  return worldOf({
    'm.yaml': `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, clusterIP: 172.20.0.100, ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: alb}
spec: {controller: ingress.k8s.aws/alb}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations: {alb.ingress.kubernetes.io/scheme: internet-facing, alb.ingress.kubernetes.io/target-type: ip}
spec:
  ingressClassName: alb
  rules: [{host: web.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]
${filling}${pod('web', 'n1', ', ports: [{containerPort: 80}]')}${pod('far', 'n2', ', ports: [{containerPort: 8080}]')}${manifests}`,
    'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: v
    cidrs: [10.0.0.0/16, 100.64.0.0/16]
    internetGateway: {}
    natGateways: [{name: nat, subnet: open-a}, {name: nat-pods, subnet: open-a}]
    subnets:
      - {name: open-a, az: us-east-1a, cidr: 10.0.0.0/25, mapPublicIp: true, routeTable: open, tags: {kubernetes.io/role/elb: "1"}}
      - {name: open-b, az: us-east-1b, cidr: 10.0.0.128/25, mapPublicIp: true, routeTable: open, tags: {kubernetes.io/role/elb: "1"}}
      - {name: nodes, az: us-east-1a, cidr: 10.0.1.0/24, routeTable: nodes, tags: {${nodesTags}}}
      - {name: pods, az: ${podsZone}, cidr: 100.64.0.0/24, routeTable: pods, tags: {${podsTags}}}${subnets}
    routeTables:
      - {name: open, routes: [{to: 0.0.0.0/0, via: igw}]}
      - {name: nodes, routes: [{to: 0.0.0.0/0, via: nat}]}
      - {name: pods, routes: [{to: 0.0.0.0/0, via: nat-pods}]}
    securityGroups:
      - {name: nodes, ingress: [{protocol: all, from: sg/nodes}, {protocol: all, from: sg/pods}]}
      - {name: pods, ingress: [{protocol: all, from: sg/pods}, {protocol: tcp, ports: 80, from: sg/nodes}]}
cluster:
  securityGroup: nodes
  loadBalancerController: true
  coredns: {replicas: 0}
  subnets: [open-a, open-b]
  cni: {version: ${version}, env: {${env}}}${cluster}
  nodes: ${nodes}
manifests: [m.yaml]
hosts: [{name: internet, address: 198.51.100.7, listen: [tcp/443]}]
`,
  });
}
