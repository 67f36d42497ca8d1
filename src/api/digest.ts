/** The hashes that Kubernetes and the VPC CNI make names from, synchronous so that the core also runs in a browser. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 as sha256OfBytes, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

export function sha256(text: string): Uint8Array {
  return sha256OfBytes(utf8ToBytes(text));
}

export function sha256Hex(text: string): string {
  return bytesToHex(sha256(text));
}

export function sha512Hex(text: string): string {
  return bytesToHex(sha512(utf8ToBytes(text)));
}

export function sha1Hex(text: string): string {
  return bytesToHex(sha1(utf8ToBytes(text)));
}

/** 32-bit FNV-1a, unsigned (draft-eastlake-fnv). */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8ToBytes(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
