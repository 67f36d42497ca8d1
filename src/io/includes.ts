/** `include:` of topology files: later files win over earlier ones, the including file over all. */
import type { Files, LoadedDocument } from './files.ts';
import { mergeMaps } from './merge.ts';
import { folderOf, resolvePath } from './paths.ts';
import type { Reading } from './reading.ts';

/** The document with everything it includes; `chain` holds the files that are being included. */
export function withIncludes(
  reading: Reading,
  files: Files,
  document: LoadedDocument,
  chain: readonly string[] = [document.file],
): Record<string, unknown> {
  const { include, ...own } = document.value;
  keepOrigins(reading, document.value, own);
  if (!Array.isArray(include)) return include === undefined ? own : document.value;
  let merged: Record<string, unknown> | undefined;
  for (const [index, path] of include.entries()) {
    if (typeof path !== 'string') return document.value;
    const at = reading.of(include, index);
    const file = resolvePath(folderOf(document.file), path);
    if (chain.includes(file)) {
      const message = `files include each other: ${[...chain.slice(chain.indexOf(file)), file].join(' -> ')}`;
      reading.error(at, { code: 'io/include-cycle', message });
      continue;
    }
    const included = topologyIn(reading, files, file, index, include);
    if (!included) continue;
    const value = withIncludes(reading, files, included, [...chain, file]);
    merged = merged ? mergeMaps(reading, merged, value) : value;
  }
  return merged ? mergeMaps(reading, merged, own) : own;
}

function topologyIn(
  reading: Reading,
  files: Files,
  file: string,
  index: number,
  include: readonly unknown[],
): LoadedDocument | undefined {
  const at = reading.of(include, index);
  const documents = files.load(file, at);
  const topologies = documents.filter(({ kind }) => kind === 'topology');
  if (documents.length > 0 && topologies.length !== 1) {
    const message = `${file} holds ${topologies.length === 0 ? 'no topology' : 'more than one topology'}`;
    const eksctl = documents.some(({ kind }) => kind === 'eksctl');
    const hint = eksctl ? 'name an eksctl file with the key eksctl' : 'name manifests with the key manifests';
    reading.error(at, { code: 'io/not-a-topology', message, hint });
    return undefined;
  }
  return topologies[0];
}

function keepOrigins(reading: Reading, from: Record<string, unknown>, to: Record<string, unknown>): void {
  reading.origins.set(to, reading.of(from));
  for (const key of Object.keys(to)) reading.origins.setMember(to, key, reading.of(from, key));
}
