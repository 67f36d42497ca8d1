/** What targets do to packets. Addresses and ports of NAT are those that kernel 6.18 chose. */
import { describe, expect, test } from 'vitest';
import { formatIpv4, ipv4 } from '../../src/addressing/ip.ts';
import { addressFrom } from '../../src/host/netfilter/nat-range.ts';
import type { IpSetSource, TableName } from '../../src/host/rules.ts';
import { TCP, UDP } from '../../src/packet/protocol.ts';
import { enters, origin, type Plan, trace } from './wiring.ts';

const plan = (tables: Partial<Record<TableName, readonly string[]>>): Plan => ({
  nodes: {
    one: { address: '10.0.1.10', pods: { p: '10.0.1.20' }, tables },
    two: { address: '10.0.2.10', pods: { q: '10.0.2.21' } },
  },
});
const ask = { from: 'pod/p', to: '10.0.2.21:80' };
const told = (tables: Parameters<typeof plan>[0], protocol = TCP) =>
  trace(plan(tables), { ...ask, protocol });

/** The header with which a packet of p to 10.0.2.21:80 comes to the wire. */
const onTheWire = (nat: string, protocol = TCP): string =>
  enters(told({ nat: [nat] }, protocol).paths[0]!.hops, 'wire');

describe('NAT to a range', () => {
  test.each([
    ['10.9.9.1', '10.50.4.3', false, '10.60.0.4'],
    ['10.9.9.2', '10.50.2.6', true, '10.60.0.5'],
    ['10.9.9.3', '10.50.1.9', false, '10.60.0.7'],
    ['10.9.9.3', '10.50.4.9', true, '10.60.0.5'],
    ['10.9.9.4', '10.50.3.12', false, '10.60.0.2'],
    ['10.9.9.5', '10.50.1.15', true, '10.60.0.6'],
    ['10.9.9.5', '10.50.5.15', false, '10.60.0.6'],
    ['10.9.9.6', '10.50.3.18', true, '10.60.0.8'],
    ['10.9.9.7', '10.50.2.21', false, '10.60.0.6'],
    ['10.9.9.7', '10.50.5.21', true, '10.60.0.8'],
  ])('of addresses: %s to %s, persistent %s, is sent to %s', (src, dst, persistent, chosen) => {
    const [first, last] = [ipv4('10.60.0.1'), ipv4('10.60.0.9')];
    expect(formatIpv4(addressFrom(first, last, ipv4(src), ipv4(dst), persistent, 0))).toBe(chosen);
  });

  test('a port in the range is kept, another becomes the first', () => {
    expect(onTheWire('-A PREROUTING -p tcp -j DNAT --to-destination 10.0.2.21:70-90')).toContain(
      '10.0.2.21:80',
    );
    expect(onTheWire('-A PREROUTING -p tcp -j DNAT --to-destination 10.0.2.21:1000-1010')).toContain(
      '10.0.2.21:1000',
    );
  });

  test('ports are shifted by as much as they are above the base', () => {
    const to = (base: number): string =>
      onTheWire(`-A PREROUTING -p tcp -j DNAT --to-destination 10.0.2.21:6000-6010/${base}`);
    expect(to(77)).toContain('10.0.2.21:6003');
    expect(to(60)).toContain('10.0.2.21:6009');
  });

  test('without an address only the port changes', () => {
    expect(onTheWire('-A PREROUTING -p tcp -j DNAT --to-destination :99')).toContain('10.0.2.21:99');
    expect(onTheWire('-A POSTROUTING -p tcp -j SNAT --to-source :50000')).toContain('10.0.1.20:50000');
  });

  test('--random takes any port of the range', () => {
    const nat = ['-A PREROUTING -p tcp -j DNAT --to-destination 10.0.2.21:80-83 --random'];
    expect(told({ nat }).paths.map(({ share }) => share)).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  test('a source that lies in the range stays', () => {
    expect(onTheWire('-A POSTROUTING -p tcp -j SNAT --to-source 10.0.1.1-10.0.1.30')).toContain(
      '10.0.1.20:49152',
    );
    expect(onTheWire('-A POSTROUTING -p tcp -j SNAT --to-source 10.0.1.1-10.0.1.2')).not.toContain(
      '10.0.1.20',
    );
  });

  test('what has no ports has none to translate', () => {
    expect(onTheWire('-A PREROUTING -j DNAT --to-destination 10.0.2.21:1000-1010', 1)).not.toContain(':1000');
  });
});

test('NETMAP keeps the host bits, of the destination on the way in and of the source on the way out', () => {
  expect(onTheWire('-A PREROUTING -j NETMAP --to 10.0.9.0/24')).toContain('> 10.0.9.21:80');
  expect(onTheWire('-A POSTROUTING -j NETMAP --to 10.0.9.0/24')).toContain('10.0.9.20:49152 >');
});

test('REDIRECT with a range keeps a port that lies in it', () => {
  const redirected = (range: string) => {
    const nat = [`-A PREROUTING -i eth0 -p tcp -j REDIRECT --to-ports ${range}`];
    return trace(plan({ nat }), { from: 'pod/q', to: '10.0.1.10:80' }).assumptions.join();
  };
  expect(redirected('70-90')).toContain('tcp/80');
  expect(redirected('2000-2010')).toContain('tcp/2000');
});

test('REDIRECT drops what came by an interface without an address', () => {
  expect(told({ nat: ['-A PREROUTING -i enip -p tcp -j REDIRECT --to-ports 80'] }).verdict).toBe(
    'unreachable',
  );
});

describe('the header', () => {
  test.each([
    ['--ttl-set 5', 4],
    ['--ttl-inc 10', 73],
    ['--ttl-dec 10', 53],
  ])('TTL %s', (change, left) => {
    const mangle = [`-A PREROUTING -i enip -j TTL ${change}`];
    const hop = told({ mangle }).paths[0]!.hops.find(({ device }) => device.id === 'wire')!;
    expect(hop.in.ttl).toBe(left);
  });

  test('a TTL that is set too low ends the packet', () => {
    const mangle = ['-A PREROUTING -i enip -j TTL --ttl-set 1'];
    expect(told({ mangle }).paths[0]!.code).toBe('host/ttl-exceeded');
  });

  test.each([
    ['-j TOS --set-tos 0x10', '-m tos --tos 0x10/0xff'],
    ['-j TOS --or-tos 0x04', '-m tos --tos 0x04/0xff'],
    ['-j DSCP --set-dscp-class EF', '-m dscp --dscp 0x2e'],
  ])('%s is seen by %s', (target, match) => {
    const mangle = [`-A PREROUTING -i enip ${target}`, `-A FORWARD -i enip ${match} -j DROP`];
    expect(told({ mangle }).verdict).toBe('unreachable');
  });
});

describe('marks of connections', () => {
  test('are shifted on their way', () => {
    const saved = [
      '-A PREROUTING -i enip -j MARK --set-mark 0x3',
      '-A PREROUTING -i enip -j CONNMARK --save-mark --left-shift-mark 4',
      '-A PREROUTING -i enip -m connmark --mark 0x30 -j DROP',
    ];
    expect(told({ mangle: saved }).verdict).toBe('unreachable');
  });
});

describe('zones', () => {
  const raw = ['-A PREROUTING -i enip -j CT --zone 5'];
  test('a reply in another zone belongs to no connection', () => {
    const filter = ['-A FORWARD -i eth0 -m conntrack --ctstate INVALID -j DROP'];
    expect(told({ raw, filter }).paths[0]!.reply.code).toBe('conntrack/invalid');
  });

  test('a reply in the same zone does', () => {
    const both = [...raw, '-A PREROUTING -i eth0 -j CT --zone 5'];
    const nat = ['-A POSTROUTING -o eth0 -j MASQUERADE'];
    expect(told({ raw: both, nat }).verdict).toBe('reachable');
    expect(told({ raw, nat }).verdict).toBe('unreachable');
  });

  test('a zone for one direction only is not modelled', () => {
    expect(told({ raw: ['-A PREROUTING -j CT --zone-orig 5'] }).verdict).toBe('undetermined');
  });
});

describe('what happens beside the packet', () => {
  test('TEE sends a copy that is not followed', () => {
    const tee = told({ mangle: ['-A PREROUTING -i enip -j TEE --gateway 10.0.0.9'] });
    expect(tee.verdict).toBe('reachable');
    expect(tee.notModelled.join()).toContain('TEE sends to 10.0.0.9');
  });

  test.each([
    'LOG',
    'NFLOG',
    'TRACE',
    'AUDIT --type accept',
    'CHECKSUM --checksum-fill',
    'CLASSIFY --set-class 1:1',
  ])('%s leaves it as it is', (target) => {
    const found = told({ mangle: [`-A PREROUTING -p tcp -j ${target}`] });
    expect(found.verdict).toBe('reachable');
    expect(found.notModelled).toEqual([]);
  });

  test('a set that a rule has changed is not known any more', () => {
    const filter = [
      '-A FORWARD -i enip -j SET --add-set seen src',
      '-A FORWARD -i enip -m set --match-set seen src -j DROP',
    ];
    const sets: IpSetSource[] = [{ name: 'seen', type: 'hash:ip', family: 'IPv4', members: [], origin }];
    const { one, two } = plan({ filter }).nodes;
    expect(trace({ nodes: { one: { ...one!, sets }, two: two! } }, ask).verdict).toBe('undetermined');
  });
});

test.each([
  'NFQUEUE --queue-num 1',
  'NFQUEUE --queue-num 1 --queue-bypass',
  'TPROXY --on-port 15001',
  'SYNPROXY --mss 1460',
  'CLUSTERIP --new',
  'SAME --to 10.0.0.1',
])('what %s does is not known', (target) => {
  const found = told({ mangle: [`-A PREROUTING -p tcp -j ${target}`] });
  expect(found.verdict).toBe('undetermined');
  expect(found.notModelled.join()).toContain(target.split(' ')[0]!);
});

describe('REJECT', () => {
  test.each([
    ['icmp-net-unreachable', 3 << 8],
    ['icmp-host-unreachable', (3 << 8) | 1],
    ['icmp-proto-unreachable', (3 << 8) | 2],
    ['icmp-port-unreachable', (3 << 8) | 3],
    ['icmp-net-prohibited', (3 << 8) | 9],
    ['icmp-host-prohibited', (3 << 8) | 10],
    ['icmp-admin-prohibited', (3 << 8) | 13],
  ])('%s', (reason, typeAndCode) => {
    const path = told({ filter: [`-A FORWARD -i enip -j REJECT --reject-with ${reason}`] }, UDP).paths[0]!;
    expect(path.disposition).toBe('rejected');
    const { icmp } = path.reply.hops[0]!.out ?? path.reply.hops[0]!.in;
    expect(icmp).toEqual({ type: typeAndCode >> 8, code: typeAndCode & 255 });
  });

  test('what went to a broadcast address is not answered', () => {
    const filter = ['-A INPUT -i enip -j REJECT --reject-with icmp-port-unreachable'];
    const sent = (to: string) => trace(plan({ filter }), { from: 'pod/p', to, protocol: UDP }).paths[0]!;
    expect(sent('10.0.1.10:53').disposition).toBe('rejected');
    expect(sent('10.0.15.255:53').disposition).toBe('dropped');
  });
});
