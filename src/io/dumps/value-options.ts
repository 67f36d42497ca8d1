/** Options of rules that always take a value (iptables.8, iptables-extensions.8): a rule that ends behind one was cut off.
 *  Options that other extensions have without a value, such as --set, are left out. */
const options: ReadonlySet<string> = new Set(
  `-A --append -s --source -d --destination -i --in-interface -o --out-interface -p --protocol -m --match
   -j --jump -g --goto
   --dport --sport --destination-port --source-port --dports --sports --ports --tcp-flags --icmp-type --icmpv6-type
   --comment --mark --ctstate --state --ctdir --ctorigdst --ctorigsrc --ctorigdstport --match-set --src-type --dst-type
   --src-range --dst-range --limit --limit-burst --mode --probability --every --packet --name --seconds --hitcount --mask
   --uid-owner --gid-owner --mac-source --pkt-type --physdev-in --physdev-out --length --ttl-eq --ttl-lt --ttl-gt
   --nfacct-name --connlimit-above --connlimit-upto --connlimit-mask --hashlimit-name --hashlimit-mode --hashlimit-above
   --hashlimit-upto --string --algo --tos --dscp
   --to-destination --to-source --to-ports --set-xmark --set-mark --or-mark --and-mark --xor-mark --nfmask --ctmask
   --reject-with --log-prefix --log-level --nflog-group --nflog-prefix --on-port --on-ip --tproxy-mark --set-mss --gateway
   --helper --zone --zone-orig --zone-reply --add-set --del-set --set-dscp --set-tos --ttl-set --queue-num`.split(
    /\s+/,
  ),
);

export function isValueOption(word: string): boolean {
  return options.has(word);
}
