/** One packet that gets there: what is tried, and what counts as found. */
import { describe, expect, test } from 'vitest';
import {
  buildWorld,
  type FoundPacket,
  findPacket,
  loadTopology,
  packetText,
  type World,
} from '../../src/index.ts';

const site = (web: string, rules: string, rest = ''): string => `
apiVersion: vpcsim/v1
kind: Topology
metadata: { name: t }
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    internetGateway: { name: igw }
    subnets:
      - { name: a, cidr: 10.1.1.0/24, az: us-east-1a, routeTable: out, mapPublicIp: true }
      - { name: b, cidr: 10.1.2.0/24, az: us-east-1b, routeTable: out }
    routeTables: [{ name: out, routes: [{ to: 0.0.0.0/0, via: igw }] }]
    securityGroups: [{ name: web, ingress: [${rules}] }]
${rest}
instances:
  - { name: client, subnet: b, address: 10.1.2.10 }
  - { name: web, subnet: a, address: 10.1.1.10, securityGroups: [web]${web} }
`;

function worldOf(text: string): World {
  const loaded = loadTopology(
    'vpcsim.yaml',
    (path) => (path === 'vpcsim.yaml' ? { text } : undefined),
    () => [],
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.issues));
  const built = buildWorld(loaded.value);
  if (!built.ok) throw new Error(JSON.stringify(built.issues));
  return built.value;
}

function search(text: string, from = 'instance/client', to = 'instance/web') {
  const result = findPacket(worldOf(text), from, to);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.value;
}

const worded = (packet: FoundPacket | undefined) => packet && packetText(packet);

describe('a packet is found', () => {
  test('to a port that a rule lets in', () => {
    const { packet } = search(site('', '{ protocol: tcp, ports: 8443, from: 10.1.2.0/24 }'));
    expect(worded(packet)).toBe('tcp 10.1.2.10:49152 > 10.1.1.10:8443 arrives at instance/web');
    expect(packet?.trace.verdict).toBe('reachable');
  });

  test('past rules that are for others', () => {
    const rules =
      '{ protocol: tcp, ports: 22, from: 192.0.2.0/24 }, { protocol: udp, ports: 5000-5010, from: 10.1.2.10/32 }';
    const { packet, tried } = search(site('', rules));
    expect(worded(packet)).toBe('udp 10.1.2.10:49152 > 10.1.1.10:5000 arrives at instance/web');
    expect(tried).toBeGreaterThan(1);
  });

  test('to a port where something listens, sooner than to one where nothing is known to', () => {
    const { packet } = search(site(', listen: [tcp/9090]', '{ protocol: tcp, from: 10.1.2.0/24 }'));
    expect(packet?.flow.port).toBe(9090);
    expect(packet?.trace.assumptions).toEqual([]);
  });

  test('of a protocol without ports', () => {
    const { packet } = search(site('', '{ protocol: icmp, from: 10.1.0.0/16 }'));
    expect(packet?.flow.protocol).toBe('icmp');
  });

  test('from the internet to the public address', () => {
    const { packet } = search(site('', '{ protocol: tcp, ports: 443, from: 0.0.0.0/0 }'), 'internet');
    expect(worded(packet)).toMatch(
      /^tcp \S+:49152 > (\S+):443 arrives at instance\/web as \S+:49152 > 10\.1\.1\.10:443$/,
    );
  });

  test('where its answer is lost on the way back, which the trace says', () => {
    const acl = `    networkAcls:
      - name: in-only
        ingress: [{ rule: 100, action: allow, protocol: all, cidr: 0.0.0.0/0 }]
        egress: [{ rule: 100, action: deny, protocol: all, cidr: 0.0.0.0/0 }]`;
    const text = site('', '{ protocol: tcp, ports: 443, from: 10.1.0.0/16 }', acl);
    const { packet } = search(text.replace('az: us-east-1a,', 'az: us-east-1a, networkAcl: in-only,'));
    expect(packet?.path.disposition).toBe('delivered');
    expect(packet?.trace.verdict).toBe('unreachable');
  });
});

describe('none is found', () => {
  test('where no rule lets anything in: nothing is worth a try', () => {
    expect(search(site('', ''))).toEqual({ packet: undefined, tried: 0 });
  });

  test('where the rules are for others', () => {
    const { packet, tried } = search(site('', '{ protocol: tcp, ports: 22, from: 192.0.2.0/24 }'));
    expect(packet).toBeUndefined();
    expect(tried).toBe(2);
  });

  test('where it hangs on what nobody knows: which of two prefix lists leads there', () => {
    const lists = (second: string) => `
apiVersion: vpcsim/v1
kind: Topology
metadata: { name: t }
prefixLists: [{ name: one, cidrs: [10.2.0.0/16] }, { name: two, cidrs: [10.2.0.0/16] }]
peerings: [{ name: pcx, requester: main, accepter: other, state: active }]
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    subnets: [{ name: a, cidr: 10.1.1.0/24, routeTable: rt }]
    routeTables: [{ name: rt, routes: [{ to: pl/one, via: pcx }, { to: pl/two, via: ${second} }] }]
  - name: other
    cidrs: [10.2.0.0/16]
    subnets: [{ name: b, cidr: 10.2.1.0/24, routeTable: back }]
    routeTables: [{ name: back, routes: [{ to: 10.1.0.0/16, via: pcx }] }]
    securityGroups: [{ name: web, ingress: [{ protocol: tcp, ports: 443, from: 0.0.0.0/0 }] }]
instances:
  - { name: client, subnet: a }
  - { name: web, subnet: b, securityGroups: [web] }
`;
    expect(search(lists('blackhole')).packet).toBeUndefined();
    expect(search(lists('pcx')).packet?.flow.port).toBe(443);
  });
});

test('a name that stands for several machines is no end of a search', () => {
  const result = findPacket(worldOf(site('', '')), 'instance/client', '10.1.1.10');
  expect(result.ok ? [] : result.issues.map(({ code }) => code)).toEqual(['usage/no-destination']);
});

test('unknown names are told of both ends at once', () => {
  const result = findPacket(worldOf(site('', '')), 'instance/clients', 'instance/wev');
  expect(result.ok ? [] : result.issues.map(({ code }) => code)).toEqual([
    'usage/unknown-name',
    'usage/unknown-name',
  ]);
});
