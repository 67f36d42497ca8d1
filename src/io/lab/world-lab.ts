/** Plans the lab of a world. */
import type { LinuxHost } from '../../host/linux-record.ts';
import type { World } from '../../world/world.ts';
import { fabric, type Ground, link, newNamespace } from './fabric.ts';
import { hostNamespace, type LoadedRules, linuxHosts } from './hosts.ts';
import { leftOut } from './left-out.ts';
import { LabNames, plainName } from './names.ts';
import type { Lab } from './plan.ts';

export interface LabOptions {
  /** What the names of all namespaces begin with. Default: `vpcsim-` and the topology's name. */
  readonly prefix?: string | undefined;
}

/** The namespaces, links, routes and rules that stand for this world. */
export function labOf(world: World, options: LabOptions = {}): Lab {
  const title = world.topology.name;
  const ground: Ground = {
    names: new LabNames(),
    prefix: plainName(options.prefix ?? `vpcsim-${title}`),
    links: [],
  };
  const hosts = linuxHosts(world);
  const namesOf = new Map(
    hosts.map((host) => [host.index, newNamespace(ground, host.kind, ...host.id.split('/'))]),
  );
  const between = fabric(world, ground, ({ device, host }) => {
    const names = namesOf.get(host);
    const own = hosts.find(({ index }) => index === host)?.interfaces.find(({ peer }) => peer === device);
    return names && own && { namespace: names.name, dev: own.name };
  });
  for (const pod of hosts) wirePod(pod, hosts, namesOf, ground);
  return {
    title,
    prefix: ground.prefix,
    namespaces: [
      ...between,
      ...hosts.map((host) =>
        hostNamespace(host, namesOf.get(host.index)!, ground.links, rulesOf(world, host)),
      ),
    ],
    links: ground.links,
    leftOut: leftOut(world),
  };
}

/** A pod's interface and the host side of its pair. */
function wirePod(
  pod: LinuxHost,
  hosts: readonly LinuxHost[],
  namesOf: ReadonlyMap<number, { readonly name: string }>,
  ground: Ground,
): void {
  if (pod.kind !== 'pod') return;
  for (const { name, peer, peerPort } of pod.interfaces) {
    const node = hosts.find(({ index }) => index === peer);
    if (!node) continue;
    link(
      ground,
      { namespace: namesOf.get(pod.index)!.name, dev: name },
      { namespace: namesOf.get(node.index)!.name, dev: node.interfaces[peerPort]!.name },
    );
  }
}

/** The rules of a host, where they come from: the model's for a node, else a dump's. */
function rulesOf({ cluster, topology }: World, host: LinuxHost): LoadedRules {
  if (host.kind === 'node') {
    const { shared, own, sets } = cluster!.nodes.find(({ device }) => device === host.index)!.rules;
    return { tables: [...shared, ...own], sets };
  }
  const dump =
    host.kind === 'pod'
      ? topology.cluster?.podRules.find(({ name }) => name === host.id)?.dump
      : topology.instances.find(({ name }) => name === host.id)?.rules;
  return { tables: dump?.tables ?? [], sets: dump?.sets ?? [] };
}
