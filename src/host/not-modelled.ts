/** What no Linux host of the model does, in the words of docs/fidelity.md. */
export const linuxLimits: readonly string[] = [
  'fragments, and path MTU',
  'ARP: an interface with something attached reaches it',
  'ICMP redirects and ICMP rate limits',
  'conntrack table size, timeouts and helpers',
  'expectations: a connection is never RELATED to another, only ICMP errors are',
  'clashes of source ports under SNAT',
  'what xt_recent lists hold before the trace: they start empty',
  'ipset, nfqueue, tproxy and the other matches and targets that a trace names when it meets them',
  'nftables rule sets of others than iptables-nft',
  'IPv6',
];
