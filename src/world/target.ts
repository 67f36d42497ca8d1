/** Where a flow goes: the addresses and the port that a word means to its sender. */
import { formatIpv4, parseAddress } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import { suggestion } from '../base/nearest.ts';
import type { HttpRequest } from '../packet/application.ts';
import { TCP } from '../packet/protocol.ts';
import { serviceOfDnsName, serviceOfWord } from './aws-services.ts';
import { addressesOf, awsTarget, HTTPS_PORT } from './aws-target.ts';
import { balancerAddresses, balancerFor } from './balancer-names.ts';
import { asksAmazonDns, builtInNamed } from './built-in-names.ts';
import { serviceOfName } from './dns.ts';
import { type Found, found, missing } from './found.ts';
import {
  API_SERVER,
  type DeviceFound,
  deviceNamed,
  endpointNamed,
  INTERNET,
  podsOf,
  unknownName,
  wordOf,
} from './lookup.ts';
import { badPort, portNumber } from './ports.ts';
import type { Sender } from './sender.ts';
import { serviceTarget, toService } from './service-target.ts';
import { placeOf } from './standing.ts';
import type { Word } from './words.ts';
import type { World } from './world.ts';

export interface Target {
  readonly addresses: readonly {
    readonly address: number;
    readonly weight: number;
    readonly label: string;
  }[];
  readonly port?: number | undefined;
  /** Where the word itself says it: a Service's port. */
  readonly protocol?: number | undefined;
  readonly application?: HttpRequest | undefined;
  readonly label: string;
  /** Why the sender gets this address and no better one. */
  readonly remark?: string | undefined;
  /** A pod that has no place or no address. */
  readonly unplaced?: number | undefined;
}

/** Where a flow goes, as `from` would have the name resolved. */
export function target(
  world: World,
  text: string,
  from: Sender,
  options: {
    readonly via?: string | undefined;
    readonly protocol?: number | undefined;
    /** Where the word names no port itself. */
    readonly port?: number | undefined;
  },
): Found<Target> {
  const parsed = wordOf(text);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (value.port !== undefined && options.port !== undefined && value.port !== String(options.port))
    return missing('usage/two-ports', `${text} names port ${value.port}, and --port says ${options.port}`);
  const word = options.port === undefined ? value : { ...value, port: String(options.port) };
  const port = word.port === undefined ? undefined : portNumber(word.port);
  switch (word.is) {
    case 'address':
      if (Number.isNaN(port)) return badPort(text);
      return found({
        addresses: [{ address: word.address, weight: 1, label: '' }],
        port,
        label: isIpv6(word.address) ? `[${formatIpv4(word.address)}]` : formatIpv4(word.address),
      });
    case 'midway':
      return missing(
        'usage/no-target',
        `${text}: a ${word.kind} is on the way, not an end of it`,
        'name what is to be reached there: an address, a pod, node, instance or interface',
      );
    case 'device': {
      if (Number.isNaN(port)) return badPort(text);
      if (word.kind === 'aws')
        return awsTarget(world, serviceOfWord(word.name), from, port ?? HTTPS_PORT, `aws/${word.name}`);
      if (word.kind === 'endpoint') return toEndpoint(world, word.name, from, port ?? HTTPS_PORT);
      const device = deviceNamed(world, word.kind, word.name);
      if (!device.ok) return device;
      return found({ ...addressFor(world, device.value, from), port, label: device.value.label });
    }
    case 'object':
      return word.kind === 'svc' ? toService(world, word, from, options) : toPod(world, word, text);
    case 'url':
      return toUrl(world, word, from, options);
    case 'name':
      return toName(world, word, from, options);
  }
}

/** From outside a machine is reached by its public address; one that has none says why. */
function addressFor(
  world: World,
  { device, address, publicAddress, label, outside }: DeviceFound,
  from: Sender,
): Pick<Target, 'addresses' | 'remark'> {
  const byInternet = from.outside && !from.onPremises;
  const chosen = byInternet ? (publicAddress ?? address) : address;
  const addresses = [{ address: chosen, weight: 1, label: '' }];
  if (!byInternet || outside || publicAddress !== undefined) return { addresses };
  const eni = world.enis.find((one) => one.host === device);
  const subnet = world.subnets.find(({ name }) => name === eni?.subnet);
  const why = subnet?.public
    ? `subnet ${subnet.name} gives none at launch (mapPublicIp: false)`
    : `subnet ${subnet?.name} is private: its route table ${subnet?.routeTable} has no route to an internet gateway`;
  return { addresses, remark: `${label} has no public address: ${why}` };
}

function toPod(world: World, word: Word & { is: 'object' }, text: string): Found<Target> {
  if (word.kind !== 'pod')
    return missing(
      'usage/no-target',
      `${text}: a ${word.kind} has no address of its own`,
      'trace to its Service (svc/NS/NAME:PORT) or to one pod (pod/NS/NAME:PORT)',
    );
  const pods = podsOf(world, 'pod', word.namespace, word.name);
  if (!pods.ok) return pods;
  const pod = pods.value[0]!;
  const named = pod.pod.spec.containers
    .flatMap((container) => container.ports)
    .find((candidate) => candidate.name === word.port);
  const port = word.port === undefined ? undefined : (named?.containerPort ?? portNumber(word.port));
  if (Number.isNaN(port)) return badPort(text);
  const label = `pod/${pod.id}`;
  if (pod.address === undefined)
    return found({
      addresses: [{ address: 0, weight: 1, label: '' }],
      port: port ?? 0,
      label,
      unplaced: pod.device,
    });
  return found({ addresses: [{ address: pod.address, weight: 1, label: '' }], port, label });
}

function toUrl(
  world: World,
  word: Word & { is: 'url' },
  from: Sender,
  options: { readonly via?: string | undefined },
): Found<Target> {
  const port = word.port === undefined ? (word.scheme === 'https' ? 443 : 80) : portNumber(word.port);
  if (Number.isNaN(port)) return badPort(word.host);
  const application: HttpRequest = {
    kind: 'http',
    scheme: word.scheme,
    method: 'GET',
    host: word.host,
    path: word.path,
    query: word.query,
    headers: {},
  };
  const label = `${word.scheme}://${word.host}${word.port ? `:${word.port}` : ''}${word.path}${word.query ? `?${word.query}` : ''}`;
  const address = parseAddress(word.host.replace(/^\[|\]$/g, ''));
  if (address !== undefined && options.via === undefined)
    return found({ addresses: [{ address, weight: 1, label: '' }], port, application, label });
  const balancer = balancerFor(world, word.host, options.via);
  if (!balancer.ok) return balancer;
  if (balancer.value)
    return found({ addresses: balancerAddresses(balancer.value), port, application, label });
  const service =
    from.namespace !== undefined && world.cluster
      ? serviceOfName(world.cluster, word.host, from.namespace)
      : undefined;
  if (service) {
    const there = serviceTarget(world, service, String(port), from, TCP);
    return there.ok ? found({ ...there.value, port, application, label }) : there;
  }
  const aws = serviceOfDnsName(word.host);
  if (aws) {
    const there = awsTarget(world, aws, from, port!, label);
    return there.ok ? found({ ...there.value, application }) : there;
  }
  const hosts = world.loadBalancers.flatMap((candidate) => [...candidate.hosts, candidate.dnsName]);
  return missing(
    'usage/unknown-host',
    `nothing in this topology answers for ${word.host}`,
    `${suggestion(word.host, hosts)}; --via NAME sends the request to a load balancer all the same`,
  );
}

/** The cluster's endpoint name resolves to the interfaces in the VPC from inside it, where private access is on, and from
 *  everywhere where access is private only; to the public endpoint otherwise ("Cluster API server endpoint", Amazon EKS guide). */
function toApiServer(world: World, from: Sender, port: number): Found<Target> {
  const { cluster, topology } = world;
  if (!cluster) return missing('usage/unknown-name', 'this topology has no cluster, so no API server');
  const label = API_SERVER;
  const access = topology.cluster?.endpointAccess;
  const why = access?.private ? noPrivateName(world, from) : undefined;
  if (access?.private && (why === undefined || (!access.public && (!from.outside || from.onPremises)))) {
    const { controlPlane } = cluster;
    const addresses = controlPlane.map(({ address }) => ({
      address,
      weight: 1 / controlPlane.length,
      label: `${label} ${formatIpv4(address)}`,
    }));
    return found({ addresses, port, label });
  }
  if (cluster.apiAddress === undefined)
    return missing(
      'usage/no-public-endpoint',
      'the API server of this cluster has no public endpoint',
      'cluster.endpointAccess.public is false',
    );
  return found({
    addresses: [{ address: cluster.apiAddress, weight: 1, label: '' }],
    port,
    label,
    ...(why !== undefined && !from.outside && { remark: why }),
  });
}

/** Why the sender does not get the private addresses of the API server under its name; undefined where it does. EKS makes
 *  a private hosted zone for the cluster's VPC, which Amazon DNS alone knows, and which needs both DNS attributes; the
 *  name of a cluster without public access leads to the private addresses from everywhere. */
function noPrivateName(world: World, from: Sender): string | undefined {
  const home = world.topology.vpcs.find(({ name }) => name === world.topology.cluster?.vpc);
  const vpc = from.outside ? undefined : (placeOf(world, from)?.vpc ?? home);
  if (vpc === undefined || vpc.name !== home?.name)
    return `the private endpoint's name is known in VPC ${home?.name} alone: the public endpoint answers here`;
  if (!asksAmazonDns(vpc))
    return `the DHCP options of VPC ${vpc.name} name other DNS servers, which do not know the private endpoint: the public one answers`;
  if (vpc.dnsSupport && vpc.dnsHostnames) return undefined;
  return `the private endpoint needs dnsSupport and dnsHostnames of VPC ${vpc.name}: the public one answers`;
}

function toName(
  world: World,
  word: Word & { is: 'name' },
  from: Sender,
  options: { readonly via?: string | undefined; readonly protocol?: number | undefined },
): Found<Target> {
  const port = word.port === undefined ? undefined : portNumber(word.port);
  if (word.name === INTERNET) {
    const device = deviceNamed(world, 'host', INTERNET);
    if (!device.ok) return device;
    if (Number.isNaN(port)) return badPort(INTERNET);
    return found({
      addresses: [{ address: device.value.address, weight: 1, label: '' }],
      port,
      label: INTERNET,
    });
  }
  if (word.name === API_SERVER)
    return Number.isNaN(port) ? badPort(API_SERVER) : toApiServer(world, from, port ?? 443);
  const balancer = balancerFor(world, word.name, options.via);
  if (balancer.ok && balancer.value) {
    if (Number.isNaN(port)) return badPort(word.name);
    return found({ addresses: balancerAddresses(balancer.value), port, label: word.name });
  }
  if (from.namespace !== undefined && world.cluster) {
    const service = serviceOfName(world.cluster, word.name, from.namespace);
    if (service) return serviceTarget(world, service, word.port, from, options.protocol);
  }
  const builtIn = builtInNamed(world, word.name, from);
  if (builtIn) {
    if (!builtIn.ok) return builtIn;
    return Number.isNaN(port)
      ? badPort(word.name)
      : found({ ...builtIn.value, port: port ?? builtIn.value.port });
  }
  const aws = serviceOfDnsName(word.name);
  if (aws)
    return Number.isNaN(port)
      ? badPort(word.name)
      : awsTarget(world, aws, from, port ?? HTTPS_PORT, word.name);
  return unknownName(world, word.name, from);
}

/** The interfaces of an interface endpoint, by its own name; a gateway endpoint is a route and has no address. */
function toEndpoint(world: World, name: string, from: Sender, port: number): Found<Target> {
  const endpoint = endpointNamed(world, name);
  if (!endpoint.ok) return endpoint;
  const { type, service } = endpoint.value;
  if (type === 'gateway')
    return missing(
      'usage/no-target',
      `endpoint/${name} is a gateway endpoint, which has no address`,
      `trace to its service: aws/${service}`,
    );
  if (endpoint.value.addresses.length === 0)
    return missing('usage/no-target', `endpoint/${name} has no network interface`, 'give it subnets');
  const addresses = addressesOf(endpoint.value, placeOf(world, from)?.az);
  return found({ addresses, port, label: `endpoint/${name}` });
}
