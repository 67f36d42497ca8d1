import { expect, test } from 'vitest';
import { fnv1a, sha1Hex, sha256Hex, sha512Hex } from '../../src/api/digest.ts';

test('digests agree with the published vectors', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha1Hex('abc')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
  expect(sha512Hex('abc').slice(0, 32)).toBe('ddaf35a193617abacc417349ae204131');
  expect(fnv1a('')).toBe(0x811c9dc5);
  expect(fnv1a('foobar')).toBe(0xbf9cf968);
});

test('FNV-1a goes on from the hash of what stands before, whatever bytes the text has', () => {
  expect(fnv1a('bar', fnv1a('foo'))).toBe(fnv1a('foobar'));
  expect(fnv1a('é', fnv1a('caf'))).toBe(fnv1a('café'));
});
