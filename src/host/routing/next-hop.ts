/** The interface and the neighbour that a route leads to; of a route with several next hops one for each flow. */
import { choice } from '../../trace/vocabulary.ts';
import type { Flow } from '../flow.ts';
import type { LinuxHost } from '../linux-record.ts';
import { RTN_LOCAL } from './route-type.ts';
import { LOOPBACK } from './routing.ts';
import { printIpRoute } from './routing-text.ts';

/** a: number of the route. Which next hop a flow gets is a hash with a secret of the host (fib_multipath_hash). */
const nextHopChoice = choice<LinuxHost>({
  name: 'next-hop',
  nature: 'chance',
  word({ self, a, picked }) {
    const route = self.routing.routes[a]!;
    const { dev } = route.nexthops![picked]!;
    return `flow hash: ${dev} of "${printIpRoute(route)}" on ${self.kind}/${self.id}`;
  },
});

/** Sets `flow.way` and `flow.gateway`. What is for the host itself goes out by lo, whichever interface has the address
 *  (ip_route_output_key_hash_rcu). A packet that is routed again by the same route keeps its next hop. */
export function chooseWay(flow: Flow, route: number): void {
  const { routing } = flow.host;
  if (!routing.hops.has(route)) {
    flow.way = routing.types[route] === RTN_LOCAL ? LOOPBACK : routing.ports[route]!;
    flow.gateway = routing.gateways[route] || flow.packet.dst;
    return;
  }
  const nexthops = routing.routes[route]!.nexthops!;
  if (flow.hoppedBy !== route) {
    const total = nexthops.reduce((sum, { weight }) => sum + weight, 0);
    const weights = nexthops.map(({ weight }) => weight / total);
    flow.hop = flow.walk.choose(nextHopChoice, nexthops.length, weights, route);
    flow.hoppedBy = route;
  }
  flow.way = routing.hops.get(route)![flow.hop]!;
  flow.gateway = nexthops[flow.hop]!.via ?? flow.packet.dst;
}
