/** A cluster as `kubectl get -o json` and `aws eks describe-cluster` show it, beside dumps of its account: instances that
 *  are nodes become nodes with the interfaces they have, pods keep node and address, and nothing is made a second time. */
import type { TopologyFile } from '../../world/schema.ts';
import type { Account } from '../aws/account.ts';
import type { Inventory } from '../aws/inventory.ts';
import type { LoadedDocument } from '../files.ts';
import { itemsOf } from '../kubernetes/manifests.ts';
import { isMap } from '../members.ts';
import { mergeMaps } from '../merge.ts';
import type { Reading } from '../reading.ts';
import { clusterOf, controlPlaneOf } from './cluster.ts';
import { cniOf } from './cni.ts';
import { nodesOf } from './nodes.ts';
import { keepLivingPods, placementsOf } from './pods.ts';
import { type KubeValue, kindIs, type Value } from './values.ts';

/** The file with its cluster, and with what belongs to the cluster taken out of the account's own lists. Unchanged where
 *  the manifests hold no node of EC2 that the dumps describe. */
export function withRealCluster(
  reading: Reading,
  file: TopologyFile,
  manifests: readonly LoadedDocument[],
  inventory: Inventory,
): TopologyFile {
  const objects = manifests.flatMap(({ value }) => itemsOf(value)).filter(isMap) as KubeValue[];
  const written = objects.filter(kindIs('Node'));
  if (written.length === 0) return file;
  const account: Account = { reading, inventory };
  const living = keepLivingPods(objects.filter(kindIs('Pod')));
  const { nodes, instances, vpc } = nodesOf(account, file, written, living);
  if (vpc === undefined) return file;
  const home = file.vpcs?.find(({ name }) => name === vpc);
  const told = clusterOf(account, objects, vpc, home);
  const cluster: Value = {
    ...told,
    ...cniOf(reading, objects),
    nodes,
    placements: placementsOf(reading, nodes, living),
    controllers: false,
    loadBalancerController: false,
    ...controlPlaneOf(reading, home, told.name as string),
  };
  reading.origins.set(cluster, reading.of(written[0]!));
  takeOut(file, nodes, cluster, instances);
  nameObjects(file, objects);
  const based = { cluster };
  reading.origins.set(based, reading.of(written[0]!));
  return mergeMaps(reading, based, file as Value) as TopologyFile;
}

/** Of the account's own lists: instances that are nodes, interfaces that are the cluster's. */
function takeOut(
  file: TopologyFile,
  nodes: readonly Value[],
  cluster: Value,
  instances: ReadonlyMap<string, string>,
): void {
  const own = new Set(
    [...nodes, (cluster.controlPlane ?? {}) as Value].flatMap(({ interfaces }) =>
      ((interfaces ?? []) as Value[]).map(({ name }) => name as string),
    ),
  );
  const primary = new Map(
    (file.instances ?? []).map(({ name, interfaces }) => [name, interfaces?.[0]?.name ?? name]),
  );
  drop(file, 'instances', ({ name }) => instances.has(name as string));
  for (const vpc of file.vpcs ?? []) {
    drop(vpc, 'interfaces', ({ name }) => own.has(name as string));
    for (const { targetGroups = [] } of vpc.loadBalancers ?? [])
      for (const { targets } of targetGroups)
        for (const target of Array.isArray(targets) ? (targets as Value[]) : []) {
          const node = instances.get(target.instance as string);
          if (node !== undefined) target.instance = node;
        }
    for (const { routes = [] } of vpc.routeTables ?? [])
      for (const route of routes as Value[])
        if (instances.has(route.via as string)) route.via = primary.get(route.via as string);
  }
}

/** Takes members out of a list in place, so that those that stay keep their origins. */
function drop(container: object, key: string, unwanted: (item: Value) => boolean): void {
  const list = (container as Value)[key];
  if (Array.isArray(list)) (container as Value)[key] = list.filter((item) => !unwanted(item as Value));
}

/** Which Service or Ingress each load balancer is for: its status has the DNS name. */
function nameObjects(file: TopologyFile, objects: readonly KubeValue[]): void {
  const served = new Map<string, string>();
  for (const object of objects) {
    if (object.kind !== 'Service' && object.kind !== 'Ingress') continue;
    const { namespace = 'default', name } = object.metadata;
    const status =
      isMap(object.status) && isMap(object.status.loadBalancer) ? object.status.loadBalancer : {};
    const { ingress } = status as Value;
    for (const entry of Array.isArray(ingress) ? ingress : [])
      if (isMap(entry) && typeof entry.hostname === 'string')
        served.set(entry.hostname.toLowerCase(), `${object.kind.toLowerCase()}/${namespace}/${name}`);
  }
  for (const { loadBalancers = [] } of file.vpcs ?? [])
    for (const balancer of loadBalancers as Value[]) {
      const found = served.get(String(balancer.dnsName ?? '').toLowerCase());
      if (balancer.for === undefined && found !== undefined) balancer.for = found;
    }
}
