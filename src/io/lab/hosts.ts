/** The namespaces of a lab that are Linux in the model too: nodes, pods and instances, as their records have them. */
import { formatIpv4 } from '../../addressing/ip.ts';
import type { LinuxHost } from '../../host/linux-record.ts';
import type { IpRoute, IpRule, IpSetSource, TableSource } from '../../host/rules.ts';
import { sysctlsOf } from '../../host/sysctls.ts';
import type { World } from '../../world/world.ts';
import type { LabLink, LabNamespace } from './plan.ts';

const kinds: ReadonlySet<string> = new Set(['node', 'pod', 'instance']);

/** Every host of the world that runs as Linux does. */
export function linuxHosts(world: World): LinuxHost[] {
  // A device of these kinds has the record of a Linux host: world/devices.ts.
  return world.devices.filter(({ kind }) => kinds.has(kind)) as LinuxHost[];
}

/** The rules that a new namespace has. */
const kernelRules: readonly (readonly [priority: number, table: string])[] = [
  [0, 'local'],
  [32766, 'main'],
  [32767, 'default'],
];

const isKernels = (rule: IpRule): boolean =>
  kernelRules.some(([priority, table]) => rule.priority === priority && rule.table === table) &&
  rule.from === undefined &&
  rule.to === undefined &&
  rule.fwmark === undefined &&
  rule.iif === undefined;

/** What is loaded into a host's kernel. */
export interface LoadedRules {
  readonly tables: readonly TableSource[];
  readonly sets: readonly IpSetSource[];
}

/** The namespace of a host. `links` are all of the lab, in which it finds the neighbours it has to know. */
export function hostNamespace(
  host: LinuxHost,
  names: { readonly name: string; readonly folder: string },
  links: readonly LabLink[],
  { tables, sets }: LoadedRules,
): LabNamespace {
  const own = new Set(host.interfaces.flatMap(({ addresses }) => addresses));
  const has = new Set(host.interfaces.map(({ name }) => name));
  const { rules, routes } = host.routing;
  const missing = kernelRules.filter(
    ([priority, table]) =>
      !rules.some((rule) => isKernels(rule) && rule.priority === priority && rule.table === table),
  );
  const first = host.interfaces.find(({ addresses }) => addresses.length > 0)?.addresses[0];
  return {
    ...names,
    device: `${host.kind}/${host.id}`,
    label: `${host.kind} ${host.id}${first === undefined ? '' : `, ${formatIpv4(first)}`}`,
    addresses: host.interfaces.flatMap(({ name, addresses }) =>
      addresses.map((address) => ({ dev: name, address })),
    ),
    rules: rules.filter((rule) => !isKernels(rule)),
    missingRules: missing.map(([priority, table]) => ({ priority, table, origin: host.origin })),
    // A dump may have routes by interfaces that only the real host has.
    routes: routes.filter(
      (route) => !comesWithAddress(route, own) && (route.dev === '' || has.has(route.dev)),
    ),
    neighbours: host.kind === 'pod' ? gateways(host, names.name, links) : [],
    sysctls: sysctlsOf(host),
    tables: host.netfilter === null ? null : tables,
    sets,
    listening: host.listening.map(({ protocol, port }) => ({ protocol, port })),
  };
}

/** The kernel fills these in as an address is added. */
function comesWithAddress({ table, type, to }: IpRoute, own: ReadonlySet<number>): boolean {
  return (
    table === 'local' &&
    (type === 'local' || type === 'broadcast') &&
    (to.base >>> 24 === 127 || (to.length === 32 && own.has(to.base)))
  );
}

/** The CNI gives a pod a permanent entry for its gateway: nobody would answer for it. */
function gateways(host: LinuxHost, namespace: string, links: readonly LabLink[]): LabNamespace['neighbours'] {
  return host.routing.routes.flatMap(({ via, dev }) => {
    if (via === undefined) return [];
    const link = links.find(({ a }) => a.namespace === namespace && a.dev === dev);
    return link ? [{ dev, address: via, mac: link.b.mac }] : [];
  });
}
