/** Which interface a pod's packets leave by, with the CNI's marks in iptables and in nftables. The pod is on the second
 *  interface of its node. */
import { describe, expect, test } from 'vitest';
import { arrow, at, devices, onlyPath } from '../support/reading.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

const manifests = `
apiVersion: v1
kind: Pod
metadata: {name: first}
spec: {nodeName: a, containers: [{name: c}]}
---
apiVersion: v1
kind: Pod
metadata: {name: second, labels: {app: web}}
spec: {nodeName: a, containers: [{name: c, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, externalTrafficPolicy: Local, selector: {app: web}, clusterIP: 172.20.0.100, ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: v1
kind: Service
metadata: {name: abroad}
spec: {clusterIP: 172.20.0.101, ports: [{port: 443}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: abroad}
subsets: [{addresses: [{ip: 198.51.100.7}], ports: [{port: 443}]}]
`;

function world(iptables: string, env = '', version = '1.23.1') {
  return worldOf({
    'm.yaml': manifests,
    'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: v
    cidrs: [10.0.0.0/16]
    internetGateway: {}
    subnets: [{name: s, cidr: 10.0.0.0/24, mapPublicIp: true, routeTable: open}]
    routeTables: [{name: open, routes: [{to: 0.0.0.0/0, via: igw}]}]
    securityGroups: [{name: all, ingress: [{protocol: all, from: 0.0.0.0/0}]}]
cluster:
  securityGroup: all
  coredns: {replicas: 0}
  cni: {version: ${version}, env: {${env}}}
  # One address for pods on each of two interfaces.
  nodes: [{name: a, subnet: s, address: 10.0.0.10, instanceType: t3.nano, iptables: ${iptables}}]
manifests: [m.yaml]
instances: [{name: friend, subnet: s, securityGroups: [all]}]
hosts: [{name: internet, address: 198.51.100.7, listen: [tcp/443]}]
`,
  });
}

const POD = 'pod/default/second';

/** The node's interface by which the first packet leaves, and its source. */
function leaves(of: ReturnType<typeof world>, to: string): string {
  const { hops } = onlyPath(traceOf(of, POD, to));
  const eni = devices(hops).find((device) => device.startsWith('eni/a'));
  const source = /^\w+ ([\d.]+):/.exec(arrow(at(hops, 'node/a').out))![1];
  return `${eni} from ${source}`;
}

describe.each([
  ['nftables', 'nft', '1.23.1'],
  ['iptables', 'legacy', '1.23.1'],
  ['iptables, before 1.23', 'nft', '1.22.4'],
])('marks in %s', (_, iptables, version) => {
  const plain = world(iptables, '', version);
  const pod = plain.cluster!.pods.find(({ id }) => id === 'default/second')!;
  const own = `10.0.0.${pod.address! & 255}`;

  test('the pod is on the second interface', () => {
    expect(pod.eni).toBe('eni/a/1');
  });

  test('to the VPC it leaves by its own interface, with its address', () => {
    expect(leaves(plain, 'instance/friend:80')).toBe(`eni/a/1 from ${own}`);
  });

  test('to the internet by the first one, with the address of the node', () => {
    expect(leaves(plain, '198.51.100.7:443')).toBe('eni/a from 10.0.0.10');
  });

  test('to an excluded block by its own, with its address; so too where SNAT is done elsewhere', () => {
    const excluded = world(iptables, 'AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: 198.51.100.0/24', version);
    expect(leaves(excluded, '198.51.100.7:443')).toBe(`eni/a/1 from ${own}`);
    const external = world(iptables, 'AWS_VPC_K8S_CNI_EXTERNALSNAT: true', version);
    expect(leaves(external, '198.51.100.7:443')).toBe(`eni/a/1 from ${own}`);
  });

  test('a connection that kube-proxy has sent abroad is not marked: the address of the node leaves by the wrong interface', () => {
    expect(leaves(plain, '172.20.0.101:443')).toBe('eni/a/1 from 10.0.0.10');
  });

  test('AWS_EXTERNAL_SERVICE_CIDRS mends that', () => {
    const mended = world(iptables, 'AWS_EXTERNAL_SERVICE_CIDRS: 198.51.100.0/24', version);
    expect(leaves(mended, '172.20.0.101:443')).toBe('eni/a from 10.0.0.10');
  });

  test('what came in for a NodePort is answered by the first interface; without support for that it is lost', () => {
    const asked = (of: ReturnType<typeof world>) => traceOf(of, 'internet', 'node/a:30080');
    expect(asked(plain).verdict).toBe('reachable');
    expect(devices(onlyPath(asked(plain)).reply.hops).filter((device) => device.startsWith('eni/'))).toEqual([
      'eni/a',
    ]);
    expect(asked(world(iptables, 'AWS_VPC_CNI_NODE_PORT_SUPPORT: false', version)).verdict).not.toBe(
      'reachable',
    );
  });
});
