import { describe, expect, test } from 'vitest';
import { splitWords } from '../../src/host/netfilter/rule-quoting.ts';
import { canonicalRule, parseRule } from '../../src/host/netfilter/rule-text.ts';
import { saveText } from '../../src/host/save/iptables.ts';
import { table } from './wiring.ts';

describe('a rule as iptables-save prints it comes back unchanged', () => {
  test.each([
    // What kubelet, kube-proxy and the VPC CNI leave on an EKS node.
    '-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL',
    '-A INPUT -j KUBE-FIREWALL',
    '-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP',
    '-A KUBE-FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name ct_state_invalid_dropped_pkts -j DROP',
    '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
    '-A PREROUTING -i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0',
    '-A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    '-A PREROUTING -i eth0 -m comment --comment "AWS, primary ENI" -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80',
    '-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 10.1.2.3 --random-fully',
    '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
    '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
    '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
    '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
    '-A KUBE-SEP-X -s 10.1.31.116/32 -m comment --comment "ns/dns:dns-tcp" -j KUBE-MARK-MASQ',
    '-A KUBE-SEP-X -p tcp -m comment --comment "ns/dns:dns-tcp" -m tcp -j DNAT --to-destination 10.1.31.116:53',
    '-A KUBE-SEP-X -p tcp -m comment --comment "ns/web" -m recent --set --name KUBE-SEP-X --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.1.31.116:53',
    '-A KUBE-SVC-X -m comment --comment "ns/web -> 10.1.0.1:80" -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-X --mask 255.255.255.255 --rsource -j KUBE-SEP-X',
    '-A KUBE-SERVICES -d 10.100.0.10/32 -p udp -m comment --comment "ns/dns:dns cluster IP" -m udp --dport 53 -j KUBE-SVC-X',
    '-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
    '-A KUBE-SVC-X -m comment --comment "ns/web -> 10.1.0.1:80" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-X',
    '-A KUBE-SVC-X -m comment --comment "ns/web -> 10.1.0.1:80" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-X',
    '-A KUBE-SERVICES -d 10.100.0.9/32 -p tcp -m comment --comment "ns/web has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
    '-A KUBE-FW-X -m comment --comment "other traffic to ns/web will be dropped by KUBE-PROXY-FIREWALL"',
    // portmap, and what firewalls are made of.
    '-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name" -m multiport --dports 8080,9000:9010 -j CNI-DN-0123',
    '-A CNI-HOSTPORT-SETMARK -m comment --comment plain -j MARK --set-xmark 0x2000/0x2000',
    '-A INPUT -p tcp -m tcp ! --dport 22 --tcp-flags FIN,SYN,RST,ACK SYN -j REJECT --reject-with tcp-reset',
    '-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT',
    '-A INPUT ! -i lo -p tcp -m tcp --sport 1024:65535 --dport :1023 -g OTHER'.replace(':1023', '0:1023'),
    '-A INPUT -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "dropped: " --log-level 5',
    '-A PREROUTING -p tcp -m statistic --mode nth --every 3 --packet 0 -j CT --notrack',
    '-A OUTPUT -p tcp -j REDIRECT --to-ports 15001',
    // ip6tables.
    '-A KUBE-SERVICES -d fd00:100::80/128 -p tcp -m comment --comment "ns/web cluster IP" -m tcp --dport 80 -j KUBE-SVC-X',
    '-A KUBE-SVC-X ! -s fd00:10::/64 -d fd00:100::80/128 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ',
    '-A KUBE-SEP-X -p tcp -m tcp -j DNAT --to-destination [fd00:10::1]:8080',
    '-A KUBE-SEP-X -p tcp -m tcp -j DNAT --to-destination fd00:10::1',
    '-A POSTROUTING -s fd00:10::/64 -j SNAT --to-source [2001:db8::1]:1024-65535 --random-fully',
    '-A INPUT ! -d ::1/128 -j REJECT --reject-with icmp6-adm-prohibited',
    '-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 128 -j ACCEPT',
    '-A INPUT -p ipv6-icmp -m icmp6 ! --icmpv6-type 1/4 -j DROP',
    '-A INPUT -p tcp -j REJECT --reject-with icmp6-port-unreachable',
    // Not modelled, and still printed.
    '-A FORWARD -m set --match-set blocked src,dst -m comment --comment "from a set" -j DROP',
    '-A PREROUTING -p tcp -j TPROXY --on-port 15001 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1',
    '-A FORWARD -m conntrack --ctorigdst 10.0.0.1 -j ACCEPT',
  ])('%s', (line) => {
    expect(canonicalRule(line)).toBe(line);
  });
});

describe('the spellings of iptables commands', () => {
  test.each([
    ['-A X -j MARK --or-mark 0x4000', '-A X -j MARK --set-xmark 0x4000/0x4000'],
    ['-A X -j MARK --xor-mark 0x4000', '-A X -j MARK --set-xmark 0x4000/0x0'],
    ['-A X -j MARK --and-mark 0xff', '-A X -j MARK --set-xmark 0x0/0xffffff00'],
    [
      '-A X -p icmpv6 -m icmp6 --icmpv6-type echo-request -j ACCEPT',
      '-A X -p ipv6-icmp -m icmp6 --icmpv6-type 128 -j ACCEPT',
    ],
    ['-A X -s FD00::0:1 -j ACCEPT', '-A X -s fd00::1/128 -j ACCEPT'],
    ['-A X -s fd00::1/64 -j ACCEPT', '-A X -s fd00::/64 -j ACCEPT'],
    ['-A X -s ::/0 -j ACCEPT', '-A X -j ACCEPT'],
    ['-A X -j REJECT --reject-with addr-unreach', '-A X -j REJECT --reject-with icmp6-addr-unreachable'],
    ['-A X -j MARK --set-mark 0x1', '-A X -j MARK --set-xmark 0x1/0xffffffff'],
    ['-A X -j CONNMARK --set-mark 0x80/0x80', '-A X -j CONNMARK --set-xmark 0x80/0x80'],
    [
      '-A X -j CONNMARK --restore-mark --mask 0x80',
      '-A X -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    ],
    [
      '-A X -m tcp -p tcp -d 10.0.0.1 --dport 80 -j REJECT',
      '-A X -d 10.0.0.1/32 -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
    ],
    ['-A X -s ! 10.0.0.0/8 -p esp -j DROP', '-A X ! -s 10.0.0.0/8 -p esp -j DROP'],
    ['-A X -p tcp --dport 80 -j ACCEPT', '-A X -p tcp -m tcp --dport 80 -j ACCEPT'],
    ['-A X --protocol 6 --source 10.0.0.0/255.255.0.0 --jump DROP', '-A X -s 10.0.0.0/16 -p tcp -j DROP'],
    ["-A X -m comment --comment 'one word' -j ACCEPT", '-A X -m comment --comment "one word" -j ACCEPT'],
    ['[3:180] -A X -p tcp --syn -j ACCEPT', '-A X -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT'],
    [
      '-A X -m multiport -p tcp --destination-ports 1,2 -j ACCEPT',
      '-A X -p tcp -m multiport --dports 1,2 -j ACCEPT',
    ],
    [
      '-A X -m statistic --mode random --probability 0.3333333333 -j Y',
      '-A X -m statistic --mode random --probability 0.33333333349 -j Y',
    ],
  ])('%s', (written, saved) => {
    expect(canonicalRule(written)).toBe(saved);
  });

  test('a quote inside a comment is escaped', () => {
    expect(splitWords(String.raw`a "b \"c\" d" e`)).toEqual(['a', 'b "c" d', 'e']);
    const line = String.raw`-A X -m comment --comment "say \"no\"" -j DROP`;
    expect(canonicalRule(line)).toBe(line);
  });

  test('an option that nobody knows makes the rule one that may or may not match', () => {
    const rule = parseRule('-A X -p tcp --fragile -j DROP');
    expect(rule.matches.map(({ module }) => module)).toEqual([undefined]);
  });
});

test('a host is printed table by table, built-in chains first, parts of a chain in the order of their writers', () => {
  const text = saveText([
    table('nat', [':ZED', ':ALPHA', '-A POSTROUTING -j ALPHA']),
    table('filter', [':FORWARD DROP']),
    table('nat', ['-A POSTROUTING -j ZED']),
  ]);
  expect(text).toBe(
    [
      '*filter',
      ':INPUT ACCEPT [0:0]',
      ':FORWARD DROP [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      'COMMIT',
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      ':INPUT ACCEPT [0:0]',
      ':OUTPUT ACCEPT [0:0]',
      ':POSTROUTING ACCEPT [0:0]',
      ':ALPHA - [0:0]',
      ':ZED - [0:0]',
      '-A POSTROUTING -j ALPHA',
      '-A POSTROUTING -j ZED',
      'COMMIT',
      '',
    ].join('\n'),
  );
});
