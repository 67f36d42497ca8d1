import { describe, expect, test } from 'vitest';
import type { IpSetSource } from '../../src/host/rules.ts';
import { SCTP, TCP, UDP } from '../../src/packet/protocol.ts';
import { origin, type Plan, trace } from './wiring.ts';

const ICMP = 1;

const ipset = (type: string, members: readonly string[], name = 'these', options = ''): IpSetSource => ({
  name,
  type,
  family: 'IPv4',
  options,
  members,
  origin,
});

/** Pod p (10.0.1.20, behind enip) sends to pod q (10.0.2.21); node one drops what the rule's match holds for. */
function matched(sets: readonly IpSetSource[], match: string, protocol = TCP): string {
  const plan: Plan = {
    nodes: {
      one: {
        address: '10.0.1.10',
        pods: { p: '10.0.1.20' },
        tables: { filter: [`-A FORWARD -i enip -m set ${match} -j DROP`] },
        sets,
      },
      two: { address: '10.0.2.10', pods: { q: '10.0.2.21' } },
    },
  };
  const { verdict } = trace(plan, { from: 'pod/p', to: '10.0.2.21:80', protocol });
  return verdict === 'unreachable' ? 'holds' : verdict === 'reachable' ? 'fails' : verdict;
}

describe('members of a set', () => {
  test.each([
    ['hash:ip', ['10.0.2.21'], 'dst', 'holds'],
    ['hash:ip', ['10.0.2.21'], 'src', 'fails'],
    ['hash:ip', ['10.0.2.0/27'], 'dst', 'holds'],
    ['hash:ip', ['10.0.2.5-10.0.2.20'], 'dst', 'fails'],
    ['hash:ip', ['10.0.2.5-10.0.2.21'], 'dst', 'holds'],
    ['hash:ip', ['10.0.2.21 timeout 30 packets 0 bytes 0 comment "x"'], 'dst', 'holds'],
    ['hash:net', ['10.0.0.0/8'], 'dst', 'holds'],
    ['hash:net', ['0.0.0.0/1', '128.0.0.0/1'], 'dst', 'holds'],
    ['hash:net', ['10.0.0.0/8', '10.0.2.0/24 nomatch'], 'dst', 'fails'],
    ['hash:net', ['10.0.0.0/8', '10.0.2.0/24 nomatch', '10.0.2.21'], 'dst', 'holds'],
    ['hash:net', ['10.0.0.0/8 nomatch', '10.0.2.0/24'], 'dst', 'holds'],
    ['hash:ip,port', ['10.0.2.21,tcp:80'], 'dst,dst', 'holds'],
    ['hash:ip,port', ['10.0.2.21,80'], 'dst,dst', 'holds'],
    ['hash:ip,port', ['10.0.2.21,udp:80'], 'dst,dst', 'fails'],
    ['hash:ip,port', ['10.0.2.21,tcp:70-90'], 'dst,dst', 'holds'],
    ['hash:ip,port', ['10.0.2.21,tcp:49152'], 'dst,src', 'holds'],
    ['hash:net,port', ['10.0.2.0/24,tcp:80'], 'dst,dst', 'holds'],
    ['hash:net,port', ['10.0.0.0/16,tcp:80', '10.0.2.0/24,tcp:80 nomatch'], 'dst,dst', 'fails'],
    ['hash:ip,port,ip', ['10.0.1.20,tcp:80,10.0.2.21'], 'src,dst,dst', 'holds'],
    ['hash:ip,port,net', ['10.0.1.20,tcp:80,10.0.2.0/24'], 'src,dst,dst', 'holds'],
    ['hash:net,net', ['10.0.1.0/24,10.0.2.0/24'], 'src,dst', 'holds'],
    ['hash:net,net', ['10.0.1.0/24,10.0.2.0/24'], 'dst,src', 'fails'],
    ['hash:net,port,net', ['10.0.1.0/24,tcp:80,10.0.2.0/24'], 'src,dst,dst', 'holds'],
    ['hash:net,iface', ['10.0.1.0/24,enip'], 'src,src', 'holds'],
    ['hash:net,iface', ['10.0.1.0/24,eth0'], 'src,dst', 'holds'],
    ['hash:net,iface', ['10.0.1.0/24,enix'], 'src,src', 'fails'],
    ['hash:net,iface', ['10.0.1.0/24,eni wildcard'], 'src,src', 'holds'],
    ['hash:net,iface', ['10.0.1.0/24,physdev:enip'], 'src,src', 'fails'],
    ['hash:ip,mark', ['10.0.1.20,0x00000000'], 'src,src', 'holds'],
    ['hash:ip,mark', ['10.0.1.20,0x00000004'], 'src,src', 'fails'],
    ['bitmap:ip', ['10.0.2.21'], 'dst', 'holds'],
    ['bitmap:port', ['80'], 'dst', 'holds'],
    ['bitmap:port', ['80-81'], 'src', 'fails'],
    ['hash:mac', ['01:02:03:04:05:06'], 'src', 'undetermined'],
    ['hash:mac', [], 'src', 'fails'],
    ['bitmap:ip,mac', ['10.0.1.20,01:02:03:04:05:06'], 'src,src', 'undetermined'],
    ['bitmap:ip,mac', ['10.0.1.21,01:02:03:04:05:06'], 'src,src', 'fails'],
  ])('%s of %j by %s: %s', (type, members, directions, answer) => {
    expect(matched([ipset(type, members)], `--match-set these ${directions}`)).toBe(answer);
  });

  test('what has no ports is port 0, an echo request 8/0', () => {
    const echo = [ipset('hash:ip,port', ['10.0.2.21,icmp:echo-request'])];
    expect(matched(echo, '--match-set these dst,dst', ICMP)).toBe('holds');
    expect(matched([ipset('hash:ip,port', ['10.0.2.21,icmp:8/0'])], '--match-set these dst,dst', ICMP)).toBe(
      'holds',
    );
    expect(matched([ipset('hash:ip,port', ['10.0.2.21,ospf:0'])], '--match-set these dst,dst', 89)).toBe(
      'holds',
    );
    expect(matched([ipset('hash:ip,port', ['10.0.2.21,sctp:80'])], '--match-set these dst,dst', SCTP)).toBe(
      'holds',
    );
    expect(matched([ipset('bitmap:port', ['80'])], '--match-set these dst', SCTP)).toBe('fails');
    expect(matched([ipset('bitmap:port', ['80'])], '--match-set these dst', UDP)).toBe('holds');
  });

  test('a netmask counts for members and packets', () => {
    expect(matched([ipset('hash:ip', ['10.0.2.0'], 'these', 'netmask 24')], '--match-set these dst')).toBe(
      'holds',
    );
  });

  test('negation, and exceptions turned round', () => {
    const sets = [ipset('hash:net', ['10.0.0.0/8', '10.0.2.0/24 nomatch'])];
    expect(matched(sets, '! --match-set these dst')).toBe('holds');
    expect(matched(sets, '--match-set these dst --return-nomatch')).toBe('holds');
    expect(matched(sets, '--match-set these src --return-nomatch')).toBe('fails');
  });

  test('a rule with fewer directions than the set has dimensions finds nothing', () => {
    expect(matched([ipset('hash:ip,port', ['10.0.2.21,tcp:80'])], '--match-set these dst')).toBe('fails');
  });

  test('a list of sets holds what one of them holds', () => {
    const sets = [
      ipset('list:set', ['no', 'yes'], 'all'),
      ipset('hash:ip', ['192.0.2.1'], 'no'),
      ipset('hash:net', ['10.0.2.0/24'], 'yes'),
    ];
    expect(matched(sets, '--match-set all dst')).toBe('holds');
    expect(matched(sets.slice(0, 2), '--match-set all dst')).toBe('undetermined');
  });

  test('a set of IPv6 addresses holds no IPv4 one', () => {
    expect(matched([{ ...ipset('hash:net', []), family: 'IPv6' }], '--match-set these dst')).toBe('fails');
  });
});

describe('what nobody knows', () => {
  test('a set that was not given', () => {
    expect(matched([], '--match-set these dst')).toBe('undetermined');
  });

  test('counters of a set', () => {
    expect(matched([ipset('hash:ip', ['10.0.2.21'])], '--match-set these dst --packets-gt 5')).toBe(
      'undetermined',
    );
  });

  test('a member that can not be read', () => {
    expect(matched([ipset('hash:ip', ['what'])], '--match-set these dst')).toBe('undetermined');
  });
});

test('a set of 50,000 members is asked as quickly as one of five', () => {
  const members = Array.from(
    { length: 50_000 },
    (_, i) => `10.${i >> 12}.${(i >> 4) & 255}.${(i & 15) << 4}/28`,
  );
  expect(matched([ipset('hash:net', members)], '--match-set these dst')).toBe('holds');
});
