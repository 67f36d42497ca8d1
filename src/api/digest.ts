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

const FNV_OFFSET_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 32-bit FNV-1a, unsigned, of the UTF-8 bytes (draft-eastlake-fnv). `before`: the hash of what stands before the text,
 *  so that texts with one beginning hash it once. */
export function fnv1a(text: string, before = FNV_OFFSET_BASIS): number {
  let hash = before;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x80) return fnv1aOfBytes(utf8ToBytes(text.slice(i)), hash);
    hash = Math.imul(hash ^ unit, FNV_PRIME);
  }
  return hash >>> 0;
}

function fnv1aOfBytes(bytes: Uint8Array, before: number): number {
  let hash = before;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash >>> 0;
}
