/** What iptables-save 1.8.9 (nft back end, kernel 6.18) prints for targets as they were given to iptables-restore. */
import { expect, test } from 'vitest';
import { canonicalRule, parseRule } from '../../src/host/rule-text.ts';

const unchanged = [
  '-A X -j LOG',
  '-A X -j LOG --log-level 3',
  '-A X -j NFLOG',
  '-A X -j REJECT --reject-with icmp-admin-prohibited',
  '-A X -p tcp -j REJECT --reject-with tcp-reset',
  '-A X -j REJECT --reject-with icmp-proto-unreachable',
  '-A X -j NFQUEUE --queue-num 5 --queue-bypass',
  '-A X -j NFQUEUE --queue-balance 0:3 --queue-cpu-fanout',
  '-A X -j NFQUEUE --queue-balance 0:3 --queue-bypass',
  '-A X -j CONNMARK --set-xmark 0x5/0xff',
  '-A X -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xffff',
  '-A X -j CONNMARK --set-xmark 0x5/0xff --left-shift-mark 4',
  '-A X -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xff --right-shift-mark 3',
  '-A X -j AUDIT --type accept',
  '-A X -j SET --add-set foo src,dst',
  '-A X -j SET --del-set foo src,dst',
  '-A X -j SET --add-set foo src,dst --exist --timeout 100',
  '-A X -j SET --add-set foo src,dst --timeout 0',
  '-A X -j TEE --gateway 10.0.0.1',
  '-A X -j TEE --gateway 10.0.0.1 --oif eth0',
  '-A X -j IDLETIMER --timeout 10 --label foo',
  '-A X -j TOS --set-tos 0x10/0x3f',
  '-A X -j TTL --ttl-set 64',
  '-A X -j TTL --ttl-inc 1',
  '-A X -j TTL --ttl-dec 1',
  '-A X -p udp -j CHECKSUM --checksum-fill',
  '-A X -p tcp -j TPROXY --on-port 15001 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1',
  '-A X -j CONNSECMARK --restore',
  '-A X -j NOTRACK',
  '-A X -j CT --notrack',
  '-A X -p tcp -j CT --helper ftp',
  '-A X -j CT --zone 5',
  '-A X -j CT --zone-orig 5',
  '-A X -j CT --zone-reply 7',
  '-A X -j CT --zone mark',
  '-A X -j CT --zone-orig mark',
  '-A X -j CT --ctevents new,destroy',
  '-A X -j CT --expevents new',
  '-A X -j CT',
  '-A X -j TRACE',
  '-A X -j DNAT --to-destination 10.0.0.1',
  '-A X -p tcp -j DNAT --to-destination 10.0.0.1:80',
  '-A X -p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.9:80-90 --persistent',
  '-A X -p tcp -j DNAT --to-destination 10.0.0.1:80-90/80',
  '-A X -p tcp -j DNAT --to-destination :80',
  '-A X -p tcp -j DNAT --to-destination :80-90',
  '-A X -j DNAT --to-destination 10.0.0.1-10.0.0.5 --random',
  '-A X -p tcp -j SNAT --to-source 10.0.0.1:80-90 --random',
  '-A X -j SNAT --to-source 10.0.0.1',
  '-A X -p tcp -j SNAT --to-source :1000-2000',
  '-A X -j MASQUERADE --random',
  '-A X -p tcp -j MASQUERADE --to-ports 1000-2000',
  '-A X -p tcp -j MASQUERADE --to-ports 1000 --random-fully',
  '-A X -p tcp -j REDIRECT',
  '-A X -p tcp -j REDIRECT --to-ports 80',
  '-A X -p tcp -j REDIRECT --to-ports 80-90 --random',
  '-A X -j NETMAP --to 10.0.0.0/24',
];

const rewritten = [
  [
    '-A X -j LOG --log-level debug --log-prefix "a b: " --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode',
    '-A X -j LOG --log-prefix "a b: " --log-level 7 --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode',
  ],
  ['-A X -j LOG --log-level 4 --log-prefix abc', '-A X -j LOG --log-prefix abc'],
  ['-A X -j LOG --log-level warning', '-A X -j LOG'],
  [
    '-A X -j NFLOG --nflog-group 2 --nflog-prefix "x y" --nflog-range 100 --nflog-threshold 5',
    '-A X -j NFLOG --nflog-prefix "x y" --nflog-group 2 --nflog-threshold 5',
  ],
  ['-A X -j NFLOG --nflog-size 20 --nflog-group 0', '-A X -j NFLOG --nflog-size 20'],
  ['-A X -j REJECT --reject-with host-prohib', '-A X -j REJECT --reject-with icmp-host-prohibited'],
  ['-A X -j NFQUEUE', '-A X -j NFQUEUE --queue-num 0'],
  ['-A X -j CONNMARK --save-mark', '-A X -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff'],
  ['-A X -j CONNMARK --and-mark 0xf', '-A X -j CONNMARK --set-xmark 0x0/0xfffffff0'],
  ['-A X -j CONNMARK --or-mark 0xf', '-A X -j CONNMARK --set-xmark 0xf/0xf'],
  ['-A X -j CONNMARK --xor-mark 0xf', '-A X -j CONNMARK --set-xmark 0xf/0x0'],
  ['-A X -j CONNMARK --set-mark 5', '-A X -j CONNMARK --set-xmark 0x5/0xffffffff'],
  ['-A X -j CLASSIFY --set-class 1:ffff', '-A X -j CLASSIFY --set-class 0001:ffff'],
  [
    '-A X -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460 -p tcp',
    '-A X -p tcp -j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460',
  ],
  ['-A X -j MARK --set-mark 5', '-A X -j MARK --set-xmark 0x5/0xffffffff'],
  ['-A X -j TOS --set-tos 0x10', '-A X -j TOS --set-tos 0x10/0xff'],
  ['-A X -j TOS --and-tos 0x10', '-A X -j TOS --set-tos 0x00/0xef'],
  ['-A X -j TOS --or-tos 0x10', '-A X -j TOS --set-tos 0x10/0x10'],
  ['-A X -j TOS --xor-tos 0x10', '-A X -j TOS --set-tos 0x10/0x00'],
  ['-A X -j TOS --set-tos Minimize-Delay', '-A X -j TOS --set-tos 0x10/0x3f'],
  ['-A X -j DSCP --set-dscp 10', '-A X -j DSCP --set-dscp 0x0a'],
  ['-A X -j DSCP --set-dscp-class EF', '-A X -j DSCP --set-dscp 0x2e'],
  ['-A X -j ECN --ecn-tcp-remove -p tcp', '-A X -p tcp -j ECN --ecn-tcp-remove'],
  [
    '-A X -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
    '-A X -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
  ],
  [
    '-A X -p tcp --syn -j TCPMSS --set-mss 1400',
    '-A X -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j TCPMSS --set-mss 1400',
  ],
  [
    '-A X -p tcp -j TPROXY --on-port 15001 --tproxy-mark 1',
    '-A X -p tcp -j TPROXY --on-port 15001 --on-ip 0.0.0.0 --tproxy-mark 0x1/0xffffffff',
  ],
  [
    '-A X -p tcp -j TPROXY --on-port 15001',
    '-A X -p tcp -j TPROXY --on-port 15001 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0',
  ],
  ['-A X -j CLASSIFY --set-class 0:1', '-A X -j CLASSIFY --set-class 0000:0001'],
  ['-A X -j CT --zone 5 --ctevents new', '-A X -j CT --ctevents new --zone 5'],
  [
    '-A X -p tcp --dport 5000:5010 -j DNAT --to-destination 10.0.0.1:6000-6010/5000 --random',
    '-A X -p tcp -m tcp --dport 5000:5010 -j DNAT --to-destination 10.0.0.1:6000-6010/5000 --random',
  ],
  [
    '-A X -j SNAT --to-source 10.0.0.1-10.0.0.5 --persistent --random-fully',
    '-A X -j SNAT --to-source 10.0.0.1-10.0.0.5 --random-fully --persistent',
  ],
  ['-A X -p tcp -j REDIRECT --to-ports http', '-A X -p tcp -j REDIRECT --to-ports 80'],
  ['-A X -j NETMAP --to 10.0.0.1', '-A X -j NETMAP --to 10.0.0.1/32'],
  ['-A X -j NETMAP --to 10.0.0.0/255.255.255.0', '-A X -j NETMAP --to 10.0.0.0/24'],
] as const;

test.each(unchanged)('%s is printed as it is', (line) => {
  expect(canonicalRule(line)).toBe(line);
  expect(parseRule(line).target?.module).toBeDefined();
});

test.each(rewritten)('%s', (written, saved) => {
  expect(canonicalRule(written)).toBe(saved);
  expect(canonicalRule(saved)).toBe(saved);
  expect(parseRule(written).target?.module).toBeDefined();
});
