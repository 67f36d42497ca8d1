/** IPv6 on a node: its addresses, kube-proxy's rules of ip6tables, translation; and where the model ends. */
import { describe, expect, test } from 'vitest';
import { rulesOf, trace } from '../../src/index.ts';
import type { Flow } from '../../src/world/flow.ts';
import { traceOf, worldOf } from '../support/worlds.ts';

const topology = (cluster: string) => `
apiVersion: vpcsim/v1
kind: Topology
vpcs: [{name: main, cidrs: [10.0.0.0/16], subnets: [{name: a, cidr: 10.0.1.0/24}]}]
cluster:
  ${cluster}
  nodes:
    - {name: n, subnet: a, otherAddresses: ["2001:db8::10", "2001:db8::11"]}
    - {name: m, subnet: a}
manifests: [web.yaml]
`;

const manifest = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, clusterIP: "fd00:100::80", ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv6
ports: [{port: 8080}]
endpoints: [{addresses: ["fd00:10::1"]}, {addresses: ["fd00:10::2"]}]
---
apiVersion: v1
kind: Service
metadata: {name: empty}
spec: {clusterIP: "fd00:100::81", ports: [{port: 80}]}
`;

const world = worldOf({
  'vpcsim.yaml': topology('kubeProxy: {clusterCIDR: "fd00:10::/64"}'),
  'web.yaml': manifest,
});

const arriving = (from: string, to: string, rest: Partial<Flow> = {}) =>
  traceOf(world, from, to, { arrivingAt: 'n', ...rest });

describe('a packet of IPv6 on a node', () => {
  test('to a ClusterIP is balanced over the endpoints by the rules of ip6tables', () => {
    const { paths } = arriving('fd00:10::9', '[fd00:100::80]:80');
    expect(paths.map(({ share, hops: [hop] }) => [share, hop!.out.dst, hop!.out.dport])).toEqual([
      [0.5, 'fd00:10::1', 8080],
      [0.5, 'fd00:10::2', 8080],
    ]);
    const dnat = paths[0]!.hops[0]!.steps.find(({ rule }) => rule?.includes('DNAT'));
    expect(dnat!.rule).toMatch(/--to-destination \[fd00:10::1\]:8080$/);
  });

  test('from outside the block of the pods is masqueraded, with the newest address of those that fit as well', () => {
    const [path] = arriving('2600::1', '[fd00:100::80]:80').paths;
    expect(path!.hops[0]!.out.src).toBe('2001:db8::11');
    expect(arriving('fd00:10::9', '[fd00:100::80]:80').paths[0]!.hops[0]!.out.src).toBe('fd00:10::9');
  });

  test.each(['2001:db8::10', '2001:db8::11'])('to a NodePort at %s is taken', (address) => {
    expect(arriving('2600::1', `[${address}]:30080`).paths).toHaveLength(2);
  });

  test('to a Service without endpoints is rejected', () => {
    const { verdict, paths, blockers } = arriving('fd00:10::9', '[fd00:100::81]:80');
    expect(verdict).toBe('unreachable');
    expect(paths[0]).toMatchObject({ disposition: 'rejected', symptom: { kind: 'refused' } });
    expect(blockers[0]!.rule).toMatch(/-d fd00:100::81\/128 .*--reject-with icmp6-port-unreachable$/);
    expect(blockers[0]!.because).toContain('ICMPv6 1/4');
  });

  test('to the node itself is delivered', () => {
    expect(arriving('2600::1', '[2001:db8::10]:22')).toMatchObject({ verdict: 'one-way' });
    expect(traceOf(world, 'node/n', '[2001:db8::11]:22')).toMatchObject({ verdict: 'reachable' });
    expect(traceOf(world, 'node/n', '::1', { protocol: 'icmp' })).toMatchObject({
      verdict: 'reachable',
      symptom: { text: 'echo reply' },
    });
  });

  test('that the node sends to itself has one address at both ends', () => {
    expect(traceOf(world, 'node/n', '[2001:db8::11]:22').paths[0]!.hops[0]!.in.src).toBe('2001:db8::11');
    expect(traceOf(world, 'node/n', '[::1]:22').paths[0]!.hops[0]!.in.src).toBe('::1');
  });

  test('with a loopback address on a wire is dropped', () => {
    expect(arriving('::1', '[2001:db8::10]:22').blockers[0]!.code).toBe('host/martian');
    expect(arriving('2600::1', '[::1]:22').blockers[0]!.code).toBe('host/martian');
  });

  test('whose TTL is used up is told so', () => {
    expect(arriving('2600::1', '[2600::2]:22', { ttl: 1 }).paths[0]).toMatchObject({
      code: 'host/ttl-exceeded',
      disposition: 'rejected',
    });
  });
});

describe('where the model of IPv6 ends', () => {
  test('a packet that leaves the node is undetermined, and that is named', () => {
    const { verdict, notModelled } = arriving('fd00:10::9', '[fd00:100::80]:80');
    expect(verdict).toBe('undetermined');
    expect(notModelled).toEqual(['IPv6 is not modelled beyond node/n, which the packet leaves by ens5']);
  });

  test('a host without IPv6 is undetermined', () => {
    const four = worldOf({
      'vpcsim.yaml': topology(''),
      'web.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n',
    });
    const { verdict, notModelled } = traceOf(four, '2600::1', '[2001:db8::99]:22', { arrivingAt: 'm' });
    expect(verdict).toBe('undetermined');
    expect(notModelled).toEqual([
      'IPv6 is modelled on nodes and instances that have it, and node/m has none',
    ]);
  });

  test.each([
    ['fd00:100::80', 'usage/no-port', '([fd00:100::80]:443)'],
    ['fd00:::80', 'usage/bad-address', 'with a port [fd00::1]:443'],
    ['[fd00::80]:x', 'usage/bad-port', ''],
  ])('the target %s is a mistake, and the hint says how it is written', (to, code, hint) => {
    const result = trace(world, { from: 'node/n', to });
    expect(result).toMatchObject({ ok: false, issues: [{ code }] });
    expect(result.ok ? '' : (result.issues[0]!.hint ?? '')).toContain(hint);
  });

  test.each(['internet', 'api-server', 'host/internet'])('%s sends none', (from) => {
    const result = trace(world, { from, to: '[2001:db8::10]:80', sourceIp: '2600::1' });
    expect(result).toMatchObject({ ok: false, issues: [{ code: 'usage/ipv6' }] });
  });

  test('a pod has no address of it', () => {
    const result = trace(world, { from: 'node/m', to: '[fd00:100::80]:80' });
    expect(result).toMatchObject({ ok: false, issues: [{ code: 'usage/two-families' }] });
  });

  test('what is not modelled of the node is not modelled of its IPv6 either', () => {
    const ipvs = worldOf({ 'vpcsim.yaml': topology('kubeProxy: {mode: ipvs}'), 'web.yaml': manifest });
    const { verdict } = traceOf(ipvs, '2600::1', '[fd00:100::80]:80', { arrivingAt: 'n' });
    expect(verdict).toBe('undetermined');
  });
});

describe('the rules of ip6tables', () => {
  const rules = (node: string, chain: string): readonly string[] => {
    const found = rulesOf(world, node, { family: 'IPv6', chain });
    return found.ok ? found.value.map(({ rule }) => rule) : [];
  };

  test('end the Services with node ports of every local address but loopback', () => {
    expect(rules('n', 'KUBE-SERVICES').at(-2)).toMatch(
      /^-A KUBE-SERVICES ! -d ::1\/128 .*--dst-type LOCAL -j KUBE-NODEPORTS$/,
    );
  });

  test('are on every node of a cluster with Services of IPv6', () => {
    expect(rules('m', 'KUBE-SERVICES').length).toBeGreaterThan(0);
  });

  test('have no shield of 127.0.0.0/8, and nothing of the VPC CNI', () => {
    expect(rules('n', 'KUBE-FIREWALL')).toEqual([]);
    expect(rules('n', 'POSTROUTING')).toEqual([expect.stringContaining('-j KUBE-POSTROUTING')]);
  });
});

test('the same Service twice, once of each family, is two of them', () => {
  const both = worldOf({
    'vpcsim.yaml': topology(''),
    'web.yaml': `${manifest}---\napiVersion: v1\nkind: Service\nmetadata: {name: four}\nspec: {clusterIP: 172.20.0.80, ports: [{port: 80}]}\n`,
  });
  const names = (family: 'IPv4' | 'IPv6'): string => {
    const found = rulesOf(both, 'n', { family });
    return JSON.stringify(found.ok ? found.value.map(({ rule }) => rule) : []);
  };
  expect(names('IPv4')).toContain('default/four');
  expect(names('IPv4')).not.toContain('default/web');
  expect(names('IPv6')).toContain('default/web');
  expect(names('IPv6')).not.toContain('default/four');
});

describe('rules of ip6tables that a node has by a dump', () => {
  const filter = (...rules: string[]) =>
    worldOf({
      'vpcsim.yaml': topology('nodeRules: {n: six.dump}'),
      'web.yaml': manifest,
      'six.dump': `# Generated by ip6tables-save v1.8.9
*filter
:INPUT DROP [0:0]
${rules.map((rule) => `-A INPUT ${rule} -j ACCEPT`).join('\n')}
COMMIT
create good hash:net family inet6 hashsize 1024 maxelem 65536
add good 2600::/64
create four hash:net family inet hashsize 1024 maxelem 65536
add four 10.0.0.0/8
`,
    });
  const verdict = (rule: string) =>
    traceOf(filter(rule), '2600::5', '[2001:db8::10]:22', { arrivingAt: 'n' }).verdict;

  test.each([
    ['-s 2600::/16', 'one-way'],
    ['! -s 2600::/16', 'unreachable'],
    ['-s 2600::5/128', 'one-way'],
    ['-m conntrack --ctorigdst 2001:db8::10', 'one-way'],
    ['-m conntrack --ctorigdst 2001:db8::11', 'unreachable'],
    ['-m addrtype --dst-type UNICAST', 'one-way'],
    ['-p tcp -m length --length 60:80', 'one-way'],
    ['-p tcp -m length --length 40:59', 'unreachable'],
    ['-p ipv6-icmp', 'unreachable'],
    ['-m recent --rcheck --name X --mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource', 'unreachable'],
    ['-m set --match-set four src', 'unreachable'],
    ['-m hl --hl-gt 5', 'one-way'],
    ['-m hl --hl-lt 5', 'unreachable'],
  ])('%s: %s', (rule, expected) => {
    expect(verdict(rule)).toBe(expected);
  });

  test.each([
    '-m set --match-set good src',
    '-m set ! --match-set good src',
    '-m conntrack --ctorigdst 2001:db8::/32',
    '-m iprange --src-range 2600::1-2600::9',
    '-m rt --rt-type 0',
  ])('%s is not modelled, and the trace says so', (rule) => {
    expect(verdict(rule)).toBe('undetermined');
  });
});

test('a packet with an address of the node as its source is taken: IPv6 knows no martian but loopback', () => {
  expect(arriving('2001:db8::11', '[2001:db8::10]:22')).toMatchObject({ verdict: 'one-way' });
});

test('session affinity of IPv6 is that of a first connection', () => {
  const sticky = worldOf({
    'vpcsim.yaml': topology(''),
    'web.yaml': manifest.replace('type: NodePort', 'type: NodePort, sessionAffinity: ClientIP'),
  });
  const { paths, notModelled } = traceOf(sticky, '2600::5', '[fd00:100::80]:80', { arrivingAt: 'n' });
  expect(paths.map(({ share }) => share)).toEqual([0.5, 0.5]);
  expect(notModelled).toEqual(['IPv6 is not modelled beyond node/n, which the packet leaves by ens5']);
});
