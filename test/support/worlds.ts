/** Worlds for tests: the shipped topologies, and texts written in a test. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTopology } from '../../src/io/load-topology.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { buildWorld } from '../../src/world/build.ts';
import { type Flow, trace } from '../../src/world/flow.ts';
import type { Topology } from '../../src/world/topology.ts';
import type { World } from '../../src/world/world.ts';

const folder = fileURLToPath(new URL('../../topologies', import.meta.url));

/** The folder of the shipped topologies, as a loader reads it. */
export const shippedFiles = {
  read: (path: string) =>
    existsSync(join(folder, path)) ? { text: readFileSync(join(folder, path), 'utf8') } : undefined,
  list: (pattern: string, base: string): string[] => {
    const [below, last] = [
      join(base, pattern.slice(0, pattern.lastIndexOf('/') + 1)),
      pattern.slice(pattern.lastIndexOf('/') + 1),
    ];
    const expression = new RegExp(`^${last.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
    return readdirSync(join(folder, below))
      .filter((file) => expression.test(file))
      .map((file) => join(below, file));
  },
};

/** A shipped topology. */
export function loadShipped(name: string, variant?: string): Topology {
  return must(loadTopology(`${name}.yaml`, shippedFiles.read, shippedFiles.list, { variant }));
}

const worlds = new Map<string, World>();

/** The world of a shipped topology; built once. */
export function loadWorld(name: string, variant?: string): World {
  const key = `${name} ${variant ?? ''}`;
  const known = worlds.get(key);
  if (known) return known;
  const world = must(buildWorld(loadShipped(name, variant)));
  worlds.set(key, world);
  return world;
}

/** The world of texts: file name to content. The entry is `vpcsim.yaml`. */
export function worldOf(files: Readonly<Record<string, string>>, variant?: string): World {
  return must(buildWorld(topologyOf(files, variant)));
}

/** The topology of texts. The entry is `vpcsim.yaml`. */
export function topologyOf(files: Readonly<Record<string, string>>, variant?: string): Topology {
  const topology = loadTopology(
    'vpcsim.yaml',
    (path) => (Object.hasOwn(files, path) ? { text: files[path]! } : undefined),
    (pattern) =>
      Object.keys(files).filter((file) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(file)),
    { variant },
  );
  return must(topology);
}

/** The trace of a flow that is known to be well written. */
export function traceOf(world: World, from: string, to: string, rest: Omit<Flow, 'from' | 'to'> = {}): Trace {
  return must(trace(world, { from, to, ...rest }));
}

function must<T>(
  parsed:
    | { readonly ok: true; readonly value: T }
    | { readonly ok: false; readonly issues: readonly unknown[] },
): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues, null, 2));
  return parsed.value;
}
