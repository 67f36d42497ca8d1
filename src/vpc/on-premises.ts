/** A network outside AWS, as one router: it delivers inside, and sends to AWS by the connection with the most specific
 *  block. Its blocks may hold machines that the topology does not name: they answer. */
import { type Cidr, formatCidr, inAnyBlock } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { longestMatchIndex, type PrefixTable } from '../addressing/prefix-table.ts';
import type { Origin } from '../base/origin.ts';
import type { Packet } from '../packet/packet.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { originate } from '../trace/mtu.ts';
import { LOCAL, MATCHED, type Outcome, PASSED } from '../trace/outcome.ts';
import { drop, note, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { isNonPublic } from './address-space.ts';
import { INTERNET_MTU } from './mtu.ts';
import { CONNECTION_FROM_NETWORK, HOST_FROM_NETWORK, NETWORK_FROM_CONNECTION } from './ports.ts';
import { nameOf } from './records.ts';

export interface OnPremises extends DeviceRecord {
  readonly kind: 'on-premises';
  readonly cidrs: readonly Cidr[];
  /** Indexes of the hosts that have a name, by address. */
  readonly hosts: ReadonlyMap<number, number>;
  /** Towards AWS. Of routes with the same block the one that decides comes first. */
  readonly routes: PrefixTable<OnPremisesRoute>;
  /** Whether the topology writes its routes; else they are what AWS advertises. */
  readonly written: boolean;
}

export interface OnPremisesRoute {
  readonly to: Cidr;
  /** "vpn-dc", "blackhole". */
  readonly via: string;
  /** Index of the connection, or -1 for a blackhole. */
  readonly connection: number;
  readonly origin: Origin;
}

export const onPremises = behaviour<OnPremises>({
  kind: 'on-premises',
  label: 'on-premises network',
  icon: 'on-premises',
  notModelled: [
    'its routers, firewalls and NAT, and its own way to the internet',
    'BGP policies: it takes every block that AWS advertises over a connection',
  ],
  receive(self, packet, walk) {
    if (walk.port === LOCAL) {
      const end = originate(walk, packet, INTERNET_MTU);
      if (end) return end;
    }
    const host = self.hosts.get(packet.dst);
    if (host !== undefined) {
      walk.step(delivers, PASSED, host);
      return walk.forward(host, HOST_FROM_NETWORK);
    }
    if (inAnyBlock(self.cidrs, packet.dst)) {
      walk.step(delivers, PASSED, walk.reply ? -2 : -1);
      return walk.reply ? walk.deliver() : walk.exit();
    }
    return walk.port === NETWORK_FROM_CONNECTION && !self.written
      ? walk.undetermined(transitNotModelled, packet.dst)
      : send(self, packet, walk);
  },
});

function send(self: OnPremises, packet: Packet, walk: Walk): Outcome {
  const number = longestMatchIndex(self.routes, packet.dst);
  if (number < 0)
    return isNonPublic(packet.dst) ? walk.stop(noRoute) : walk.undetermined(internetNotModelled, packet.dst);
  const { connection } = self.routes.entries[number]!.value;
  if (connection < 0) return walk.stop(noRoute, number + 1);
  walk.step(routed, MATCHED, number);
  return walk.forward(connection, CONNECTION_FROM_NETWORK);
}

const stage = 'on-premises routes';
const routeText = ({ to, via }: OnPremisesRoute): string => `${formatCidr(to)} -> ${via}`;

const delivers = step<OnPremises>('on premises', ({ self, a, before, device }) => ({
  stage: 'on premises',
  because:
    a >= 0
      ? `${formatIpv4(before.dst)} is ${nameOf(device(a))}`
      : a === -2
        ? `${formatIpv4(before.dst)} waits for this answer`
        : `${formatIpv4(before.dst)} is in ${self.cidrs.map(formatCidr).join(', ')}, and no host of the topology has it: the packet leaves the model`,
}));

const routed = step<OnPremises>('on-premises route', ({ self, a }) => {
  const route = self.routes.entries[a]!.value;
  return {
    stage,
    rule: routeText(route),
    because: self.written ? 'a route of the network' : 'AWS advertises the block over this connection',
    origin: route.origin,
  };
});

const internetNotModelled = note<OnPremises>({
  name: 'on premises to the internet',
  nature: 'limit',
  word: ({ self, a }) =>
    `${nameOf(self)} sends to ${formatIpv4(a)} by its own way to the internet, which is not modelled`,
});

const transitNotModelled = note<OnPremises>({
  name: 'through the on-premises network',
  nature: 'limit',
  word: ({ self, a }) =>
    `what ${nameOf(self)} does with a packet to ${formatIpv4(a)} that came from AWS is not modelled`,
});

export const noRoute = drop<OnPremises>({
  code: 'on-premises/no-route',
  means:
    'The on-premises network has no route to the destination, so the packet (or the reply) is lost there.',
  causes: [
    'pods have addresses of 100.64.0.0/10 that are not advertised, or that routers there refuse',
    'a static route on the customer gateway is missing',
    'the VPN connection is down, so that what AWS had advertised is gone',
  ],
  look: [
    'the routing table of the customer gateway',
    'aws ec2 describe-vpn-connections --query "VpnConnections[].VgwTelemetry"',
  ],
  word: ({ self, a, before }) => {
    const dst = formatIpv4(before.dst);
    const routes = self.routes.entries.map(({ value }) => value);
    const hole = a > 0 ? routes[a - 1]! : undefined;
    return {
      stage,
      ...(hole && { rule: routeText(hole) }),
      because: hole ? `${nameOf(self)} drops what goes to ${dst}` : `${nameOf(self)} has no route to ${dst}`,
      nearest:
        routes
          .filter((route) => route !== hole)
          .map(routeText)
          .join(', ') || undefined,
      fix: `route ${dst}/32 in ${nameOf(self)} to ${routes.find(({ connection }) => connection >= 0)?.via ?? 'a connection to AWS'}`,
      origin: hole?.origin ?? self.origin,
    };
  },
});
