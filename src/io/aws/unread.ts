/** Takes out of an imported value what topology files cannot say yet; routes to it lead nowhere that is known. */
import type * as z from 'zod';
import { memberAt } from '../members.ts';

/** Each round sees one level of unknown keys more. */
const MAX_ROUNDS = 8;

/** How ids begin of what stands under a key. */
const prefixes: Readonly<Record<string, string>> = {
  peerings: 'pcx-',
  transitGateways: 'tgw-',
  vpnGateway: 'vgw-',
  interfaces: 'eni-',
};

export function withoutUnread(schema: z.ZodType, value: Record<string, unknown>): void {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = schema.safeParse(value, { jitless: true });
    const unknown = result.error?.issues.filter((issue) => issue.code === 'unrecognized_keys') ?? [];
    if (unknown.length === 0) return;
    for (const { path, keys } of unknown) {
      const container = memberAt(value, path as (string | number)[]) as Record<string, unknown>;
      for (const key of keys) {
        delete container[key];
        if (Object.hasOwn(prefixes, key)) forgetTargets(value, prefixes[key]!);
      }
    }
  }
}

function forgetTargets(value: Record<string, unknown>, prefix: string): void {
  for (const vpc of value.vpcs as { routeTables: { routes: { via: string }[] }[] }[])
    for (const table of vpc.routeTables)
      for (const route of table.routes) if (route.via.startsWith(prefix)) route.via = `unknown/${route.via}`;
}
