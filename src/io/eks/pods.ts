/** Pods of a real cluster: those that live, and where each of them is. */

import { contains, parseCidr } from '../../addressing/cidr.ts';
import { parseIpv4 } from '../../addressing/ip.ts';
import type { TopologyFile } from '../../world/schema.ts';
import type { LoadedDocument } from '../files.ts';
import { itemsOf } from '../kubernetes/manifests.ts';
import { isMap } from '../members.ts';
import type { Reading } from '../reading.ts';
import { at, type KubeValue, textAt, type Value } from './values.ts';

/** Pods that have ended hold no address any more; their status still shows it. */
const ENDED: readonly unknown[] = ['Succeeded', 'Failed'];

export function keepLivingPods(pods: readonly KubeValue[]): readonly KubeValue[] {
  return pods.filter((pod) => !hasEnded(pod));
}

function hasEnded(value: Value): boolean {
  return value.kind === 'Pod' && ENDED.includes(at(value, 'status', 'phase'));
}

/** The manifests of a real cluster without the pods that have ended, and without those of nodes that are left out; all
 *  of them where controllers run. */
export function livingManifests(
  manifests: readonly LoadedDocument[],
  { cluster }: TopologyFile,
): readonly LoadedDocument[] {
  if (cluster?.controllers !== false) return manifests;
  const nodes = new Set((cluster.nodes ?? []).map(({ name }) => name));
  const unwanted = (value: Value): boolean => {
    const node = value.kind === 'Pod' ? textAt(value, 'spec', 'nodeName') : undefined;
    return hasEnded(value) || (node !== undefined && !nodes.has(node));
  };
  return manifests.filter(({ value }) => {
    if (Array.isArray(value.items)) {
      itemsOf(value);
      value.items = value.items.filter((item) => !isMap(item) || !unwanted(item));
      return true;
    }
    return !unwanted(value);
  });
}

/** Node and address of every pod that has a node; those of the host's network have the node's address. */
export function placementsOf(
  reading: Reading,
  nodes: readonly Value[],
  pods: readonly KubeValue[],
): readonly Value[] {
  const held = new Map(nodes.map(({ name, interfaces }) => [name as string, holderOf(interfaces)]));
  return pods.flatMap((pod): Value[] => {
    const node = textAt(pod, 'spec', 'nodeName');
    const holds = node === undefined ? undefined : held.get(node);
    if (node === undefined || !holds) return [];
    const name = `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`;
    const own = at(pod, 'spec', 'hostNetwork') === true ? undefined : textAt(pod, 'status', 'podIP');
    const good = own !== undefined && holds(own);
    if (own !== undefined && !good)
      reading.warn(reading.of(pod), {
        code: 'eks/address-not-on-node',
        message: `no interface of node ${node} holds ${own}, the address of pod ${name}: it is taken to have none`,
        hint: 'collect the dumps of AWS and of the cluster at the same time',
      });
    const value: Value = { pod: name, node, ...(good && { address: own }) };
    reading.origins.set(value, reading.of(pod));
    return [value];
  });
}

/** Whether a node's interfaces hold an address for pods; anything is taken where they are not known. */
function holderOf(interfaces: unknown): (address: string) => boolean {
  if (!Array.isArray(interfaces)) return () => true;
  const singles = new Set<string>();
  const blocks: string[] = [];
  for (const each of interfaces.filter(isMap)) {
    const addresses = (each.addresses ?? []) as string[];
    for (const address of each.type === 'branch' ? addresses : addresses.slice(1)) singles.add(address);
    blocks.push(...((each.prefixes ?? []) as string[]));
  }
  const prefixes = blocks.flatMap((block) => {
    const parsed = parseCidr(block);
    return 'fault' in parsed ? [] : [parsed];
  });
  return (text) => {
    const address = parseIpv4(text);
    return singles.has(text) || (address !== undefined && prefixes.some((block) => contains(block, address)));
  };
}
