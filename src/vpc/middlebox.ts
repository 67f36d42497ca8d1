/** Middleboxes behind a gateway route table: what comes in for a subnet is led through an instance, and what goes out
 *  from there must come through the same one ("Gateway route tables": asymmetric routing is not supported). */
import { formatIpv4 } from '../addressing/ip.ts';
import type { Packet } from '../packet/packet.ts';
import type { DeviceRecord } from '../trace/device.ts';
import type { Outcome } from '../trace/outcome.ts';
import { ORIGINAL } from '../trace/session.ts';
import { drop } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import type { Eni } from './eni.ts';
import { MIDDLEBOX_SESSION } from './flow.ts';
import { NO_TABLE } from './ports.ts';
import { nameOf, neighbour } from './records.ts';
import { decidingRoute, partFor, routeAt, routeText } from './route-table.ts';
import type { VpcRouter } from './vpc-router.ts';

/** A gateway whose inbound packets ask a table of the VPC's router, or none (NO_TABLE). */
interface EdgeGateway extends DeviceRecord {
  readonly router: number;
  readonly routerPort: number;
}

/** Judges a packet on its way to the interface of a middlebox: from an internet gateway it gets there only where the
 *  interface has a public address. */
export function checkMiddlebox(
  { device }: { readonly device: number },
  walk: Walk,
  route: number,
): Outcome | 0 {
  if (neighbour(walk, walk.from).kind !== 'internet-gateway') return 0;
  if (neighbour<Eni>(walk, device).publicAddress !== undefined) return 0;
  return walk.deny(noPublicMiddlebox, walk.port, route, device);
}

/** Judges a packet that leaves by a gateway which leads what comes in for its source through a middlebox. */
export function checkRedirection(self: EdgeGateway, packet: Packet, walk: Walk): Outcome | 0 {
  if (self.routerPort === NO_TABLE) return 0;
  const { segment, tables } = neighbour<VpcRouter>(walk, self.router);
  const table = partFor(tables[self.routerPort]!, packet.src);
  const number = decidingRoute(table, packet.src);
  const target = number < 0 ? undefined : routeAt(table, number).target;
  if (target?.kind !== 'eni' || walk.ownerOf(segment, packet.src) === target.device) return 0;
  const { protocol, src, sourcePort, dst, destinationPort } = packet;
  const { sessions, sessionHead } = walk;
  const passed = sessions.find(
    sessionHead,
    self.router,
    MIDDLEBOX_SESSION,
    protocol,
    src,
    sourcePort,
    dst,
    destinationPort,
  );
  const boxOf = (eni: number): number => neighbour<Eni>(walk, eni).host;
  if (passed >= 0 && (passed & 1) === ORIGINAL && boxOf(sessions.mark(passed >> 1)) === boxOf(target.device))
    return 0;
  return walk.deny(redirected, number, target.device);
}

export const noPublicMiddlebox = drop<VpcRouter>({
  code: 'rt/middlebox-not-public',
  means:
    'A gateway route table of an internet gateway leads to a network interface that has no public address of its own.',
  aws: 'INGRESS_RTB_NO_PUBLIC_IP',
  causes: [
    'the Elastic IP of the middlebox was released',
    'the middlebox was started without a public address',
  ],
  look: [
    'aws ec2 describe-network-interfaces --query "NetworkInterfaces[].[NetworkInterfaceId,Association]"',
  ],
  word: ({ self, a, b, c, device }) => {
    const table = self.tables[a]!;
    const route = routeAt(table, b);
    return {
      stage: 'gateway route table',
      rule: `rtb/${table.name} ${routeText(route)}`,
      because: `${nameOf(device(c))} has no public address, and the internet gateway hands over to none without`,
      fix: `associate an Elastic IP with ${nameOf(device(c))}`,
      origin: route.origin,
    };
  },
});

export const redirected = drop<EdgeGateway>({
  code: 'igw/not-through-middlebox',
  means:
    'The gateway route table leads what comes in for this subnet through a middlebox, and this packet leaves without passing it.',
  aws: 'INGRESS_RTB_TRAFFIC_REDIRECTION',
  causes: ["the table of the subnet has a route to the gateway itself in place of the middlebox's interface"],
  look: ['aws ec2 describe-route-tables --filters Name=association.gateway-id,Values=<gateway>'],
  word: ({ self, a, b, before, device }) => {
    const table = (device(self.router) as VpcRouter).tables[self.routerPort]!;
    const route = routeAt(table, a);
    return {
      stage: 'gateway route table',
      rule: `rtb/${table.name} ${routeText(route)}`,
      because: `what comes in for ${formatIpv4(before.src)} passes ${nameOf(device(b))}, and this packet did not: the way there and back must be the same`,
      fix: `route what the subnet of ${formatIpv4(before.src)} sends to the internet to ${route.via}`,
      origin: route.origin,
    };
  },
});
