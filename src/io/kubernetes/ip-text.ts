/** IPv6 texts in Kubernetes objects: kept as they are, never packets yet. */
import { Address6 } from 'ip-address';

export function isIpv6(text: string): boolean {
  return text.includes(':') && !text.includes('/') && Address6.isValid(text);
}
