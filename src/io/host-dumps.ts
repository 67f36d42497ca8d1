/** The dumps that a topology names for nodes, pods and instances, and those that the command line adds. */
import type { Origin } from '../base/origin.ts';
import type { HostDump } from '../host/rules.ts';
import type { DumpSpec } from '../world/cluster-spec.ts';
import type { TopologyFile } from '../world/schema.ts';
import { type DumpFile, readHostDump } from './dumps/host-dump.ts';
import type { Files } from './files.ts';
import { folderOf, resolvePath } from './paths.ts';
import type { Reading } from './reading.ts';

/** Dumps that are given beside the topology: paths, as they are handed to the reading function, by node or pod. */
export type GivenDumps = Readonly<Record<string, readonly string[]>>;

/** Some 2 million rules. */
const MAX_DUMP_BYTES = 256 * 1024 * 1024;

export class HostDumps {
  readonly #reading: Reading;
  readonly #files: Files;

  constructor(reading: Reading, files: Files) {
    this.#reading = reading;
    this.#files = files;
  }

  /** `cluster.nodeRules` or `cluster.podRules`. What is given beside the file stands in for what it says of that host. */
  byName(
    written: Readonly<Record<string, string | readonly string[]>> | undefined,
    given: GivenDumps | undefined,
    nameOf: (key: string) => string = (key) => key,
  ): readonly DumpSpec[] {
    const specs = new Map<string, DumpSpec>();
    for (const [key, paths] of Object.entries(written ?? {})) {
      const name = nameOf(key);
      if (given && Object.keys(given).some((other) => nameOf(other) === name)) continue;
      specs.set(name, { name, dump: this.of(written!, key, paths), origin: this.#reading.of(written!, key) });
    }
    for (const [key, paths] of Object.entries(given ?? {})) {
      const files = paths.map((path) => ({ path, from: undefined }));
      const origin: Origin = { from: 'defaulted', by: 'the command line', what: 'rules' };
      specs.set(nameOf(key), { name: nameOf(key), dump: this.#read(files), origin });
    }
    return [...specs.values()];
  }

  /** The dumps below a key: paths relative to the file in which they are written. */
  of(container: object, key: string, written: string | readonly string[]): HostDump {
    const paths = typeof written === 'string' ? [written] : written;
    return this.#read(
      paths.map((path, index) => {
        const from =
          typeof written === 'string' ? this.#reading.of(container, key) : this.#reading.of(written, index);
        const base = folderOf(this.#reading.sources.fileOf(from) ?? '.');
        return { path: resolvePath(base, path), from };
      }),
    );
  }

  #read(paths: readonly { readonly path: string; readonly from: Origin | undefined }[]): HostDump {
    const files = paths.flatMap(({ path, from }): DumpFile[] => {
      const text = this.#files.text(path, from, MAX_DUMP_BYTES);
      return text === undefined ? [] : [{ file: path, text }];
    });
    const { dump, issues } = readHostDump(files);
    for (const issue of issues) this.#reading.add(issue);
    return dump;
  }
}

/** `namespace/name`; the namespace is `default` where none is written. */
export function podName(key: string): string {
  return key.includes('/') ? key : `default/${key}`;
}

/** Names of dumps that no host can have, as the topology has none of the kind. */
export function refuseHomeless(reading: Reading, file: TopologyFile, given: GivenDumps): void {
  if (file.cluster) return;
  for (const name of Object.keys(given))
    reading.error(undefined, {
      code: 'topology/unknown-reference',
      message: `rules are given for ${JSON.stringify(name)}, and the topology has no cluster`,
    });
}
