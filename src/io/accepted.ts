/** Schema keys whose values do not matter to the network. */
import * as z from 'zod';

const anything = z.unknown().optional();

/** Each of `keys` with any value, or none. */
export function accepted<Key extends string>(...keys: readonly Key[]): Record<Key, typeof anything> {
  // The literal keys are lost by fromEntries.
  return Object.fromEntries(keys.map((key) => [key, anything])) as Record<Key, typeof anything>;
}
