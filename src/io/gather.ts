/** The documents of the entry, a file or a folder, sorted: one topology, one eksctl file, any manifests. */

import { TOPOLOGY_API_VERSION } from '../world/schema.ts';
import type { Files, LoadedDocument } from './files.ts';
import { withIncludes } from './includes.ts';
import type { Reading } from './reading.ts';

export interface Sorted {
  /** The merged topology document; an empty one where the entry has none. */
  readonly topology: Record<string, unknown>;
  readonly eksctl?: LoadedDocument | undefined;
  readonly manifests: readonly LoadedDocument[];
  /** Files that are read already. */
  readonly files: ReadonlySet<string>;
}

export function gather(reading: Reading, files: Files, entry: string): Sorted | undefined {
  const paths = files.entry(entry);
  const documents = paths.flatMap((path) => files.load(path));
  const topologies = documents.filter(({ kind }) => kind === 'topology');
  const configs = documents.filter(({ kind }) => kind === 'eksctl');
  for (const extra of [...topologies.slice(1), ...configs.slice(1)]) {
    const what = extra.kind === 'topology' ? 'topology' : 'eksctl ClusterConfig';
    reading.error(reading.of(extra.value), {
      code: 'io/several-documents',
      message: `this is the second ${what}; there can be one`,
      hint: extra.kind === 'topology' ? 'merge files with include' : undefined,
    });
  }
  if (documents.length === 0) return undefined;
  const topology = topologies[0];
  return {
    topology: topology ? withIncludes(reading, files, topology) : emptyTopology(reading, documents[0]!),
    eksctl: configs[0],
    manifests: documents.filter(({ kind }) => kind === 'manifest'),
    files: new Set(paths),
  };
}

function emptyTopology(reading: Reading, first: LoadedDocument): Record<string, unknown> {
  const topology = { apiVersion: TOPOLOGY_API_VERSION, kind: 'Topology' };
  reading.origins.set(topology, reading.of(first.value));
  return topology;
}
