/** The flows that a world is asked about: every kind of sender, every kind of destination, ports that are open and
 *  ports that are not. */
import type { Flow, World } from '../../index.ts';
import type { Random } from './random.ts';

/** A packet to be sent, as the model and as the driver are asked for it. */
export interface Asked {
  readonly flow: Flow & { readonly protocol: string; readonly sourcePort: number };
  /** Device that sends, `kind/id`, and its address. */
  readonly sender: string;
  readonly source: string;
  readonly destination: string;
  /** 0 for ICMP. */
  readonly port: number;
  /** Source port, or identifier of ICMP: used once in a lab. */
  readonly number: number;
  /** What it is sent to, for the coverage: "ClusterIP", "pod", "NodePort". */
  readonly target: string;
}

interface Sender {
  readonly device: string;
  readonly word: string;
  readonly address: string;
}

interface Target {
  readonly kind: string;
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
  /** Nobody but hosts outside the VPC uses it. */
  readonly public?: boolean;
}

const numbers: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };
const CLOSED = 4444;
/** Source ports, apart from node ports and from what listens. */
const FIRST_PORT = 40_000;
const SECOND_PORTS = 10_000;

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');

export function sendersOf(world: World): Sender[] {
  const { cluster, instances, topology } = world;
  return [
    ...(cluster?.pods ?? [])
      .filter((pod) => pod.address !== undefined && !pod.pod.spec.hostNetwork)
      .map((pod) => ({ device: `pod/${pod.id}`, word: `pod/${pod.id}`, address: dotted(pod.address!) })),
    ...(cluster?.nodes ?? []).map(({ name, address }) => ({
      device: `node/${name}`,
      word: `node/${name}`,
      address: dotted(address),
    })),
    ...instances.map(({ name, address }) => ({
      device: `instance/${name}`,
      word: `instance/${name}`,
      address: dotted(address),
    })),
    ...topology.hosts.map(({ name, address }) => ({
      device: `host/${name}`,
      word: `host/${name}`,
      address: dotted(address),
    })),
  ];
}

export function targetsOf(world: World): Target[] {
  const { cluster, topology } = world;
  const pods = (cluster?.pods ?? []).filter((pod) => pod.address !== undefined);
  const nodes = cluster?.nodes ?? [];
  const listening = (device: number): readonly { protocol: number; port: number }[] =>
    (world.devices[device] as unknown as { listening?: { protocol: number; port: number }[] }).listening ??
    [];
  const reach = (kind: string, address: string, device: number): Target[] => [
    ...listening(device).flatMap(({ protocol, port }) => {
      const name = numbers[protocol];
      return name && name !== 'sctp' ? [{ kind, address, protocol: name, port }] : [];
    }),
    { kind: `${kind}, closed port`, address, protocol: 'tcp', port: CLOSED },
    { kind: `${kind}, closed port`, address, protocol: 'udp', port: CLOSED },
    { kind: `${kind}, echo`, address, protocol: 'icmp', port: 0 },
  ];
  const services = (cluster?.services ?? []).flatMap((service) =>
    service.ports.flatMap(({ protocol: upper, port, nodePort }): Target[] => {
      const protocol = upper.toLowerCase();
      if (protocol === 'sctp') return [];
      const flavour = [
        service.type,
        ...(service.externalTrafficPolicy === 'Local' ? ['externalTrafficPolicy Local'] : []),
        ...(service.internalTrafficPolicy === 'Local' ? ['internalTrafficPolicy Local'] : []),
        ...(service.sessionAffinity === 'ClientIP' ? ['ClientIP'] : []),
        protocol,
      ].join(', ');
      const at = (kind: string, address: string, on: number): Target => ({
        kind: `${kind} of ${flavour}`,
        address,
        protocol,
        port: on,
      });
      const { clusterIP } = service;
      return [
        ...(clusterIP && clusterIP !== 'None'
          ? [
              at('ClusterIP', clusterIP, port),
              { ...at('ClusterIP', clusterIP, port + 1), kind: 'ClusterIP, port without Service' },
            ]
          : []),
        ...(nodePort === undefined
          ? []
          : nodes.map((node) => at('NodePort', dotted(node.address), nodePort))),
        ...(nodePort === undefined
          ? []
          : nodes.flatMap((node) =>
              node.publicAddress === undefined
                ? []
                : [{ ...at('NodePort', dotted(node.publicAddress), nodePort), public: true }],
            )),
        ...service.externalIPs.map((address) => at('external IP', address, port)),
        ...service.loadBalancerIngress.flatMap(({ ip }) =>
          ip === undefined ? [] : [at('load balancer IP', ip, port)],
        ),
      ];
    }),
  );
  return [
    ...pods
      .filter(({ pod }) => !pod.spec.hostNetwork)
      .flatMap((pod) => reach('pod', dotted(pod.address!), pod.device)),
    ...nodes.flatMap((node) => reach('node', dotted(node.address), node.device)),
    ...topology.hosts.flatMap(({ name, address }) =>
      reach('outside host', dotted(address), world.indexOf.get(`host/${name}`)!),
    ),
    ...services,
    ...hostPortTargets(world),
  ];
}

function hostPortTargets({ cluster }: World): Target[] {
  return (cluster?.nodes ?? []).flatMap((node) =>
    cluster!.pods
      .filter((pod) => pod.node === node.name && pod.address !== undefined && !pod.pod.spec.hostNetwork)
      .flatMap(({ pod }) => pod.spec.containers.flatMap(({ ports }) => ports))
      .flatMap(({ hostPort, protocol }) =>
        hostPort === undefined || protocol === 'SCTP'
          ? []
          : [
              {
                kind: `host port, ${protocol.toLowerCase()}`,
                address: dotted(node.address),
                protocol: protocol.toLowerCase(),
                port: hostPort,
              },
            ],
      ),
  );
}

/** `count` flows, every kind of destination in turn. Source ports are used once. */
export function chooseFlows(world: World, random: Random, count: number): Asked[] {
  const senders = sendersOf(world);
  const kinds = new Map<string, Target[]>();
  for (const target of targetsOf(world)) kinds.set(target.kind, [...(kinds.get(target.kind) ?? []), target]);
  const order = random.shuffled([...kinds.keys()]);
  const asked: Asked[] = [];
  for (let i = 0; i < count && order.length > 0; i++) {
    const target = random.of(kinds.get(order[i % order.length]!)!);
    const inside = senders.filter(({ device }) => !device.startsWith('host/'));
    const outside = senders.filter(({ device }) => device.startsWith('host/'));
    const sender =
      target.public || (random.chance(0.1) && outside.length > 0) ? random.of(outside) : random.of(inside);
    if (sender.address === target.address && sender.device.startsWith('host/')) continue;
    const ttl = random.chance(0.05) ? random.between(1, 3) : 64;
    asked.push({
      flow: flowOf(sender.word, target, FIRST_PORT + i, ttl),
      sender: sender.device,
      source: sender.address,
      destination: target.address,
      port: target.port,
      number: FIRST_PORT + i,
      target: target.kind,
    });
  }
  return asked;
}

/** The same flow from another source port: to the kernel a connection of its own. */
export function again(asked: Asked): Asked {
  const number = asked.number + SECOND_PORTS;
  return {
    ...asked,
    number,
    flow: { ...asked.flow, sourcePort: asked.flow.protocol === 'icmp' ? 1 : number },
  };
}

function flowOf(
  from: string,
  { protocol, address, port }: Target,
  number: number,
  ttl: number,
): Asked['flow'] {
  return {
    from,
    to: protocol === 'icmp' ? address : `${address}:${port}`,
    protocol,
    sourcePort: protocol === 'icmp' ? 1 : number,
    strictListen: true,
    // The driver runs as root.
    uid: 0,
    gid: 0,
    ...(ttl === 64 ? {} : { ttl }),
  };
}
