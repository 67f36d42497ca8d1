/** Topologies for the suite: files, and texts that were made up. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildWorld, InputError, loadTopology, type Parsed, type World } from '../../index.ts';

/** The world of a topology file, or of one of its variants; throws InputError. */
export function loadFile(path: string, variant?: string): World {
  const topology = loadTopology(
    path,
    (file) => (existsSync(file) && statSync(file).isFile() ? { bytes: readFileSync(file) } : undefined),
    (pattern, base) => {
      const folder = join(base, dirname(pattern));
      if (!existsSync(folder)) return [];
      const last = pattern.slice(pattern.lastIndexOf('/') + 1);
      const expression = new RegExp(`^${last.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
      return readdirSync(folder)
        .filter((file) => expression.test(file))
        .sort()
        .map((file) => join(folder, file));
    },
    { variant },
  );
  return must(buildWorld(must(topology)));
}

/** The world of texts by file name; `vpcsim.yaml` is the one to begin with. */
export function worldOfTexts(files: Readonly<Record<string, string>>): World {
  const topology = loadTopology(
    'vpcsim.yaml',
    (path) => (Object.hasOwn(files, path) ? { text: files[path]! } : undefined),
    () => [],
  );
  return must(buildWorld(must(topology)));
}

function must<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new InputError(parsed.issues);
  return parsed.value;
}
