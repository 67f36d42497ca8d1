/** A random cluster as the files of a topology: two or three nodes, pods on primary and secondary interfaces, Services
 *  of every flavour, hosts outside, an instance beside it. One sequence of chance, one cluster. */
import { Random } from './random.ts';

export type Files = Readonly<Record<string, string>>;

interface ServiceShape {
  readonly name: string;
  readonly spec: Record<string, unknown>;
  readonly status?: unknown;
}

const NODES = ['node-1', 'node-2', 'node-3'];
const APPS = ['a', 'b', 'c'];

/** File name to content; `vpcsim.yaml` is the topology. */
export function randomCluster(random: Random, name: string): Files {
  const net = random.between(16, 250);
  const nodes = NODES.slice(0, random.between(2, 3));
  const subnets = ['a', 'b'].map((zone, i) => ({
    name: `subnet-${zone}`,
    cidr: `10.${net}.${i}.0/24`,
    az: `us-east-1${zone}`,
    routeTable: 'public',
    mapPublicIp: true,
  }));
  const pods = randomPods(random, nodes);
  const branches = randomBranches(new Random(net));
  const topology = {
    apiVersion: 'vpcsim/v1',
    kind: 'Topology',
    metadata: { name },
    vpcs: [
      {
        name: 'main',
        region: 'us-east-1',
        cidrs: [`10.${net}.0.0/16`],
        internetGateway: { name: 'igw' },
        subnets,
        routeTables: [{ name: 'public', main: true, routes: [{ to: '0.0.0.0/0', via: 'igw' }] }],
        securityGroups: [
          {
            name: 'open',
            ingress: [{ protocol: 'all', from: '0.0.0.0/0' }],
            egress: [{ protocol: 'all', to: '0.0.0.0/0' }],
          },
        ],
      },
    ],
    cluster: {
      name,
      vpc: 'main',
      subnets: subnets.map((subnet) => subnet.name),
      serviceCidr: '172.20.0.0/16',
      coredns: { replicas: 1 },
      cni: { env: { ...randomCniEnvironment(random), ...branches?.env } },
      kubeProxy: randomKubeProxy(random, net),
      nodes: nodes.map((node, i) => ({
        name: node,
        subnet: subnets[i % 2]!.name,
        // Few addresses an interface, so that some pods get one of a secondary interface. No such type takes a trunk.
        ...{ instanceType: random.of(['t3.small', 't3.micro', 't3.small']), ...branches?.node },
        securityGroups: ['open'],
        // Where the VPC CNI keeps its marks depends on it.
        ...(i === 1 && { iptables: 'legacy' }),
        ...(random.chance(0.3)
          ? {
              sysctls: {
                'net.ipv4.conf.all.rp_filter': random.of(['0', '1', '2']),
                ...(random.chance(0.3) ? { 'net.ipv4.conf.all.route_localnet': '0' } : {}),
              },
            }
          : {}),
      })),
      placements: pods.map(({ pod, node }) => ({ pod: `default/${pod}`, node })),
    },
    manifests: ['objects.yaml'],
    instances: [
      { name: 'bastion', subnet: 'subnet-a', securityGroups: ['open'], listen: ['tcp/22', 'udp/161'] },
    ],
    hosts: [
      { name: 'far', address: '198.51.100.20', listen: ['tcp/443', 'udp/53'] },
      { name: 'near', address: '192.0.2.77', listen: ['tcp/80'] },
    ],
  };
  const objects = [
    ...(branches ? [branches.policy] : []),
    ...pods.map(({ object }) => object),
    ...randomServices(random).map(({ name: service, spec, status }) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: service, namespace: 'default' },
      spec,
      ...(status === undefined ? {} : { status }),
    })),
  ];
  return {
    'vpcsim.yaml': `${JSON.stringify(topology, null, 1)}\n`,
    'objects.yaml': objects.map((object) => JSON.stringify(object)).join('\n---\n'),
  };
}

function randomPods(
  random: Random,
  nodes: readonly string[],
): { readonly pod: string; readonly node: string; readonly object: object }[] {
  const count = random.between(5, 8);
  return Array.from({ length: count }, (_, i) => {
    const pod = `p${i}`;
    const hostNetwork = random.chance(0.1);
    const ready = !random.chance(0.1);
    return {
      pod,
      // The first node gets many, more than the primary interface has addresses for.
      node: i < 5 ? nodes[0]! : random.of(nodes.slice(1)),
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: pod, namespace: 'default', labels: { app: APPS[i % APPS.length] } },
        spec: {
          ...(hostNetwork ? { hostNetwork } : {}),
          containers: [
            {
              name: 'main',
              image: 'main:1',
              ports: hostNetwork
                ? [{ containerPort: 9000 + i }]
                : [
                    { name: 'web', containerPort: 8080, ...(i % 3 === 0 && { hostPort: 18_080 + i }) },
                    { name: 'dns', containerPort: 5353, protocol: 'UDP' },
                    ...(random.chance(0.3) ? [{ containerPort: 30_500 }] : []),
                  ],
            },
          ],
        },
        ...(ready
          ? {}
          : {
              status: {
                phase: 'Running',
                conditions: [{ type: 'Ready', status: 'False' }],
              },
            }),
      },
    };
  });
}

function randomServices(random: Random): ServiceShape[] {
  const count = random.between(5, 8);
  const services: ServiceShape[] = [];
  for (let i = 0; i < count; i++) {
    const type = random.of(['ClusterIP', 'NodePort', 'LoadBalancer']);
    const outside = type !== 'ClusterIP';
    const balancer = type === 'LoadBalancer';
    const externalIPs = random.chance(0.25) ? [`192.0.2.${100 + i}`] : [];
    const localOutside = outside && random.chance(0.4);
    const ports = [
      {
        name: 'web',
        port: 80 + i,
        targetPort: 'web',
        protocol: 'TCP',
        ...(outside ? { nodePort: 31_000 + i } : {}),
      },
      ...(random.chance(0.5)
        ? [
            {
              name: 'dns',
              port: 53,
              targetPort: 5353,
              protocol: 'UDP',
              ...(outside ? { nodePort: 31_500 + i } : {}),
            },
          ]
        : []),
    ];
    services.push({
      name: `s${i}`,
      spec: {
        type,
        clusterIP: `172.20.1.${10 + i}`,
        selector: { app: random.chance(0.2) ? 'nobody' : random.of(APPS) },
        ports,
        ...(externalIPs.length > 0 ? { externalIPs } : {}),
        ...(localOutside ? { externalTrafficPolicy: 'Local' } : {}),
        ...(localOutside && balancer ? { healthCheckNodePort: 32_700 + i } : {}),
        ...(random.chance(0.3) ? { internalTrafficPolicy: 'Local' } : {}),
        ...(random.chance(0.25) ? { sessionAffinity: 'ClientIP' } : {}),
        ...(balancer ? { loadBalancerClass: 'example.com/other' } : {}),
        ...(balancer && random.chance(0.5)
          ? { loadBalancerSourceRanges: [random.of(['10.0.0.0/8', '198.51.100.0/24', '192.0.2.77/32'])] }
          : {}),
      },
      ...(balancer ? { status: { loadBalancer: { ingress: [{ ip: `192.0.2.${150 + i}` }] } } } : {}),
    });
  }
  return services;
}

function randomCniEnvironment(random: Random): Record<string, string> {
  return {
    ...(random.chance(0.25) ? { AWS_VPC_K8S_CNI_EXTERNALSNAT: 'true' } : {}),
    ...(random.chance(0.4)
      ? { AWS_VPC_K8S_CNI_RANDOMIZESNAT: random.of(['prng', 'hashrandom', 'none']) }
      : {}),
    ...(random.chance(0.2) ? { AWS_VPC_CNI_NODE_PORT_SUPPORT: 'false' } : {}),
    ...(random.chance(0.2) ? { AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: '198.51.100.0/24' } : {}),
    ...(random.chance(0.2) ? { AWS_VPC_K8S_CNI_CONNMARK: '256' } : {}),
  };
}

/** Security groups for pods in one cluster of four: the pods of one application or of two have branch ENIs. */
function randomBranches(
  random: Random,
): { readonly env: object; readonly node: object; readonly policy: object } | undefined {
  if (!random.chance(0.25)) return undefined;
  const without = random.of(APPS);
  return {
    env: {
      ENABLE_POD_ENI: 'true',
      DISABLE_TCP_EARLY_DEMUX: random.of(['true', 'false']),
      POD_SECURITY_GROUP_ENFORCING_MODE: random.of(['strict', 'strict', 'standard']),
    },
    node: { instanceType: 'm6i.large' },
    policy: {
      apiVersion: 'vpcresources.k8s.aws/v1beta1',
      kind: 'SecurityGroupPolicy',
      metadata: { name: 'branches', namespace: 'default' },
      spec: {
        podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: [without] }] },
        securityGroups: { groupIds: ['open'] },
      },
    },
  };
}

function randomKubeProxy(random: Random, net: number): object {
  return {
    ...(random.chance(0.3) ? { clusterCIDR: `10.${net}.0.0/16` } : {}),
    ...(random.chance(0.2)
      ? { detectLocalMode: 'InterfaceNamePrefix', detectLocal: { interfaceNamePrefix: 'eni' } }
      : {}),
    ...(random.chance(0.3)
      ? {
          iptables: {
            masqueradeAll: random.chance(0.5),
            localhostNodePorts: random.chance(0.5),
            masqueradeBit: random.of([14, 14, 4]),
          },
        }
      : {}),
    ...(random.chance(0.2) ? { nodePortAddresses: [`10.${net}.0.0/24`] } : {}),
    ...(random.chance(0.2) ? { conntrack: { tcpBeLiberal: true } } : {}),
  };
}
