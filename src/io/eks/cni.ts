/** The VPC CNI of a real cluster: the DaemonSet aws-node says which version runs and how it is set. */
import type { Reading } from '../reading.ts';
import { at, type KubeValue, mapsAt, textAt, type Value } from './values.ts';

/** `cni` and `networkPolicy` of the topology file's cluster; nothing where no DaemonSet aws-node is there. */
export function cniOf(reading: Reading, objects: readonly KubeValue[]): Value {
  const daemon = objects.find(
    ({ kind, metadata }) =>
      kind === 'DaemonSet' && metadata?.name === 'aws-node' && metadata.namespace === 'kube-system',
  );
  if (!daemon) return {};
  const containers = mapsAt(daemon, 'spec', 'template', 'spec', 'containers');
  const aws = containers.find(({ name }) => name === 'aws-node');
  const agent = containers.find(({ name }) => name === 'aws-eks-nodeagent');
  const version = /:v?(\d+\.\d+\.\d+)/.exec(textAt(aws, 'image') ?? '')?.[1];
  const env = mapsAt(aws, 'env').flatMap(({ name, value }) =>
    typeof name === 'string' && typeof value === 'string' && value !== '' ? [[name, value] as const] : [],
  );
  const cni: Value = { ...(version !== undefined && { version }), env: Object.fromEntries(env) };
  reading.origins.set(cni, reading.of(daemon));
  reading.origins.set(cni.env as Value, reading.of(daemon));
  const args = at(agent, 'args');
  const enforces = Array.isArray(args) && args.includes('--enable-network-policy=true');
  return { cni, ...(enforces && { networkPolicy: 'aws' }) };
}
