import { describe, expect, test } from 'vitest';
import { parseIpRoute, parseIpRule, printIpRoute, printIpRule } from '../../src/host/routing/routing-text.ts';
import { origin } from './wiring.ts';

describe('ip rule and ip route lines come back unchanged', () => {
  test.each([
    '0: from all lookup local',
    '10: from all iif vlan.eth.3 lookup 103',
    '512: from all to 10.0.1.21 lookup main',
    '1024: from all fwmark 0x80/0x80 lookup main',
    '1535: from all to 192.168.0.0/16 lookup main',
    '1536: from 10.0.1.21 lookup 2',
    '32766: from all lookup main',
    // As ip-rule(8) of iproute2 6.1 prints what it was given.
    '10: not from 10.0.0.0/8 fwmark 0x10/0xff lookup 100',
    '11: from all iif v0 oif v1 lookup main',
    '12: from all to 10.1.0.0/16 tos 0x10 lookup 100',
    '13: from all ipproto tcp dport 80 lookup 100',
    '14: from all ipproto udp sport 100-200 dport 53 lookup 100',
    '15: from all uidrange 1000-2000 lookup 100',
    '16: from all lookup [l3mdev-table]',
    '17: from all lookup main suppress_prefixlength 0',
    '18: from all lookup main suppress_ifgroup 5',
    '19: from 10.5.0.0/16 goto 30',
    '20: from 10.6.0.0/16 nop',
    '21: from 10.7.0.0/16 blackhole',
    '22: from 10.8.0.0/16 unreachable',
    '23: from 10.8.1.0/24 prohibit',
  ])('ip rule: %s', (line) => {
    const rule = parseIpRule(line.replace(': ', ':\t'), origin);
    expect(rule && printIpRule(rule)).toBe(line);
  });

  test.each([
    'default via 172.31.16.1 dev eth0',
    '169.254.169.254 dev eth0',
    '172.31.16.0/20 dev eth0 scope link src 172.31.23.106',
    '172.31.20.89 dev eni8ca2e41546c scope link',
    'unreachable 10.9.0.0/16',
    'blackhole 10.8.0.0/16',
    'local 10.0.1.10 dev eth0 scope host src 10.0.1.10',
    'default via 10.9.1.1 dev v1 metric 50',
    '10.30.0.0/16 nexthop via 10.9.0.1 dev v0 weight 2 nexthop via 10.9.1.1 dev v1 weight 1',
    '10.31.0.0/16 tos 0x10 via 10.9.1.1 dev v1',
    '10.32.0.0/16 via 172.16.0.1 dev v0 onlink',
    'prohibit 10.35.0.0/16',
    'throw 10.36.0.0/16',
    'broadcast 10.9.0.255 dev v0 scope link src 10.9.0.5',
  ])('ip route: %s', (line) => {
    const route = parseIpRoute(line, 'main', origin);
    expect(route && printIpRoute(route)).toBe(line);
  });

  test('what the kernel adds for its own use is passed over', () => {
    const line = '172.31.16.0/20 dev eth0 proto kernel scope link src 172.31.23.106 metric 512 mtu 1400';
    expect(printIpRoute(parseIpRoute(line, 'main', origin)!)).toBe(
      '172.31.16.0/20 dev eth0 scope link src 172.31.23.106 metric 512 mtu 1400',
    );
    expect(printIpRule(parseIpRule('25: from all to 10.8.1.1 lookup main proto static', origin)!)).toBe(
      '25: from all to 10.8.1.1 lookup main',
    );
    expect(printIpRule(parseIpRule('30: from all goto 40 [unresolved]', origin)!)).toBe(
      '30: from all goto 40',
    );
  });

  test('what is not modelled is not read', () => {
    expect(parseIpRoute('default nhid 5 dev eth0', 'main', origin)).toBeUndefined();
    expect(parseIpRoute('10.41.0.0/16 via inet6 fe80::1 dev v1', 'main', origin)).toBeUndefined();
    expect(parseIpRule('100: from all tun_id 5 lookup 2', origin)).toBeUndefined();
  });
});
