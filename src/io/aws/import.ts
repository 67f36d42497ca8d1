/** What AWS commands printed to a topology: the dumps are written as a topology file that says the same, and that is
 *  read as every other is. */
import type { Parsed } from '../../base/issue.ts';
import { TOPOLOGY_API_VERSION, topologyFile } from '../../world/schema.ts';
import type { Topology } from '../../world/topology.ts';
import { Files } from '../files.ts';
import { HostDumps } from '../host-dumps.ts';
import { parseJson } from '../json/document.ts';
import { readTopology } from '../read-topology.ts';
import { Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { type DumpDocument, takeInventory } from './inventory.ts';
import { topologyValue } from './topology-value.ts';
import { withoutUnread } from './unread.ts';

/** A file that a describe or list command of the AWS CLI printed, or several of its pages after each other. */
export interface AwsDumpFile {
  readonly path: string;
  readonly text: string;
}

/** Reads dumps of one or several accounts and Regions. */
export function importAws(files: readonly AwsDumpFile[]): Parsed<Topology> {
  const reading = new Reading();
  const inventory = takeInventory(
    reading,
    files.flatMap((file) => documentsOf(reading, file)),
  );
  const value = { apiVersion: TOPOLOGY_API_VERSION, kind: 'Topology', ...topologyValue(inventory) };
  withoutUnread(topologyFile, value);
  const file = conform(reading, topologyFile, value, 'topology');
  const nothing = new Files(
    reading,
    () => undefined,
    () => [],
  );
  const topology =
    file &&
    readTopology(reading, file, [], {
      complete: true,
      dumps: new HostDumps(reading, nothing),
      instanceTypes: [],
    });
  return topology && !reading.failed
    ? { ok: true, value: { ...topology, warnings: reading.warnings() }, warnings: reading.warnings() }
    : { ok: false, issues: [...reading.errors(), ...reading.warnings()] };
}

function documentsOf(reading: Reading, { path, text }: AwsDumpFile): DumpDocument[] {
  const { documents, issues } = parseJson(path, text);
  for (const issue of issues) reading.add(issue);
  for (const document of documents) reading.sources.addJson(document);
  return documents.map(({ key, value }) => ({ file: path, key, value }));
}
