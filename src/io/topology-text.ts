/** An input as one topology file that builds the same world: includes, the eksctl file, dumps and a variant are in it,
 *  and manifests stand behind it as further documents. */
import type { Parsed } from '../base/issue.ts';
import type { TopologyFile } from '../world/schema.ts';
import { Files } from './files.ts';
import { type Assembled, assemble, type LoadOptions } from './load-topology.ts';
import { isMap } from './members.ts';
import { folderOf, resolvePath } from './paths.ts';
import { Reading } from './reading.ts';
import type { List, Read } from './source-file.ts';
import { yamlText } from './yaml/write.ts';

/** YAML text; paths in it are as `read` takes them. */
export function topologyText(
  entry: string,
  read: Read,
  list: List,
  options: LoadOptions = {},
): Parsed<string> {
  const reading = new Reading();
  const assembled = assemble(reading, new Files(reading, read, list), entry, options);
  if (!assembled || reading.failed)
    return { ok: false, issues: [...reading.errors(), ...reading.warnings()] };
  return { ok: true, value: textOf(reading, assembled, options), warnings: reading.warnings() };
}

/** The text of an input that has been put together. */
export function textOf(reading: Reading, { file, manifests }: Assembled, options: LoadOptions): string {
  const documents = [ownDocument(reading, file, options), ...manifests.map(({ value }) => value)];
  return documents.map(yamlText).join('---\n');
}

/** Without what names other files, and with paths that do not depend on where it lies. */
function ownDocument(
  reading: Reading,
  file: TopologyFile,
  { variant }: LoadOptions,
): Record<string, unknown> {
  const { apiVersion, kind, metadata, variants, ...rest } = file;
  const expected = variant === undefined ? undefined : variants?.[variant]?.expect;
  for (const key of ['include', 'eksctl', 'manifests'] as const) delete rest[key];
  return {
    apiVersion,
    kind,
    ...(metadata && { metadata }),
    ...resolved(reading, rest),
    ...(variant === undefined ? variants && { variants } : expected && { expect: expected }),
  };
}

/** Keys whose values are paths, relative to the file they are written in. */
const pathKeys: ReadonlySet<string> = new Set(['rules', 'nodeRules', 'podRules', 'instanceTypesFile']);

function resolved(reading: Reading, map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(map)) {
    const at = reading.sources.fileOf(reading.of(map, key));
    found[key] = pathKeys.has(key) && at !== undefined ? resolvedPaths(folderOf(at), value) : value;
  }
  if (isMap(found.cluster)) found.cluster = resolved(reading, found.cluster);
  if (Array.isArray(found.instances))
    found.instances = found.instances.map((each) => (isMap(each) ? resolved(reading, each) : each));
  return found;
}

function resolvedPaths(folder: string, value: unknown): unknown {
  if (typeof value === 'string') return resolvePath(folder, value);
  if (Array.isArray(value)) return value.map((each) => resolvedPaths(folder, each));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolvedPaths(folder, each)]));
}
