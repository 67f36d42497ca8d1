/** The rules that the kernel of a host holds, found by the host's name. */
import type { Issue } from '../base/issue.ts';
import { suggestion } from '../base/nearest.ts';
import type { HostDump, IpSetSource, TableSource } from '../host/rules.ts';
import type { World } from './world.ts';

export interface HeldRules {
  /** "node/node-1". */
  readonly host: string;
  readonly tables: readonly TableSource[];
  readonly sets: readonly IpSetSource[];
}

/** `name` is that of a node, or `node/NAME`, `pod/NAMESPACE/NAME`, `instance/NAME`. */
export function heldRules(world: World, name: string): HeldRules | { readonly issue: Issue } {
  const hosts = hostsOf(world);
  const wanted = name.includes('/') ? name : `node/${name}`;
  const found = hosts.get(wanted) ?? hosts.get(wanted.replace('pod/', 'pod/default/'));
  if (found) return found();
  const short = [...hosts.keys()].find((host) => host.startsWith('node/') && host.split('.')[0] === wanted);
  if (short !== undefined) return hosts.get(short)!();
  const known = [...hosts.keys()].map((host) => (name.includes('/') ? host : host.replace('node/', '')));
  return {
    issue: {
      severity: 'error',
      code: 'usage/unknown-name',
      message: `no ${name.includes('/') ? 'host' : 'node'} "${name}"`,
      hint: suggestion(name, name.includes('/') ? known : known.filter((host) => !host.includes('/'))),
    },
  };
}

function hostsOf({ cluster, topology }: World): ReadonlyMap<string, () => HeldRules> {
  const hosts = new Map<string, () => HeldRules>();
  for (const { name, rules } of cluster?.nodes ?? []) {
    const host = `node/${name}`;
    hosts.set(host, () => ({ host, tables: [...rules.shared, ...rules.own], sets: rules.sets }));
  }
  for (const { id, pod, node, dump } of cluster?.pods ?? [])
    hosts.set(
      `pod/${id}`,
      (pod.spec.hostNetwork && hosts.get(`node/${node}`)) || (() => ofDump(`pod/${id}`, dump)),
    );
  for (const { name, rules } of topology.instances)
    hosts.set(`instance/${name}`, () => ofDump(`instance/${name}`, rules));
  return hosts;
}

const ofDump = (host: string, dump: HostDump | undefined): HeldRules => ({
  host,
  tables: dump?.tables ?? [],
  sets: dump?.sets ?? [],
});
