/** A folder of dumps as a topology file, with a count of what it holds. */
import type { Parsed } from '../base/issue.ts';
import { Files } from './files.ts';
import { assemble, readAssembled } from './load-topology.ts';
import { Reading } from './reading.ts';
import { redactDocuments } from './redact/documents.ts';
import type { List, Read } from './source-file.ts';
import { textOf } from './topology-text.ts';

export interface ImportedFolder {
  /** YAML of the topology file that says the same. */
  readonly text: string;
  readonly found: readonly { readonly what: string; readonly count: number }[];
  /** The files themselves as JSON, where they were to be redacted; paths as `read` takes them. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

export interface ImportOptions {
  /** Replace names, tags, descriptions and account ids. */
  readonly redact?: boolean | undefined;
}

export function importFolder(
  folder: string,
  read: Read,
  list: List,
  options: ImportOptions = {},
): Parsed<ImportedFolder> {
  const reading = new Reading();
  const files = new Files(reading, read, list);
  const texts = new Map<string, string>();
  const assembled = assemble(reading, files, folder, {}, (documents) => {
    if (!options.redact) return;
    redactDocuments(documents);
    for (const { file, value } of documents)
      texts.set(file, `${texts.get(file) ?? ''}${JSON.stringify(value, null, 2)}\n`);
  });
  if (assembled && !assembled.inventory)
    reading.error(undefined, {
      code: 'aws/no-dumps',
      message: `${folder} holds nothing that the AWS CLI printed`,
      hint: 'vpcsim import --script prints a script that collects it',
    });
  // What a folder says must also be a topology.
  if (assembled) readAssembled(reading, files, assembled, {});
  if (!assembled?.inventory || reading.failed)
    return { ok: false, issues: [...reading.errors(), ...reading.warnings()] };
  const counts = new Map(assembled.inventory.found.map(({ what, count }) => [what, count]));
  for (const { value } of assembled.manifests) countObjects(value, counts);
  const found = [...counts].map(([what, count]) => ({ what, count }));
  const value = {
    text: textOf(reading, assembled, {}),
    found,
    files: [...texts].map(([path, text]) => ({ path, text })),
  };
  return { ok: true, value, warnings: reading.warnings() };
}

/** Objects of Kubernetes by kind; a list counts as what is in it. */
function countObjects(value: Readonly<Record<string, unknown>>, counts: Map<string, number>): void {
  if (Array.isArray(value.items)) for (const item of value.items) countObjects(Object(item), counts);
  else if (typeof value.kind === 'string') counts.set(value.kind, (counts.get(value.kind) ?? 0) + 1);
}
