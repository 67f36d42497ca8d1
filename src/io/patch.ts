/** `variants:` of a topology: JSON Patch (RFC 6902) add, replace and remove, with named lists addressed by
 *  name. Changed containers are copied; everything else is shared with the unpatched value. */
import { suggestion } from '../base/nearest.ts';
import type { OperationFile } from '../world/schema.ts';
import { isContainer, isMap, isNamedList } from './members.ts';
import type { Complaint, Reading } from './reading.ts';

type Container = Record<string | number, unknown>;

/** The value with all operations applied; a path that leads nowhere is an issue and changes nothing. */
export function applyPatch(
  reading: Reading,
  value: Record<string, unknown>,
  operations: readonly OperationFile[],
): Record<string, unknown> {
  let patched = value;
  for (const operation of operations) {
    const steps = stepsOf(operation.path);
    const fault = faultOf(operation, steps);
    if (fault) reading.error(reading.of(operation, 'path'), fault);
    else patched = change(reading, patched, operation, steps ?? []) as Record<string, unknown>;
  }
  return patched;
}

/** RFC 6901: "/"-separated, "~1" stands for "/" and "~0" for "~". */
function stepsOf(path: string): readonly string[] | undefined {
  if (!path.startsWith('/') || path.length < 2) return undefined;
  return path
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function faultOf(operation: OperationFile, steps: readonly string[] | undefined): Complaint | undefined {
  if (!steps) {
    const hint = 'write it as /vpcs/NAME/securityGroups/NAME/ingress';
    return { code: 'variant/bad-path', message: `${JSON.stringify(operation.path)} is not a path`, hint };
  }
  if (operation.op !== 'remove' && operation.value === undefined)
    return { code: 'variant/missing-value', message: `${operation.op} needs a value` };
  if (steps[0] === 'variants' || steps[0] === 'include' || steps.includes('__proto__'))
    return { code: 'variant/bad-path', message: `a variant cannot change ${operation.path}` };
  return undefined;
}

/** A copy of `container` in which the member that `steps` leads to is changed. */
function change(
  reading: Reading,
  container: Container,
  operation: OperationFile,
  steps: readonly string[],
): Container {
  const [step, ...rest] = steps;
  const at = reading.of(operation, 'path');
  const key = keyOf(container, step!);
  if (key === undefined && !(rest.length === 0 && operation.op === 'add' && Array.isArray(container))) {
    const known = isNamedList(container) ? container.map(({ name }) => name) : Object.keys(container);
    const message = `${operation.path} leads nowhere: there is no ${JSON.stringify(step)}`;
    reading.error(at, { code: 'variant/no-such-path', message, hint: suggestion(step!, known) });
    return container;
  }
  if (rest.length === 0) return set(reading, container, operation, step!, key);
  let member = Object.hasOwn(container, key!) ? container[key!] : undefined;
  if (member === undefined && operation.op !== 'remove') {
    // What the file leaves to its default is not there to be changed: make room for it.
    member = rest[0] === '-' ? [] : {};
    reading.origins.set(member as object, at);
  }
  if (!isContainer(member)) {
    const message = `${operation.path} leads nowhere: ${JSON.stringify(step)} has no members`;
    reading.error(at, { code: 'variant/no-such-path', message });
    return container;
  }
  const changed = change(reading, member, operation, rest);
  if (changed === member) return container;
  const copy = copyOf(reading, container);
  put(reading, copy, key!, changed, reading.of(changed));
  return copy;
}

function set(
  reading: Reading,
  container: Container,
  operation: OperationFile,
  step: string,
  key: string | number | undefined,
): Container {
  const at = reading.of(operation, 'value');
  const copy = copyOf(reading, container);
  if (operation.op === 'remove') {
    if (!Object.hasOwn(container, key!)) {
      const message = `${operation.path} is not there to be removed`;
      const hint = suggestion(step, Object.keys(container));
      reading.error(reading.of(operation, 'path'), { code: 'variant/no-such-path', message, hint });
      return container;
    }
    if (Array.isArray(copy)) removeAt(reading, copy, Number(key));
    else delete copy[key!];
    return copy;
  }
  const value = named(reading, container, operation, step);
  if (!Array.isArray(copy)) put(reading, copy, key!, value, at);
  else if (
    operation.op === 'replace' ||
    (typeof key === 'number' && isNamedList(copy) && !/^\d+$/.test(step))
  )
    put(reading, copy, key!, value, at);
  else insert(reading, copy, typeof key === 'number' ? key : copy.length, value, at);
  return copy;
}

/** An element added to a named list under its name need not repeat it. */
function named(reading: Reading, container: Container, operation: OperationFile, step: string): unknown {
  const { value } = operation;
  if (!Array.isArray(container) || !isMap(value) || step === '-' || /^\d+$/.test(step)) return value;
  if (Object.hasOwn(value, 'name')) return value;
  const copy = copyOf(reading, value);
  put(reading, copy, 'name', step, reading.of(operation, 'path'));
  return copy;
}

/** Key of a map, or index in a list: by name first, then by number; undefined where there is none. */
function keyOf(container: Container, step: string): string | number | undefined {
  if (!Array.isArray(container)) return step;
  if (isNamedList(container)) {
    const index = container.findIndex(({ name }) => name === step);
    if (index >= 0) return index;
  }
  return /^\d+$/.test(step) && Number(step) < container.length ? Number(step) : undefined;
}

function copyOf(reading: Reading, container: Container): Container {
  const copy = (Array.isArray(container) ? [...container] : { ...container }) as Container;
  reading.origins.set(copy, reading.of(container));
  for (const key of Object.keys(container)) {
    const member = Array.isArray(container) ? Number(key) : key;
    reading.origins.setMember(copy, member, reading.of(container, member));
  }
  return copy;
}

function put(
  reading: Reading,
  container: Container,
  key: string | number,
  value: unknown,
  at: ReturnType<Reading['of']>,
): void {
  container[key] = value;
  reading.origins.setMember(container, key, at);
}

function insert(
  reading: Reading,
  list: unknown[],
  index: number,
  value: unknown,
  at: ReturnType<Reading['of']>,
): void {
  const origins = list.map((_, position) => reading.of(list, position));
  list.splice(index, 0, value);
  origins.splice(index, 0, at);
  for (const [position, origin] of origins.entries()) reading.origins.setMember(list, position, origin);
}

function removeAt(reading: Reading, list: unknown[], index: number): void {
  const origins = list.map((_, position) => reading.of(list, position));
  list.splice(index, 1);
  origins.splice(index, 1);
  for (const [position, origin] of origins.entries()) reading.origins.setMember(list, position, origin);
}
