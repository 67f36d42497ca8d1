/** Values of JSON documents, as the readers take them: every container with its origin, without members that have no
 *  value, and without keys that would reach an object's prototype. */
import type { Issue } from '../../base/issue.ts';
import type { Origins } from '../../base/origin.ts';
import type { JsonDocument } from './document.ts';

type Pointer = readonly (string | number)[];

const unsafeKeys: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** The document's own value, changed in place; what is wrong in it is added to `issues`. */
export function readyValue(document: JsonDocument, origins: Origins, issues: Issue[]): unknown {
  const visit = (value: unknown, pointer: Pointer): void => {
    if (typeof value !== 'object' || value === null) return;
    origins.set(value, { from: 'written', document: document.key, pointer });
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) visit(value[index], [...pointer, index]);
      return;
    }
    const map = value as Record<string, unknown>;
    for (const key of unsafeKeys)
      if (Object.hasOwn(map, key)) {
        delete map[key];
        const at = document.positionAt(document.offsetOf([...pointer, key], 'key'));
        const message = `the key ${JSON.stringify(key)} is not allowed`;
        issues.push({ severity: 'error', code: 'json/unsafe-key', at, message });
      }
    for (const key of Object.keys(map)) {
      if (map[key] === null) delete map[key];
      else visit(map[key], [...pointer, key]);
    }
  };
  visit(document.value, []);
  return document.value;
}
