/** Pods with host ports, for which portmap writes rules on their nodes. */
import type { CniEnvironment } from '../cni/environment.ts';
import type { MappedPod } from '../cni/port-map.ts';
import { hostPortsOf } from '../kube/host-ports.ts';
import { type AddressedPod, vethOf } from './pod-addresses.ts';

export interface PortedPod extends MappedPod {
  /** The host side of its pair. */
  readonly veth: string;
}

/** By node: the pods that have a network of their own and host ports, in the order in which they got it. */
export function mappedPods(
  pods: readonly AddressedPod[],
  env: CniEnvironment,
): ReadonlyMap<string, readonly PortedPod[]> {
  const byNode = new Map<string, PortedPod[]>();
  for (const each of pods) {
    const { pod, node, address } = each;
    const ports = pod.spec.hostNetwork ? [] : hostPortsOf(pod.spec);
    if (node === undefined || address === undefined || ports.length === 0) continue;
    const { namespace, name } = pod.metadata;
    const list = byNode.get(node.name) ?? [];
    list.push({ namespace, name, address, ports, veth: vethOf(each, env), origin: pod.origin });
    byNode.set(node.name, list);
  }
  return byNode;
}

/** portmap lets loopback through to a pod with host ports. */
export function portSysctls(pods: readonly PortedPod[]): Record<string, string> {
  return Object.fromEntries(pods.map(({ veth }) => [`net.ipv4.conf.${veth}.route_localnet`, '1']));
}
