/** Looks for one packet that gets from one end to another: a proof that there is one, by example. Which packets are worth
 *  a try follows from what the destination's security groups let in, where it listens, and from the load balancers that
 *  may lead there. That none of them arrives proves nothing: other packets were not tried. */
import { formatIpv4, type Ipv4 } from '../addressing/ip.ts';
import type { Parsed } from '../base/issue.ts';
import type { LinuxHost } from '../host/linux-record.ts';
import { formatHeader } from '../packet/headers.ts';
import { ANY_PROTOCOL, hasPorts, ICMP, protocolName, TCP, UDP } from '../packet/protocol.ts';
import type { ListeningPort } from '../trace/listening.ts';
import type { Path, Trace } from '../trace/trace.ts';
import { type Flow, trace } from '../world/flow.ts';
import { type Found, found, missing } from '../world/found.ts';
import { deviceNamed, podsOf, wordOf } from '../world/lookup.ts';
import { sender } from '../world/sender.ts';
import type { World } from '../world/world.ts';

export interface PacketSearch {
  /** The first that arrives; one of which nothing is assumed goes first. */
  readonly packet: FoundPacket | undefined;
  /** How many were tried. */
  readonly tried: number;
}

export interface FoundPacket {
  /** Its protocol, address and port are given. */
  readonly flow: Flow;
  readonly trace: Trace;
  /** The path by which it arrives. */
  readonly path: Path;
}

/** No more packets than these are tried. */
export const MOST_TRIED = 200;

/** Ports worth a try where many are let in. */
const USUAL_PORTS = [443, 80, 22];
const LAST_PORT = 65535;

/** Finds a packet that `from` sends and the machine `to` ("pod/default/web-0", "instance/web") accepts, whatever its
 *  address was when it was sent. Whether an answer comes back is what the trace says. */
export function findPacket(world: World, from: string, to: string): Parsed<PacketSearch> {
  const source = sender(world, from);
  const destination = destinationOf(world, to);
  if (!source.ok || !destination.ok)
    return { ok: false, issues: [source, destination].flatMap((end) => (end.ok ? [] : [end.issue])) };
  return { ok: true, value: search(world, from, destination.value), warnings: [] };
}

/** The packet as it was sent and as it arrived: "tcp 10.0.1.5:49152 > 10.0.2.9:80 arrives at instance/web ...". */
export function packetText({ path }: FoundPacket): string {
  const hops = path.hops.filter(({ ghost }) => !ghost);
  const sent = hops[0]!.out;
  const got = hops.at(-1)!.in;
  const changed = formatHeader(sent) === formatHeader(got) ? '' : ` as ${formatHeader(got)}`;
  return `${sent.protocol} ${formatHeader(sent)} arrives at ${path.device}${changed}`;
}

function search(world: World, from: string, destination: Destination): PacketSearch {
  let tried = 0;
  let packet: FoundPacket | undefined;
  for (const candidate of candidates(world, destination)) {
    if (tried === MOST_TRIED) break;
    const flow = { ...candidate, from };
    const traced = trace(world, flow);
    if (!traced.ok) continue;
    tried++;
    const path = arrival(traced.value, destination.device);
    if (path === undefined) continue;
    if (path.assumptions.length === 0) return { packet: { flow, trace: traced.value, path }, tried };
    packet ??= { flow, trace: traced.value, path };
  }
  return { packet, tried };
}

/** The path by which it arrives. What depends on something that nobody knows proves nothing. */
function arrival({ verdict, paths }: Trace, to: string): Path | undefined {
  if (verdict === 'undetermined') return undefined;
  return paths.find(({ disposition, device }) => disposition === 'delivered' && device === to);
}

interface Destination {
  /** `kind/id`. */
  readonly device: string;
  readonly listening: readonly ListeningPort[];
  readonly interfaces: readonly Interface[];
}

interface Interface {
  /** By which it may be reached: its own, and public ones. */
  readonly addresses: readonly Ipv4[];
  /** Its security groups. None are known where it stands in no VPC. */
  readonly groups: readonly { readonly vpc: string; readonly name: string }[] | undefined;
}

function destinationOf(world: World, to: string): Found<Destination> {
  const word = wordOf(to);
  if (!word.ok) return word;
  const { value } = word;
  if (value.is === 'object' && value.kind !== 'svc') {
    const pods = podsOf(world, value.kind, value.namespace, value.name);
    if (!pods.ok) return pods;
    const { id, address, eni, device } = pods.value.find(({ ready }) => ready) ?? pods.value[0]!;
    if (address === undefined) return missing('usage/no-address', `pod/${id} has no address`);
    return found({
      device: `pod/${id}`,
      listening: listeningOf(world, device),
      interfaces: [{ addresses: [address], groups: groupsOf(world, eni) }],
    });
  }
  if (value.is === 'device') {
    const device = deviceNamed(world, value.kind, value.name);
    if (!device.ok) return device;
    const { address, publicAddress, label } = device.value;
    const enis = world.enis.filter(({ host }) => host === device.value.device);
    const known = [address, ...(publicAddress === undefined ? [] : [publicAddress])];
    return found({
      device: label,
      listening: listeningOf(world, device.value.device),
      interfaces: enis.length === 0 ? [{ addresses: known, groups: undefined }] : enis.map(ofEni(world)),
    });
  }
  return missing(
    'usage/no-destination',
    `${to} is no one machine`,
    'pod/NS/NAME, deploy/NS/NAME for its first ready pod, node/NAME, instance/NAME or host/NAME',
  );
}

function listeningOf({ devices }: World, index: number): readonly ListeningPort[] {
  const device = devices[index] as Partial<LinuxHost> | undefined;
  return device?.listening ?? [];
}

const ofEni =
  (world: World) =>
  ({ id, addresses, publicAddress }: World['enis'][number]): Interface => ({
    // Addresses of pods are not the node's own.
    addresses: [
      ...addresses
        .filter(({ holder, use }) => holder === undefined && use !== 'warm')
        .map((one) => one.address),
      ...(publicAddress === undefined ? [] : [publicAddress]),
    ],
    groups: groupsOf(world, id),
  });

function groupsOf({ enis, subnets }: World, id: string | undefined): Interface['groups'] {
  const eni = enis.find((candidate) => candidate.id === id);
  const vpc = subnets.find(({ name }) => name === eni?.subnet)?.vpc;
  return vpc === undefined ? undefined : eni?.securityGroups.map((name) => ({ vpc, name }));
}

type Candidate = Omit<Flow, 'from'>;

function* candidates(world: World, { interfaces, listening }: Destination): Generator<Candidate> {
  for (const { addresses, groups } of interfaces)
    for (const { protocol, port } of admitted(world, groups, listening))
      for (const address of addresses) yield { to: formatIpv4(address), protocol, port };
  for (const { nodes, listeners } of world.loadBalancers)
    for (const { port, protocol } of listeners)
      for (const { address, publicAddress } of nodes)
        for (const one of publicAddress === undefined ? [address] : [address, publicAddress])
          yield { to: formatIpv4(one), protocol: /UDP/.test(protocol) ? 'udp' : 'tcp', port };
}

interface Opening {
  readonly protocol: string;
  readonly port?: number | undefined;
}

/** What a rule lets in, as far as that matters here. */
interface Admission {
  readonly protocol: number;
  readonly ports?: readonly [number, number] | undefined;
}

/** Protocols and ports that rules of the groups let in, in the order of the rules. */
function admitted(
  world: World,
  groups: Interface['groups'],
  listening: readonly ListeningPort[],
): readonly Opening[] {
  const rules: readonly Admission[] = groups
    ? world.securityGroups
        .filter(({ vpc, group }) => groups.some((one) => one.vpc === vpc && one.name === group.name))
        .flatMap(({ group }) => group.ingress)
    : [{ protocol: ANY_PROTOCOL }];
  const openings = rules.flatMap(({ protocol, ports }) =>
    (protocol === ANY_PROTOCOL ? [TCP, UDP, ICMP] : [protocol]).flatMap((one) =>
      openingsOf(one, ports, listening),
    ),
  );
  return [...new Map(openings.map((one) => [`${one.protocol} ${one.port}`, one])).values()];
}

/** Of a range of ports those that are listened on, the usual ones, and its ends. */
function openingsOf(
  protocol: number,
  range: readonly [number, number] | undefined,
  listening: readonly ListeningPort[],
): readonly Opening[] {
  const name = protocolName(protocol);
  if (!hasPorts(protocol)) return [{ protocol: name }];
  const [first, last] = range ?? [1, LAST_PORT];
  const ports = [
    ...listening.filter((one) => one.protocol === protocol).map(({ port }) => port),
    ...USUAL_PORTS,
    ...(range ? [first, last] : []),
  ].filter((port) => port >= Math.max(1, first) && port <= last);
  return [...new Set(ports)].map((port) => ({ protocol: name, port }));
}
