/** Reading annotations as the controller's parser does: text, comma separated lists, `key=value` lists, booleans and
 *  numbers of Go's strconv, JSON. The first of several objects that has the annotation wins. */
import type * as z from 'zod';
import type { KubeObject } from '../api/objects.ts';
import type { Origin } from '../base/origin.ts';
import type { Findings } from './findings.ts';

export interface Annotations {
  readonly prefix: string;
  readonly objects: readonly KubeObject[];
}

export interface Annotation {
  readonly key: string;
  readonly text: string;
  readonly object: KubeObject;
  readonly origin: Origin;
}

/** Annotations of an Ingress; those of a backend Service, given before it, beat the Ingress's own. */
export function ingressAnnotations(...objects: readonly KubeObject[]): Annotations {
  return { prefix: 'alb.ingress.kubernetes.io/', objects };
}

export function serviceAnnotations(service: KubeObject): Annotations {
  return { prefix: 'service.beta.kubernetes.io/', objects: [service] };
}

export function find(where: Annotations, suffix: string): Annotation | undefined {
  const key = where.prefix + suffix;
  for (const object of where.objects) {
    const text = object.metadata.annotations[key];
    if (text !== undefined) return { key, text, object, origin: annotationOrigin(object, key) };
  }
  return undefined;
}

function annotationOrigin(object: KubeObject, key: string): Origin {
  const { origin } = object;
  if (origin.from !== 'written') return origin;
  return { ...origin, pointer: [...origin.pointer, 'metadata', 'annotations', key] };
}

export function text(where: Annotations, suffix: string): string | undefined {
  return find(where, suffix)?.text;
}

export function list(where: Annotations, suffix: string): string[] | undefined {
  return text(where, suffix)
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Says that the value of an annotation is wrong, at the annotation. */
export function refuseValue(found: Annotation, findings: Findings, why: string, hint?: string): undefined {
  findings.refuse('elb/annotation', found.object, `${found.key}: ${why}`, hint, found.origin);
  return undefined;
}

export function oneOf<T extends string>(
  where: Annotations,
  suffix: string,
  allowed: readonly T[],
  fallback: T,
  findings: Findings,
): T {
  const found = find(where, suffix);
  if (!found) return fallback;
  const value = allowed.find((word) => word === found.text);
  if (value === undefined)
    refuseValue(found, findings, `unknown value "${found.text}"`, `known: ${allowed.join(', ')}`);
  return value ?? fallback;
}

export function integer(where: Annotations, suffix: string, findings: Findings): number | undefined {
  const found = find(where, suffix);
  if (!found) return undefined;
  const value = /^[+-]?\d+$/.test(found.text) ? Number(found.text) : Number.NaN;
  if (Math.abs(value) < 2 ** 31) return value;
  return refuseValue(found, findings, `"${found.text}" is not a whole number`);
}

/** The words of Go's strconv.ParseBool. */
export function parseBool(word: string): boolean | undefined {
  if (/^(1|t|T|true|TRUE|True)$/.test(word)) return true;
  return /^(0|f|F|false|FALSE|False)$/.test(word) ? false : undefined;
}

export function flag(where: Annotations, suffix: string, findings: Findings): boolean | undefined {
  const found = find(where, suffix);
  if (!found) return undefined;
  return parseBool(found.text) ?? refuseValue(found, findings, `"${found.text}" is neither true nor false`);
}

/** `a=1,b=2`; a backslash takes the next character as it is. */
export function pairs(where: Annotations, suffix: string, findings: Findings): Record<string, string> {
  const found = find(where, suffix);
  const result: Record<string, string> = {};
  for (const part of found?.text.match(/(?:\\.|[^,\\])+/g) ?? []) {
    const [, key, value] = /^\s*([^=\s][^=]*?)\s*=\s*(.*?)\s*$/s.exec(part.replace(/\\(.)/g, '$1')) ?? [];
    if (key !== undefined && value !== undefined) result[key] = value;
    else if (found && part.trim() !== '')
      refuseValue(found, findings, `"${part.trim()}" is not a key=value pair`, 'write key=value,key=value');
  }
  return result;
}

/** JSON of the given shape; like Go's decoder it takes unknown fields. */
export function json<T>(
  where: Annotations,
  suffix: string,
  shape: z.ZodType<T>,
  findings: Findings,
): T | undefined {
  const found = find(where, suffix);
  if (!found) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(found.text);
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem);
    return refuseValue(found, findings, `not JSON: ${why}`);
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  const place = first && first.path.length > 0 ? ` at ${first.path.join('.')}` : '';
  return refuseValue(found, findings, `JSON of the wrong shape${place}: ${first?.message ?? 'unknown'}`);
}

/** For shapes with field names: Go's decoder ignores their case, and old annotations write `RedirectConfig`. */
export function lowerCaseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCaseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lowerCaseKeys(inner)]),
  );
}
