/** Names the controller gives to what it makes (buildLoadBalancerName, buildTargetGroupName,
 *  buildManagedSecurityGroupName, getBackendSGName), and the DNS names AWS gives to load balancers.
 *  Where the controller hashes a Service's uid, which a manifest does not have, namespace/name stands for it. */
import { sha256 } from '../api/digest.ts';

/** The digest in hexadecimal digits. */
function hex(text: string): string {
  return [...sha256(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function alphanumeric(text: string, length: number): string {
  return text.replace(/[^0-9A-Za-z]/g, '').slice(0, length);
}

/** `k8s-<namespace, 8>-<name, 8>-<hash, 10>`; the hash runs over the parts without a separator. */
export function objectName(namespace: string, name: string, hashed: readonly string[]): string {
  return `k8s-${alphanumeric(namespace, 8)}-${alphanumeric(name, 8)}-${hex(hashed.join('')).slice(0, 10)}`;
}

/** `k8s-<group, 17>-<hash, 10>`: for an Ingress group that has a name of its own. */
export function groupedName(group: string, hashed: readonly string[]): string {
  return `k8s-${alphanumeric(group, 17)}-${hex(hashed.join('')).slice(0, 10)}`;
}

export function backendGroupName(cluster: string): string {
  return `k8s-traffic-${alphanumeric(cluster, 232)}-${hex(cluster).slice(0, 10)}`;
}

/** AWS chooses the number at random; here it follows from the name. An NLB has no `internal-` prefix. */
export function dnsName(kind: 'alb' | 'nlb', name: string, internal: boolean, region: string): string {
  const digest = hex(name);
  if (kind === 'nlb') return `${name}-${digest.slice(0, 16)}.elb.${region}.amazonaws.com`.toLowerCase();
  const number = 1_000_000_000 + (Number.parseInt(digest.slice(0, 8), 16) % 1_000_000_000);
  return `${internal ? 'internal-' : ''}${name}-${number}.${region}.elb.amazonaws.com`.toLowerCase();
}
