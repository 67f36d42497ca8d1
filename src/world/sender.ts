/** The device that a flow starts from. */
import { contains } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { type Found, found, missing } from './found.ts';
import { API_SERVER, deviceNamed, endpointNamed, INTERNET, podsOf, unknownName, wordOf } from './lookup.ts';
import { midway } from './midway.ts';
import type { PodState, World } from './world.ts';

export interface Sender {
  readonly device: number;
  /** The port of the device by which the packet comes, where the device is not what makes it. */
  readonly port?: number | undefined;
  readonly address: number;
  /** Of a machine outside. */
  readonly ipv6Address?: number | undefined;
  readonly label: string;
  /** Namespace of a pod, for names; undefined for everything else. */
  readonly namespace: string | undefined;
  /** Not in any VPC. */
  readonly outside: boolean;
  /** In an on-premises network, from which private addresses are reached. */
  readonly onPremises?: boolean | undefined;
  /** A pod that has no place or no address: the trace ends there at once. */
  readonly unplaced: boolean;
}

/** The device that a flow starts from. */
export function sender(world: World, text: string): Found<Sender> {
  const parsed = wordOf(text);
  if (!parsed.ok) return parsed;
  const word = parsed.value;
  switch (word.is) {
    case 'object': {
      if (word.kind === 'svc')
        return missing(
          'usage/no-source',
          `${text}: a Service sends nothing`,
          'name a pod, or deploy/NS/NAME for its first ready pod',
        );
      const pods = podsOf(world, word.kind, word.namespace, word.name);
      if (!pods.ok) return pods;
      const pod =
        pods.value.find((candidate) => candidate.ready && candidate.address !== undefined) ?? pods.value[0]!;
      return found(fromPod(pod));
    }
    case 'midway':
      return midway(world, word.kind, word.name);
    case 'device': {
      if (word.kind === 'aws')
        return missing('usage/no-source', `${text}: services of AWS open no connections to a VPC`);
      if (word.kind === 'endpoint') return fromEndpoint(world, word.name);
      const device = deviceNamed(world, word.kind, word.name);
      if (!device.ok) return device;
      return found({ ...device.value, namespace: undefined, unplaced: false });
    }
    case 'address':
      return fromAddress(world, word.address);
    case 'name':
      if (word.name === INTERNET) {
        const device = deviceNamed(world, 'host', INTERNET);
        return device.ok ? found({ ...device.value, namespace: undefined, unplaced: false }) : device;
      }
      if (word.name === API_SERVER) return apiServer(world);
      return unknownName(world, word.name);
    default:
      return missing(
        'usage/no-source',
        `${text} can't be a source`,
        'pod/NS/NAME, node/NAME, host/NAME, instance/NAME, internet, an address, or subnet/NAME for a packet on its way',
      );
  }
}

/** Where a question begins at an endpoint: its first interface, or an address of its service. */
function fromEndpoint(world: World, name: string): Found<Sender> {
  const endpoint = endpointNamed(world, name);
  if (!endpoint.ok) return endpoint;
  const { addresses, device: gateway, service, vpc } = endpoint.value;
  const region = world.topology.vpcs.find((each) => each.name === vpc)?.region;
  const known = world.awsServices.find((each) => each.service === service && each.region === region);
  const device = gateway ?? addresses[0]?.device;
  const address = gateway === undefined ? addresses[0]?.address : known?.address;
  if (device === undefined || address === undefined)
    return missing('usage/no-source', `endpoint/${name} has no network interface`, 'give it subnets');
  return found({
    ...{ device, address, label: `endpoint/${name}` },
    ...{ namespace: undefined, outside: false, unplaced: false },
  });
}

/** The control plane dials nodes and pods from its network interfaces in the VPC. */
function apiServer(world: World): Found<Sender> {
  const first = world.cluster?.controlPlane[0];
  if (!first) return missing('usage/unknown-name', 'this topology has no cluster, so no API server');
  const { device, address } = first;
  return found({ device, address, label: API_SERVER, namespace: undefined, outside: false, unplaced: false });
}

/** A host on premises, or some machine there that has no name. */
function fromOnPremises({ topology, indexOf }: World, address: number): Sender | undefined {
  const network = topology.onPremises.find(({ cidrs }) => cidrs.some((block) => contains(block, address)));
  if (!network) return undefined;
  const host = network.hosts.find((candidate) => candidate.address === address);
  const device = host ? `host/${host.name}` : `on-premises/${network.name}`;
  return {
    device: indexOf.get(device)!,
    address,
    label: host ? device : `${formatIpv4(address)} in ${device}`,
    namespace: undefined,
    outside: true,
    onPremises: true,
    unplaced: false,
  };
}

/** Where VPCs have the same blocks, an address may be that of several machines. */
function ownersOf({ cluster, instances, topology }: World, address: number): readonly string[] {
  return [
    ...(cluster?.nodes ?? []).filter((one) => one.address === address).map(({ name }) => `node/${name}`),
    ...(cluster?.pods ?? [])
      .filter((one) => one.address === address && !one.pod.spec.hostNetwork)
      .map(({ id }) => `pod/${id}`),
    ...instances.filter((one) => one.address === address).map(({ name }) => `instance/${name}`),
    ...[...topology.hosts, ...topology.onPremises.flatMap(({ hosts }) => hosts)]
      .filter((one) => one.address === address)
      .map(({ name }) => `host/${name}`),
  ];
}

function fromPod(pod: PodState): Sender {
  return {
    device: pod.device,
    address: pod.address ?? 0,
    label: `pod/${pod.id}`,
    namespace: pod.pod.metadata.namespace,
    outside: false,
    unplaced: pod.address === undefined,
  };
}

function fromAddress(world: World, address: number): Found<Sender> {
  const owners = ownersOf(world, address);
  if (owners.length > 1)
    return missing(
      'usage/ambiguous-source',
      `${formatIpv4(address)} is the address of ${owners.join(' and ')}`,
      'name the one that sends',
    );
  const pod = world.cluster?.pods.find(
    (candidate) => candidate.address === address && !candidate.pod.spec.hostNetwork,
  );
  if (pod) return found(fromPod(pod));
  const node = world.cluster?.nodes.find((candidate) => candidate.address === address);
  if (node)
    return found({
      device: node.device,
      address,
      label: `node/${node.name}`,
      namespace: undefined,
      outside: false,
      unplaced: false,
    });
  const instance = world.instances.find((one) => one.address === address || one.ipv6Address === address);
  if (instance)
    return found({
      device: instance.device,
      address,
      label: `instance/${instance.name}`,
      namespace: undefined,
      outside: false,
      unplaced: false,
    });
  const host = world.topology.hosts.find((one) => one.address === address || one.ipv6Address === address);
  if (host)
    return found({
      device: world.indexOf.get(`host/${host.name}`)!,
      address,
      label: `host/${host.name}`,
      namespace: undefined,
      outside: true,
      unplaced: false,
    });
  const onPremises = fromOnPremises(world, address);
  if (onPremises) return found(onPremises);
  return missing(
    'usage/unknown-source',
    `nothing in this topology sends from ${formatIpv4(address)}`,
    'name a pod, node, instance or host that exists',
  );
}
