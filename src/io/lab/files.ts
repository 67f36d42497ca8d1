/** Writes a lab as files: scripts that build it and take it down, and for each namespace what is loaded into it.
 *  Needs root, bash, iproute2 and iptables (nft where a host has tables of nftables). */
import { formatIpv4 } from '../../addressing/ip.ts';
import { isIpv6 } from '../../addressing/ip6.ts';
import { printIpRoute, printIpRule } from '../../host/routing/routing-text.ts';
import type { IpRoute, IpRule, TableSource } from '../../host/rules.ts';
import { saveText } from '../../host/save/iptables.ts';
import { nftText } from '../../host/save/nft.ts';
import { setsText } from '../../host/save/sets.ts';
import type { Lab, LabNamespace } from './plan.ts';
import { readme } from './readme.ts';

export interface LabFile {
  /** Relative, with `/` between the parts. */
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

/** All files of a lab, in the order in which they are read. */
export function labFiles(lab: Lab): LabFile[] {
  const plain = (path: string, text: string): LabFile => ({ path, text, executable: false });
  return [
    { path: 'up.sh', text: upScript(lab), executable: true },
    { path: 'down.sh', text: downScript(lab), executable: true },
    plain('README.md', readme(lab)),
    plain('links', linkBatch(lab)),
    ...lab.namespaces.flatMap((namespace) => {
      const { folder, sysctls, sets, tables } = namespace;
      return [
        plain(`${folder}/sysctl`, lines(sysctls.map(([path, value]) => `${path} ${value}`))),
        plain(`${folder}/ip`, ipBatch(namespace, lab)),
        ...(sets.length > 0 ? [plain(`${folder}/ipset`, setsText(sets))] : []),
        ...(namespace.restore ? [plain(`${folder}/iptables`, namespace.restore)] : []),
        ...(tables ? ruleFiles(folder, tables).map(([path, text]) => plain(path, text)) : []),
      ];
    }),
  ];
}

const lines = (all: readonly string[]): string => (all.length === 0 ? '' : `${all.join('\n')}\n`);

/** What iptables-restore, ip6tables-restore and nft -f read; nothing for what has no tables. */
function ruleFiles(folder: string, tables: readonly TableSource[]): [path: string, text: string][] {
  const files: [string, string][] = [
    [`${folder}/iptables`, saveText(tables)],
    [`${folder}/ip6tables`, saveText(tables, 'IPv6')],
    [`${folder}/nftables`, nftText(tables)],
  ];
  return files.filter(([, text]) => text !== '');
}

/** For `ip -batch`: every pair is made right where its ends belong. */
function linkBatch({ links }: Lab): string {
  return lines(
    links.map(
      ({ a, b }) =>
        `link add name ${a.dev} netns ${a.namespace} address ${a.mac} type veth peer name ${b.dev} netns ${b.namespace} address ${b.mac}`,
    ),
  );
}

/** For `ip -batch` inside the namespace. */
function ipBatch(namespace: LabNamespace, { links }: Lab): string {
  const devs = links
    .flatMap(({ a, b }) => [a, b])
    .filter((end) => end.namespace === namespace.name)
    .map(({ dev }) => dev);
  return lines([
    ...['lo', ...devs].map((dev) => `link set dev ${dev} up`),
    ...namespace.addresses.map(
      ({ dev, address }) => `address add ${formatIpv4(address)}/${isIpv6(address) ? 128 : 32} dev ${dev}`,
    ),
    ...namespace.neighbours.map(
      ({ dev, address, mac }) =>
        `neighbour add ${formatIpv4(address)} lladdr ${mac} dev ${dev} nud permanent`,
    ),
    ...[...namespace.routes].sort(gatewaysLast).map(routeLine),
    ...namespace.rules.map(ruleLine),
    // Last, since without it nothing else is found.
    ...namespace.missingRules.map(({ priority }) => `rule delete pref ${priority}`),
  ]);
}

const gatewaysLast = (a: IpRoute, b: IpRoute): number =>
  Number(a.via !== undefined) - Number(b.via !== undefined);

function routeLine(route: IpRoute): string {
  const onlink = route.via === undefined || route.onlink || route.nexthops ? '' : ' onlink';
  return `route add ${printIpRoute(route)}${onlink} table ${route.table}`;
}

function ruleLine(rule: IpRule): string {
  const [, priority, rest] = /^(\d+): (.*)$/.exec(printIpRule(rule))!;
  return `rule add pref ${priority} ${rest}`;
}

const header = (lab: Lab, what: string): string => `#!/usr/bin/env bash
# ${what} the lab of ${lab.prefix}, see README.md. Run it as root.
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")"

prefix=${lab.prefix}
names=(
${lab.namespaces.map(({ folder }) => `  ${folder}`).join('\n')}
)
`;

function toolsFor({ namespaces }: Lab): string[] {
  const nft = namespaces.some(({ tables }) => tables?.some(({ table }) => table.includes(' ')));
  const sets = namespaces.some((each) => each.sets.length > 0);
  return ['ip', 'iptables-restore', ...(nft ? ['nft'] : []), ...(sets ? ['ipset'] : [])];
}

function upScript(lab: Lab): string {
  return `${header(lab, 'Builds')}
if [ "$(id -u)" -ne 0 ]; then
  echo "up.sh: only root can make network namespaces" >&2
  exit 1
fi
for tool in ${toolsFor(lab).join(' ')}; do
  if ! command -v "$tool" >/dev/null; then
    echo "up.sh: $tool is not installed" >&2
    exit 1
  fi
done
for name in "\${names[@]}"; do
  if [ -e "/run/netns/$prefix-$name" ]; then
    echo "up.sh: $prefix-$name is there already; ./down.sh takes it down" >&2
    exit 1
  fi
done

# Whatever goes wrong from here on leaves nothing behind.
trap './down.sh' EXIT
trap 'exit 1' INT TERM

for name in "\${names[@]}"; do
  ip netns add "$prefix-$name"
done
ip -batch links
for name in "\${names[@]}"; do
  inside=(ip netns exec "$prefix-$name")
  # shellcheck disable=SC2016
  "\${inside[@]}" bash -c 'while read -r path value; do
    if [ -e "/proc/sys/$path" ]; then echo "$value" >"/proc/sys/$path"; fi
  done' <"$name/sysctl"
  ip -n "$prefix-$name" -batch "$name/ip"
  if [ -e "$name/ipset" ]; then "\${inside[@]}" ipset restore <"$name/ipset"; fi
  if [ -e "$name/iptables" ]; then "\${inside[@]}" iptables-restore <"$name/iptables"; fi
  if [ -e "$name/ip6tables" ]; then "\${inside[@]}" ip6tables-restore <"$name/ip6tables"; fi
  if [ -e "$name/nftables" ]; then "\${inside[@]}" nft -f "$name/nftables"; fi
done

trap - EXIT
echo "up: \${#names[@]} namespaces, $prefix-*; ./down.sh takes them down"
`;
}

function downScript(lab: Lab): string {
  return `${header(lab, 'Takes down')}
for name in "\${names[@]}"; do
  if [ -e "/run/netns/$prefix-$name" ]; then
    # What still runs inside would keep it alive without a name.
    for process in $(ip netns pids "$prefix-$name"); do
      kill "$process" 2>/dev/null || true
    done
    ip netns delete "$prefix-$name"
  fi
done
`;
}
