/** What `kubectl get ... -o json` and `aws eks describe-cluster` would print of the cluster of a world of ours. */
import { formatCidr } from '../../../src/addressing/cidr.ts';
import { formatIpv4 } from '../../../src/addressing/ip.ts';
import type {
  Container,
  EndpointSlice,
  Ingress,
  KubeObject,
  Pod,
  Service,
  Workload,
} from '../../../src/api/objects.ts';
import type { AddressedPod } from '../../../src/world/pod-addresses.ts';
import type { ClusterPlan } from '../../../src/world/sites.ts';
import type { Account, Json } from './ec2.ts';
import { ACCOUNT, id, REGION } from './ids.ts';

/** By file name. */
export function kubectl(account: Account): Record<string, Json> {
  const { topology, site } = account;
  const cluster = site.cluster!;
  const hostnames = new Map(site.balancers.map(({ plan }) => [plan.of[0] ?? '', plan.dnsName]));
  const statusOf = (kind: string, { metadata: { namespace, name } }: KubeObject): Json => {
    const hostname = hostnames.get(`${kind}/${namespace}/${name}`);
    return { status: { loadBalancer: hostname === undefined ? {} : { ingress: [{ hostname }] } } };
  };
  return {
    nodes: list(cluster.nodes.map((node) => nodeOf(node, account))),
    pods: list(cluster.pods.map((pod) => podOf(pod, cluster))),
    services: list(
      cluster.served.services.map((service) => ({ ...serviceOf(service), ...statusOf('service', service) })),
    ),
    endpointslices: list(cluster.served.slices.map(sliceOf)),
    workloads: list(
      cluster.workloads
        .filter(({ metadata }) => metadata.name !== 'aws-node')
        .map((each) => workloadOf(each)),
    ),
    'aws-node': awsNode(cluster),
    securitygrouppolicies: list(
      topology.objects.securityGroupPolicies.map((policy) => ({
        apiVersion: 'vpcresources.k8s.aws/v1beta1',
        kind: 'SecurityGroupPolicy',
        metadata: metadataOf(policy),
        spec: {
          podSelector: { matchLabels: policy.podSelector?.matchLabels },
          securityGroups: { groupIds: policy.groupIds.map((group) => id('sg', group)) },
        },
      })),
    ),
    ingresses: list(
      topology.objects.ingresses.map((ingress) => ({
        ...ingressOf(ingress),
        ...statusOf('ingress', ingress),
      })),
    ),
  };
}

export function describeCluster({ vpc, site }: Account): Json {
  const { spec } = site.cluster!;
  return {
    cluster: {
      name: spec.name,
      arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${spec.name}`,
      version: spec.version,
      status: 'ACTIVE',
      resourcesVpcConfig: {
        vpcId: id('vpc', vpc.name),
        subnetIds: spec.subnets.map((name) => id('subnet', name)),
        securityGroupIds: [],
        clusterSecurityGroupId: id('sg', spec.securityGroup),
        endpointPublicAccess: spec.endpointAccess.public,
        endpointPrivateAccess: spec.endpointAccess.private,
        publicAccessCidrs: spec.endpointAccess.publicCidrs.map(formatCidr),
      },
      kubernetesNetworkConfig: { serviceIpv4Cidr: formatCidr(spec.serviceCidr), ipFamily: 'ipv4' },
    },
  };
}

function list(items: readonly Json[]): Json {
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
}

/** With the members that the API server adds to every object. */
function metadataOf({ kind, metadata }: KubeObject, more: Json = {}): Json {
  const { name, namespace, labels, annotations } = metadata;
  return {
    name,
    ...(namespace !== '' && { namespace }),
    uid: `00000000-0000-4000-8000-${id('uid', `${kind} ${namespace} ${name}`).slice(-12)}`,
    resourceVersion: '1234',
    creationTimestamp: '2026-01-05T08:00:00Z',
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...more,
  };
}

function nodeOf(node: ClusterPlan['nodes'][number], { site }: Account): Json {
  const { name, zone, labels, taints, address, allocatable } = node;
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: `00000000-0000-4000-8000-${id('uid', name).slice(-12)}`,
      labels,
      annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
    },
    spec: {
      providerID: `aws:///${zone}/${id('i', name)}`,
      ...(taints.length > 0 && {
        taints: taints.map(({ value, ...rest }) => ({ ...rest, ...(value && { value }) })),
      }),
    },
    status: {
      addresses: [
        { type: 'InternalIP', address: formatIpv4(address) },
        { type: 'Hostname', address: name },
      ],
      allocatable: { cpu: '1930m', memory: '7220184Ki', pods: String(allocatable.pods) },
      capacity: { cpu: '2', memory: '7901184Ki', pods: String(allocatable.pods) },
      nodeInfo: {
        kubeletVersion: `v${site.cluster!.spec.version}.4-eks-113cf36`,
        osImage: 'Amazon Linux 2023.6.20250128',
        kubeProxyVersion: '',
      },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function podOf({ pod, phase, ready, node, address, branch }: AddressedPod, cluster: ClusterPlan): Json {
  const annotation = branch && {
    'vpc.amazonaws.com/pod-eni': JSON.stringify([
      {
        eniId: id('eni', `${node!.name}/vlan.${branch.vlan}`),
        ifAddress: '02:00:00:00:00:01',
        privateIp: formatIpv4(branch.address),
        ipv6Addr: '',
        vlanId: branch.vlan,
        subnetCidr: formatCidr(cluster.vpc.subnets.find(({ name }) => name === branch.subnet)!.cidr),
      },
    ]),
  };
  const [ownerKind, ownerName] = pod.owner?.split('/') ?? [];
  const annotations = { ...pod.metadata.annotations, ...annotation };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(
      { ...pod, metadata: { ...pod.metadata, annotations } },
      ownerKind === undefined
        ? {}
        : {
            ownerReferences: [
              {
                apiVersion: ownerKind === 'Job' ? 'batch/v1' : 'apps/v1',
                kind: ownerKind,
                name: ownerName,
                uid: '00000000-0000-4000-8000-000000000000',
                controller: true,
                blockOwnerDeletion: true,
              },
            ],
          },
    ),
    spec: { ...podSpecOf(pod), ...(node && { nodeName: node.name }) },
    status: {
      phase: phase === 'Running' ? 'Running' : 'Pending',
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      ...(address !== undefined && {
        podIP: formatIpv4(address),
        podIPs: [{ ip: formatIpv4(address) }],
        hostIP: formatIpv4(node!.address),
      }),
    },
  };
}

function podSpecOf({ spec }: Pick<Pod, 'spec'>): Json {
  return {
    containers: spec.containers.map(containerOf),
    ...(spec.hostNetwork && { hostNetwork: true }),
    dnsPolicy: spec.dnsPolicy,
    serviceAccountName: spec.serviceAccountName ?? 'default',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
  };
}

function containerOf({ name, image, ports, readinessProbe }: Container): Json {
  const { exec: _, ...probe } = readinessProbe ?? { exec: false };
  return {
    name,
    image: image === '' ? 'public.ecr.aws/nginx/nginx:1.27' : image,
    ...(ports.length > 0 && { ports: ports.map((port) => ({ ...port })) }),
    ...(Object.keys(probe).length > 0 && { readinessProbe: probe }),
    resources: {},
    imagePullPolicy: 'IfNotPresent',
  };
}

function workloadOf(workload: Workload): Json {
  const { kind, replicas, selector, template } = workload;
  return {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: metadataOf(workload),
    spec: {
      ...(kind !== 'DaemonSet' && { replicas }),
      selector: { matchLabels: selector.matchLabels },
      template: { metadata: { labels: template.labels }, spec: podSpecOf(template) },
    },
    status: { observedGeneration: 1 },
  };
}

function awsNode({ workloads, spec }: ClusterPlan): Json {
  const daemon = workloads.find(({ metadata }) => metadata.name === 'aws-node')!;
  const value = workloadOf(daemon);
  const { template } = value.spec as { template: { spec: { containers: Json[] } } };
  template.spec.containers[0]!.image =
    `602401143452.dkr.ecr.${REGION}.amazonaws.com/amazon-k8s-cni:v${spec.cni.version}-eksbuild.1`;
  template.spec.containers[0]!.env = [
    ...Object.entries(spec.cni.env).map(([name, setting]) => ({ name, value: setting })),
    { name: 'MY_NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
  ];
  return value;
}

function serviceOf(service: Service): Json {
  const { type, clusterIP, ports, selector } = service;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(service),
    spec: {
      type,
      ...(clusterIP !== undefined && { clusterIP, clusterIPs: [clusterIP] }),
      ports: ports.map(named),
      ...(selector && { selector }),
      ...(type !== 'ClusterIP' && { externalTrafficPolicy: service.externalTrafficPolicy }),
      ...(service.loadBalancerClass !== undefined && { loadBalancerClass: service.loadBalancerClass }),
      internalTrafficPolicy: service.internalTrafficPolicy,
      sessionAffinity: service.sessionAffinity,
    },
  };
}

/** A port without a name has none, not an empty one. */
function named<T extends { readonly name: string }>({ name, ...rest }: T): Json {
  return name === '' ? rest : { name, ...rest };
}

function sliceOf(slice: EndpointSlice): Json {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: metadataOf(slice),
    addressType: slice.addressType,
    ports: slice.ports.map(named),
    endpoints: slice.endpoints.map(({ addresses, ready, serving, terminating, nodeName, zone, pod }) => {
      const [namespace, name] = pod?.split('/') ?? [];
      return {
        addresses,
        conditions: { ready, serving, terminating },
        ...(nodeName !== undefined && { nodeName }),
        ...(zone !== undefined && { zone }),
        ...(name !== undefined && { targetRef: { kind: 'Pod', namespace, name } }),
      };
    }),
  };
}

function ingressOf(ingress: Ingress): Json {
  const backend = ({ service, port }: { service: string; port: number | string }): Json => ({
    service: { name: service, port: typeof port === 'number' ? { number: port } : { name: port } },
  });
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadataOf(ingress),
    spec: {
      ...(ingress.ingressClassName !== undefined && { ingressClassName: ingress.ingressClassName }),
      rules: ingress.rules.map(({ host, paths }) => ({
        ...(host !== '' && { host }),
        http: {
          paths: paths.map(({ path, pathType, backend: to }) => ({ path, pathType, backend: backend(to) })),
        },
      })),
    },
  };
}
