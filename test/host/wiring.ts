/** Nodes with pods on a plain wire, for tests of Linux hosts: no ENIs, no VPC, only a fabric that knows every address. */
import { cidr } from '../../src/addressing/cidr.ts';
import { ipv4 } from '../../src/addressing/ip.ts';
import { defaulted } from '../../src/base/origin.ts';
import { linuxHost } from '../../src/host/linux-host.ts';
import type { Interface, LinuxHost } from '../../src/host/linux-record.ts';
import { compileRules } from '../../src/host/netfilter/rule-set.ts';
import { node as nodeBehaviour } from '../../src/host/node.ts';
import { pod as podBehaviour } from '../../src/host/pod.ts';
import type {
  Absent,
  BaseChain,
  ChainSource,
  IpRoute,
  IpRule,
  IpSetSource,
  TableName,
  TableSource,
} from '../../src/host/rules.ts';
import { formatHeader } from '../../src/packet/headers.ts';
import type { Packet } from '../../src/packet/packet.ts';
import { ECHO_REQUEST, hasPorts, TCP } from '../../src/packet/protocol.ts';
import type { Behaviour, DeviceRecord, Network } from '../../src/trace/device.ts';
import type { Outcome } from '../../src/trace/outcome.ts';
import type { Hop, Trace } from '../../src/trace/trace.ts';
import type { Walk } from '../../src/trace/walk.ts';
import { walked } from '../support/walked.ts';

export const origin = defaulted('test', 'wiring');

export interface NodePlan {
  readonly address: string;
  /** Name to address. */
  readonly pods?: Readonly<Record<string, string>>;
  /** iptables-save lines by table; ":CHAIN DROP" sets a policy. */
  readonly tables?: Partial<Record<TableName, readonly string[]>>;
  /** Tables of nftables. */
  readonly nft?: readonly TableSource[];
  readonly sets?: readonly IpSetSource[];
  readonly rules?: readonly IpRule[];
  readonly routes?: readonly IpRoute[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly listening?: readonly { readonly protocol: number; readonly port: number; readonly by: string }[];
  /** Addresses of a second interface, eth1. */
  readonly second?: string;
  readonly forwarding?: boolean;
  readonly absent?: readonly Absent[];
}

export interface Plan {
  readonly nodes: Readonly<Record<string, NodePlan>>;
}

/** Lines of one table as a source. */
export function table(name: TableName, lines: readonly string[]): TableSource {
  const chains = new Map<
    string,
    { name: string; policy?: 'ACCEPT' | 'DROP'; rules: ChainSource['rules'][number][] }
  >();
  const chainOf = (chain: string) => {
    const known = chains.get(chain) ?? { name: chain, rules: [] };
    chains.set(chain, known);
    return known;
  };
  for (const line of lines) {
    const [first = '', policy] = line.split(' ');
    if (first.startsWith(':')) {
      const chain = chainOf(first.slice(1));
      if (policy === 'ACCEPT' || policy === 'DROP') chain.policy = policy;
    } else chainOf(line.split(' ')[1]!).rules.push({ text: line, origin });
  }
  return { table: name, chains: [...chains.values()] };
}

/** A chain of nftables; a base chain where `base` says how it is hooked in. */
export function nftChain(name: string, lines: readonly string[], base?: BaseChain): ChainSource {
  return { name, base, rules: lines.map((text) => ({ text, origin })) };
}

/** Knows where every address is; what it does not know is outside the model and answers. */
interface Fabric extends DeviceRecord {
  readonly owners: ReadonlyMap<number, readonly [device: number, port: number]>;
}

const fabricReceive = (self: DeviceRecord, packet: Packet, walk: Walk): Outcome => {
  const owner = (self as Fabric).owners.get(packet.dst);
  return owner ? walk.forward(owner[0], owner[1]) : walk.exit();
};

export function wire(plan: Plan): Network {
  const devices: DeviceRecord[] = [];
  const receivers: Behaviour['receive'][] = [];
  const owners = new Map<number, readonly [number, number]>();
  const record = (kind: string, id: string) => ({ index: devices.length, kind, id, name: id, origin });
  const fabric: Fabric = { ...record('fabric', 'wire'), owners };
  devices.push(fabric);
  receivers.push(fabricReceive);
  for (const [id, spec] of Object.entries(plan.nodes)) {
    const at = devices.length;
    const pods = Object.entries(spec.pods ?? {});
    const firstVeth = spec.second ? 3 : 2;
    const lo: Interface = { name: 'lo', kind: 'lo', peer: -1, peerPort: 0, addresses: [ipv4('127.0.0.1')] };
    const interfaces: Interface[] = [
      lo,
      { name: 'eth0', kind: 'eni', peer: 0, peerPort: 0, addresses: [ipv4(spec.address)] },
      ...(spec.second
        ? [{ name: 'eth1', kind: 'eni' as const, peer: 0, peerPort: 1, addresses: [ipv4(spec.second)] }]
        : []),
      ...pods.map(
        ([name], i): Interface => ({
          name: `eni${name}`,
          kind: 'veth',
          peer: at + 1 + i,
          peerPort: 1,
          addresses: [],
        }),
      ),
    ];
    owners.set(ipv4(spec.address), [at, 1]);
    if (spec.second) owners.set(ipv4(spec.second), [at, 2]);
    for (const [, address] of pods) owners.set(ipv4(address), [at, 1]);
    const tables = [
      ...Object.entries(spec.tables ?? {}).map(([name, lines]) => table(name as TableName, lines!)),
      ...(spec.nft ?? []),
    ];
    const main = { table: 'main', origin };
    devices.push(
      linuxHost({
        ...record('node', id),
        interfaces,
        rules: spec.rules ?? [],
        routes: [
          { ...main, to: cidr('0.0.0.0/0'), via: ipv4('10.0.0.1'), dev: 'eth0' },
          { ...main, to: cidr('10.0.0.0/20'), dev: 'eth0', scope: 'link', src: ipv4(spec.address) },
          ...pods.map(
            ([name, address]): IpRoute => ({
              ...main,
              to: cidr(`${address}/32`),
              dev: `eni${name}`,
              scope: 'link',
            }),
          ),
          ...(spec.routes ?? []),
        ],
        netfilter: tables.length > 0 ? compileRules([], tables, spec.sets) : null,
        forwarding: spec.forwarding ?? true,
        listening: spec.listening ?? [],
        sysctls: spec.sysctls ?? {},
        absent: spec.absent ?? [],
      }),
    );
    receivers.push(nodeBehaviour.receive as Behaviour['receive']);
    pods.forEach(([name, address], i) => {
      devices.push(
        linuxHost({
          ...record('pod', name),
          interfaces: [
            lo,
            { name: 'eth0', kind: 'veth', peer: at, peerPort: firstVeth + i, addresses: [ipv4(address)] },
          ],
          routes: [
            { ...main, to: cidr('169.254.1.1/32'), dev: 'eth0', scope: 'link' },
            { ...main, to: cidr('0.0.0.0/0'), via: ipv4('169.254.1.1'), dev: 'eth0' },
          ],
          netfilter: null,
          listening: [],
        }),
      );
      receivers.push(podBehaviour.receive as Behaviour['receive']);
    });
  }
  return { devices, receivers, owners: [] };
}

export interface Ask {
  /** `kind/id`; `fabric/wire` for an outside host. */
  readonly from: string;
  /** Source address, where it is not the sender's own. */
  readonly as?: string | undefined;
  /** `address:port`, or `address` for an echo. */
  readonly to: string;
  readonly protocol?: number | undefined;
  readonly ttl?: number;
  readonly strictListen?: boolean;
  readonly seenClient?: boolean;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** The trace of a packet; the walk that does not record must come to the same verdict. */
export function trace(plan: Plan | Network, ask: Ask): Trace {
  const network = 'devices' in plan ? plan : wire(plan);
  const source = network.devices.findIndex(({ kind, id }) => `${kind}/${id}` === ask.from);
  const [address = '', port] = ask.to.split(':');
  const protocol = ask.protocol ?? TCP;
  const request = {
    source,
    sourceAddress: ask.as
      ? ipv4(ask.as)
      : (network.devices[source] as LinuxHost).interfaces[1]!.addresses[0]!,
    sourcePort: 49152,
    targets: [{ address: ipv4(address), weight: 1 }],
    destinationPort: hasPorts(protocol) ? Number(port) : ECHO_REQUEST << 8,
    protocol,
    ttl: ask.ttl ?? 64,
    application: undefined,
    expectsReply: true,
  };
  return walked(network, request, ask);
}

/** Devices by id. */
export const via = (hops: readonly Hop[]): string => hops.map(({ device }) => device.id).join(' > ');

/** "stage: because" of every step of a device on the way there, or on the way back. */
export function steps(hops: readonly Hop[], device: string): string[] {
  return hops
    .filter((hop) => hop.device.id === device)
    .flatMap((hop) => hop.steps.map(({ stage, because }) => `${stage}: ${because}`));
}

/** The header that a device is given, the last time it is. */
export function enters(hops: readonly Hop[], device: string): string {
  const hop = hops.findLast((one) => one.device.id === device);
  return hop ? formatHeader(hop.in) : 'never';
}
