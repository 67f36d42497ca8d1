import { describe, expect, test } from 'vitest';
import { compareIpv4, formatIpv4, ipv4, parseIpv4 } from '../../src/addressing/ip.ts';

describe('IPv4 addresses in text', () => {
  test.each([
    ['0.0.0.0', 0],
    ['10.0.0.1', 0x0a000001],
    ['127.255.255.255', 0x7fffffff],
    ['128.0.0.0', -0x80000000],
    ['255.255.255.255', -1],
  ])('%s is the int32 %i and is written back the same', (text, value) => {
    expect(parseIpv4(text)).toBe(value);
    expect(formatIpv4(value)).toBe(text);
  });

  test.each([
    ['010.0.0.1', 'an octet with a leading zero is octal for some readers'],
    ['10.0.0.00', 'so is a double zero'],
    ['0x7f.0.0.1', 'hexadecimal is not a dotted quad'],
    ['10', 'short forms of inet_aton are not dotted quads'],
    ['10.1', 'short forms of inet_aton are not dotted quads'],
    ['10.0.0', 'three octets are not an address'],
    ['10.0.0.1.2', 'five octets are not an address'],
    ['10.0.0.256', 'an octet ends at 255'],
    ['10.0.0.1000', 'an octet has at most three digits'],
    ['10..0.1', 'an octet cannot be empty'],
    ['.10.0.0.1', 'nothing may precede the first octet'],
    ['10.0.0.1.', 'nothing may follow the last octet'],
    ['10.0.0.-1', 'there are no negative octets'],
    [' 10.0.0.1', 'spaces are not part of an address'],
    ['10.0.0.1\n', 'a line end is not part of an address'],
    ['١٠.0.0.1', 'only ASCII digits count'],
    ['10.0.0.1/32', 'a block is not an address'],
    ['::ffff:10.0.0.1', 'an IPv6 form is not an IPv4 address'],
    ['', 'the empty text is not an address'],
  ])('%j is refused: %s', (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  });

  test('addresses sort as unsigned numbers: 127.0.0.1 comes before 128.0.0.1', () => {
    expect(
      ['203.0.113.9', '128.0.0.1', '10.0.0.1', '127.0.0.1'].map(ipv4).sort(compareIpv4).map(formatIpv4),
    ).toEqual(['10.0.0.1', '127.0.0.1', '128.0.0.1', '203.0.113.9']);
  });

  test('a literal that is no address is a bug of ours, not an input problem', () => {
    expect(() => ipv4('10.0.0')).toThrow('bug in vpcsim');
  });
});
