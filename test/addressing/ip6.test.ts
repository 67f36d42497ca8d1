import fc from 'fast-check';
import { Address6 } from 'ip-address';
import { describe, expect, test } from 'vitest';
import { cidr, contains, formatCidr, parseBlock } from '../../src/addressing/cidr.ts';
import { formatIpv4, ipv4, parseAddress } from '../../src/addressing/ip.ts';
import { formatIpv6, ipv6, isIpv6, parseIpv6 } from '../../src/addressing/ip6.ts';

describe('IPv6 addresses in text', () => {
  test.each([
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['fd00:10:96:0:0:0:0:1', 'fd00:10:96::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['1:0:0:2:0:0:3:4', '1::2:0:0:3:4'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['fe80::', 'fe80::'],
  ])('%s is written as RFC 5952 wants it: %s', (text, canonical) => {
    expect(formatIpv6(ipv6(text))).toBe(canonical);
    expect(formatIpv4(parseAddress(text)!)).toBe(canonical);
  });

  test.each([
    ['', 'the empty text'],
    [':', 'a single colon'],
    [':::', 'three colons'],
    ['1::2::3', 'two gaps'],
    ['1:2:3:4:5:6:7', 'seven groups'],
    ['1:2:3:4:5:6:7:8:9', 'nine groups'],
    ['1:2:3:4:5:6:7:8::', 'a gap for nothing'],
    ['12345::', 'a group of five digits'],
    ['g::', 'a letter that is no digit'],
    ['::10.0.0.256', 'an octet above 255'],
    ['10.0.0.1::', 'an IPv4 address that is not at the end'],
    ['fe80::1%eth0', 'a zone'],
    ['[::1]', 'brackets'],
    ['1:2:3:4:5:6:7:', 'a colon at the end'],
    ['::1/128', 'a block'],
  ])('%j is refused: %s', (text) => {
    expect(parseIpv6(text)).toBeUndefined();
  });

  test('reads and writes what another library reads and writes', () => {
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const text = groups.map((each) => each.toString(16)).join(':');
        expect(formatIpv6(ipv6(text))).toBe(new Address6(text).correctForm());
        expect(ipv6(new Address6(text).correctForm())).toBe(ipv6(text));
      }),
    );
  });
});

describe('IPv6 addresses as numbers', () => {
  test('one address has one number, however it is written', () => {
    expect(ipv6('2001:db8::1')).toBe(ipv6('2001:0db8:0000::0001'));
    expect(ipv6('2001:db8::1')).not.toBe(ipv6('2001:db8::2'));
  });

  test('the numbers are not those of IPv4 addresses that packets carry', () => {
    const number = ipv6('2001:db8::77');
    expect(number >>> 24).toBe(0);
    expect(isIpv6(number)).toBe(true);
    for (const text of ['0.0.0.0', '10.0.0.1', '127.0.0.1', '255.255.255.255'])
      expect(isIpv6(ipv4(text))).toBe(false);
  });
});

describe('IPv6 blocks', () => {
  test.each([
    ['fd00:10::/64', 'fd00:10::ffff', true],
    ['fd00:10::/64', 'fd00:10:0:1::', false],
    ['fd00:10::/63', 'fd00:10:0:1::', true],
    ['2001:db8::1/128', '2001:db8::1', true],
    ['2001:db8::1/128', '2001:db8::2', false],
    ['::/0', '2001:db8::2', true],
    ['::/0', '10.0.0.1', false],
    ['0.0.0.0/0', '2001:db8::2', false],
    ['0.0.0.0/0', '10.0.0.1', true],
    ['fd00::/8', '10.0.0.1', false],
  ])('%s with %s: %s', (block, address, inside) => {
    expect(contains(cidr(block), parseAddress(address)!)).toBe(inside);
  });

  test('agree with another library on random blocks and addresses', () => {
    const word = fc.constantFrom('0', '1', 'ff', '8000', 'ffff');
    const address = fc.array(word, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':'));
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 128 }), address, (base, length, other) => {
        const expected = new Address6(other).isInSubnet(new Address6(`${base}/${length}`));
        expect(contains(parseBlock(`${base}/${length}`)!, ipv6(other))).toBe(expected);
      }),
    );
  });

  test('host bits are cleared, a single address is a /128', () => {
    expect(formatCidr(parseBlock('fd00:10::1:2/64')!)).toBe('fd00:10::/64');
    expect(formatCidr(parseBlock('fd00::1')!)).toBe('fd00::1/128');
    expect(formatCidr(parseBlock('10.1.2.3/8')!)).toBe('10.0.0.0/8');
    expect(parseBlock('fd00::/129')).toBeUndefined();
    expect(parseBlock('10.0.0.0/33')).toBeUndefined();
    expect(parseBlock('10.0.0.0/8/8')).toBeUndefined();
  });
});
