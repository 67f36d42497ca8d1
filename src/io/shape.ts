/** Checks a plain value against a zod schema: every mismatch becomes an issue with its place, and what is
 *  wrong is cut out, so that the rest can still be read and all mistakes be told at once. */
import type * as z from 'zod';
import { memberAt } from './members.ts';
import type { Reading } from './reading.ts';
import { type Area, complain } from './shape-issues.ts';

type Container = Record<string | number, unknown>;
type Path = readonly (string | number)[];

/** Cutting out a wrong value can leave its container incomplete, and so on upwards. */
const MAX_ROUNDS = 12;
/** Nobody reads further, and finding each place takes time. */
const MAX_TOLD = 100;

/** `value` itself (pruned in place, so that its origins stay), typed; undefined where nothing is left of it. */
export function conform<Schema extends z.ZodType>(
  reading: Reading,
  schema: Schema,
  value: unknown,
  area: Area,
): z.infer<Schema> | undefined {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = attempt(schema, value);
    if (!result) {
      const message = 'there are too many mistakes to list';
      reading.error(reading.of(Object(value)), { code: `${area}/too-many-mistakes`, message });
      return undefined;
    }
    // The schemas only check and never transform, so the value read is the value checked.
    if (result.success) return value as z.infer<Schema>;
    if (round === 0) complainOfAll(reading, schema, value, result.error.issues, area);
    if (result.error.issues.some((issue) => cutsOf(value, issue) === undefined)) return undefined;
    cut(reading, value, result.error.issues);
  }
  return undefined;
}

/** zod's verdict; undefined where the issues are so many that it cannot hand them on. */
function attempt(schema: z.ZodType, value: unknown): z.ZodSafeParseResult<unknown> | undefined {
  try {
    // Compiling the schema pays off over many values only, and a page may forbid it.
    return schema.safeParse(value, { jitless: true });
  } catch (cause) {
    // It spreads lists of issues into calls.
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

function complainOfAll(
  reading: Reading,
  schema: z.ZodType,
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
  area: Area,
): void {
  for (const issue of issues.slice(0, MAX_TOLD)) complain(reading, schema, value, issue, area);
  if (issues.length <= MAX_TOLD) return;
  const message = `${issues.length - MAX_TOLD} more mistakes are not listed`;
  reading.error(reading.of(Object(value)), { code: `${area}/more-mistakes`, message });
}

/** The members that must go because of one issue; undefined when that is the whole value. */
function cutsOf(value: unknown, issue: z.core.$ZodIssue): Path[] | undefined {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
  const present = memberAt(value, path) !== undefined;
  const target = present ? path : path.slice(0, -1);
  return target.length === 0 ? undefined : [target];
}

function cut(reading: Reading, value: unknown, issues: readonly z.core.$ZodIssue[]): void {
  const doomed = new Map<Container, Set<string | number>>();
  for (const path of issues.flatMap((issue) => cutsOf(value, issue) ?? [])) {
    const container = memberAt(value, path.slice(0, -1)) as Container | undefined;
    const key = path.at(-1);
    if (typeof container !== 'object' || container === null || key === undefined) continue;
    const keys = doomed.get(container) ?? new Set();
    doomed.set(container, keys.add(key));
  }
  for (const [container, keys] of doomed) {
    reading.markCut(container);
    for (const key of keys) rememberTexts(reading, container[key], 0);
    if (Array.isArray(container)) cutElements(reading, container, keys);
    else for (const key of keys) delete container[key];
  }
}

function cutElements(reading: Reading, list: unknown[], indexes: ReadonlySet<string | number>): void {
  const kept = list
    .map((item, index) => ({ item, index, origin: reading.of(list, index) }))
    .filter(({ index }) => !indexes.has(index));
  list.length = 0;
  for (const { item, origin } of kept) {
    reading.origins.setMember(list, list.length, origin);
    list.push(item);
  }
}

/** A reference to a name inside a refused value must not be called unknown as well. */
function rememberTexts(reading: Reading, value: unknown, depth: number): void {
  if (typeof value === 'string') reading.refused.add(value);
  else if (typeof value === 'object' && value !== null && depth < 6)
    for (const member of Object.values(value)) rememberTexts(reading, member, depth + 1);
}
