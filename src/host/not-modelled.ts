/** What no Linux host of the model does, in the words of docs/fidelity.md. */
export const linuxLimits: readonly string[] = [
  'timers and caches of path MTU discovery; segmentation and reassembly are those of the whole packet',
  'ARP: an interface with something attached reaches it',
  'multicast, and what a host sends to broadcast addresses',
  'groups of interfaces, VRFs, and sockets bound to an interface, where ip rules ask for them',
  'ICMP redirects and ICMP rate limits',
  'conntrack table size, timeouts and helpers',
  'expectations: a connection is never RELATED to another, only ICMP errors are',
  'clashes of source ports under SNAT with connections that are not part of the trace',
  'what lists, limits and counters hold before the trace: they start empty, and a trace says so where one decides',
  'payloads, times of day, and the other things that rules ask and a trace names where one decides',
  'nftables rule sets of others than iptables-nft',
  'IPv6, except on nodes that have an address or Services of it, and on instances with an address of it',
  'of IPv6 there: router and neighbour discovery, extension headers, what ipsets hold, tables of nftables',
];
