/** Name of the host side of a pod's veth pair (amazon-vpc-cni-k8s pkg/networkutils generateHostVethName). */
import { sha1Hex } from '../api/digest.ts';
import type { CniEnvironment } from './environment.ts';

/** Strict pods of branch ENIs have a prefix of their own, so that rules for "eni+" pass them by (sgpp
 *  BuildHostVethNamePrefix). */
export function vethPrefix(
  env: Pick<CniEnvironment, 'vethPrefix' | 'enforcingMode'>,
  branch: boolean,
): string {
  return branch && env.enforcingMode === 'strict' ? 'vlan' : env.vethPrefix;
}

/** Prefix and the first 11 hex digits of SHA-1("<namespace>.<pod>"), as long as an interface name may be.
 *  @example vethName('eni', 'default', 'nginx') // "enic440f455693" */
export function vethName(prefix: string, namespace: string, pod: string): string {
  return prefix + sha1Hex(`${namespace}.${pod}`).slice(0, 11);
}
