/** Finds pods, workloads' pods and devices of a world by name, with the nearest names where there is none. */
import type { Issue } from '../base/issue.ts';
import { suggestion } from '../base/nearest.ts';
import { type Found, found, missing } from './found.ts';
import type { Sender } from './sender.ts';
import { parseWord, type Word, wordKinds } from './words.ts';
import type { ClusterState, EndpointState, PodState, World } from './world.ts';

/** The host that stands for a client on the internet. */
export const INTERNET = 'internet';

/** The Kubernetes API server of an EKS cluster, which AWS runs. */
export const API_SERVER = 'api-server';

export function wordOf(text: string): Found<Word> {
  const word = parseWord(text);
  if (!('fault' in word)) return found(word);
  switch (word.fault) {
    case 'kind':
      return missing(
        'usage/unknown-kind',
        `"${text}": "${word.kind}" is no kind of endpoint`,
        suggestion(word.kind ?? '', wordKinds),
      );
    case 'scheme':
      return missing('usage/unknown-scheme', `"${text}": only http:// and https:// are known`);
    case 'address':
      return missing(
        'usage/bad-address',
        `"${text}" is not an address`,
        text.includes('::')
          ? 'an IPv6 address such as fd00::1, with a port [fd00::1]:443'
          : 'four decimal numbers from 0 to 255, without leading zeros',
      );
    case 'parts':
      return missing(
        'usage/bad-endpoint',
        `"${text}" does not name an object`,
        'KIND/NAMESPACE/NAME, or KIND/NAME in the namespace default',
      );
    default:
      return missing('usage/bad-endpoint', `"${text}" names nothing`);
  }
}

export function unknownName(world: World, name: string, from?: Sender): { ok: false; issue: Issue } {
  const known = [
    INTERNET,
    ...(world.cluster ? [API_SERVER] : []),
    ...(world.cluster?.pods ?? []).map((pod) => `pod/${pod.id}`),
    ...(world.cluster?.services ?? []).map(({ metadata }) => `svc/${metadata.namespace}/${metadata.name}`),
    ...(world.cluster?.nodes ?? []).map((node) => `node/${node.name}`),
    ...world.topology.hosts.map((host) => `host/${host.name}`),
    ...world.topology.onPremises.flatMap(({ hosts }) => hosts.map((host) => `host/${host.name}`)),
    ...world.instances.map((instance) => `instance/${instance.name}`),
  ];
  const where =
    from?.namespace !== undefined
      ? ` does not resolve in namespace ${from.namespace}`
      : ' is no name this topology knows';
  return missing('usage/unknown-name', `"${name}"${where}`, suggestion(name, known));
}

export function podsOf(
  world: World,
  kind: string,
  namespace: string,
  name: string,
): Found<readonly PodState[]> {
  const pods = world.cluster?.pods ?? [];
  if (kind === 'pod') {
    const pod = pods.find((candidate) => candidate.id === `${namespace}/${name}`);
    if (pod) return found([pod]);
    return missing(
      'usage/unknown-name',
      `no pod ${namespace}/${name}`,
      suggestion(
        `${namespace}/${name}`,
        pods.map((candidate) => candidate.id),
      ),
    );
  }
  const owned = pods.filter(
    (candidate) =>
      candidate.pod.metadata.namespace === namespace && isOwnedBy(candidate, kind, name, world.cluster!),
  );
  if (owned.length > 0) return found(owned);
  const names = (world.cluster?.workloads ?? []).map(
    ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
  );
  return missing(
    'usage/unknown-name',
    `no pods of ${kind}/${namespace}/${name}`,
    suggestion(`${namespace}/${name}`, names),
  );
}

const ownerKinds: Readonly<Record<string, string>> = {
  deploy: 'Deployment',
  sts: 'StatefulSet',
  ds: 'DaemonSet',
  rs: 'ReplicaSet',
  job: 'Job',
};

/** A pod's owner is its direct one; a Deployment owns through its ReplicaSet, whose name begins with its own. */
function isOwnedBy(pod: PodState, kind: string, name: string, cluster: ClusterState): boolean {
  const owner = pod.pod.owner;
  if (owner === undefined) return false;
  if (owner === `${ownerKinds[kind]}/${name}`) return true;
  if (kind !== 'deploy' || !owner.startsWith('ReplicaSet/')) return false;
  const replicaSet = owner.slice('ReplicaSet/'.length);
  return (
    replicaSet.slice(0, replicaSet.lastIndexOf('-')) === name &&
    cluster.workloads.some((workload) => workload.kind === 'Deployment' && workload.metadata.name === name)
  );
}

/** A machine or interface by name. */
export interface DeviceFound {
  readonly device: number;
  readonly address: number;
  readonly publicAddress?: number | undefined;
  /** Of a machine outside. */
  readonly ipv6Address?: number | undefined;
  readonly label: string;
  /** Not in any VPC. */
  readonly outside: boolean;
  readonly onPremises?: boolean | undefined;
}

export function endpointNamed(world: World, name: string): Found<EndpointState> {
  const endpoint = world.endpoints.find((candidate) => candidate.name === name);
  if (endpoint) return found(endpoint);
  return missing(
    'usage/unknown-name',
    `no endpoint "${name}"`,
    suggestion(
      name,
      world.endpoints.map((candidate) => candidate.name),
    ),
  );
}

export function deviceNamed(world: World, kind: string, name: string): Found<DeviceFound> {
  const label = `${kind}/${name}`;
  if (kind === 'node') {
    const nodes = world.cluster?.nodes ?? [];
    // A private DNS name may be cut at its first dot, as a prompt shows it.
    const node = nodes.find((candidate) => candidate.name === name || candidate.name.split('.')[0] === name);
    if (node)
      return found({
        device: node.device,
        address: node.address,
        publicAddress: node.publicAddress,
        label,
        outside: false,
      });
    return missing(
      'usage/unknown-name',
      `no node "${name}"`,
      suggestion(
        name,
        nodes.map((candidate) => candidate.name),
      ),
    );
  }
  if (kind === 'host') {
    const host = world.topology.hosts.find((candidate) => candidate.name === name);
    if (host)
      return found({
        device: world.indexOf.get(label)!,
        address: host.address,
        ipv6Address: host.ipv6Address,
        label,
        outside: true,
      });
    const machines = world.topology.onPremises.flatMap(({ hosts }) => hosts);
    const machine = machines.find((candidate) => candidate.name === name);
    if (machine)
      return found({
        device: world.indexOf.get(label)!,
        address: machine.address,
        label,
        outside: true,
        onPremises: true,
      });
    return missing(
      'usage/unknown-name',
      `no host "${name}"`,
      suggestion(
        name,
        [...world.topology.hosts, ...machines].map((candidate) => candidate.name),
      ),
    );
  }
  if (kind === 'instance') return instanceNamed(world, name);
  const eni = world.enis.find((candidate) => candidate.id === name);
  if (!eni)
    return missing(
      'usage/unknown-name',
      `no network interface "${name}"`,
      suggestion(
        name,
        world.enis.map((candidate) => candidate.id),
      ),
    );
  return found({
    device: eni.host,
    address: eni.addresses[0]!.address,
    publicAddress: eni.publicAddress,
    label,
    outside: false,
  });
}

/** An instance by its name, or by its tag `Name` where only one has it. */
function instanceNamed(world: World, name: string): Found<DeviceFound> {
  const tagged = world.topology.instances.filter(({ tags }) => tags.Name === name);
  const ids = new Set([name, ...(tagged.length === 1 ? [tagged[0]!.name] : [])]);
  const instances = world.instances.filter((candidate) => ids.has(candidate.name));
  const instance = instances.find((candidate) => candidate.name === name) ?? instances[0];
  if (instance) {
    const { device, address, publicAddress } = instance;
    return found({ device, address, publicAddress, label: `instance/${name}`, outside: false });
  }
  if (tagged.length > 1)
    return missing(
      'usage/ambiguous-name',
      `${tagged.length} instances have the tag Name "${name}"`,
      `one of ${tagged.map((each) => each.name).join(', ')}`,
    );
  const known = world.topology.instances.flatMap((each) => [each.name, each.tags.Name ?? []].flat());
  return missing('usage/unknown-name', `no instance "${name}"`, suggestion(name, known));
}
