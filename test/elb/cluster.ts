/** A small EKS cluster for the tests: two zones with a public and a private subnet each, one node per zone, two pods. */
import { cidr } from '../../src/addressing/cidr.ts';
import { ipv4 } from '../../src/addressing/ip.ts';
import type {
  EndpointSlice,
  Ingress,
  IngressBackend,
  IngressClass,
  IngressPath,
  Service,
} from '../../src/api/objects.ts';
import type { Origin } from '../../src/base/origin.ts';
import { planLoadBalancers } from '../../src/elb/controller.ts';
import type { ControllerInput, NodeInfo, PodInfo, SubnetInfo } from '../../src/elb/input.ts';
import type { ControllerOutput, LoadBalancerPlan } from '../../src/elb/plan.ts';

type Annotations = Record<string, string>;

function written(...pointer: (string | number)[]): Origin {
  return { from: 'written', document: 'app.yaml', pointer };
}

const ALB = 'alb.ingress.kubernetes.io/';
const NLB = 'service.beta.kubernetes.io/';

/** Annotations of an Ingress without their prefix. */
export function alb(annotations: Annotations): Annotations {
  return Object.fromEntries(Object.entries(annotations).map(([key, value]) => [ALB + key, value]));
}

/** Annotations of a Service without their prefix. */
export function nlb(annotations: Annotations): Annotations {
  return Object.fromEntries(Object.entries(annotations).map(([key, value]) => [NLB + key, value]));
}

export function backend(service: string, port: number | string = 80): IngressBackend {
  return { service, port, origin: written('backend', service) };
}

export function path(
  text: string,
  to = backend('web'),
  pathType: IngressPath['pathType'] = 'Prefix',
): IngressPath {
  return { path: text, pathType, backend: to, origin: written('path', text) };
}

export function ingress(
  name: string,
  hosts: Record<string, readonly IngressPath[]>,
  annotations: Annotations = {},
  rest: Partial<Ingress> = {},
): Ingress {
  return {
    kind: 'Ingress',
    metadata: { name, namespace: 'default', labels: {}, annotations },
    origin: written(name),
    ingressClassName: 'alb',
    rules: Object.entries(hosts).map(([host, paths]) => ({ host, paths, origin: written(name, host) })),
    tls: [],
    ...rest,
  };
}

export function ingressClass(name: string, controller: string, isDefault = false): IngressClass {
  return {
    kind: 'IngressClass',
    metadata: { name, namespace: '', labels: {}, annotations: {} },
    origin: written(name),
    controller,
    isDefault,
  };
}

export function service(name: string, rest: Partial<Service> = {}, annotations: Annotations = {}): Service {
  return {
    kind: 'Service',
    metadata: { name, namespace: 'default', labels: {}, annotations },
    origin: written(name),
    type: 'NodePort',
    ports: [{ name: '', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 30080 }],
    selector: { app: name },
    externalIPs: [],
    externalTrafficPolicy: 'Cluster',
    internalTrafficPolicy: 'Cluster',
    sessionAffinity: 'None',
    sessionAffinityTimeoutSeconds: 10800,
    loadBalancerSourceRanges: [],
    allocateLoadBalancerNodePorts: true,
    publishNotReadyAddresses: false,
    loadBalancerIngress: [],
    ...rest,
  };
}

/** Endpoints as `[pod, ready]`; addresses and nodes are those of `pods`. */
export function slice(name: string, endpoints: readonly (readonly [string, boolean])[]): EndpointSlice {
  return {
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace: 'default', labels: {}, annotations: {} },
    origin: written(name, 'slice'),
    service: name,
    addressType: 'IPv4',
    ports: [{ name: '', protocol: 'TCP', port: 8080 }],
    endpoints: endpoints.map(([pod, ready]) => ({
      addresses: [addresses[pod]!],
      ready,
      serving: ready,
      terminating: false,
      nodeName: pods.find((each) => each.pod === `default/${pod}`)!.node,
      zoneHints: [],
      nodeHints: [],
      pod: `default/${pod}`,
    })),
  };
}

const addresses: Record<string, string> = { a: '10.0.16.10', b: '10.0.32.10' };

export const pods: readonly PodInfo[] = [
  { pod: 'default/a', node: 'node-a', az: 'us-east-1a', containersReady: true, securityGroups: ['nodes'] },
  { pod: 'default/b', node: 'node-b', az: 'us-east-1b', containersReady: true, securityGroups: ['nodes'] },
];

export const nodes: readonly NodeInfo[] = [
  {
    name: 'node-a',
    address: ipv4('10.0.16.4'),
    az: 'us-east-1a',
    ready: true,
    labels: {},
    taints: [],
    securityGroups: ['nodes'],
  },
  {
    name: 'node-b',
    address: ipv4('10.0.32.4'),
    az: 'us-east-1b',
    ready: true,
    labels: {},
    taints: [],
    securityGroups: ['nodes'],
  },
];

export function subnet(
  name: string,
  block: string,
  zone: string,
  rest: Partial<SubnetInfo> = {},
): SubnetInfo {
  return {
    name,
    cidr: cidr(block),
    az: `us-east-1${zone}`,
    tags: {},
    public: name.startsWith('public'),
    freeAddresses: 200,
    ...rest,
  };
}

export const subnets: readonly SubnetInfo[] = [
  subnet('public-a', '10.0.0.0/24', 'a'),
  subnet('public-b', '10.0.1.0/24', 'b'),
  subnet('private-a', '10.0.16.0/20', 'a'),
  subnet('private-b', '10.0.32.0/20', 'b'),
];

export function cluster(rest: Partial<ControllerInput> = {}): ControllerInput {
  return {
    clusterName: 'shop',
    region: 'us-east-1',
    vpcCidrs: [cidr('10.0.0.0/16')],
    controller: true,
    ingresses: [],
    ingressClasses: [],
    services: [service('web')],
    endpointSlices: [
      slice('web', [
        ['a', true],
        ['b', true],
      ]),
    ],
    pods,
    nodes,
    subnets,
    securityGroups: [{ name: 'nodes', tags: { 'kubernetes.io/cluster/shop': 'owned' } }],
    locate: (origin) =>
      origin.from === 'written' ? { file: origin.pointer.join('/'), line: 1, column: 1 } : undefined,
    ...rest,
  };
}

/** Plans a cluster that has just these Ingresses. */
export function serve(
  ingresses: Ingress | readonly Ingress[],
  rest: Partial<ControllerInput> = {},
): ControllerOutput {
  return planLoadBalancers(cluster({ ...rest, ingresses: [ingresses].flat() }));
}

/** Plans a cluster that has just this Service. */
export function expose(one: Service, rest: Partial<ControllerInput> = {}): ControllerOutput {
  const endpoints = slice(one.metadata.name, [
    ['a', true],
    ['b', true],
  ]);
  return planLoadBalancers(cluster({ services: [one], endpointSlices: [endpoints], ...rest }));
}

/** The only load balancer; fails with the findings when there is none. */
export function only(output: ControllerOutput): LoadBalancerPlan {
  const [plan, ...others] = output.plans;
  if (!plan || others.length > 0) throw new Error(JSON.stringify(output.issues, undefined, 1));
  return plan;
}

/** `path-pattern /a|/b -> web` per rule, for comparing whole listeners. */
export function rules(plan: LoadBalancerPlan, port = 80): string[] {
  const listener = plan.listeners.find((each) => each.port === port);
  return (listener?.rules ?? []).map(({ priority, conditions, action }) => {
    const tests = conditions.map((each) =>
      'regex' in each ? `${each.field} ${each.values.join('|')}` : `${each.field} ${each.values.length}`,
    );
    return `${priority}: ${tests.join(' & ')} -> ${actionText(plan, action)}`;
  });
}

export function actionText(
  plan: LoadBalancerPlan,
  action: LoadBalancerPlan['listeners'][0]['defaultAction'],
): string {
  if (action.type === 'fixed-response') return `${action.statusCode}`;
  if (action.type === 'redirect') return `${action.statusCode} ${action.protocol}:${action.port}`;
  const named = action.targetGroups.map(({ name, weight }) => {
    const group = plan.targetGroups.find((each) => each.name === name);
    return `${group?.service?.name ?? name}*${weight}`;
  });
  return named.join(' ');
}
