/** Rules of clusters with unusual settings, given to the real tools: they take them, and print the same. */
import { describe, expect, test } from 'vitest';
import { restoreText, saveText } from '../../src/host/save/iptables.ts';
import { nftText } from '../../src/host/save/nft.ts';
import { namespace, noKernel } from '../support/namespace.ts';
import { worldOf } from '../support/worlds.ts';

const run = namespace('written');
const kernelTest = test.skipIf(noKernel);

const hostPorts = Array.from({ length: 17 }, (_, i) => `{containerPort: ${80 + i}, hostPort: ${9000 + i}}`);

const manifests = `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  nodeName: a
  containers:
  - {name: c, ports: [${hostPorts.join(', ')}, {containerPort: 53, hostPort: 53, protocol: UDP, hostIP: 10.0.0.10}]}
  - {name: d, ports: [{containerPort: 36412, hostPort: 36412, protocol: SCTP, hostIP: 127.0.0.1}]}
---
apiVersion: v1
kind: Service
metadata: {name: every-way}
spec:
  type: LoadBalancer
  selector: {app: web}
  clusterIP: 172.20.0.100
  externalIPs: [192.0.2.80]
  externalTrafficPolicy: Local
  internalTrafficPolicy: Local
  healthCheckNodePort: 30999
  sessionAffinity: ClientIP
  loadBalancerSourceRanges: [203.0.113.0/25, 10.0.0.0/8, 0.0.0.0/0]
  ports: [{name: tcp, port: 80, nodePort: 30080}, {name: udp, port: 80, protocol: UDP, nodePort: 30081}, {name: sctp, port: 81, protocol: SCTP}]
status: {loadBalancer: {ingress: [{ip: 192.0.2.81}, {ip: 192.0.2.82, ipMode: Proxy}]}}
---
apiVersion: v1
kind: Service
metadata: {name: nobody}
spec: {type: NodePort, selector: {app: none}, clusterIP: 172.20.0.101, externalIPs: [192.0.2.83], ports: [{port: 80, nodePort: 30083}]}
---
apiVersion: v1
kind: Service
metadata: {name: many}
spec: {clusterIP: 172.20.0.102, ports: [{port: 80}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: many}
subsets:
- addresses: [${Array.from({ length: 23 }, (_, i) => `{ip: 10.0.7.${i + 1}}`).join(', ')}]
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: six}
spec: {clusterIP: 'fd00:20::6', ipFamilies: [IPv6], type: NodePort, ports: [{port: 80, nodePort: 30086}], sessionAffinity: ClientIP}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: six-1, labels: {kubernetes.io/service-name: six}}
addressType: IPv6
ports: [{port: 80}]
endpoints: [{addresses: ['fd00:10::1']}, {addresses: ['fd00:10::2']}]
`;

const clusters: Readonly<Record<string, string>> = {
  'as EKS has it': '',
  'iptables of the old kind': 'nodeGroups: [{name: g, desired: 1, iptables: legacy}]',
  'pods told by their block, everything masqueraded by another bit':
    'kubeProxy: {clusterCIDR: "10.0.0.0/16,fd00:10::/64", iptables: {masqueradeBit: 31}}',
  masqueradeAll: 'kubeProxy: {iptables: {masqueradeAll: true}}',
  'pods told by their bridge':
    'kubeProxy: {detectLocalMode: BridgeInterface, detectLocal: {bridgeInterface: cni0}}',
  'pods told by their interfaces':
    'kubeProxy: {detectLocalMode: InterfaceNamePrefix, detectLocal: {interfaceNamePrefix: eni}}',
  'NodePorts on some addresses':
    'kubeProxy: {nodePortAddresses: [10.0.0.0/24, 127.0.0.0/8], iptables: {localhostNodePorts: true}}',
  'NodePorts on one address, not on loopback':
    'kubeProxy: {nodePortAddresses: [primary], iptables: {localhostNodePorts: false}}',
  'NodePorts everywhere but on loopback':
    'kubeProxy: {iptables: {localhostNodePorts: false}, conntrack: {tcpBeLiberal: true}}',
  'no kube-proxy in iptables': 'kubeProxy: {mode: nftables}',
  'SNAT elsewhere': 'cni: {env: {AWS_VPC_K8S_CNI_EXTERNALSNAT: true}}',
  'many blocks without SNAT':
    'cni: {env: {AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: "192.0.2.7/32,0.0.0.0/0,10.0.0.0/16", AWS_VPC_K8S_CNI_RANDOMIZESNAT: hashrandom}}',
  'another mark and prefix, no NodePorts':
    'cni: {env: {AWS_VPC_K8S_CNI_CONNMARK: "0xff000001", AWS_VPC_K8S_CNI_VETHPREFIX: pod, AWS_VPC_CNI_NODE_PORT_SUPPORT: false, AWS_VPC_K8S_CNI_RANDOMIZESNAT: none}}',
  'the CNI before 1.23': 'cni: {version: 1.22.4, env: {AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: 192.168.0.0/16}}',
  'the CNI before 1.23, SNAT elsewhere': 'cni: {version: 1.22.4, env: {AWS_VPC_K8S_CNI_EXTERNALSNAT: true}}',
  'the CNI before 1.8': 'cni: {version: 1.7.10}',
  'an old kubelet': 'version: "1.23"',
};

function tablesOf(settings: string) {
  const world = worldOf({
    'm.yaml': manifests,
    'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs: [{name: v, cidrs: [10.0.0.0/16, 100.64.0.0/16], subnets: [{name: s, cidr: 10.0.0.0/24}]}]
cluster:
  nodes: [{name: a, subnet: s, address: 10.0.0.10}]
  ${settings}
manifests: [m.yaml]
`,
  });
  return world.cluster!.nodes.map(({ rules }) => [...rules.shared, ...rules.own]);
}

/** Without counters, and without what tells when it was printed. */
function plain(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.replace(/^(:\S+ \S+) \[\d+:\d+\]$/, '$1'))
    .join('\n');
}

describe.each(Object.entries(clusters))('%s', (_, settings) => {
  kernelTest('the tools take the rules of each node and print them again', () => {
    for (const tables of tablesOf(settings)) {
      run('nft', ['flush', 'ruleset']);
      for (const [family, program] of [
        ['IPv4', 'iptables'],
        ['IPv6', 'ip6tables'],
      ] as const) {
        const text = restoreText(tables, family);
        expect(run(`${program}-restore`, ['--test'], text)).toEqual({ status: 0, out: '', err: '' });
        expect(run(`${program}-restore`, [], text)).toEqual({ status: 0, out: '', err: '' });
        expect(plain(run(`${program}-save`, []).out)).toBe(plain(saveText(tables, family)));
      }
      run('nft', ['flush', 'ruleset']);
      expect(run('nft', ['-f', '-'], nftText(tables))).toMatchObject({ status: 0, err: '' });
      expect(run('nft', ['list', 'ruleset']).out).toBe(nftText(tables));
    }
  });
});
