/** Routing of a node and of its pods as the VPC CNI sets it up (amazon-vpc-cni-k8s docs/cni-proposal.md, README "ip
 *  rule"): pods are reached by /32 routes in the main table, pods on secondary ENIs answer by that ENI's own table.
 *  Not modelled: IPv6. */
import { addressAt, type Cidr } from '../addressing/cidr.ts';
import { type Ipv4, ipv4 } from '../addressing/ip.ts';
import { defaulted, derived, type Origin } from '../base/origin.ts';
import type { IpRoute, IpRule } from '../host/rules.ts';
import type { CniEnvironment } from './environment.ts';
import { restoresMark } from './snat-rules.ts';

export interface WiredEni {
  /** Its routing table; MAIN_TABLE for the primary ENI. */
  readonly table: string;
  /** "ens5" on AL2023, "eth0" on AL2. */
  readonly interface: string;
  readonly primary: Ipv4;
  readonly subnet: Cidr;
  /** It carries branch ENIs, and no rule sends packets from its own address to its table (setupENINetwork). */
  readonly trunk: boolean;
}

/** A pod's own interface, as the node has it. */
export interface WiredBranch {
  readonly vlan: number;
  /** Its subnet's; the gateway is the first address. */
  readonly subnet: Cidr;
}

export interface WiredPod {
  readonly address: Ipv4;
  /** Host side of the pair. */
  readonly veth: string;
  /** Routing table of the ENI that the address belongs to. */
  readonly table: string;
  readonly branch?: WiredBranch | undefined;
  readonly origin: Origin;
}

export interface NodeWiring {
  /** The primary one first. */
  readonly enis: readonly WiredEni[];
  readonly pods: readonly WiredPod[];
  readonly env: CniEnvironment;
  readonly vpcCidrs: readonly Cidr[];
}

const KERNEL = defaulted('Linux', 'routing');
const CNI = defaulted('VPC CNI', 'routing');
const WRITER = 'VPC CNI';

const MAIN_TABLE = 'main';

const EVERYTHING: Cidr = { base: 0, length: 0 };
const LOOPBACK: Cidr = { base: ipv4('127.0.0.0'), length: 8 };
const LOOPBACK_ROUTE: IpRoute = {
  table: 'local',
  to: LOOPBACK,
  dev: 'lo',
  scope: 'host',
  type: 'local',
  origin: KERNEL,
};

/** Instance metadata, reached over the primary interface. */
const METADATA = ipv4('169.254.169.254');

/** The gateway that every pod believes in; a permanent ARP entry points it at the host side of the pair. */
export const POD_GATEWAY = ipv4('169.254.1.1');

/** The rules that Linux starts with: all that a pod has. */
export const kernelRules: readonly IpRule[] = [
  { priority: 0, table: 'local', origin: KERNEL },
  { priority: 32766, table: 'main', origin: KERNEL },
  { priority: 32767, table: 'default', origin: KERNEL },
];

/** `ip rule` of the node, by priority. */
export function nodeRules({ enis, pods, env, vpcCidrs }: NodeWiring): IpRule[] {
  const rules: IpRule[] = env.podEni && isStrict(env) ? [...rulesBehindBranches] : [...kernelRules];
  for (const { address, table, branch, veth, origin } of pods) {
    const of = derived(WRITER, origin);
    if (branch && isStrict(env)) {
      rules.push(...strictRules(branch, veth, of));
      continue;
    }
    rules.push({ priority: 512, to: host(address), table: 'main', origin: of });
    if (branch) rules.push({ priority: 1536, from: host(address), table: branchTable(branch), origin: of });
    else if (table !== MAIN_TABLE)
      for (const to of podRuleBlocks(env, vpcCidrs))
        rules.push({
          priority: 1536,
          from: host(address),
          ...(to && { to }),
          table,
          origin: of,
        });
  }
  if (restoresMark(env))
    rules.push({ priority: 1024, fwmark: env.connmark, fwmask: env.connmark, table: 'main', origin: CNI });
  for (const to of env.externalServiceCidrs) rules.push({ priority: 1535, to, table: 'main', origin: CNI });
  for (const { table, primary, trunk } of enis)
    if (table !== MAIN_TABLE && !trunk)
      rules.push({ priority: 32765, from: host(primary), table, origin: CNI });
  return rules.sort((a, b) => a.priority - b.priority);
}

/** The mode in which all packets of pods with branch ENIs pass their security groups. */
function isStrict({ enforcingMode }: CniEnvironment): boolean {
  return enforcingMode === 'strict';
}

/** What comes from a pod goes to its own interface before the node looks whether it means the node (SetupHostNetwork). */
const rulesBehindBranches: readonly IpRule[] = [
  { priority: 20, table: 'local', origin: CNI },
  ...kernelRules.filter(({ table }) => table !== 'local'),
];

/** Both ways between a pod and its interface, whatever the addresses (setupIIFBasedContainerRouteRules). */
function strictRules(branch: WiredBranch, veth: string, origin: Origin): IpRule[] {
  const table = branchTable(branch);
  return [vlanName(branch.vlan), veth].map((iif) => ({ priority: 10, iif, table, origin }));
}

/** What a pod's own table is asked about: everything. Before 1.8, with SNAT on the node, only what needs no SNAT. */
function podRuleBlocks(
  { features, externalSnat, excludeSnatCidrs }: CniEnvironment,
  vpcCidrs: readonly Cidr[],
): readonly (Cidr | undefined)[] {
  return features.podRulesByBlock && !externalSnat ? [...vpcCidrs, ...excludeSnatCidrs] : [undefined];
}

/** `ip route show table all` of the node, without broadcast routes. */
export function nodeRoutes({ enis, pods, env }: Pick<NodeWiring, 'enis' | 'pods' | 'env'>): IpRoute[] {
  const routes: IpRoute[] = [LOOPBACK_ROUTE];
  for (const eni of enis) routes.push(localRoute(eni.primary, eni.interface));
  for (const eni of enis)
    routes.push(...(eni.table === MAIN_TABLE ? primaryRoutes(eni) : secondaryRoutes(eni)));
  for (const { address, veth, branch, origin } of pods) {
    if (branch) routes.push(...branchRoutes(branch, origin));
    routes.push({
      table: branch && isStrict(env) ? branchTable(branch) : 'main',
      to: host(address),
      dev: veth,
      scope: 'link',
      origin: derived(WRITER, origin),
    });
  }
  return routes;
}

/** Routes inside a pod, whose interface is eth0: on a /32 everything goes to the gateway. */
export function podRoutes(address: Ipv4): IpRoute[] {
  const dev = 'eth0';
  return [
    LOOPBACK_ROUTE,
    localRoute(address, dev),
    { table: 'main', to: EVERYTHING, via: POD_GATEWAY, dev, scope: 'global', origin: CNI },
    { table: 'main', to: host(POD_GATEWAY), dev, scope: 'link', origin: CNI },
  ];
}

function primaryRoutes({ interface: dev, primary, subnet }: WiredEni): IpRoute[] {
  return [
    { table: 'main', to: EVERYTHING, via: routerOf(subnet), dev, scope: 'global', origin: KERNEL },
    { table: 'main', to: host(METADATA), dev, scope: 'link', origin: KERNEL },
    { table: 'main', to: subnet, dev, scope: 'link', src: primary, origin: KERNEL },
  ];
}

/** No connected route to the subnet: the CNI takes it out of main, so that even neighbours are reached by the router. */
function secondaryRoutes({ table, interface: dev, subnet }: WiredEni): IpRoute[] {
  const router = routerOf(subnet);
  return [
    { table, to: EVERYTHING, via: router, dev, scope: 'global', origin: CNI },
    { table, to: host(router), dev, scope: 'link', origin: CNI },
  ];
}

/** To the gateway of the branch's subnet (buildRoutesForVlan). */
function branchRoutes(branch: WiredBranch, of: Origin): IpRoute[] {
  const table = branchTable(branch);
  const router = routerOf(branch.subnet);
  const dev = vlanName(branch.vlan);
  const origin = derived(WRITER, of);
  return [
    { table, to: EVERYTHING, via: router, dev, scope: 'global', origin },
    { table, to: host(router), dev, scope: 'link', origin },
  ];
}

/** The link on the trunk that leads to a branch ENI. */
export function vlanName(vlan: number): string {
  return `vlan.eth.${vlan}`;
}

/** The routing table of a branch ENI. */
function branchTable({ vlan }: WiredBranch): string {
  return String(100 + vlan);
}

/** The routing table of an ENI (getRouteTableNumberForENI). */
export function eniTable(card: number, device: number): string {
  if (card > 0) return String(10_000 + device + 100 * card);
  return device === 0 ? MAIN_TABLE : String(device + 1);
}

function routerOf(subnet: Cidr): Ipv4 {
  return addressAt(subnet, 1);
}

function localRoute(address: Ipv4, dev: string): IpRoute {
  return {
    table: 'local',
    to: host(address),
    dev,
    scope: 'host',
    type: 'local',
    src: address,
    origin: KERNEL,
  };
}

function host(address: Ipv4): Cidr {
  return { base: address, length: 32 };
}
