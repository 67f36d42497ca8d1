/** Stratum: the dumps that a topology gives for its hosts, in place of what the model would write. */
import type { Issue } from '../base/issue.ts';
import { suggestion } from '../base/nearest.ts';
import type { Locate } from '../base/origin.ts';
import type { HostDump, IpRoute, TableSource } from '../host/rules.ts';
import type { ClusterSpec, DumpSpec } from './cluster-spec.ts';
import type { NodeRules } from './host-rules.ts';
import type { SizedNode } from './placement.ts';
import type { AddressedPod } from './pod-addresses.ts';

export interface HostDumpPlan {
  /** By name of the node. */
  readonly nodes: ReadonlyMap<string, HostDump>;
  /** By `namespace/name` of the pod. */
  readonly pods: ReadonlyMap<string, HostDump>;
  /** Errors and warnings. */
  readonly issues: readonly Issue[];
}

export function planDumps(
  { nodeRules, podRules }: ClusterSpec,
  nodes: readonly SizedNode[],
  pods: readonly AddressedPod[],
  locate: Locate,
): HostDumpPlan {
  const issues: Issue[] = [];
  const nodeDumps = new Map<string, HostDump>();
  for (const spec of nodeRules) {
    const node = nodes.find(({ name }) => name === spec.name || name.split('.')[0] === spec.name);
    if (node) nodeDumps.set(node.name, spec.dump);
    else
      issues.push(
        unknown(
          spec,
          'node',
          nodes.map(({ name }) => name),
          locate,
        ),
      );
  }
  const podDumps = new Map<string, HostDump>();
  for (const spec of podRules) {
    const named = pods.filter((pod) => pod.id === spec.name || ownerOf(pod) === spec.name);
    if (named.length === 0)
      issues.push(
        unknown(
          spec,
          'pod',
          pods.map(({ id }) => id),
          locate,
        ),
      );
    else if (named.some(({ pod }) => pod.spec.hostNetwork))
      issues.push({
        severity: 'error',
        code: 'topology/host-network-rules',
        at: locate(spec.origin),
        message: `${spec.name} is in the network namespace of its node`,
        hint: 'give its rules with nodeRules',
      });
    else for (const { id, address } of named) if (address !== undefined) podDumps.set(id, spec.dump);
  }
  return { nodes: nodeDumps, pods: podDumps, issues };
}

/** `namespace/name` of the controller, a Deployment's for pods of its ReplicaSets. */
function ownerOf({ pod }: AddressedPod): string | undefined {
  const [kind, name] = pod.owner?.split('/') ?? [];
  if (name === undefined) return undefined;
  const plain = kind === 'ReplicaSet' ? name.slice(0, name.lastIndexOf('-')) : name;
  return `${pod.metadata.namespace}/${plain}`;
}

function unknown(spec: DumpSpec, what: string, known: readonly string[], locate: Locate): Issue {
  return {
    severity: 'error',
    code: 'topology/unknown-reference',
    at: locate(spec.origin),
    message: `rules are given for ${what} ${JSON.stringify(spec.name)}, which does not exist`,
    hint: suggestion(spec.name, known),
  };
}

/** The rules of a host: the dump's tables in place of the model's of the same kind. */
export function rulesWith(model: NodeRules, dump: HostDump | undefined): NodeRules {
  if (dump === undefined) return model;
  const { tables = [], sets = model.sets } = dump;
  const stays = (source: TableSource): boolean => !isReplaced(source, dump);
  const shared = model.shared.filter(stays);
  return {
    ...model,
    // A list of its own makes a host share nothing; the dump's as it is lets pods with one dump share what it becomes.
    shared: shared.length === 0 ? tables : [...shared, ...tables],
    own: model.own.filter(stays),
    sets,
  };
}

const isNftables = (table: TableSource['table']): boolean => table.includes(' ');

function isReplaced(source: TableSource, { tables = [], listed, nftables }: HostDump): boolean {
  if (isNftables(source.table)) return nftables === true;
  const family = source.family ?? 'IPv4';
  if (tables.some(({ table }) => table === `${family === 'IPv4' ? 'ip' : 'ip6'} ${source.table}`))
    return true;
  const given = tables.filter(
    ({ table, ...other }) => !isNftables(table) && (other.family ?? 'IPv4') === family,
  );
  return listed ? given.some(({ table }) => table === source.table) : given.length > 0;
}

/** `ip route show table all` of a host with a dump. */
export function routesWith(model: readonly IpRoute[], dump: HostDump | undefined): readonly IpRoute[] {
  const { ipRoutes, routeTables } = dump ?? {};
  if (!ipRoutes) return model;
  if (!routeTables) return ipRoutes;
  return [...model.filter(({ table }) => !routeTables.includes(table)), ...ipRoutes];
}

const listed = (names: readonly string[]): string =>
  names.slice(0, 3).join(', ') + (names.length > 3 ? `, ... (${names.length})` : '');

/** What does not fit between a dump and the host it is for: names of interfaces, tables that are not there. */
export function dumpWarnings(host: string, dump: HostDump, interfaces: readonly string[]): readonly Issue[] {
  const issues: Issue[] = [];
  const warn = (code: string, message: string, hint?: string): void => {
    issues.push({ severity: 'warning', code, message, ...(hint !== undefined && { hint }) });
  };
  const isNode = host.startsWith('node/');
  const primary = interfaces[1]!;
  const other = primary === 'ens5' ? 'eth0' : 'ens5';
  const names = dump.interfaces ?? [];
  if (!host.startsWith('pod/') && names.includes(other) && !names.includes(primary))
    warn(
      'dump/interface-names',
      `the dump of ${host} names ${other}, and the model calls its primary interface ${primary}`,
      `write primaryInterface: ${other}`,
    );
  const lost = [...new Set((dump.ipRoutes ?? []).map(({ dev }) => dev))].filter(
    (dev) => dev !== '' && !interfaces.includes(dev),
  );
  if (lost.length > 0)
    warn(
      'dump/no-interface',
      `the dump of ${host} has routes by ${listed(lost)}, which the model's host does not have: paths that take them are undetermined`,
      lost.some((dev) => dev.startsWith('eni'))
        ? 'an eni... name is made of the namespace and name of its pod: pin pods as the real cluster has them'
        : undefined,
    );
  const strange = names.filter((name) => !interfaces.includes(name) && !/[+*]$/.test(name) && name !== other);
  if (!dump.ipRoutes && strange.length > 0)
    warn(
      'dump/no-routes',
      `rules of ${host} name ${listed(strange)}, which the model's host does not have, and no dump says where routes lead`,
      'add the output of ip route show table all',
    );
  if (dump.tables?.some(({ chains }) => chains.some(({ name }) => name.startsWith('CILIUM_'))))
    warn(
      'dump/ebpf',
      `the dump of ${host} has chains of Cilium, whose datapath is in programs of eBPF that no dump shows`,
      'where Cilium runs, what is traced here is not what happens',
    );
  const saved = (dump.tables ?? []).filter(({ table }) => !isNftables(table)).map(({ table }) => table);
  const missing = (['nat', 'filter'] as const).filter((table) => !saved.includes(table));
  if (isNode && !dump.listed && saved.length > 0 && missing.length > 0)
    warn(
      'dump/no-table',
      `the dump of ${host} has no table ${missing.join(' and none ')}: it is taken to be empty`,
      'iptables-save without -t prints all tables',
    );
  return issues;
}
