/** YAML nodes to plain values, every container with its origin.
 *  Aliases share one value and are counted by what they expand to, so a "billion laughs" file is refused
 *  before anything walks it; keys that would reach an object's prototype are refused. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Issue } from '../../base/issue.ts';
import type { Origins } from '../../base/origin.ts';
import { positionAt, type SourceDocument } from './document.ts';

export type Pointer = readonly (string | number)[];

/** How many values aliases may add to a document. */
const MAX_ALIASED_VALUES = 100_000;

const unsafeKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

interface Conversion {
  readonly source: SourceDocument;
  readonly origins: Origins;
  readonly issues: Issue[];
  /** Members without a value are left out, as the Kubernetes API does. */
  readonly dropNulls: boolean;
  readonly anchors: Map<string, { value: unknown; size: number; open: boolean }>;
  /** Values converted so far, each alias counted with all that it stands for. */
  size: number;
  aliased: number;
}

/** The value of a document; what is wrong in it is added to `issues`. */
export function plainValue(
  source: SourceDocument,
  origins: Origins,
  issues: Issue[],
  options: { dropNulls: boolean },
): unknown {
  const anchors: Conversion['anchors'] = new Map();
  const conversion = { source, origins, issues, ...options, anchors, size: 0, aliased: 0 };
  return convert(conversion, source.document.contents, []);
}

/** The value of a node; undefined where it has none, because of an issue. */
function convert(conversion: Conversion, node: Node | null | undefined, pointer: Pointer): unknown {
  conversion.size++;
  if (!node) return null;
  if (isAlias(node)) return convertAlias(conversion, node, node.source);
  const anchor = 'anchor' in node ? node.anchor : undefined;
  const entry = { value: undefined as unknown, size: conversion.size, open: true };
  if (anchor) conversion.anchors.set(anchor, entry);
  if (isMap(node)) entry.value = convertMap(conversion, node, pointer);
  else if (isSeq(node)) entry.value = convertSequence(conversion, node, pointer);
  else if (isScalar(node)) entry.value = node.value;
  entry.size = conversion.size - entry.size;
  entry.open = false;
  return entry.value;
}

function convertAlias(conversion: Conversion, node: Node, name: string): unknown {
  const anchor = conversion.anchors.get(name);
  if (!anchor) {
    report(conversion, node, 'yaml/unknown-alias', `no anchor &${name} stands before this alias`);
    return undefined;
  }
  if (anchor.open) {
    report(conversion, node, 'yaml/alias-cycle', `the alias *${name} lies inside the value it stands for`);
    return undefined;
  }
  conversion.size += anchor.size;
  conversion.aliased += anchor.size;
  if (conversion.aliased <= MAX_ALIASED_VALUES) return anchor.value;
  if (conversion.aliased !== Number.POSITIVE_INFINITY)
    report(conversion, node, 'yaml/alias-bomb', `aliases expand to more than ${MAX_ALIASED_VALUES} values`);
  conversion.aliased = Number.POSITIVE_INFINITY;
  return undefined;
}

function convertSequence(conversion: Conversion, node: YAMLSeq, pointer: Pointer): unknown[] {
  const list: unknown[] = [];
  written(conversion, list, pointer);
  node.items.forEach((item, index) => {
    const value = convert(conversion, item as Node, [...pointer, index]);
    if (value !== undefined) list.push(value);
  });
  return list;
}

function convertMap(conversion: Conversion, node: YAMLMap, pointer: Pointer): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  const seen = new Set<string>();
  const merged: unknown[] = [];
  written(conversion, map, pointer);
  for (const pair of node.items) {
    const key = keyOf(conversion, pair);
    if (key === undefined) continue;
    const value = convert(conversion, pair.value as Node | null, [...pointer, key]);
    if (value === undefined) continue;
    if (key === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') {
      merged.push(...(Array.isArray(value) ? value : [value]));
      continue;
    }
    if (seen.has(key)) {
      report(conversion, pair.key as Node, 'yaml/duplicate-key', `the key ${quoted(key)} is written twice`);
      continue;
    }
    seen.add(key);
    if (value !== null || !conversion.dropNulls) map[key] = value;
  }
  for (const source of merged) mergeInto(conversion, map, source, node);
  return map;
}

function mergeInto(conversion: Conversion, map: Record<string, unknown>, source: unknown, node: Node): void {
  if (typeof source !== 'object' || source === null || Array.isArray(source)) {
    report(conversion, node, 'yaml/bad-merge', 'the merge key << takes a map or a list of maps');
    return;
  }
  for (const [key, value] of Object.entries(source)) {
    if (Object.hasOwn(map, key)) continue;
    map[key] = value;
    const origin = conversion.origins.of(source, key);
    if (origin) conversion.origins.setMember(map, key, origin);
  }
}

function keyOf(conversion: Conversion, pair: Pair): string | undefined {
  const node = pair.key as Node | null;
  const aliased = isAlias(node) ? convertAlias(conversion, node, node.source) : undefined;
  const value = isScalar(node) ? (node.source ?? node.value) : aliased;
  if (isScalar(node) && node.anchor)
    conversion.anchors.set(node.anchor, { value: node.value, size: 1, open: false });
  if (value === null || value === undefined || typeof value === 'object') {
    report(conversion, node ?? (pair.value as Node | null), 'yaml/bad-key', 'a key must be plain text');
    return undefined;
  }
  const key = String(value);
  if (!unsafeKeys.has(key)) return key;
  report(conversion, node, 'yaml/unsafe-key', `the key ${quoted(key)} is not allowed`);
  return undefined;
}

function written(conversion: Conversion, container: object, pointer: Pointer): void {
  conversion.origins.set(container, { from: 'written', document: conversion.source.key, pointer });
}

function report(conversion: Conversion, node: Node | null, code: string, message: string): void {
  const { file, lines } = conversion.source;
  const at = positionAt(file, lines, node?.range?.[0] ?? 0);
  conversion.issues.push({ severity: 'error', code, at, message });
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
