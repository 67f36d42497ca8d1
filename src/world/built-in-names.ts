/** Built-in services of a VPC by the words for them, and the resolver that its hosts ask. */
import { UDP } from '../packet/protocol.ts';
import { METADATA, RESOLVER, resolverOf, TIME } from '../vpc/built-in-services.ts';
import { TOKEN_REQUEST } from '../vpc/instance-metadata.ts';
import { type Found, found, missing } from './found.ts';
import type { Sender } from './sender.ts';
import { placeOf } from './standing.ts';
import type { Target } from './target.ts';
import type { VpcSpec } from './vpc-spec.ts';
import type { World } from './world.ts';

/** Whether hosts ask Amazon DNS: the DHCP options say AmazonProvidedDNS, or name it first. */
export function asksAmazonDns(vpc: Pick<VpcSpec, 'cidrs' | 'dhcpDns'>): boolean {
  const first = vpc.dhcpDns?.[0];
  return first === undefined || first === resolverOf(vpc.cidrs) || first === RESOLVER;
}

export const builtInWords: readonly string[] = ['imds', 'dns', 'time'];

/** What `imds` (the request for a session token), `dns` (Amazon DNS) and `time` mean to a sender; undefined for any other
 *  name. */
export function builtInNamed(world: World, name: string, from: Sender): Found<Target> | undefined {
  if (!builtInWords.includes(name)) return undefined;
  const place = placeOf(world, from);
  if (!place)
    return missing('usage/no-target', `${name}: a service of every VPC, and ${from.label} is in none`);
  const at = (address: number): Target['addresses'] => [{ address, weight: 1, label: '' }];
  if (name === 'imds')
    return found({ addresses: at(METADATA), port: 80, application: TOKEN_REQUEST, label: name });
  return name === 'dns'
    ? found({ addresses: at(resolverOf(place.vpc.cidrs)), port: 53, protocol: UDP, label: name })
    : found({ addresses: at(TIME), port: 123, protocol: UDP, label: name });
}
