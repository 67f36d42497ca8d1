/** Packets of IPv6 through a kernel that holds the rules of ip6tables we write: it sends them where the trace says. */
import { beforeAll, describe, expect, test } from 'vitest';
import { restoreText } from '../../src/host/save/iptables.ts';
import { namespace, noKernel } from '../support/namespace.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

/** The node, and everything else: clients and endpoints on the other end of its interface. */
const node = namespace('six-node');
const net = namespace('six-net');
const kernelTest = test.skipIf(noKernel);

const world = worldOf({
  'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs: [{name: main, cidrs: [10.0.0.0/16], subnets: [{name: a, cidr: 10.0.1.0/24}]}]
cluster:
  kubeProxy: {clusterCIDR: "fd00:10::/64"}
  nodes: [{name: n, subnet: a, otherAddresses: ["2001:db8::10", "2001:db8::11", "2001:db8:1::12"]}]
manifests: [web.yaml]
`,
  'web.yaml': `
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: LoadBalancer
  loadBalancerClass: example.com/none
  clusterIP: "fd00:100::80"
  loadBalancerSourceRanges: ["2600::/64"]
  ports: [{port: 80, nodePort: 30080, protocol: UDP}]
status: {loadBalancer: {ingress: [{ip: "fd00:200::1"}]}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv6
ports: [{port: 8080, protocol: UDP}]
endpoints: [{addresses: ["fd00:10::1"]}, {addresses: ["fd00:10::2"]}]
---
apiVersion: v1
kind: Service
metadata: {name: empty}
spec: {clusterIP: "fd00:100::81", ports: [{port: 80, protocol: UDP}]}
`,
});

const outside = ['fd00:10::1', 'fd00:10::2', 'fd00:10::9', '2600::1', '2600:0:0:1::1'];

beforeAll(() => {
  if (noKernel) return;
  const run = (on: typeof node, ...lines: string[]) => {
    const { status, err } = on('sh', ['-e'], lines.join('\n'));
    if (status !== 0) throw new Error(err);
  };
  const pid = process.pid;
  const quiet = 'sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0';
  run(net, quiet);
  run(
    node,
    quiet,
    `ip link add ens5 type veth peer name eth0 netns vpcsim-test-six-net-${pid}`,
    'ip link set lo up',
  );
  run(
    net,
    'ip link set lo up',
    'ip link set eth0 up',
    'ip -6 addr add fe80::1/64 dev eth0 nodad',
    ...outside.map((address) => `ip -6 addr add ${address}/128 dev eth0 nodad`),
    ...['fd00:100::/64', 'fd00:200::/64', '2001:db8::/32'].map(
      (to) => `ip -6 route add ${to} via fe80::2 dev eth0`,
    ),
  );
  run(
    node,
    'ip link set ens5 up',
    'ip -6 addr add fe80::2/64 dev ens5 nodad',
    ...['2001:db8::10', '2001:db8::11', '2001:db8:1::12'].map(
      (address) => `ip -6 addr add ${address}/128 dev ens5 nodad`,
    ),
    'sysctl -qw net.ipv6.conf.all.forwarding=1',
    'ip -6 route add default via fe80::1 dev ens5',
  );
  const { shared, own } = world.cluster!.nodes[0]!.rules;
  const restored = node('ip6tables-restore', [], restoreText([...shared, ...own], 'IPv6'));
  if (restored.status !== 0) throw new Error(restored.err);
});

/** Sends datagrams from an address to another, and tells which endpoints took them, from which source. */
const SEND = `
import json, select, socket, sys
source, target, port, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
servers = []
for address in ('fd00:10::1', 'fd00:10::2'):
    server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    server.bind((address, 8080))
    servers.append(server)
seen, refused = set(), False
for _ in range(count):
    client = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    client.bind((source, 0))
    client.connect((target, port))
    client.send(b'x')
    ready, _, _ = select.select(servers + [client], [], [], 0.3)
    for one in ready:
        try:
            _, peer = one.recvfrom(10)
            seen.add((one.getsockname()[0], peer[0]))
        except ConnectionRefusedError:
            refused = True
print(json.dumps({'seen': sorted(seen), 'refused': refused}))
`;

function kernelSays(source: string, target: string, port: number, count: number): unknown {
  const { out, err } = net('python3', ['-c', SEND, source, target, `${port}`, `${count}`]);
  if (out === '') throw new Error(err);
  return JSON.parse(out);
}

function traceSays(source: string, target: string, port: number): unknown {
  const { paths } = traceOf(world, source, `[${target}]:${port}`, { arrivingAt: 'n', protocol: 'udp' });
  const denied = paths.some(({ disposition }) => disposition === 'dropped' || disposition === 'rejected');
  const seen = denied ? [] : paths.map(({ hops: [hop] }) => [hop!.out.dst, hop!.out.src]);
  return { seen: seen.sort(), refused: paths.some(({ disposition }) => disposition === 'rejected') };
}

/** So many that both endpoints get some: all to one of them happens once in 500 million runs. */
const BOTH = 30;

describe('the kernel and the trace agree about a packet', () => {
  kernelTest.each([
    ['from a pod to a ClusterIP', 'fd00:10::9', 'fd00:100::80', 80, BOTH],
    ['from outside to a ClusterIP: masqueraded', '2600::1', 'fd00:100::80', 80, BOTH],
    ['from an endpoint to its own Service', 'fd00:10::1', 'fd00:100::80', 80, BOTH],
    ['to a NodePort on the first address', '2600::1', '2001:db8::10', 30080, BOTH],
    ['to a NodePort on the last address', 'fd00:10::9', '2001:db8:1::12', 30080, BOTH],
    ['to a load balancer from inside its source ranges', '2600::1', 'fd00:200::1', 80, BOTH],
    ['to a load balancer from outside of them: dropped', '2600:0:0:1::1', 'fd00:200::1', 80, 2],
    ['to a Service without endpoints: rejected', 'fd00:10::9', 'fd00:100::81', 80, 1],
  ])('%s', (_, source, target, port, count) => {
    expect(traceSays(source, target, port)).toEqual(kernelSays(source, target, port, count));
  });
});
