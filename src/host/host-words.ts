/** The words of Linux routing and forwarding: steps, refusals, limits. */
import { formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { drop, note, step } from '../trace/vocabulary.ts';
import { type LinuxHost, sideFor } from './linux-record.ts';
import { printIpRoute, printIpRule } from './routing/routing-text.ts';

/** a: number of the ip rule, b: of the route, c: 1 where they are those of IPv6. */
export const routed = step<LinuxHost>('routing', ({ self, a, b, c, before, after }) => {
  const { rules, routes } = (c ? self.ipv6! : self).routing;
  const rule = rules[a];
  const route = routes[b]!;
  const ttl = before.ttl === after.ttl ? '' : `; TTL ${before.ttl} becomes ${after.ttl}`;
  return {
    stage: 'routing',
    rule: printIpRoute(route),
    because: `${rule ? `ip rule ${printIpRule(rule)}` : 'route'}${route.type === 'local' ? ': the address is its own' : ''}${ttl}`,
    origin: route.origin,
  };
});

/** a: interface by which a packet came whose sender is not part of the trace. */
export const arrived = step<LinuxHost>('arrival', ({ self, a }) => ({
  stage: 'arrival',
  because: `the packet comes in by ${self.interfaces[a]?.name}`,
}));

/** Nobody dumped them. */
export const writtenRules = note<LinuxHost>({
  name: 'rules as written',
  nature: 'assumption',
  word: ({ self }) =>
    `the rules of ${self.kind}/${self.id} are those that kube-proxy and the VPC CNI write: no dump of it is given`,
});

export const dumpedRules = note<LinuxHost>({
  name: 'rules of a dump',
  nature: 'remark',
  word: ({ self }) => `the rules of ${self.kind}/${self.id} are those of its dump`,
});

/** Delivered between two ends of one machine. */
export const noSecurityGroup = step('same-node', () => ({
  stage: 'security group',
  because: 'skipped: same node, the packet never reaches a network interface of the VPC',
}));

export const natSkipped = step('nat-skipped', () => ({
  stage: 'nat',
  because: 'nat skipped: conntrack knows this flow, its bindings apply and the nat chains are not walked',
}));

export const looped = step('loopback', () => ({
  stage: 'loopback',
  because: 'the packet is for the host itself: it goes out by lo and comes in again',
}));

export const ttlExceeded = drop<LinuxHost>({
  code: 'host/ttl-exceeded',
  means:
    'A forwarding host got a packet whose TTL was 1: it drops it and tells the sender (ICMP time exceeded).',
  causes: [
    'the sender set a small TTL (traceroute does)',
    'more forwarding hosts on the way than the TTL allows',
  ],
  look: ['the TTL of each hop of the path'],
  word: ({ self, before }) => ({
    stage: 'forward',
    because: `TTL ${before.ttl} is used up at ${self.kind}/${self.id}`,
    fix: `send with a TTL above ${before.ttl}`,
  }),
});

export const noRoute = drop<LinuxHost>({
  code: 'host/no-route',
  means: 'No ip rule of the host leads to a table with a route to the destination, or the route refuses it.',
  causes: ['a default route or a pod route is missing', 'an unreachable, prohibit or blackhole route'],
  look: ['ip rule; ip route show table all', 'ip route get DST from SRC iif IFACE mark MARK'],
  word: ({ self, a, b, before }) => {
    const side = sideFor(self, before.dst)!;
    const route = side.routing.routes[b];
    const rule = b < -1 ? side.routing.rules[a] : undefined;
    return {
      stage: 'routing',
      ...(route ? { rule: printIpRoute(route), origin: route.origin } : {}),
      ...(rule ? { rule: `ip rule ${printIpRule(rule)}`, origin: rule.origin } : {}),
      because:
        route || rule
          ? `the ${route ? 'route' : 'rule'} for ${formatIpv4(before.dst)} refuses it`
          : `no route to ${formatIpv4(before.dst)} in any table that a rule leads to`,
      fix: `ip route replace ${formatIpv4(before.dst)} via GATEWAY dev INTERFACE on ${self.kind}/${self.id}`,
    };
  },
});

/** a: 0 the source is wrong, 1 the destination; b: interface. */
export const martian = drop<LinuxHost>({
  code: 'host/martian',
  means: 'An address of the packet cannot be where it is: loopback on a wire, or the own address as source.',
  causes: [
    'DNAT to 127.0.0.1 without route_localnet',
    'a load balancer or a hairpin returned a packet to the host whose address it carries as source',
  ],
  look: ['sysctl net.ipv4.conf.all.log_martians=1 and the kernel log'],
  word: ({ self, a, b, before }) => ({
    stage: 'routing',
    because: `martian ${a === 0 ? `source ${formatIpv4(before.src)}` : `destination ${formatIpv4(before.dst)}`} on ${self.interfaces[b]?.name ?? 'output'}`,
    fix:
      (a === 0 ? before.src : before.dst) >>> 24 === 127
        ? 'sysctl -w net.ipv4.conf.all.route_localnet=1'
        : 'translate the source on the way, so that the reply does not carry the own address',
  }),
});

/** a: interface, b: 1 strict or 2 loose. */
export const reversePath = drop<LinuxHost>({
  code: 'host/reverse-path',
  means: 'The source of the packet would not be reached by the interface it came from (rp_filter).',
  causes: [
    'asymmetric routing over several interfaces with rp_filter=1',
    'no route back to the source at all',
  ],
  look: ['nstat -az TcpExtIPReversePathFilter', 'sysctl -a | grep rp_filter'],
  word: ({ self, a, b, before }) => ({
    stage: 'routing',
    because: `rp_filter=${b} on ${self.interfaces[a]?.name}: ${formatIpv4(before.src)} is not reached ${b === 1 ? 'by it' : 'by any interface'}`,
    fix: `sysctl -w net.ipv4.conf.${self.interfaces[a]?.name}.rp_filter=${b === 1 ? 2 : 0}`,
  }),
});

export const notForwarding = drop<LinuxHost>({
  code: 'host/not-forwarding',
  means: 'The host got a packet that is not for it and does not forward.',
  causes: ['net.ipv4.ip_forward is 0 on a middlebox', 'a route points to a host that is no router'],
  look: ['sysctl net.ipv4.ip_forward', 'the route that led here'],
  word: ({ self, before }) => ({
    stage: 'routing',
    because: `${formatIpv4(before.dst)} is no address of ${self.kind}/${self.id}, and net.ipv4.ip_forward is 0`,
    fix: `sysctl -w net.ipv4.ip_forward=1 on ${self.kind}/${self.id}`,
  }),
});

export const unknownForwarding = note<LinuxHost>({
  name: 'forwarding-unknown',
  nature: 'limit',
  word: ({ self, before }) =>
    `${formatIpv4(before.dst)} is no address of ${self.kind}/${self.id}, and nothing says whether it forwards packets (net.ipv4.ip_forward)`,
});

/** a: interface. */
export const noNeighbour = drop<LinuxHost>({
  code: 'host/no-neighbour',
  means: 'The route leads out of an interface with nothing at the other end.',
  causes: ['a route that outlived its pod', 'a link that is down'],
  look: ['ip link; ip neigh'],
  word: ({ self, a }) => ({
    stage: 'routing',
    because: `nothing is attached to ${self.interfaces[a]?.name ?? 'the interface'} of ${self.kind}/${self.id}`,
  }),
});

export const noIpv6 = note<LinuxHost>({
  name: 'no-ipv6',
  nature: 'limit',
  word: ({ self }) =>
    `IPv6 is modelled on nodes and instances that have it, and ${self.kind}/${self.id} has none`,
});

/** a: interface. */
export const beyondIpv6 = note<LinuxHost>({
  name: 'beyond-ipv6',
  nature: 'limit',
  word: ({ self, a }) =>
    `IPv6 is not modelled beyond ${self.kind}/${self.id}, which the packet leaves by ${self.interfaces[a]?.name}`,
});

export const broadcastIgnored = drop<LinuxHost>({
  code: 'host/broadcast-ignored',
  means: 'The packet went to a broadcast address, and only UDP takes such packets.',
  causes: [
    'the last address of a subnet was taken for that of a host',
    'a wrong prefix length on the interface',
  ],
  look: ['ip route show table local type broadcast'],
  word: ({ self, before }) => ({
    stage: 'routing',
    because: `${formatIpv4(before.dst)} is a broadcast address to ${self.kind}/${self.id}`,
  }),
});

/** a: number of the ip rule, b: 1 where it is one of IPv6. */
export const undecidedRule = note<LinuxHost>({
  name: 'ip-rule-not-known',
  nature: 'limit',
  word: ({ self, a, b }) =>
    `whether "ip rule ${printIpRule((b ? self.ipv6! : self).routing.rules[a]!)}" holds on ${self.kind}/${self.id} is not known (--uid says who sends)`,
});

export const manyReceivers = note<LinuxHost>({
  name: 'multicast',
  nature: 'limit',
  word: ({ self }) =>
    `packets for many receivers (multicast, broadcast) on ${self.kind}/${self.id} are not modelled`,
});

/** a: number in `absent`. */
export const absentPart = note<LinuxHost>({
  name: 'host-part-not-modelled',
  nature: 'limit',
  word: ({ self, a }) => {
    const part = self.absent[a]!;
    return `${part.what} on ${self.kind}/${self.id} decides about ${formatCidr(part.to)} and is not modelled`;
  },
});

/** a: number of the route. */
export const absentInterface = note<LinuxHost>({
  name: 'host-interface-not-modelled',
  nature: 'limit',
  word: ({ self, a }) => {
    const route = self.routing.routes[a]!;
    return `${route.dev} on ${self.kind}/${self.id}, by which "${printIpRoute(route)}" leads, is not modelled`;
  },
});
