/** zod's issues in the words of the user's file: what is wrong, where, and what was probably meant. */
import type * as z from 'zod';
import { nearest, suggestion } from '../base/nearest.ts';
import type { Origin } from '../base/origin.ts';
import { memberAt } from './members.ts';
import type { Complaint, Reading } from './reading.ts';

/** First half of the issue codes, and how strictly unknown keys are taken. */
export type Area = 'topology' | 'eksctl' | 'k8s' | 'ec2';

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

/** Unknown keys of one map that are told. */
const MAX_KEYS = 20;

/** Adds what `issue` says of `value` to the reading. */
export function complain(
  reading: Reading,
  schema: z.ZodType,
  value: unknown,
  issue: Issue,
  area: Area,
): void {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    for (const key of issue.keys.slice(0, MAX_KEYS))
      unknownKey(reading, place(reading, value, [...path, key]), key, known, area);
    if (issue.keys.length > MAX_KEYS)
      reading.error(place(reading, value, path), {
        code: `${area}/more-mistakes`,
        message: `${issue.keys.length - MAX_KEYS} more unknown keys are not listed`,
      });
    return;
  }
  const at = place(reading, value, path);
  const found = memberAt(value, path);
  if (found === undefined && path.length > 0) {
    const key = String(path.at(-1));
    const owner = place(reading, value, path.slice(0, -1));
    reading.error(owner, {
      code: area === 'k8s' ? 'k8s/missing-field' : `${area}/missing-key`,
      message: `${describe(path.slice(0, -1))} needs ${JSON.stringify(key)}`,
      hint: descriptionOf(schema, path),
    });
    return;
  }
  const told = explain(reading, schema, path, issue, found, at);
  reading.error(at, { ...told, code: `${area}/${told.code}` });
}

/** The API server refuses every unknown field; a field that is newer than this program must not stop it. */
function unknownKey(
  reading: Reading,
  at: Origin | undefined,
  key: string,
  known: readonly string[],
  area: Area,
): void {
  const complaint = {
    code: area === 'k8s' ? 'k8s/unknown-field' : `${area}/unknown-key`,
    message: `unknown ${area === 'k8s' ? 'field' : 'key'} ${JSON.stringify(key)}`,
    hint: suggestion(key, known),
  };
  const typo = nearest(key, known, 1).length > 0;
  if (area === 'k8s' && !typo)
    reading.add({
      severity: 'warning',
      ...complaint,
      hint: undefined,
      at: reading.sources.locate(at, 'key'),
    });
  else reading.errorAtKey(at, complaint);
}

function explain(
  reading: Reading,
  schema: z.ZodType,
  path: Path,
  issue: Issue,
  found: unknown,
  at: Origin | undefined,
): Complaint {
  const name = describe(path);
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const message = `${name} is ${show(found)}`;
    if (typeof found === 'string') {
      const close = nearest(found, values, 1)[0];
      const hint = close
        ? `did you mean ${close}? one of ${values.join(', ')}`
        : `one of ${values.join(', ')}`;
      return { code: 'invalid-value', message, hint };
    }
    return { code: 'wrong-type', message, hint: `one of ${values.join(', ')}` };
  }
  if (issue.code === 'invalid_type' || issue.code === 'invalid_union') {
    const expected = issue.code === 'invalid_type' ? words[issue.expected] : undefined;
    return {
      code: 'wrong-type',
      message: `${name} must be ${expected ?? descriptionOf(schema, path) ?? 'of another type'}, not ${show(found)}`,
      hint: typeHint(reading, issue, found, at),
    };
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const [word, limit] =
      issue.code === 'too_small' ? ['at least', issue.minimum] : ['at most', issue.maximum];
    const count = issue.origin === 'array' ? ' entries' : issue.origin === 'string' ? ' characters' : '';
    return { code: 'invalid-value', message: `${name} must be ${word} ${limit}${count}, not ${show(found)}` };
  }
  const wanted = descriptionOf(schema, path);
  return { code: 'invalid-value', message: `${name} is ${show(found)}`, hint: wanted };
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

/** YAML turns 1.30 into a number and yes into text; the way out is worth saying. */
function typeHint(
  reading: Reading,
  issue: Issue,
  found: unknown,
  at: Origin | undefined,
): string | undefined {
  const expected = issue.code === 'invalid_type' ? issue.expected : undefined;
  if (expected === 'string' && (typeof found === 'number' || typeof found === 'boolean'))
    return `put it in quotes: "${reading.sources.spelling(at) ?? found}"`;
  if ((expected === 'number' || expected === 'int') && typeof found === 'string' && /^-?\d+$/.test(found))
    return `leave out the quotes: ${found}`;
  if (expected === 'boolean' && typeof found === 'string') {
    if (/^(yes|on|true)$/i.test(found)) return 'write true';
    if (/^(no|off|false)$/i.test(found)) return 'write false';
  }
  if (expected === 'array' && found !== null && found !== undefined) return 'write a list: [ ... ]';
  if (found === null) return 'give it a value or leave the key out';
  return undefined;
}

/** "vpcs[0].subnets[1].cidr"; the document itself for the empty path. */
function describe(path: Path): string {
  if (path.length === 0) return 'the document';
  return path
    .map((key, index) =>
      typeof key === 'number'
        ? `[${key}]`
        : `${index > 0 ? '.' : ''}${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)}`,
    )
    .join('');
}

function show(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}..."`;
}

function place(reading: Reading, value: unknown, path: Path): Origin | undefined {
  for (let depth = path.length; depth > 0; depth--) {
    const container = memberAt(value, path.slice(0, depth - 1));
    const whole = memberAt(value, path.slice(0, depth));
    if (typeof whole === 'object' && whole !== null && reading.origins.of(whole)) return reading.of(whole);
    if (typeof container === 'object' && container !== null) return reading.of(container, path[depth - 1]!);
  }
  return typeof value === 'object' && value !== null ? reading.of(value) : undefined;
}

function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  const found = schemaAt(schema, path);
  return found?.def.type === 'object' ? Object.keys((found as z.ZodObject).shape) : [];
}

function descriptionOf(schema: z.ZodType, path: Path): string | undefined {
  return schemaAt(schema, path)?.description;
}

/** The schema of the member at `path`, wrappers taken off. */
function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let found: z.ZodType | undefined = unwrap(schema);
  for (const key of path) {
    const type = found?.def.type;
    if (type === 'object') found = (found as z.ZodObject).shape[key] as z.ZodType | undefined;
    else if (type === 'array') found = (found as z.ZodArray).element as z.ZodType;
    else if (type === 'record') found = (found as z.ZodRecord).valueType as z.ZodType;
    else return undefined;
    if (found) found = unwrap(found);
  }
  return found;
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema.def.type === 'optional' ? unwrap((schema as z.ZodOptional).unwrap() as z.ZodType) : schema;
}
