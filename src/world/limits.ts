/** What a cluster uses that is not modelled: named once as a warning, and where it could change the fate of a packet it
 *  makes the paths that meet it undetermined. */
import { cidr } from '../addressing/cidr.ts';
import type { KubeObjects } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import type { Absent } from '../host/rules.ts';
import type { ClusterSpec } from './topology.ts';

export interface Limits {
  /** Of every node. */
  readonly nodes: readonly Absent[];
  /** Of every pod. */
  readonly pods: readonly Absent[];
  readonly warnings: readonly Issue[];
}

const everywhere = cidr('0.0.0.0/0');

/** Prefix delegation gives pods other addresses of the same interfaces: what happens to their packets is the same. */
const HARMLESS_SETTINGS: ReadonlySet<string> = new Set(['ENABLE_PREFIX_DELEGATION']);

export function limitsOf(cluster: ClusterSpec, env: CniEnvironment, objects: KubeObjects): Limits {
  const policies = objects.ignored.find(({ kind }) => kind === 'NetworkPolicy')?.count ?? 0;
  const { mode } = cluster.kubeProxy;
  const settings = env.notModelled.filter((name) => !HARMLESS_SETTINGS.has(name));
  const enforced = cluster.networkPolicy !== 'none' && policies > 0;
  const warn = (code: string, message: string, hint?: string): Issue => ({
    severity: 'warning',
    code,
    message,
    hint,
  });
  return {
    nodes: [
      ...(mode === 'iptables' ? [] : [{ what: `kube-proxy in ${mode} mode`, to: cluster.serviceCidr }]),
      ...settings.map((name) => ({ what: `the VPC CNI with ${name}`, to: everywhere })),
    ],
    pods: enforced
      ? [
          {
            what: `NetworkPolicy (${policies} in the manifests, enforcer ${cluster.networkPolicy})`,
            to: everywhere,
          },
        ]
      : [],
    warnings: [
      ...(mode === 'iptables'
        ? []
        : [
            warn(
              'cluster/not-modelled',
              `kube-proxy in ${mode} mode is not modelled: traces to Services are undetermined`,
            ),
          ]),
      ...env.notModelled.map((name) =>
        warn(
          'cluster/not-modelled',
          HARMLESS_SETTINGS.has(name)
            ? `${name} is not modelled: pods get single addresses, and how many fit on a node is not right`
            : `${name} is not modelled: traces through nodes are undetermined`,
        ),
      ),
      ...(enforced
        ? [
            warn(
              'cluster/not-modelled',
              `NetworkPolicy is not modelled: with ${policies} in the manifests, traces of pods are undetermined`,
            ),
          ]
        : []),
      ...(policies > 0 && !enforced
        ? [
            warn(
              'cluster/policy-not-enforced',
              `${policies} NetworkPolicy ${policies === 1 ? 'exists' : 'objects exist'} and nothing enforces ${policies === 1 ? 'it' : 'them'}: every packet passes`,
              'cluster.networkPolicy says which enforcer runs',
            ),
          ]
        : []),
    ],
  };
}
