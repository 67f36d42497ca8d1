import { describe, expect, test } from 'vitest';
import { formatIpv4 } from '../../../src/addressing/ip.ts';
import { saveText } from '../../../src/host/save/iptables.ts';
import { buildWorld } from '../../../src/world/build.ts';
import { trace } from '../../../src/world/flow.ts';
import type { World } from '../../../src/world/world.ts';
import { faults, good, HEAD, issues, line } from '../input.ts';

const topology = (more = '', cluster = ''): string => `${HEAD}
vpcs:
  - name: main
    cidrs: [10.0.0.0/16]
    internetGateway: {}
    routeTables: [{ name: public, main: true, routes: [{ to: 0.0.0.0/0, via: igw }] }]
    subnets: [{ name: a, cidr: 10.0.1.0/24, mapPublicIp: true }]
    securityGroups: [{ name: open, ingress: [{ protocol: all, from: 0.0.0.0/0 }], egress: [{ protocol: all, to: 0.0.0.0/0 }] }]
instances:
  - { name: web, subnet: a, address: 10.0.1.20, securityGroups: [open]${more} }
cluster:
  loadBalancerController: false
  coredns: { replicas: 0 }
  nodes: [{ name: n1, subnet: a, address: 10.0.1.10, securityGroups: [open] }]
  placements: [{ pod: default/client, node: n1, address: 10.0.1.30 }]
${cluster}
manifests: [pods.yaml]
`;
const pods = `
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: default }
spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] }
`;
const dropWeb =
  '*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -d 10.0.1.20/32 -j DROP\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n';

function world(files: Readonly<Record<string, string>>, options = {}): World {
  const built = buildWorld(good({ 'pods.yaml': pods, ...files }, 'vpcsim.yaml', options));
  if (!built.ok) throw new Error(built.issues.map(line).join('\n'));
  return built.value;
}

function fate(from: World, to = 'instance/web:80'): string {
  const traced = trace(from, { from: 'pod/default/client', to });
  if (!traced.ok) throw new Error(traced.issues.map(line).join('\n'));
  const { verdict, paths } = traced.value;
  return [verdict, ...paths.map(({ hops }) => hops.findLast(({ ghost }) => !ghost)!.device.id)].join(' ');
}

describe('rules of real hosts, by keys of the topology', () => {
  test('without any, the model writes a node its rules', () => {
    expect(fate(world({ 'vpcsim.yaml': topology() }))).toBe('reachable web');
  });

  test("a node's dump stands in for them, from its file beside the topology", () => {
    const dumped = world({ 'vpcsim.yaml': topology('', '  nodeRules: { n1: n1.txt }'), 'n1.txt': dropWeb });
    expect(fate(dumped)).toBe('unreachable n1');
    const { shared, own } = dumped.cluster!.nodes[0]!.rules;
    expect(saveText([...shared, ...own])).not.toContain('KUBE-');
  });

  test('a step names the line of the dump', () => {
    const dumped = world({ 'vpcsim.yaml': topology('', '  nodeRules: { n1: [n1.txt] }'), 'n1.txt': dropWeb });
    const traced = trace(dumped, { from: 'pod/default/client', to: 'instance/web:80' });
    const steps = traced.ok ? traced.value.paths[0]!.hops.flatMap((hop) => hop.steps) : [];
    expect(steps.find(({ rule }) => rule?.endsWith('-j DROP'))?.source).toEqual({
      file: 'n1.txt',
      line: 3,
      column: 1,
    });
  });

  test('one listed table leaves the others as the model has them', () => {
    const listed =
      '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n-A FORWARD -d 10.0.1.20/32 -j DROP\n';
    const dumped = world({ 'vpcsim.yaml': topology('', '  nodeRules: { n1: f.txt }'), 'f.txt': listed });
    expect(fate(dumped)).toBe('unreachable n1');
    const { shared, own } = dumped.cluster!.nodes[0]!.rules;
    const text = saveText([...shared, ...own]);
    expect(text).toContain(
      '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    );
    expect(text).not.toContain('-A INPUT');
  });

  test('a pod has rules of its own, an instance too', () => {
    const out = '*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp -m tcp --dport 80 -j REJECT\nCOMMIT\n';
    const ofPod = world({
      'vpcsim.yaml': topology('', '  podRules: { default/client: p.txt }'),
      'p.txt': out,
    });
    expect(fate(ofPod)).toBe('unreachable default/client');
    expect(fate(ofPod, 'instance/web:81')).toBe('reachable web');
    const input = '*filter\n:INPUT DROP [0:0]\nCOMMIT\n';
    const ofInstance = world({ 'vpcsim.yaml': topology(', rules: [i.txt]'), 'i.txt': input });
    expect(fate(ofInstance)).toBe('unreachable web');
  });

  test('routes and ip rules of a dump are the ones that are looked up', () => {
    const routes = 'default via 10.0.1.1 dev ens5\nblackhole 10.0.1.20\n';
    const dumped = world({ 'vpcsim.yaml': topology('', '  nodeRules: { n1: r.txt }'), 'r.txt': routes });
    expect(fate(dumped)).toBe('unreachable n1');
  });

  test('a route by an interface that the model does not have makes paths undetermined', () => {
    const routes = 'default via 10.0.1.1 dev ens5\n10.0.1.20 dev wg0 scope link\n';
    const dumped = world({ 'vpcsim.yaml': topology('', '  nodeRules: { n1: r.txt }'), 'r.txt': routes });
    expect(fate(dumped)).toBe('undetermined n1');
    expect(dumped.warnings.map(({ code }) => code)).toContain('dump/no-interface');
  });

  test('also where rules would refuse what leaves by another interface than they name', () => {
    const text = `default via 10.0.1.1 dev ens5
10.0.1.20 dev wg0 scope link
*filter
:FORWARD DROP [0:0]
:OUTPUT DROP [0:0]
-A FORWARD -o wg0 -j ACCEPT
-A OUTPUT -o wg0 -j ACCEPT
COMMIT
*nat
COMMIT
`;
    const dumped = world({ 'vpcsim.yaml': topology('', '  nodeRules: { n1: r.txt }'), 'r.txt': text });
    expect(fate(dumped)).toBe('undetermined n1');
    const own = trace(dumped, { from: 'node/n1', to: 'instance/web:80' });
    expect(own.ok && own.value.verdict).toBe('undetermined');
  });

  test('what a dump holds and nobody understands makes paths undetermined', () => {
    const netdev =
      'table netdev t {\n\tchain c {\n\t\ttype filter hook ingress device "ens5" priority 0;\n\t\tdrop\n\t}\n}\n';
    const dumped = world({ 'vpcsim.yaml': topology('', '  nodeRules: { n1: n.txt }'), 'n.txt': netdev });
    expect(fate(dumped)).toBe('undetermined n1');
  });

  test('the paths are relative to the file that names them, also an included one', () => {
    const files = {
      'vpcsim.yaml': topology().replace('metadata:', 'include: [real/nodes.yaml]\nmetadata:'),
      'real/nodes.yaml': `${HEAD}cluster: { nodeRules: { n1: dumps/n1.txt } }\n`,
      'real/dumps/n1.txt': dropWeb,
    };
    expect(fate(world(files))).toBe('unreachable n1');
  });

  test('beside the topology, as the command line gives them: in place of the key', () => {
    const files = { 'vpcsim.yaml': topology('', '  nodeRules: { n1: gone.txt }'), 'n1.txt': dropWeb };
    expect(fate(world(files, { nodeRules: { n1: ['n1.txt'] } }))).toBe('unreachable n1');
    const pod = { 'vpcsim.yaml': topology(), 'p.txt': '*filter\n:OUTPUT DROP [0:0]\nCOMMIT\n' };
    expect(fate(world(pod, { podRules: { client: ['p.txt'] } }))).toBe('unreachable default/client');
  });

  test('eth0 in the dump and ens5 in the model: a warning, and a key that mends it', () => {
    const dump =
      '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth0 -j MASQUERADE\nCOMMIT\n*filter\nCOMMIT\n';
    const key = '  nodeRules: { n1: n.txt }';
    const warned = world({ 'vpcsim.yaml': topology('', key), 'n.txt': dump }).warnings;
    expect(warned.map(({ code, hint }) => `${code} ${hint}`)).toContain(
      'dump/interface-names write primaryInterface: eth0',
    );
    const mended = topology('', key).replace('{ name: n1,', '{ name: n1, primaryInterface: eth0,');
    const { warnings, devices } = world({ 'vpcsim.yaml': mended, 'n.txt': dump });
    expect(warnings.map(({ code }) => code)).not.toContain('dump/interface-names');
    const host = devices.find(({ id, kind }) => kind === 'node' && id === 'n1') as unknown as {
      interfaces: { name: string; addresses: number[] }[];
    };
    expect(host.interfaces.map(({ name }) => name).slice(0, 2)).toEqual(['lo', 'eth0']);
    expect(formatIpv4(host.interfaces[1]!.addresses[0]!)).toBe('10.0.1.10');
  });
});

describe('what is wrong with the keys', () => {
  const files = (cluster: string, more = {}) => ({
    'vpcsim.yaml': topology('', cluster),
    'pods.yaml': pods,
    ...more,
  });

  test('a file that is not there, and one with mistakes, at their places', () => {
    expect(faults(files('  nodeRules: { n1: [none.txt] }'))).toEqual(['vpcsim.yaml:19:21 io/not-found']);
    const broken = { 'n.txt': '*filter\n-A INPUT -j NOWHERE\nCOMMIT\n' };
    expect(issues(files('  nodeRules: { n1: n.txt }', broken)).map(line)).toEqual([
      'n.txt:2:13 error dump/no-such-chain table filter has no chain "NOWHERE"',
    ]);
  });

  test('bytes that are no text', () => {
    const found = (bytes: readonly number[]): string[] =>
      faults(files('  nodeRules: { n1: n.txt }', { 'n.txt': new Uint8Array(bytes) }));
    expect(found([42, 110, 0])).toEqual(['n.txt:1:3 io/binary']);
    expect(found([42, 10, 0xc3, 0x28])).toEqual(['n.txt:2:1 io/not-utf8']);
    expect(found([])).toEqual(['n.txt:1:1 dump/empty']);
  });

  test.each([
    ['a node', '  nodeRules: { n2: n.txt }', 'rules are given for node "n2", which does not exist'],
    [
      'a pod',
      '  podRules: { default/clint: n.txt }',
      'rules are given for pod "default/clint", which does not exist',
    ],
  ])('%s that does not exist', (_, cluster, message) => {
    const built = buildWorld(good(files(cluster, { 'n.txt': dropWeb })));
    expect(built.ok ? [] : built.issues.map((issue) => [issue.message, issue.at?.line])).toEqual([
      [message, 19],
    ]);
  });
});
