/** What AWS commands printed to a topology, for callers that have the texts. */
import type { Parsed } from '../../base/issue.ts';
import type { Topology } from '../../world/topology.ts';
import { loadTopology } from '../load-topology.ts';

/** A file that a describe or list command of the AWS CLI printed, or several of its pages after each other. */
export interface AwsDumpFile {
  readonly path: string;
  readonly text: string;
}

/** Reads dumps of one or several accounts and Regions, wherever their files lie. */
export function importAws(files: readonly AwsDumpFile[]): Parsed<Topology> {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const read = (path: string) => {
    const text = texts.get(path);
    return text === undefined ? undefined : { text };
  };
  const list = (pattern: string): readonly string[] => (pattern === '*.json' ? [...texts.keys()] : []);
  return loadTopology('', read, list);
}
