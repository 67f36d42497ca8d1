/** Takes out of an imported value what topology files cannot say yet. */
import type * as z from 'zod';
import { memberAt } from '../members.ts';

/** Each round sees one level of unknown keys more. */
const MAX_ROUNDS = 8;

export function withoutUnread(schema: z.ZodType, value: Record<string, unknown>): void {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = schema.safeParse(value, { jitless: true });
    const unknown = result.error?.issues.filter((issue) => issue.code === 'unrecognized_keys') ?? [];
    if (unknown.length === 0) return;
    for (const { path, keys } of unknown) {
      const container = memberAt(value, path as (string | number)[]) as Record<string, unknown>;
      for (const key of keys) delete container[key];
    }
  }
}
