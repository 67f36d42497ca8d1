/** The lab of a world, as files. That they build what they should is the kernel's to say: test/conformance. */
import { expect, test } from 'vitest';
import { saveText } from '../../src/host/save/iptables.ts';
import { type LabFile, labFiles } from '../../src/io/lab/files.ts';
import { plainName } from '../../src/io/lab/names.ts';
import { labOf } from '../../src/io/lab/world-lab.ts';
import type { World } from '../../src/world/world.ts';
import { loadWorld } from '../support/worlds.ts';

const world = loadWorld('two-nodes');
const lab = labOf(world);
const files = labFiles(lab);

function text(path: string, among: readonly LabFile[] = files): string {
  const file = among.find((one) => one.path === path);
  if (!file) throw new Error(`no file ${path}: ${among.map((one) => one.path).join(', ')}`);
  return file.text;
}

const linesOf = (path: string): string[] => text(path).trimEnd().split('\n');

test('a namespace for each pod, node and outside host, one for the router of the VPC, one for the internet', () => {
  expect(lab.namespaces.map(({ device }) => device.replace(/coredns-.*/, 'coredns')).sort()).toEqual([
    'fabric/main',
    'host/internet',
    'internet',
    'node/node-1',
    'node/node-2',
    'pod/default/p1',
    'pod/default/p2',
    'pod/default/p3',
    'pod/kube-system/coredns',
    'pod/kube-system/coredns',
  ]);
});

test('a pod has its address as a /32, and a permanent entry for a gateway that nobody has', () => {
  const link = linesOf('links').find((line) => line.includes('eth0 netns vpcsim-two-nodes-pod-default-p1 '))!;
  const hostSide = /peer name (\S+) netns vpcsim-two-nodes-node-node-1 address (\S+)/.exec(link)!;
  expect(hostSide[1]).toBe('eni182c452fe96');
  expect(linesOf('pod-default-p1/ip')).toEqual([
    'link set dev lo up',
    'link set dev eth0 up',
    'address add 10.0.1.45/32 dev eth0',
    `neighbour add 169.254.1.1 lladdr ${hostSide[2]} dev eth0 nud permanent`,
    'route add 169.254.1.1 dev eth0 scope link table main',
    'route add default via 169.254.1.1 dev eth0 onlink table main',
  ]);
});

test('a node gets the rules that vpcsim prints of it, its routes and its ip rules', () => {
  const { rules } = world.cluster!.nodes[0]!;
  expect(text('node-node-1/iptables')).toBe(saveText([...rules.shared, ...rules.own]));
  expect(linesOf('node-node-1/ip')).toEqual(
    expect.arrayContaining([
      'route add 10.0.1.45 dev eni182c452fe96 scope link table main',
      'route add default via 10.0.1.1 dev ens6 onlink table 2',
      'rule add pref 512 from all to 10.0.1.45 lookup main',
      'rule add pref 1024 from all fwmark 0x80/0x80 lookup main',
    ]),
  );
});

test("every sysctl that decides is written for every interface, the node's own last", () => {
  const settings = new Map(linesOf('node-node-1/sysctl').map((line) => line.split(' ') as [string, string]));
  expect(settings.get('net/ipv4/ip_forward')).toBe('1');
  expect(settings.get('net/ipv4/conf/ens5/rp_filter')).toBe('2');
  expect(settings.get('net/ipv4/conf/ens6/rp_filter')).toBe('0');
  expect(settings.get('net/ipv4/conf/eni182c452fe96/route_localnet')).toBe('0');
  expect(settings.get('net/ipv4/conf/all/route_localnet')).toBe('1');
  expect(settings.get('net/ipv4/icmp_ratelimit')).toBe('0');
  expect(text('pod-default-p1/sysctl')).toContain('net/ipv4/ip_forward 0\n');
});

test('the router of the VPC knows every address of every interface, and answers for it', () => {
  expect(linesOf('fabric-main/ip')).toEqual(
    expect.arrayContaining([
      'route add 10.0.1.12 dev e0 scope link table main',
      'route add 10.0.1.45 via 10.0.1.12 dev e0 onlink table main',
      'address add 10.0.1.1/32 dev e0',
    ]),
  );
  expect(text('fabric-main/sysctl')).toContain('net/ipv4/conf/e0/proxy_arp 1\n');
  expect(text('fabric-main/iptables')).toContain('-j TTL --ttl-inc 1');
});

test('an internet gateway becomes one-to-one rules, and nothing without a public address gets out', () => {
  const day = labFiles(labOf(loadWorld('day')));
  const rules = text('fabric-main/iptables', day).split('\n');
  expect(rules).toContain('-A POSTROUTING -o inet -s 10.1.0.5/32 -j SNAT --to-source 203.0.113.5');
  expect(rules).toContain('-A PREROUTING -i inet -d 203.0.113.5/32 -j DNAT --to-destination 10.1.0.5');
  expect(rules).toContain('-A FORWARD -o inet -j DROP');
});

test('no name of a link is longer than Linux allows, and no two links of a namespace have the same', () => {
  for (const { namespaces, links } of [lab, labOf(loadWorld('day')), labOf(loadWorld('shop'))])
    for (const { name } of namespaces) {
      const devs = links.flatMap(({ a, b }) => [a, b]).filter((end) => end.namespace === name);
      expect(devs.filter(({ dev }) => dev.length > 15)).toEqual([]);
      expect(new Set(devs.map(({ dev }) => dev)).size).toBe(devs.length);
    }
});

test('whatever a topology is called, scripts hold plain names only', () => {
  const name = `x'; rm -rf "$HOME" \`id\`\n$(id) ü`;
  const odd: World = { ...world, topology: { ...world.topology, name } };
  const made = labFiles(labOf(odd));
  for (const path of ['up.sh', 'down.sh', 'links'])
    expect(text(path, made)).not.toMatch(/rm -rf|`id`|\$\(id\)|ü/);
  expect(text('up.sh', made)).toContain('prefix=vpcsim-x-rm-rf-home-id-id\n');
  expect(plainName('!?')).toBe('x');
});

test('the lab says what it leaves out', () => {
  const { leftOut } = labOf(loadWorld('day'));
  expect(leftOut).toContain('Application Load Balancers (2)');
  expect(leftOut.join('\n')).toMatch(/security groups and network ACLs/);
  const page = text('README.md', labFiles(labOf(loadWorld('day'))));
  for (const line of leftOut) expect(page).toContain(`- ${line}`);
});

test('a prefix of its own keeps two labs of one topology apart', () => {
  const other = labOf(world, { prefix: 'mine' });
  expect(other.namespaces.every(({ name }) => name.startsWith('mine-'))).toBe(true);
});

test('the link of a branch ENI is one of its own, and that is told', () => {
  const branches = labOf(loadWorld('failures/12-probe-of-a-branch-pod'));
  expect(branches.links.map(({ b }) => b.dev)).toContain('vlan.eth.1');
  expect(branches.leftOut.join('\n')).toMatch(/^VLANs: .* \(1\)$/m);
});
