/** Managed prefix lists by name. Those of AWS exist in every Region by themselves; a written one of the same name takes
 *  the place of AWS's. */
import { defaulted } from '../base/origin.ts';
import { GATEWAY_SERVICE_WEIGHT, GATEWAY_SERVICES, serviceBlocks } from '../vpc/aws-service-blocks.ts';
import type { PrefixListSpec } from './vpc-spec.ts';

/** AWS's own lists in a Region: `s3` and `dynamodb`. */
export function awsPrefixLists(region: string): readonly PrefixListSpec[] {
  return GATEWAY_SERVICES.flatMap((service) => {
    const cidrs = serviceBlocks(region, service);
    if (cidrs.length === 0) return [];
    const origin = defaulted('AWS', `blocks of ${service} in ${region}, as ip-ranges.json has them`);
    return [{ name: service, region, owner: 'AWS', cidrs, maxEntries: GATEWAY_SERVICE_WEIGHT, origin }];
  });
}

/** The list that a rule or a route of a VPC in `region` means by `name`. AWS's own go by their full names as well:
 *  com.amazonaws.REGION.s3. */
export function prefixListNamed(
  lists: readonly PrefixListSpec[],
  name: string,
  region: string,
): PrefixListSpec | undefined {
  const names = namesOfList(name, region);
  return lists.find((list) => names.includes(list.name) && (list.region ?? region) === region);
}

/** Under which names a list may stand, as it is written first. */
function namesOfList(name: string, region: string): readonly string[] {
  const prefix = `com.amazonaws.${region}.`;
  if (name.startsWith(prefix)) return [name, name.slice(prefix.length)];
  return GATEWAY_SERVICES.some((service) => service === name) ? [name, `${prefix}${name}`] : [name];
}
