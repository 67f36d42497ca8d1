/** Pods with host ports, for which portmap writes rules on their nodes. */
import type { MappedPod } from '../cni/port-map.ts';
import { vethName } from '../cni/veth-name.ts';
import { hostPortsOf } from '../kube/host-ports.ts';
import type { AddressedPod } from './pod-addresses.ts';

/** By node: the pods that have a network of their own and host ports, in the order in which they got it. */
export function mappedPods(pods: readonly AddressedPod[]): ReadonlyMap<string, readonly MappedPod[]> {
  const byNode = new Map<string, MappedPod[]>();
  for (const { pod, node, address } of pods) {
    const ports = pod.spec.hostNetwork ? [] : hostPortsOf(pod.spec);
    if (node === undefined || address === undefined || ports.length === 0) continue;
    const { namespace, name } = pod.metadata;
    const list = byNode.get(node.name) ?? [];
    list.push({ namespace, name, address, ports, origin: pod.origin });
    byNode.set(node.name, list);
  }
  return byNode;
}

/** portmap lets loopback through to a pod with host ports. */
export function portSysctls(vethPrefix: string, pods: readonly MappedPod[]): Record<string, string> {
  return Object.fromEntries(
    pods.map(({ namespace, name }) => [
      `net.ipv4.conf.${vethName(vethPrefix, namespace, name)}.route_localnet`,
      '1',
    ]),
  );
}
