import { describe, expect, test } from 'vitest';
import {
  addressAt,
  cidr,
  compareCidr,
  contains,
  covers,
  formatCidr,
  maskOf,
  overlaps,
  parseCidr,
  sizeOf,
} from '../../src/addressing/cidr.ts';
import { formatIpv4, ipv4 } from '../../src/addressing/ip.ts';

describe('CIDR blocks in text', () => {
  test.each(['0.0.0.0/0', '10.0.0.0/8', '10.1.128.0/17', '192.0.2.255/32', '128.0.0.0/1', '192.0.2.4/31'])(
    '%s is a block and is written back the same',
    (text) => {
      expect(formatCidr(cidr(text))).toBe(text);
    },
  );

  test('host bits are a fault that names the block that was meant', () => {
    expect(parseCidr('10.0.1.5/24')).toEqual({ fault: 'cidr/host-bits', canonical: cidr('10.0.1.0/24') });
    expect(parseCidr('0.0.0.1/0')).toEqual({ fault: 'cidr/host-bits', canonical: cidr('0.0.0.0/0') });
  });

  test.each([
    ['10.0.0.0/33', 'a prefix ends at /32'],
    ['10.0.0.0/-1', 'a prefix is not negative'],
    ['10.0.0.0/08', 'a prefix has no leading zero'],
    ['10.0.0.0/', 'a prefix has a length'],
    ['10.0.0.0', 'an address alone is not a block'],
    ['10.0.0.0/24abc', 'nothing may follow the prefix'],
    ['10.0.0.0/24/24', 'there is one prefix'],
    ['10.0.0.0/255.255.255.0', 'a netmask is not a prefix length'],
    ['10.0/16', 'the base is a whole dotted quad'],
    ['010.0.0.0/8', 'an octet with a leading zero is octal for some readers'],
    ['10.0.0.0 /8', 'spaces are not part of a block'],
    ['/8', 'a block has a base'],
    ['', 'the empty text is not a block'],
  ])('%j is refused: %s', (text) => {
    expect(parseCidr(text)).toEqual({ fault: 'cidr/malformed' });
  });

  test('a literal that is no block is a bug of ours, not an input problem', () => {
    expect(() => cidr('10.0.0.1/8')).toThrow('bug in vpcsim');
  });
});

describe('what a block holds', () => {
  test('0.0.0.0/0 holds every address and a /32 only its own', () => {
    expect(contains(cidr('0.0.0.0/0'), ipv4('255.255.255.255'))).toBe(true);
    expect(sizeOf(cidr('0.0.0.0/0'))).toBe(2 ** 32);
    expect(maskOf(0)).toBe(0);
    expect(contains(cidr('10.0.0.7/32'), ipv4('10.0.0.7'))).toBe(true);
    expect(contains(cidr('10.0.0.7/32'), ipv4('10.0.0.6'))).toBe(false);
    expect(sizeOf(cidr('10.0.0.7/32'))).toBe(1);
  });

  test('a block ends at its broadcast address, also above 128.0.0.0', () => {
    expect(contains(cidr('192.168.4.0/22'), ipv4('192.168.7.255'))).toBe(true);
    expect(contains(cidr('192.168.4.0/22'), ipv4('192.168.8.0'))).toBe(false);
    expect(contains(cidr('192.168.4.0/22'), ipv4('192.168.3.255'))).toBe(false);
  });

  test('a subnet reserves its first four addresses and its last one, counted from either end', () => {
    const subnet = cidr('10.0.1.0/24');
    expect([0, 1, 2, 3, -1].map((place) => formatIpv4(addressAt(subnet, place)))).toEqual([
      '10.0.1.0',
      '10.0.1.1',
      '10.0.1.2',
      '10.0.1.3',
      '10.0.1.255',
    ]);
    expect(formatIpv4(addressAt(cidr('0.0.0.0/0'), -1))).toBe('255.255.255.255');
  });

  test('two blocks nest or are disjoint', () => {
    expect(covers(cidr('10.0.0.0/16'), cidr('10.0.3.0/24'))).toBe(true);
    expect(covers(cidr('10.0.3.0/24'), cidr('10.0.0.0/16'))).toBe(false);
    expect(covers(cidr('10.0.0.0/16'), cidr('10.0.0.0/16'))).toBe(true);
    expect(overlaps(cidr('10.0.3.0/24'), cidr('10.0.0.0/16'))).toBe(true);
    expect(overlaps(cidr('10.0.2.0/24'), cidr('10.0.3.0/24'))).toBe(false);
  });

  test('blocks sort by base, the larger of two with one base first', () => {
    const sorted = ['172.16.0.0/12', '10.0.0.0/16', '10.0.0.0/8', '0.0.0.0/0'].map(cidr).sort(compareCidr);
    expect(sorted.map(formatCidr)).toEqual(['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/16', '172.16.0.0/12']);
  });
});
