/** Stratum: load balancers that the topology gives, as the same records that the controller's plans become. */
import { contains } from '../addressing/cidr.ts';
import { formatIpv4, type Ipv4 } from '../addressing/ip.ts';
import type { Target, TargetGroup } from '../vpc/target-group.ts';
import type { AddressBook } from './address-book.ts';
import type { LoadBalancerSpec, TargetGroupSpec, TargetSpec } from './balancer-spec.ts';
import type { EniPlan } from './eni-plan.ts';
import type { Balanced, BalancedNode } from './load-balancers.ts';
import type { PublicAddresses } from './public-addresses.ts';
import type { VpcSpec } from './vpc-spec.ts';

/** What targets may be: machines by name, and who has an address. */
export interface TargetsKnown {
  readonly machine: (
    name: string,
  ) => { readonly address: Ipv4; readonly az: string; readonly label: string } | undefined;
  /** "pod/default/web", "instance/db". */
  readonly holderOf: (address: Ipv4) => string | undefined;
}

/** States in which a load balancer takes connections. */
const SERVING: readonly string[] = ['active', 'active_impaired'];

export function givenBalancers(
  vpc: VpcSpec,
  known: TargetsKnown,
  book: AddressBook,
  publicAddresses: PublicAddresses,
): Balanced[] {
  const placed = new Map(
    vpc.loadBalancers.map((spec) => [spec.name, nodesOf(spec, vpc, book, publicAddresses)]),
  );
  return vpc.loadBalancers.map((spec) => ({
    nodes: placed.get(spec.name)!,
    plan: {
      kind: kindOf(spec),
      name: spec.name,
      scheme: spec.scheme,
      dnsName: spec.dnsName,
      hosts: hostsOf(spec),
      of: spec.for === undefined ? [] : [spec.for],
      securityGroups: spec.securityGroups,
      crossZone: spec.crossZone,
      listeners: spec.listeners,
      targetGroups: spec.targetGroups.map((group) => targetGroupOf(group, spec, vpc, known, placed)),
      notModelled: spec.notModelled,
      origin: spec.origin,
    },
  }));
}

function kindOf({ type }: LoadBalancerSpec): 'alb' | 'nlb' {
  return type === 'application' ? 'alb' : 'nlb';
}

/** Hosts that its rules speak of: people reach it by them. */
function hostsOf({ listeners }: LoadBalancerSpec): string[] {
  const values = listeners.flatMap(({ rules }) =>
    rules.flatMap(({ conditions }) =>
      conditions.flatMap((each) => (each.field === 'host-header' && !each.regex ? each.values : [])),
    ),
  );
  return [...new Set(values.map((host) => host.toLowerCase()))];
}

function nodesOf(
  spec: LoadBalancerSpec,
  vpc: VpcSpec,
  book: AddressBook,
  publicAddresses: PublicAddresses,
): BalancedNode[] {
  const kind = kindOf(spec);
  const seen = new Map<string, number>();
  return spec.nodes.flatMap((node): BalancedNode[] => {
    const { az } = vpc.subnets.find(({ name }) => name === node.subnet)!;
    const count = (seen.get(az) ?? 0) + 1;
    seen.set(az, count);
    const id = `${spec.name}/${az}${count > 1 ? `/${count}` : ''}`;
    const address = book.claim(node.subnet, node.address);
    if (address === undefined) return [];
    const open = spec.scheme === 'internet-facing';
    const publicAddress = node.publicAddress ?? (open ? publicAddresses.next() : undefined);
    const eni: EniPlan = {
      id: node.interface ?? id,
      vpc: vpc.name,
      subnet: node.subnet,
      az,
      host: { kind, id, port: 0 },
      addresses: [{ address, use: 'load-balancer' }],
      prefixes: [],
      publicAddress,
      securityGroups: spec.securityGroups.length > 0 ? spec.securityGroups : null,
      sourceDestCheck: false,
      owner: `${kind}/${spec.name}`,
      down: SERVING.includes(spec.state) ? undefined : spec.state,
      origin: spec.origin,
    };
    return [{ az, subnet: node.subnet, eni, address, publicAddress }];
  });
}

function targetGroupOf(
  group: TargetGroupSpec,
  spec: LoadBalancerSpec,
  vpc: VpcSpec,
  known: TargetsKnown,
  placed: ReadonlyMap<string, readonly BalancedNode[]>,
): TargetGroup & { readonly notModelled: readonly string[] } {
  const { name, targetType, port, protocol, preserveClientIp, crossZone, targets, notModelled } = group;
  const zones = new Set(placed.get(spec.name)!.map(({ az }) => az));
  return {
    name,
    targetType: targetType === 'alb' ? 'ip' : targetType,
    port,
    protocol,
    preserveClientIp: spec.type === 'network' && preserveClientIp,
    crossZone,
    targets: (targets ?? []).flatMap((target) => targetsOf(target, zones, vpc, known, placed)),
    unknown: targets === undefined,
    notModelled,
  };
}

/** One; of an Application Load Balancer its nodes. */
function targetsOf(
  { at, port, zone, health, reason }: TargetSpec,
  enabled: ReadonlySet<string>,
  vpc: VpcSpec,
  known: TargetsKnown,
  placed: ReadonlyMap<string, readonly BalancedNode[]>,
): Target[] {
  const target = (address: Ipv4, az: string, label: string): Target =>
    enabled.has(az) || az === EVERY_ZONE
      ? { address, port, az, label, health, reason }
      : { address, port, az, label, health: 'unused', reason: 'Target.NotInUse' };
  if ('loadBalancer' in at)
    return (placed.get(at.loadBalancer) ?? []).map(({ address, az }) =>
      target(address, az, `alb/${at.loadBalancer}`),
    );
  if ('machine' in at) {
    const machine = known.machine(at.machine);
    return machine ? [target(machine.address, machine.az, machine.label)] : [];
  }
  const subnet = vpc.subnets.find(({ cidr }) => contains(cidr, at.address));
  const label = known.holderOf(at.address) ?? formatIpv4(at.address);
  return [target(at.address, zone ?? subnet?.az ?? EVERY_ZONE, label)];
}

/** Zone of a target outside the VPC. */
const EVERY_ZONE = 'all';
