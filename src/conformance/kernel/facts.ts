/** Facts of the kernel as cases: rules put among those of a small cluster, and packets that show what comes of them. What
 *  is right is not written down; the kernel says it. */
import { labFiles, labOf, type World } from '../../index.ts';
import type { Asked } from './flows.ts';
import { chainIn, printRestore, readRestore } from './restore-text.ts';
import { worldOfTexts } from './topology-file.ts';

export interface FactCase {
  readonly id: string;
  /** The fact in a sentence. */
  readonly fact: string;
  /** Rules for node-1 by table, in the spelling of iptables-save: "-I" puts them before those that are there. */
  readonly rules?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Tables of nftables for node-1, as `nft list ruleset` prints them. */
  readonly nftables?: string | undefined;
  /** Of node-1. */
  readonly sysctls?: Readonly<Record<string, string>> | undefined;
  /** Lines of `ip rule` and of `ip route show table all` in addition to those of node-1. */
  readonly routing?: readonly string[] | undefined;
  readonly packets: readonly {
    readonly from: string;
    /** "ADDRESS:PORT", or "ADDRESS" for an echo. */
    readonly to: string;
    readonly protocol: 'tcp' | 'udp' | 'icmp';
    readonly ttl?: number | undefined;
  }[];
}

/** Addresses that the cases speak of: two nodes with two pods each, Services over them, a host outside. */
const addresses: Readonly<Record<string, string>> = {
  'node/node-1': '10.8.0.10',
  'node/node-2': '10.8.1.10',
  'pod/default/a1': '10.8.0.21',
  'pod/default/a2': '10.8.0.22',
  'pod/default/b1': '10.8.1.21',
  'pod/default/b2': '10.8.1.22',
  'host/far': '198.51.100.20',
};

const pods = ['a1', 'a2', 'b1', 'b2'];

/** The world of a case. */
export function factWorld({ id, rules, nftables, sysctls, routing }: FactCase): World {
  const plain = files(id, sysctls);
  if (!rules && nftables === undefined && !routing) return worldOfTexts(plain);
  const lab = labFiles(labOf(worldOfTexts(plain)));
  const dumps: [string, string][] = [];
  if (rules) {
    const tables = readRestore(lab.find(({ path }) => path === 'node-node-1/iptables')!.text);
    for (const [table, lines] of Object.entries(rules))
      for (const line of [...lines].reverse()) {
        const [, how, chain] = /^-([AI]) (\S+)/.exec(line)!;
        const { rules: inside } = chainIn(tables, table, chain!);
        if (how === 'I') inside.unshift(line.replace('-I', '-A'));
        else inside.push(line);
      }
    dumps.push(['node-1.iptables', printRestore(tables)]);
  }
  if (nftables !== undefined) dumps.push(['node-1.nft', nftables]);
  if (routing) {
    const own = lab.find(({ path }) => path === 'node-node-1/ip')!.text;
    dumps.push(['node-1.routing', `${[...routingOf(own), ...routing].join('\n')}\n`]);
  }
  const topology = JSON.parse(plain['vpcsim.yaml']!) as { cluster: object };
  const nodeRules = { 'node-1': dumps.map(([file]) => file) };
  return worldOfTexts({
    ...plain,
    'vpcsim.yaml': JSON.stringify({ ...topology, cluster: { ...topology.cluster, nodeRules } }),
    ...Object.fromEntries(dumps),
  });
}

/** What `ip rule` and `ip route show table all` would list of what an `ip -batch` file adds. */
function routingOf(batch: string): string[] {
  const lines = batch.split('\n');
  const listed = (pattern: RegExp, form: (found: RegExpExecArray) => string): string[] =>
    lines.flatMap((line) => {
      const found = pattern.exec(line);
      return found ? [form(found)] : [];
    });
  return [
    '0: from all lookup local',
    ...listed(/^rule add pref (\d+) (.*)$/, ([, priority, rest]) => `${priority}: ${rest}`),
    '32766: from all lookup main',
    '32767: from all lookup default',
    ...listed(/^route add (.*?)(?: onlink)? table (\S+)$/, ([, rest, table]) =>
      table === 'main' ? rest! : `${rest} table ${table}`,
    ),
  ];
}

/** The packets of a case; `first` numbers their source ports. */
export function factPackets({ packets, id }: FactCase, first: number): Asked[] {
  return packets.map(({ from, to, protocol, ttl }, i): Asked => {
    const [destination = '', port = '0'] = to.split(':');
    const number = first + i;
    return {
      flow: {
        from,
        to,
        protocol,
        sourcePort: protocol === 'icmp' ? 1 : number,
        strictListen: true,
        uid: 0,
        gid: 0,
        ...(ttl === undefined ? {} : { ttl }),
      },
      sender: from,
      source: addresses[from]!,
      destination,
      port: Number(port),
      number,
      target: `fact ${id}`,
    };
  });
}

function files(name: string, sysctls: FactCase['sysctls']): Record<string, string> {
  const subnet = (zone: string, i: number): object => ({
    name: zone,
    cidr: `10.8.${i}.0/24`,
    az: `us-east-1${zone}`,
    routeTable: 'public',
    mapPublicIp: true,
  });
  const node = (i: number, zone: string): object => ({
    name: `node-${i}`,
    subnet: zone,
    address: addresses[`node/node-${i}`],
    instanceType: 'm5.large',
    securityGroups: ['open'],
    ...(i === 1 && sysctls ? { sysctls } : {}),
  });
  const topology = {
    apiVersion: 'vpcsim/v1',
    kind: 'Topology',
    metadata: { name },
    vpcs: [
      {
        name: 'main',
        region: 'us-east-1',
        cidrs: ['10.8.0.0/16'],
        internetGateway: {},
        subnets: [subnet('a', 0), subnet('b', 1)],
        routeTables: [{ name: 'public', main: true, routes: [{ to: '0.0.0.0/0', via: 'igw' }] }],
        securityGroups: [{ name: 'open', ingress: [{ protocol: 'all', from: '0.0.0.0/0' }] }],
      },
    ],
    cluster: {
      name,
      vpc: 'main',
      subnets: ['a', 'b'],
      serviceCidr: '172.20.0.0/16',
      coredns: { replicas: 0 },
      nodes: [node(1, 'a'), node(2, 'b')],
      placements: pods.map((pod) => ({
        pod: `default/${pod}`,
        node: pod.startsWith('a') ? 'node-1' : 'node-2',
        address: addresses[`pod/default/${pod}`],
      })),
    },
    manifests: ['objects.yaml'],
    hosts: [{ name: 'far', address: addresses['host/far'], listen: ['tcp/443', 'udp/53'] }],
  };
  const service = (at: number, selector: object, spec: object): object => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `s${at}`, namespace: 'default' },
    spec: {
      clusterIP: `172.20.1.${at}`,
      selector,
      ports: [{ port: 80, targetPort: 8080 }],
      ...spec,
    },
  });
  const objects = [
    ...pods.map((pod) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod, namespace: 'default', labels: { pod, side: pod[0] } },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'main:1',
            ports: [{ containerPort: 8080 }, { containerPort: 5353, protocol: 'UDP' }],
          },
        ],
      },
    })),
    service(1, { pod: 'a1' }, {}),
    service(
      2,
      { pod: 'b1' },
      { type: 'NodePort', ports: [{ port: 80, targetPort: 8080, nodePort: 30_080 }] },
    ),
    service(3, { side: 'b' }, { sessionAffinity: 'ClientIP' }),
    service(4, { pod: 'nobody' }, {}),
  ];
  return {
    'vpcsim.yaml': JSON.stringify(topology),
    'objects.yaml': objects.map((object) => JSON.stringify(object)).join('\n---\n'),
  };
}
