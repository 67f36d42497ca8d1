/** Nodes of a real cluster: the Node object says what Kubernetes knows, the instance where it stands. */
import type { TopologyFile } from '../../world/schema.ts';
import { type Account, all } from '../aws/account.ts';
import { text } from '../aws/resource.ts';
import { branchesOf } from './branches.ts';
import { at, type KubeValue, mapsAt, textAt, type Value } from './values.ts';

interface RealNodes {
  readonly nodes: readonly Value[];
  /** Instance -> name of its node. */
  readonly instances: ReadonlyMap<string, string>;
  /** VPC of the first of them. */
  readonly vpc: string | undefined;
}

export function nodesOf(
  account: Account,
  file: TopologyFile,
  written: readonly KubeValue[],
  pods: readonly KubeValue[],
): RealNodes {
  const { reading } = account;
  const known = new Map((file.instances ?? []).map((instance) => [instance.name, instance]));
  const trunks = trunksOf(account);
  const branches = branchesOf(account, pods);
  const instances = new Map<string, string>();
  const nodes: Value[] = [];
  let vpc: string | undefined;
  for (const node of written) {
    const { name } = node.metadata;
    const id = /^aws:\/\/\/[^/]*\/(i-[^/]+)$/.exec(textAt(node, 'spec', 'providerID') ?? '')?.[1];
    const instance = id === undefined ? undefined : known.get(id);
    const strange = whyLeftOut(node, id, instance !== undefined);
    if (!instance || id === undefined || strange !== undefined) {
      reading.warn(reading.of(node), {
        code: 'eks/node-left-out',
        message: `node ${name} is left out, with its pods: ${strange}`,
      });
      continue;
    }
    vpc ??= instance.vpc;
    instances.set(id, name);
    const own = (instance.interfaces ?? []).map((each): Value => {
      const copy = { ...each, ...(trunks.has(each.name) && { type: 'trunk' }) };
      reading.origins.set(copy, reading.of(each));
      return copy;
    });
    const value: Value = {
      name,
      ...settingsOf(node),
      subnet: instance.subnet,
      securityGroups: instance.securityGroups,
      ...(own.length > 0 && { interfaces: [...own, ...(branches.get(name) ?? [])] }),
    };
    reading.origins.set(value, reading.of(node));
    nodes.push(value);
  }
  return { nodes, instances, vpc };
}

/** Fargate and hybrid nodes are no instances of the account; nodes with Windows have other rules than Linux. */
function whyLeftOut(node: KubeValue, id: string | undefined, described: boolean): string | undefined {
  const provider = textAt(node, 'spec', 'providerID');
  if (id === undefined)
    return provider === undefined ? 'it has no providerID' : `${provider} is no EC2 instance`;
  if (!described) return `no file describes instance ${id}`;
  const os = textAt(node, 'status', 'nodeInfo', 'operatingSystem');
  return os === undefined || os === 'linux' ? undefined : `its operating system is ${os}`;
}

function settingsOf(node: KubeValue): Value {
  const labels = node.metadata.labels ?? {};
  const maxPods = Number(
    textAt(node, 'status', 'allocatable', 'pods') ?? textAt(node, 'status', 'capacity', 'pods'),
  );
  const taints = mapsAt(node, 'spec', 'taints').map(({ key, value, effect }) =>
    value === undefined ? { key, effect } : { key, value, effect },
  );
  const image = textAt(node, 'status', 'nodeInfo', 'osImage') ?? '';
  const type = labels['node.kubernetes.io/instance-type'] ?? labels['beta.kubernetes.io/instance-type'];
  return {
    ...(type !== undefined && { instanceType: type }),
    labels: { ...labels },
    ...(taints.length > 0 && { taints }),
    ...(Number.isInteger(maxPods) && maxPods > 0 && { maxPods }),
    ...(textAt(node, 'spec', 'podCIDR') !== undefined && { podCIDR: at(node, 'spec', 'podCIDR') }),
    ...settingsOfImage(image),
  };
}

/** Names of interfaces and the rules' kernel interface by operating system, as far as they differ from AL2023's. */
function settingsOfImage(image: string): Value {
  if (/^Amazon Linux 2$/.test(image)) return { primaryInterface: 'eth0', iptables: 'legacy' };
  if (/^Bottlerocket/.test(image)) return { primaryInterface: 'eth0' };
  return {};
}

/** Interfaces that carry branches. */
function trunksOf(account: Account): ReadonlySet<string> {
  const found = all(account, 'NetworkInterfaces').flatMap((eni) =>
    text(eni, 'InterfaceType') === 'trunk' ? (text(eni, 'NetworkInterfaceId') ?? []) : [],
  );
  return new Set(found);
}
