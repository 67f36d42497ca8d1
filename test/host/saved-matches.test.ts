/** What iptables-save 1.8.9 (nft back end, kernel 6.18) prints for rules as they were given to iptables-restore. */
import { expect, test } from 'vitest';
import { canonicalRule, parseRule } from '../../src/host/rule-text.ts';

const unchanged = [
  '-A X -m iprange --src-range 10.0.0.1-10.0.0.9',
  '-A X -m iprange ! --dst-range 10.0.0.5-10.0.0.7',
  '-A X -m physdev --physdev-in eth0',
  '-A X -m physdev ! --physdev-in eth+ --physdev-is-bridged',
  '-A X -m physdev --physdev-is-in',
  '-A X -m physdev ! --physdev-is-bridged',
  '-A X -m physdev --physdev-out veth+ --physdev-is-bridged',
  '-A X -m physdev ! --physdev-is-out',
  '-A X -m mac ! --mac-source 00:11:22:33:44:55',
  '-A X -m length --length 60',
  '-A X -m length ! --length 60:100',
  '-A X -m owner --uid-owner 0',
  '-A X -m owner --uid-owner 1000-2000 --gid-owner 1337',
  '-A X -m owner --socket-exists',
  '-A X -m owner ! --socket-exists',
  '-A X -m owner --gid-owner 1337 --suppl-groups',
  '-A X -m pkttype --pkt-type unicast',
  '-A X -m pkttype ! --pkt-type multicast',
  '-A X -m pkttype --pkt-type broadcast',
  '-A X -m ttl --ttl-eq 64',
  '-A X -m ttl --ttl-gt 10',
  '-A X -m ttl --ttl-lt 10',
  '-A X -m ttl ! --ttl-eq 64',
  '-A X -m tos ! --tos 0x10/0x3f',
  '-A X -m dscp --dscp 0x2e',
  '-A X -m ecn --ecn-ip-ect 2',
  '-A X -m connlimit --connlimit-above 10 --connlimit-mask 0 --connlimit-daddr',
  '-A X -m hashlimit --hashlimit-above 512kb/s --hashlimit-mode srcip --hashlimit-name bar2',
  '-A X -m quota --quota 1000',
  '-A X -m quota ! --quota 1000',
  '-A X -m helper --helper ftp',
  '-A X -m realm ! --realm 0x10/0xff',
  '-A X -m socket',
  '-A X -m socket --transparent',
  '-A X -m socket --nowildcard --restore-skmark',
  '-A X -m cgroup --cgroup 1048577',
  '-A X -m string --string "foo bar" --algo bm',
  '-A X -m string --hex-string "|deadbeef|" --algo bm',
  '-A X -m bpf --bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0"',
  '-A X -m policy --dir in --pol none',
  '-A X -m policy --dir in --pol ipsec --proto esp',
  '-A X -m conntrack --ctstate NEW,ESTABLISHED',
  '-A X -m conntrack ! --ctproto 17',
  '-A X -m conntrack --ctorigsrc 10.0.0.0/8 ! --ctorigdst 10.0.0.1',
  '-A X -m conntrack --ctstatus NONE',
  '-A X -m conntrack ! --ctstatus EXPECTED,SEEN_REPLY,ASSURED,CONFIRMED',
  '-A X -m conntrack --ctexpire 10',
  '-A X -m conntrack ! --ctexpire 10:20',
  '-A X -m conntrack --ctdir REPLY',
  '-A X -m state --state NEW,RELATED',
  '-A X -m state ! --state INVALID,UNTRACKED',
  '-A X -m addrtype --src-type LOCAL,BROADCAST ! --dst-type MULTICAST --limit-iface-in',
  '-A X -p icmp -m icmp --icmp-type any',
  '-A X -p icmp -m icmp ! --icmp-type 3/1',
  '-A X -p udplite -m multiport --dports 1,2',
  '-A X -p esp -m esp --espspi 1:100',
  '-A X -p ah -m ah ! --ahspi 5',
  '-A X -p tcp -m multiport --ports 1,2:3',
  '-A X -p tcp -m multiport ! --sports 1',
  '-A X -p udp -m udp --sport 5353 ! --dport 1:3',
  '-A X -m statistic --mode nth ! --every 3 --packet 1',
  '-A X -m limit --limit 1/day',
  '-A X -m mark ! --mark 0x1/0xfffffeff',
  '-A X -m cpu --cpu 0',
  '-A X -m cpu ! --cpu 1',
  '-A X -m devgroup ! --dst-group 0x2/0xff',
  '-A X -m set --match-set foo src,dst',
  '-A X -m set ! --match-set foo dst --return-nomatch',
  '-A X -m set --match-set foo src ! --update-counters ! --update-subcounters',
  '-A X -m set --match-set foo src --packets-gt 5 --bytes-lt 10',
  '-A X -m set --match-set foo src ! --packets-eq 5 --bytes-eq 10',
  '-A X -m set ! --match-set foo src,src',
  '-A X -p icmp',
  '-A X -p tcp -m tcp',
  '-A X -f -j ACCEPT',
  '-A X -m rpfilter',
  '-A X -m rpfilter --loose --validmark --accept-local --invert',
];

const rewritten = [
  [
    '-A X -m iprange ! --src-range 10.0.0.1-10.0.0.9 --dst-range 10.0.0.5',
    '-A X -m iprange ! --src-range 10.0.0.1-10.0.0.9 --dst-range 10.0.0.5-10.0.0.5',
  ],
  ['-A X -m mac --mac-source 00:11:22:aa:BB:cc', '-A X -m mac --mac-source 00:11:22:aa:bb:cc'],
  ['-A X -m length --length :100', '-A X -m length --length 0:100'],
  ['-A X -m length --length 100:', '-A X -m length --length 100:65535'],
  ['-A X -m owner ! --uid-owner root', '-A X -m owner ! --uid-owner 0'],
  ['-A X -m ttl --ttl 64', '-A X -m ttl --ttl-eq 64'],
  ['-A X -m tos --tos 0x10', '-A X -m tos --tos 0x10/0xff'],
  ['-A X -m tos --tos Minimize-Delay', '-A X -m tos --tos 0x10/0x3f'],
  ['-A X -m dscp --dscp 10', '-A X -m dscp --dscp 0x0a'],
  ['-A X -m dscp ! --dscp-class EF', '-A X -m dscp ! --dscp 0x2e'],
  ['-A X -m dscp --dscp-class CS1', '-A X -m dscp --dscp 0x08'],
  ['-A X -p tcp -m ecn --ecn-tcp-cwr ! --ecn-tcp-ece', '-A X -p tcp -m ecn ! --ecn-tcp-ece --ecn-tcp-cwr'],
  [
    '-A X -m connlimit --connlimit-above 10',
    '-A X -m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr',
  ],
  [
    '-A X -m connlimit --connlimit-upto 10 --connlimit-mask 24',
    '-A X -m connlimit --connlimit-upto 10 --connlimit-mask 24 --connlimit-saddr',
  ],
  [
    '-A X -m connlimit ! --connlimit-above 5',
    '-A X -m connlimit --connlimit-upto 5 --connlimit-mask 32 --connlimit-saddr',
  ],
  [
    '-A X -m hashlimit --hashlimit-upto 10/sec --hashlimit-name foo',
    '-A X -m hashlimit --hashlimit-upto 10/sec --hashlimit-burst 5 --hashlimit-name foo',
  ],
  [
    '-A X -m hashlimit --hashlimit-above 100/min --hashlimit-burst 20 --hashlimit-mode srcip,dstport --hashlimit-name foo --hashlimit-srcmask 24 --hashlimit-htable-expire 30000',
    '-A X -m hashlimit --hashlimit-above 100/min --hashlimit-burst 20 --hashlimit-mode srcip,dstport --hashlimit-name foo --hashlimit-htable-expire 30000 --hashlimit-srcmask 24',
  ],
  [
    '-A X -m hashlimit --hashlimit 1/hour --hashlimit-mode srcip --hashlimit-name bar',
    '-A X -m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name bar',
  ],
  [
    '-A X -m hashlimit --hashlimit-upto 5/sec --hashlimit-mode dstip --hashlimit-name q --hashlimit-htable-size 100 --hashlimit-htable-max 1000 --hashlimit-htable-gcinterval 500',
    '-A X -m hashlimit --hashlimit-upto 5/sec --hashlimit-burst 5 --hashlimit-mode dstip --hashlimit-name q --hashlimit-htable-size 100 --hashlimit-htable-max 1000 --hashlimit-htable-gcinterval 500',
  ],
  [
    '-A X -m connbytes --connbytes 100:200 --connbytes-dir both --connbytes-mode bytes',
    '-A X -m connbytes --connbytes 100:200 --connbytes-mode bytes --connbytes-dir both',
  ],
  [
    '-A X -m connbytes ! --connbytes 100 --connbytes-dir original --connbytes-mode packets',
    '-A X -m connbytes ! --connbytes 100 --connbytes-mode packets --connbytes-dir original',
  ],
  [
    '-A X -m connbytes --connbytes 100: --connbytes-dir reply --connbytes-mode avgpkt',
    '-A X -m connbytes --connbytes 100 --connbytes-mode avgpkt --connbytes-dir reply',
  ],
  ['-A X -m helper ! --helper "ftp-21"', '-A X -m helper ! --helper ftp-21'],
  ['-A X -m realm --realm 5', '-A X -m realm --realm 0x5'],
  [
    '-A X -m time --timestart 09:00 --timestop 17:00 --weekdays Mon,Tue',
    '-A X -m time --timestart 09:00:00 --timestop 17:00:00 --weekdays Mon,Tue --datestop 2038-01-19T03:14:07',
  ],
  [
    '-A X -m time --datestart 2020-01-01 --datestop 2021-01-01T10:00:00',
    '-A X -m time --datestart 2020-01-01T00:00:00 --datestop 2021-01-01T10:00:00',
  ],
  [
    '-A X -m time ! --weekdays Sa,Su --kerneltz',
    '-A X -m time --weekdays Mon,Tue,Wed,Thu,Fri --datestop 2038-01-19T03:14:07 --kerneltz',
  ],
  [
    '-A X -m time ! --monthdays 1,2,30',
    '-A X -m time --monthdays 3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,31 --datestop 2038-01-19T03:14:07',
  ],
  [
    '-A X -m time --timestart 22:00 --timestop 06:00 --contiguous',
    '-A X -m time --timestart 22:00:00 --timestop 06:00:00 --datestop 2038-01-19T03:14:07 --contiguous',
  ],
  [
    '-A X -m time --utc --timestart 01:02:03',
    '-A X -m time --timestart 01:02:03 --timestop 23:59:59 --datestop 2038-01-19T03:14:07',
  ],
  [
    '-A X -m string ! --string foo --algo kmp --from 40 --to 100 --icase',
    '-A X -m string ! --string "foo" --algo kmp --from 40 --to 100 --icase',
  ],
  ['-A X -m string --hex-string "GET |20|/" --algo bm', '-A X -m string --string "GET  /" --algo bm'],
  ['-A X -m u32 --u32 "0>>22&0x3C@12=0x5"', '-A X -m u32 --u32 "0x0>>0x16&0x3c@0xc=0x5"'],
  [
    '-A X -m u32 ! --u32 "6&0xFF=1&&4&0x3FFF=0,5:10"',
    '-A X -m u32 ! --u32 "0x6&0xff=0x1&&0x4&0x3fff=0x0,0x5:0xa"',
  ],
  [
    '-A X -m policy --dir out --pol ipsec --mode tunnel --tunnel-dst 1.2.3.4 --tunnel-src 4.3.2.1/24 --strict --reqid 5 --proto esp',
    '-A X -m policy --dir out --pol ipsec --strict --reqid 5 --proto esp --mode tunnel --tunnel-dst 1.2.3.4 --tunnel-src 4.3.2.1/24',
  ],
  [
    '-A X -m policy --dir in --pol ipsec ! --reqid 5 --next --proto ah --strict',
    '-A X -m policy --dir in --pol ipsec --strict ! --reqid 5 --next --proto ah',
  ],
  [
    '-A X -m conntrack ! --ctstate INVALID,SNAT,DNAT,UNTRACKED',
    '-A X -m conntrack ! --ctstate INVALID,UNTRACKED,SNAT,DNAT',
  ],
  ['-A X -m conntrack --ctproto tcp', '-A X -m conntrack --ctproto 6'],
  [
    '-A X -m conntrack --ctreplsrc 10.0.0.1/32 --ctrepldst 10.0.0.0/255.255.0.0',
    '-A X -m conntrack --ctreplsrc 10.0.0.1 --ctrepldst 10.0.0.0/16',
  ],
  [
    '-A X -m conntrack --ctproto tcp --ctorigsrcport 80 --ctorigdstport 80:90 ! --ctreplsrcport 1:2 --ctrepldstport 9',
    '-A X -m conntrack --ctproto 6 --ctorigsrcport 80 --ctorigdstport 80:90 ! --ctreplsrcport 1:2 --ctrepldstport 9',
  ],
  [
    '-A X -m conntrack --ctstate RELATED --ctdir ORIGINAL --ctstatus CONFIRMED --ctexpire 1:100',
    '-A X -m conntrack --ctstate RELATED --ctstatus CONFIRMED --ctexpire 1:100 --ctdir ORIGINAL',
  ],
  [
    '-A X -m addrtype --dst-type UNICAST,BLACKHOLE,UNREACHABLE,PROHIBIT,THROW,NAT,XRESOLVE,ANYCAST --limit-iface-out',
    '-A X -m addrtype --dst-type UNICAST,ANYCAST,BLACKHOLE,UNREACHABLE,PROHIBIT,THROW,NAT,XRESOLVE --limit-iface-out',
  ],
  ['-A X -m addrtype --dst-type unicast', '-A X -m addrtype --dst-type UNICAST'],
  ['-A X -p icmp --icmp-type echo-request', '-A X -p icmp -m icmp --icmp-type 8'],
  ['-A X -p icmp --icmp-type redirect', '-A X -p icmp -m icmp --icmp-type 5'],
  ['-A X -p icmp --icmp-type 255', '-A X -p icmp -m icmp --icmp-type any'],
  ['-A X -p tcp --tcp-option 5', '-A X -p tcp -m tcp --tcp-option 5'],
  [
    '-A X -p tcp ! --tcp-option 2 --tcp-flags ALL NONE',
    '-A X -p tcp -m tcp ! --tcp-option 2 --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE',
  ],
  ['-A X -p tcp ! --syn', '-A X -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN'],
  ['-A X -p tcp --tcp-flags SYN,ACK SYN', '-A X -p tcp -m tcp --tcp-flags SYN,ACK SYN'],
  ['-A X -p sctp --chunk-types any INIT,DATA', '-A X -p sctp -m sctp --chunk-types any DATA,INIT'],
  ['-A X -p sctp ! --chunk-types all INIT', '-A X -p sctp -m sctp ! --chunk-types all INIT'],
  [
    '-A X -p sctp --chunk-types only DATA:Be,INIT_ACK --dport 80',
    '-A X -p sctp -m sctp --dport 80 --chunk-types only DATA:Be,INIT_ACK',
  ],
  [
    '-A X -p sctp --chunk-types any ABORT:T,SHUTDOWN_COMPLETE:t --sport 1:2',
    '-A X -p sctp -m sctp --sport 1:2 --chunk-types any ABORT:T,SHUTDOWN_COMPLETE:t',
  ],
  [
    '-A X -p dccp --dport 80 --dccp-types REQUEST,RESPONSE',
    '-A X -p dccp -m dccp --dport 80 --dccp-types REQUEST,RESPONSE',
  ],
  [
    '-A X -m statistic --mode random ! --probability 0.3',
    '-A X -m statistic --mode random ! --probability 0.29999999981',
  ],
  ['-A X -m recent --set', '-A X -m recent --set --name DEFAULT --mask 255.255.255.255 --rsource'],
  [
    '-A X -m recent ! --rcheck --name foo --rdest --rttl --hitcount 3 --seconds 10',
    '-A X -m recent ! --rcheck --seconds 10 --hitcount 3 --rttl --name foo --mask 255.255.255.255 --rdest',
  ],
  [
    '-A X -m recent --update --seconds 60 --hitcount 4 --mask 255.255.255.0',
    '-A X -m recent --update --seconds 60 --hitcount 4 --name DEFAULT --mask 255.255.255.0 --rsource',
  ],
  ['-A X -m limit', '-A X -m limit --limit 3/hour'],
  ['-A X -m limit --limit 10', '-A X -m limit --limit 10/sec'],
  ['-A X -m limit --limit 10/second --limit-burst 7', '-A X -m limit --limit 10/sec --limit-burst 7'],
  ['-A X -m limit --limit 3000/minute', '-A X -m limit --limit 50/sec'],
  ['-A X -m limit --limit 7/m', '-A X -m limit --limit 7/min'],
  ['-A X -m limit --limit 100/h --limit-burst 1', '-A X -m limit --limit 100/hour --limit-burst 1'],
  ['-A X -m mark --mark 5', '-A X -m mark --mark 0x5'],
  ['-A X -m connmark --mark 5/5', '-A X -m connmark --mark 0x5/0x5'],
  ['-A X -m devgroup --src-group 1', '-A X -m devgroup --src-group 0x1'],
  ['-A X -m connlabel --label 1', '-A X -m connlabel --label "1"'],
  ['-A X -m connlabel ! --label 1 --set', '-A X -m connlabel ! --label "1" --set'],
  ['-A X -m set --set foo src', '-A X -m set --match-set foo src'],
  ['-A X -m tcpmss --mss 100:200 -p tcp', '-A X -p tcp -m tcpmss --mss 100:200'],
  [
    '-A X -p tcp --tcp-flags SYN,RST SYN -m tcpmss ! --mss 1400',
    '-A X -p tcp -m tcp --tcp-flags SYN,RST SYN -m tcpmss ! --mss 1400',
  ],
  [
    String.raw`-A X -m comment --comment "a 'b' \"c\" \\d" -m comment --comment x`,
    String.raw`-A X -m comment --comment "a \'b\' \"c\" \\d" -m comment --comment x`,
  ],
  ['-A X -p all -s 0.0.0.0/0 -j ACCEPT', '-A X -j ACCEPT'],
  ['-A X -p sctp --chunk-types any ALL', '-A X -p sctp -m sctp --chunk-types any ALL'],
  ['-A X -p sctp --chunk-types all NONE', '-A X -p sctp -m sctp --chunk-types all NONE'],
  [
    '-A X -p sctp --chunk-types only ASCONF,ASCONF_ACK,FORWARD_TSN',
    '-A X -p sctp -m sctp --chunk-types only ASCONF_ACK,FORWARD_TSN,ASCONF',
  ],
  ['-A X -p sctp --chunk-types only ALL', '-A X -p sctp -m sctp --chunk-types only ALL'],
  ['-A X -p tcp --dport http:https', '-A X -p tcp -m tcp --dport 80:443'],
  ['-A X -p tcp --dport 80:', '-A X -p tcp -m tcp --dport 80:65535'],
  ['-A X -p tcp --dport :', '-A X -p tcp -m tcp'],
  ['-A X -p icmp --icmp-type 8/0', '-A X -p icmp -m icmp --icmp-type 8/0'],
  ['-A X -p icmp --icmp-type tos-host-redirect', '-A X -p icmp -m icmp --icmp-type 5/3'],
  ['-A X -p tcp -m tcp --sport 0:65535', '-A X -p tcp -m tcp'],
  ['-A X ! -f -p tcp -j ACCEPT', '-A X -p tcp ! -f -j ACCEPT'],
  ['-A X -p tcp -m multiport --port 1', '-A X -p tcp -m multiport --ports 1'],
  ['-A X -m rpfilter --invert --validmark', '-A X -m rpfilter --validmark --invert'],
] as const;

const unknown = (line: string): string[] =>
  parseRule(line)
    .matches.filter(({ module }) => module === undefined)
    .map(({ name }) => name);

test.each(unchanged)('%s is printed as it is', (line) => {
  expect(canonicalRule(line)).toBe(line);
  expect(unknown(line)).toEqual([]);
});

test.each(rewritten)('%s', (written, saved) => {
  expect(canonicalRule(written)).toBe(saved);
  expect(canonicalRule(saved)).toBe(saved);
  expect(unknown(written)).toEqual([]);
});
