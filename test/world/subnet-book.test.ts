/** Which addresses EC2 gives of a subnet. */
import { describe, expect, test } from 'vitest';
import { cidr } from '../../src/addressing/cidr.ts';
import { formatIpv4, ipv4 } from '../../src/addressing/ip.ts';
import { defaulted } from '../../src/base/origin.ts';
import { AddressBook } from '../../src/world/address-book.ts';
import { SubnetBook } from '../../src/world/subnet-book.ts';
import type { SubnetSpec } from '../../src/world/vpc-spec.ts';

const origin = defaulted('test', 'test');

interface Space {
  readonly prefix?: readonly string[];
  readonly explicit?: readonly string[];
  readonly occupied?: readonly string[];
}

function subnet(block: string, { prefix = [], explicit = [], occupied = [] }: Space = {}): SubnetSpec {
  const reserved = (type: 'prefix' | 'explicit', blocks: readonly string[]) =>
    blocks.map((text) => ({ cidr: cidr(text), type, origin }));
  return {
    name: 'a',
    cidr: cidr(block),
    az: 'us-east-1a',
    routeTable: 'main',
    networkAcl: 'default',
    mapPublicIp: false,
    tags: {},
    reservations: [...reserved('prefix', prefix), ...reserved('explicit', explicit)],
    occupied: occupied.map((text) => ({ cidr: cidr(text), by: 'RDS', origin })),
    origin,
  };
}

const book = (block: string, space?: Space) => new SubnetBook(subnet(block, space), []);
const text = (address: number | undefined) => address && formatIpv4(address);

describe('single addresses', () => {
  test('the lowest free one, and none of the five that AWS keeps', () => {
    const own = book('10.0.0.0/28');
    expect([own.free, own.used]).toEqual([11, 0]);
    const given = Array.from({ length: 12 }, () => text(own.next()));
    expect([given[0], given[10], given[11]]).toEqual(['10.0.0.4', '10.0.0.14', undefined]);
    expect([own.free, own.used]).toEqual([0, 11]);
  });

  test('what others occupy is not given', () => {
    const own = book('10.0.0.0/27', { occupied: ['10.0.0.4/30', '10.0.0.9/32'] });
    expect([text(own.next()), text(own.next())]).toEqual(['10.0.0.8', '10.0.0.10']);
    expect(own.used).toBe(7);
  });

  test('none of a reservation of either type, whose addresses are free and do not count as available', () => {
    const own = book('10.0.0.0/26', { prefix: ['10.0.0.0/28'], explicit: ['10.0.0.16/28'] });
    expect([own.free, own.available, text(own.next())]).toEqual([59, 31, '10.0.0.32']);
  });

  test('one that is asked for by number is kept for whoever asks, in an explicit reservation too', () => {
    const pinned = ipv4('10.0.0.20');
    const own = new AddressBook([subnet('10.0.0.0/27', { explicit: ['10.0.0.16/28'] })], [pinned]);
    expect([text(own.claim('a', pinned)), text(own.claim('a'))]).toEqual(['10.0.0.20', '10.0.0.4']);
  });
});

describe('prefixes', () => {
  test('begin at a multiple of sixteen and are wholly free', () => {
    const own = book('10.0.0.0/26', { occupied: ['10.0.0.20/32'] });
    expect([text(own.nextPrefix()), text(own.nextPrefix())]).toEqual(['10.0.0.32', undefined]);
  });

  test('a /24 has fourteen: the first and the last block hold addresses that AWS keeps', () => {
    const own = book('10.0.0.0/24');
    let count = 0;
    while (own.nextPrefix() !== undefined) count++;
    expect([count, own.free]).toEqual([14, 27]);
  });

  test('come from the reservation for prefixes first, then from the rest', () => {
    const own = book('10.0.0.0/25', { prefix: ['10.0.0.64/28'] });
    expect([text(own.nextPrefix()), text(own.nextPrefix())]).toEqual(['10.0.0.64', '10.0.0.16']);
  });

  test('never from an explicit reservation', () => {
    const own = book('10.0.0.0/26', { explicit: ['10.0.0.16/28', '10.0.0.32/28'] });
    expect(own.nextPrefix()).toBeUndefined();
  });

  test('with the reservation, one is left where single addresses would have broken every block', () => {
    const without = book('10.0.0.0/26');
    const reserved = book('10.0.0.0/26', { prefix: ['10.0.0.16/28'] });
    for (let i = 0; i < 40; i++) {
      without.next();
      reserved.next();
    }
    expect([without.nextPrefix(), text(reserved.nextPrefix())]).toEqual([undefined, '10.0.0.16']);
  });

  test('a wanted one is given where nobody else has an address of it', () => {
    const own = new AddressBook([subnet('10.0.0.0/25')], [ipv4('10.0.0.35'), ipv4('10.0.0.50')]);
    const mine = new Set([ipv4('10.0.0.35')]);
    const claim = (base: string) => text(own.claimPrefix('a', { base: ipv4(base), own: mine }));
    expect([claim('10.0.0.32'), claim('10.0.0.48')]).toEqual(['10.0.0.32', '10.0.0.16']);
  });
});
