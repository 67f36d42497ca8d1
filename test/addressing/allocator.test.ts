import { describe, expect, test } from 'vitest';
import { AddressAllocator } from '../../src/addressing/allocator.ts';
import { addressAt, cidr, formatCidr } from '../../src/addressing/cidr.ts';
import { formatIpv4, ipv4 } from '../../src/addressing/ip.ts';

/** A subnet with the five addresses AWS keeps. */
function subnet(text: string): AddressAllocator {
  const block = cidr(text);
  return new AddressAllocator(
    block,
    [0, 1, 2, 3, -1].map((place) => addressAt(block, place)),
  );
}

const shown = (address: number | undefined) => (address === undefined ? undefined : formatIpv4(address));
const block = (found: ReturnType<AddressAllocator['nextBlock']>) => (found ? formatCidr(found) : undefined);

describe('addresses of a subnet', () => {
  test('a /28 subnet has eleven addresses to give, the first of them .4', () => {
    const pool = subnet('10.0.0.16/28');
    expect(pool.free).toBe(11);
    expect(Array.from({ length: 12 }, () => shown(pool.next()))).toEqual([
      ...Array.from({ length: 11 }, (_, i) => `10.0.0.${20 + i}`),
      undefined,
    ]);
    expect(pool.free).toBe(0);
  });

  test('a /24 subnet has 251 addresses to give', () => {
    expect(subnet('10.0.1.0/24').free).toBe(251);
  });

  test('an address asked for by name is not given to anyone else', () => {
    const pool = subnet('10.0.0.0/24');
    expect(pool.reserve(ipv4('10.0.0.4'))).toBe(true);
    expect(pool.reserve(ipv4('10.0.0.4'))).toBe(false);
    expect(shown(pool.next())).toBe('10.0.0.5');
  });

  test('an address of another subnet or one that AWS keeps cannot be asked for', () => {
    const pool = subnet('10.0.1.0/24');
    for (const address of ['10.0.0.255', '10.0.2.0', '138.0.1.4', '10.0.1.0', '10.0.1.2', '10.0.1.255'])
      expect(pool.reserve(ipv4(address))).toBe(false);
    expect(pool.has(ipv4('10.0.2.0'))).toBe(false);
    expect(pool.has(ipv4('10.0.1.1'))).toBe(true);
    expect(pool.free).toBe(251);
  });

  test('a released address is the next one given when it is the lowest', () => {
    const pool = subnet('10.0.0.0/24');
    for (let i = 0; i < 100; i++) pool.next();
    pool.release(ipv4('10.0.0.9'));
    expect(pool.has(ipv4('10.0.0.9'))).toBe(false);
    expect(shown(pool.next())).toBe('10.0.0.9');
    expect(shown(pool.next())).toBe('10.0.0.104');
  });

  test('an address that cools down is neither free nor given until its time has come', () => {
    const pool = subnet('10.0.0.0/28');
    const address = pool.next()!;
    pool.release(address, 30);
    expect([pool.free, pool.has(address), pool.reserve(address)]).toEqual([10, true, false]);
    pool.advance(29);
    expect(shown(pool.next())).toBe('10.0.0.5');
    pool.advance(30);
    expect(shown(pool.next())).toBe('10.0.0.4');
  });

  test('releasing what was never given, what cools down, or what AWS keeps is a bug of ours', () => {
    const pool = subnet('10.0.0.0/28');
    const address = pool.next()!;
    pool.release(address, 30);
    for (const wrong of [address, ipv4('10.0.0.9'), ipv4('10.0.0.1'), ipv4('10.9.0.0')])
      expect(() => pool.release(wrong)).toThrow('bug in vpcsim');
  });

  test('a single address and a pair are blocks as well', () => {
    const one = new AddressAllocator(cidr('10.0.0.7/32'));
    expect([one.free, shown(one.next()), shown(one.next())]).toEqual([1, '10.0.0.7', undefined]);
    const two = new AddressAllocator(cidr('10.0.0.6/31'));
    expect([block(two.nextBlock(31)), two.free]).toEqual(['10.0.0.6/31', 0]);
  });
});

describe('/28 prefixes of a subnet', () => {
  test('the first /28 of a subnet is spoilt by the addresses AWS keeps, and so is the last', () => {
    const pool = subnet('10.0.0.0/24');
    expect(Array.from({ length: 15 }, () => block(pool.nextBlock(28)))).toEqual([
      ...Array.from({ length: 14 }, (_, i) => `10.0.0.${(i + 1) * 16}/28`),
      undefined,
    ]);
    expect(pool.free).toBe(251 - 14 * 16);
  });

  test('a fragmented subnet has many free addresses and no /28', () => {
    const pool = subnet('10.0.0.0/24');
    for (let i = 0; i < 256; i += 16) pool.reserve(addressAt(pool.cidr, i + 8));
    expect(pool.free).toBe(251 - 16);
    expect(pool.nextBlock(28)).toBeUndefined();
    expect(block(pool.largestFreeBlock())).toBe('10.0.0.16/29');
  });

  test('a released /28 can be given again, and addresses come from the lowest gap', () => {
    const pool = subnet('10.0.0.0/24');
    const first = pool.nextBlock(28)!;
    pool.nextBlock(28);
    pool.releaseBlock(first);
    expect(shown(pool.next())).toBe('10.0.0.4');
    expect(block(pool.nextBlock(28))).toBe('10.0.0.16/28');
    expect(block(pool.nextBlock(26))).toBe('10.0.0.64/26');
  });

  test('a /28 that cools down stays taken as a whole', () => {
    const pool = subnet('10.0.0.0/26');
    const prefix = pool.nextBlock(28)!;
    pool.releaseBlock(prefix, 30);
    expect(block(pool.nextBlock(28))).toBe('10.0.0.32/28');
    pool.advance(30);
    expect(block(pool.nextBlock(28))).toBe('10.0.0.16/28');
  });

  test('the largest free block of an untouched block is all of it, of a full one nothing', () => {
    const pool = new AddressAllocator(cidr('10.0.0.0/26'));
    expect(block(pool.largestFreeBlock())).toBe('10.0.0.0/26');
    expect(block(pool.nextBlock(26))).toBe('10.0.0.0/26');
    expect(pool.largestFreeBlock()).toBeUndefined();
    expect(pool.nextBlock(16)).toBeUndefined();
  });
});

test('a /16 gives each of its addresses once, and then 4,096 /28 prefixes', () => {
  const pool = new AddressAllocator(cidr('172.31.0.0/16'));
  const given = new Set<number>();
  for (let address = pool.next(); address !== undefined; address = pool.next()) given.add(address);
  expect(given.size).toBe(65536);
  pool.releaseBlock(pool.cidr);
  let prefixes = 0;
  while (pool.nextBlock(28)) prefixes++;
  expect(prefixes).toBe(4096);
});
