/** What the targets of a VPC's routes are, by the names that routes use. */
import type { RouteTarget } from '../vpc/route-table.ts';
import type { Roster } from './roster.ts';
import type { VpcPlan } from './wire-vpc.ts';

export function routeTargets(
  { spec, enis, regionalNat, links }: VpcPlan,
  roster: Roster,
): ReadonlyMap<string, RouteTarget> {
  const targets = new Map<string, RouteTarget>();
  for (const { id, host, addresses, subnet } of enis) {
    const target: RouteTarget = {
      kind: 'eni',
      device: roster.index('eni', id),
      address: addresses[0]!.address,
      subnet: roster.index('subnet', subnet),
    };
    targets.set(id, target);
    if (host.kind !== 'pod' && !targets.has(host.id)) targets.set(host.id, target);
  }
  if (spec.internetGateway)
    targets.set(spec.internetGateway.name, {
      kind: 'gateway',
      device: roster.index('internet-gateway', spec.internetGateway.name),
    });
  for (const name of regionalNat.keys())
    targets.set(name, { kind: 'gateway', device: roster.index('regional-nat-gateway', name) });
  if (spec.egressOnlyInternetGateway)
    targets.set(spec.egressOnlyInternetGateway.name, {
      kind: 'gateway',
      device: roster.index('egress-only-internet-gateway', spec.egressOnlyInternetGateway.name),
    });
  for (const [name, target] of links) targets.set(name, target);
  for (const { name, type } of spec.endpoints)
    if (type === 'gateway')
      targets.set(name, { kind: 'gateway', device: roster.index('gateway-endpoint', name) });
  return targets.set('blackhole', { kind: 'blackhole' }).set('local', { kind: 'local' });
}

/** `unknown/ID` in a topology: a target that nobody could describe. */
const UNKNOWN_TARGET = 'unknown/';

/** What the route's target is when the VPC has nothing of its name. */
export function unnamedTarget(via: string): RouteTarget {
  return via.startsWith(UNKNOWN_TARGET)
    ? { kind: 'unknown', what: via.slice(UNKNOWN_TARGET.length) }
    : { kind: 'not-modelled', what: via };
}
