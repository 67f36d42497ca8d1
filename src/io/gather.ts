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
  /** What commands of the AWS CLI printed. */
  readonly dumps: readonly LoadedDocument[];
  /** Files that are read already. */
  readonly files: ReadonlySet<string>;
}

/** `prepare` may change the values of documents before anything is made of them. */
export function gather(
  reading: Reading,
  files: Files,
  entry: string,
  prepare?: (documents: readonly LoadedDocument[]) => void,
): Sorted | undefined {
  const { paths, documents } = documentsOf(files, entry);
  prepare?.(documents);
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
  const isDump = dumpTest(documents);
  return {
    topology: topology ? withIncludes(reading, files, topology) : emptyTopology(reading, documents[0]!),
    eksctl: configs[0],
    manifests: documents.filter((each) => each.kind === 'manifest' && !isDump(each)),
    dumps: documents.filter(isDump),
    files: new Set(paths),
  };
}

/** The documents of the entry; of a folder of dumps also those in the folders that dumps are kept in. */
function documentsOf(
  files: Files,
  entry: string,
): { readonly paths: readonly string[]; readonly documents: readonly LoadedDocument[] } {
  const { paths: own, isFile } = files.entry(entry);
  const below = isFile ? [] : files.dumps(entry);
  const found = own.includes(entry) && below.length > 0 ? [] : own;
  const documents = found.flatMap((path) => files.load(path));
  const accounts = below.some((path) => !path.includes('kubernetes/'));
  if (!accounts && found.length > 0 && !documents.some(({ kind }) => kind === 'aws'))
    return { paths: found, documents };
  return {
    paths: [...found, ...below],
    documents: [...documents, ...below.flatMap((path) => files.load(path))],
  };
}

/** Beside dumps, what is neither of Kubernetes nor of this program is one that nobody knows. */
function dumpTest(documents: readonly LoadedDocument[]): (document: LoadedDocument) => boolean {
  const beside = documents.some(({ kind }) => kind === 'aws');
  return ({ kind, value }) =>
    kind === 'aws' ||
    (beside && kind === 'manifest' && value.kind === undefined && value.apiVersion === undefined);
}

function emptyTopology(reading: Reading, first: LoadedDocument): Record<string, unknown> {
  const topology = { apiVersion: TOPOLOGY_API_VERSION, kind: 'Topology' };
  reading.origins.set(topology, reading.of(first.value));
  return topology;
}
