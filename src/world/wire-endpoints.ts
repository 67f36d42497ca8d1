/** Makes the VPC endpoints of a VPC, and their routes. */
import { addressAt } from '../addressing/cidr.ts';
import { derived } from '../base/origin.ts';
import { gatewayEndpoint } from '../vpc/gateway-endpoint.ts';
import { interfaceEndpoint } from '../vpc/interface-endpoint.ts';
import type { Route } from '../vpc/route-table.ts';
import { ROUTER_OFFSET } from '../vpc/subnet.ts';
import { portsOf } from './aws-services.ts';
import { prefixListNamed } from './prefix-lists.ts';
import type { Roster } from './roster.ts';
import type { EndpointSpec, PrefixListSpec, RouteTableSpec, VpcSpec } from './vpc-spec.ts';
import type { VpcPlan } from './wire-vpc.ts';

export function wireEndpoints({ spec, enis, prefixLists }: VpcPlan, roster: Roster): void {
  for (const endpoint of spec.endpoints) {
    const { name, service, state, origin } = endpoint;
    if (endpoint.type === 'gateway')
      roster.place(gatewayEndpoint, {
        index: roster.index('gateway-endpoint', name),
        kind: 'gateway-endpoint',
        id: name,
        name: `${service} gateway endpoint ${name}`,
        origin,
        service,
        state,
        to: roster.index('aws-service', `${service}.${spec.region}`),
        blocks: prefixListNamed(prefixLists, service, spec.region)?.cidrs ?? [],
        cidrs: spec.cidrs,
        router: roster.index('vpc-router', spec.name),
      });
    for (const eni of enis) {
      if (eni.host.kind !== 'interface-endpoint' || eni.owner !== `endpoint/${name}`) continue;
      const { cidr } = spec.subnets.find((subnet) => subnet.name === eni.subnet)!;
      roster.place(interfaceEndpoint, {
        index: roster.index('interface-endpoint', eni.id),
        kind: 'interface-endpoint',
        id: eni.id,
        name: `${service} endpoint ${name} (${eni.az})`,
        entry: true,
        az: eni.az,
        origin,
        eni: roster.index('eni', eni.id),
        gateway: addressAt(cidr, ROUTER_OFFSET),
        address: eni.addresses[0]!.address,
        service,
        state,
        offered: endpoint.zones === undefined || endpoint.zones.includes(eni.az),
        ports: portsOf(service),
      });
    }
  }
}

/** The routes that gateway endpoints put into a table: one for each block of the service's prefix list. */
export function endpointRoutes(
  table: RouteTableSpec,
  { endpoints, region }: VpcSpec,
  prefixLists: readonly PrefixListSpec[],
  roster: Roster,
): Route[] {
  return endpoints
    .filter(({ type, routeTables }) => type === 'gateway' && routeTables.includes(table.name))
    .flatMap((endpoint) => {
      const list = prefixListNamed(prefixLists, endpoint.service, region);
      return (list?.cidrs ?? []).map((to) => ({ to, ...routeBy(endpoint, roster) }));
    });
}

function routeBy({ name, service, origin }: EndpointSpec, roster: Roster): Omit<Route, 'to'> {
  return {
    via: name,
    target: { kind: 'gateway', device: roster.index('gateway-endpoint', name) },
    prefixList: service,
    origin: derived(
      'AWS: a gateway endpoint routes its service from the tables it is associated with',
      origin,
    ),
  };
}
