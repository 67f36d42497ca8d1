/** CIDR blocks as annotations and Services write them. */
import { type Cidr, parseCidr } from '../addressing/cidr.ts';

/** Like Go's net.ParseCIDR, AWS takes an address with host bits for its network. */
export function cidrOrNetwork(word: string): Cidr | undefined {
  const parsed = parseCidr(word);
  return 'fault' in parsed ? parsed.canonical : parsed;
}
