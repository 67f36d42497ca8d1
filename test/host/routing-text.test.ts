import { describe, expect, test } from 'vitest';
import { parseIpRoute, parseIpRule, printIpRoute, printIpRule } from '../../src/host/routing-text.ts';
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
  ])('ip route: %s', (line) => {
    const route = parseIpRoute(line, 'main', origin);
    expect(route && printIpRoute(route)).toBe(line);
  });

  test('what the kernel adds for its own use is passed over', () => {
    const line = '172.31.16.0/20 dev eth0 proto kernel scope link src 172.31.23.106 metric 512';
    expect(printIpRoute(parseIpRoute(line, 'main', origin)!)).toBe(
      '172.31.16.0/20 dev eth0 scope link src 172.31.23.106',
    );
    expect(parseIpRoute('default nhid 5 dev eth0', 'main', origin)).toBeUndefined();
    expect(parseIpRule('100: from all uidrange 0-0 lookup 2', origin)).toBeUndefined();
  });
});
