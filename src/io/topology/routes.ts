/** Routes of a table (VPC guide, "Configure route tables" and "Gateway route tables"): each destination stands once, and
 *  below the local route only whole subnets may be sent elsewhere. A route to a prefix list stands for each of its
 *  blocks. */
import { type Cidr, covers, formatCidr, parseCidr } from '../../addressing/cidr.ts';
import { isIpv6 } from '../../addressing/ip6.ts';
import type { RouteFile, RouteTableFile, VpcFile } from '../../world/schema-vpc.ts';
import type { RouteSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { type KnownPrefixLists, namedPrefixList } from './prefix-lists.ts';
import type { RouteTargetKind } from './route-target-names.ts';
import { readAnyCidr } from './values.ts';

export interface RouteContext {
  readonly cidrs: readonly Cidr[];
  /** What `via` may name -> what it is. */
  readonly targets: ReadonlyMap<string, RouteTargetKind>;
  readonly prefixLists: KnownPrefixLists;
}

const LIST = 'pl/';

/** `unknown/ID`: a target that nobody could describe; what packets meet there is undetermined. */
const UNKNOWN_TARGET = 'unknown/';

export function readRoutes(
  reading: Reading,
  vpc: VpcFile,
  table: RouteTableFile,
  context: RouteContext,
): readonly RouteSpec[] {
  const seen = new Set<string>();
  return (table.routes ?? []).flatMap((route): readonly RouteSpec[] => {
    const known = checkTarget(reading, route, context) && mayLeadFromGateway(reading, table, route, context);
    const by = route.by ?? 'static';
    const key = `${by} ${route.to}`;
    if (seen.has(key)) {
      const message = `the table has another ${by === 'static' ? '' : 'propagated '}route to ${route.to}`;
      reading.error(reading.of(route, 'to'), { code: 'route/duplicate', message });
      return [];
    }
    seen.add(key);
    const origin = reading.of(route);
    const blocks = route.to.startsWith(LIST)
      ? blocksOfList(reading, route, context)
      : blockOf(reading, vpc, route, context);
    if (!known || route.via === 'local') return [];
    const prefixList = route.to.startsWith(LIST) ? route.to.slice(LIST.length) : undefined;
    return blocks.map((to) => ({ to, via: route.via, by, ...(prefixList && { prefixList }), origin }));
  });
}

function checkTarget(reading: Reading, route: RouteFile, { targets }: RouteContext): boolean {
  if (targets.has(route.via) || route.via === 'blackhole' || route.via === 'local') return true;
  if (route.via.startsWith(UNKNOWN_TARGET)) return true;
  const known = [...targets.keys(), 'blackhole'];
  reading.unknown(reading.of(route, 'via'), 'target of a route', route.via, known);
  return false;
}

/** What a gateway route table may hold: the local route, and interfaces for the whole block of the VPC or of a subnet.
 *  That of a regional NAT gateway is like a subnet's. */
function mayLeadFromGateway(
  reading: Reading,
  table: RouteTableFile,
  route: RouteFile,
  { cidrs, targets }: RouteContext,
): boolean {
  const gateway = table.edge?.find((name) => targets.get(name) !== 'NAT gateway');
  if (gateway === undefined || route.via === 'local' || route.via.startsWith(UNKNOWN_TARGET)) return true;
  const complain = (key: 'to' | 'via' | 'by', message: string, hint?: string): false => {
    reading.error(reading.of(route, key), { code: 'route/not-for-a-gateway', message, hint });
    return false;
  };
  const target = targets.get(route.via);
  if (route.via !== 'blackhole' && target !== 'instance' && target !== 'interface')
    return complain(
      'via',
      `the route table of gateway ${gateway} cannot lead to ${target === undefined ? route.via : `${target} ${route.via}`}`,
      'local, an instance or an interface',
    );
  if (route.by === 'propagated')
    return complain('by', `nothing is propagated to the route table of gateway ${gateway}`);
  const parsed = parseCidr(route.to);
  if (route.to.startsWith(LIST))
    return complain('to', `the route table of gateway ${gateway} knows no prefix lists`, 'write its blocks');
  if ('fault' in parsed || cidrs.some((block) => covers(block, parsed))) return true;
  return complain(
    'to',
    `${route.to} lies outside the VPC, and the route table of gateway ${gateway} leads only into it`,
    `the block of a subnet, or one of ${cidrs.map(formatCidr).join(', ')}`,
  );
}

function blocksOfList(reading: Reading, route: RouteFile, { prefixLists }: RouteContext): readonly Cidr[] {
  const list = namedPrefixList(reading, route, 'to', route.to, prefixLists);
  if (!list) return [];
  if (route.via === 'local' || route.by === 'propagated') {
    const message = `a ${route.via === 'local' ? 'local' : 'propagated'} route has a block, not a prefix list`;
    reading.error(reading.of(route, 'to'), { code: 'route/prefix-list', message });
    return [];
  }
  return list.cidrs;
}

function blockOf(
  reading: Reading,
  vpc: VpcFile,
  route: RouteFile,
  { cidrs, targets }: RouteContext,
): readonly Cidr[] {
  const to = readAnyCidr(reading, route, 'to', route.to);
  if (!to) return [];
  const text = formatCidr(to);
  if (targets.get(route.via) === 'egress-only internet gateway' && !isIpv6(to.base)) {
    const message = `${route.via} carries IPv6 only`;
    const hint = 'route IPv4 to a NAT gateway';
    reading.error(reading.of(route, 'via'), { code: 'route/ipv6-only', message, hint });
    return [];
  }
  const local = cidrs.find((block) => covers(block, to));
  if (route.via === 'local') {
    if (local && formatCidr(local) === text) return [];
    const hint = `local routes exist for ${cidrs.map(formatCidr).join(', ')}`;
    const message = `there is no local route to ${text}`;
    reading.error(reading.of(route, 'to'), { code: 'route/not-local', message, hint });
    return [];
  }
  // What a gateway propagates AWS takes in as it comes, though the local route goes before it; a blackhole once led to
  // an interface.
  const known = targets.get(route.via);
  const free = route.by === 'propagated' || route.via === 'blackhole' || route.via.startsWith(UNKNOWN_TARGET);
  if (local && !free && !mayReplaceLocal(vpc, to, local, known)) {
    reading.error(reading.of(route, 'to'), {
      code: 'route/below-local',
      message: `${text} lies inside the local route ${formatCidr(local)}`,
      hint: 'only a whole subnet or the whole block may be routed, to an instance, an interface or a NAT gateway',
    });
    return [];
  }
  return [to];
}

const inTheVpc: readonly (RouteTargetKind | undefined)[] = ['instance', 'interface', 'NAT gateway'];

/** "More specific than the local route": the destination is a whole subnet, the target an interface. */
function mayReplaceLocal(vpc: VpcFile, to: Cidr, local: Cidr, target: RouteTargetKind | undefined): boolean {
  if (!inTheVpc.includes(target)) return false;
  if (to.length === local.length) return true;
  return (vpc.subnets ?? []).some((subnet) => {
    const block = parseCidr(subnet.cidr);
    return !('fault' in block) && formatCidr(block) === formatCidr(to);
  });
}
