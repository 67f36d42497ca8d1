/** The files of one input: each read and parsed once, its documents sorted by what they describe. */
import type { Origin } from '../base/origin.ts';
import { isMap } from './members.ts';
import { folderOf, isPattern, resolvePath, splitPattern } from './paths.ts';
import type { Reading } from './reading.ts';
import { type List, type Read, type SourceFile, textOf } from './source-file.ts';
import { parseYaml, type SourceDocument } from './yaml/document.ts';
import { plainValue } from './yaml/values.ts';

export interface LoadedDocument {
  readonly file: string;
  readonly kind: 'topology' | 'eksctl' | 'manifest';
  readonly value: Record<string, unknown>;
}

/** Mistakes told of one document before it is looked at as a whole. */
const MAX_TOLD = 100;

export class Files {
  readonly #reading: Reading;
  readonly #read: Read;
  readonly #list: List;
  readonly #loaded = new Map<string, readonly LoadedDocument[]>();
  /** Whether a file could not be read in full, so that something may seem to be missing that is not. */
  incomplete = false;

  constructor(reading: Reading, read: Read, list: List) {
    this.#reading = reading;
    this.#read = read;
    this.#list = list;
  }

  /** The documents of a file; none, with an issue, where it cannot be read. `from` is what names the file. */
  load(path: string, from?: Origin): readonly LoadedDocument[] {
    const known = this.#loaded.get(path);
    if (known) return known;
    const documents = this.#parse(path, from);
    this.#loaded.set(path, documents);
    return documents;
  }

  /** The entry itself, or the files of the folder it is. */
  entry(path: string): readonly string[] {
    const isFile = this.#safely(path, undefined, () => this.#read(path)) !== undefined;
    const inside = isFile || this.#reading.failed ? [] : this.folder(path);
    return inside.length > 0 ? inside : [path];
  }

  /** Files of a folder, as `kubectl apply -f folder` takes them; none where `path` is no folder. */
  folder(path: string): readonly string[] {
    return ['*.yaml', '*.yml', '*.json'].flatMap((pattern) => this.#match(pattern, path)).sort();
  }

  /** The files that a path or pattern, written in `file`, stands for. */
  find(pattern: string, from: Origin): readonly string[] {
    const base = folderOf(this.#reading.sources.fileOf(from) ?? '.');
    if (!isPattern(pattern)) {
      const path = resolvePath(base, pattern);
      const inside = this.#safely(path, from, () => this.#read(path)) ? [] : this.folder(path);
      return inside.length > 0 ? inside : [path];
    }
    const wanted = splitPattern(base, pattern);
    const found = [...this.#match(wanted.pattern, wanted.base, from)].sort();
    if (found.length === 0)
      this.#reading.error(from, {
        code: 'io/no-match',
        message: `no file matches ${JSON.stringify(pattern)} in the folder ${base}`,
      });
    return found;
  }

  #match(pattern: string, base: string, from?: Origin): readonly string[] {
    return this.#safely(base, from, () => this.#list(pattern, base)) ?? [];
  }

  /** A caller's function may throw, on a folder without permission for instance: that too is an issue. */
  #safely<T>(path: string, from: Origin | undefined, call: () => T): T | undefined {
    try {
      return call();
    } catch (cause) {
      this.incomplete = true;
      const message = `cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`;
      this.#reading.error(from, { code: 'io/unreadable', message });
      return undefined;
    }
  }

  /** The text of a file of at most `most` bytes; undefined, with an issue, where there is none. */
  text(path: string, from: Origin | undefined, most?: number): string | undefined {
    let unreadable = true;
    const file: SourceFile | undefined = this.#safely(path, from, () => {
      const found = this.#read(path);
      unreadable = false;
      return found;
    });
    if (!file) {
      this.incomplete = true;
      if (!unreadable)
        this.#reading.error(from, { code: 'io/not-found', message: `there is no file ${path}` });
      return undefined;
    }
    const content = textOf(path, file, most);
    if ('text' in content) return content.text;
    this.incomplete = true;
    this.#reading.add(content.issue);
    return undefined;
  }

  #parse(path: string, from: Origin | undefined): readonly LoadedDocument[] {
    const text = this.text(path, from);
    if (text === undefined) return [];
    const { documents, issues } = parseYaml(path, text);
    for (const issue of issues) this.#reading.add(issue);
    if (issues.some((issue) => issue.severity === 'error')) {
      this.incomplete = true;
      return [];
    }
    return this.#convert(path, documents);
  }

  #convert(path: string, documents: readonly SourceDocument[]): readonly LoadedDocument[] {
    const reading = this.#reading;
    const loaded: LoadedDocument[] = [];
    const start = { file: path, line: 1, column: 1 };
    for (const document of documents) {
      reading.sources.add(document);
      const root = document.document.contents;
      const dropNulls = !/^vpcsim\//.test(String(document.document.get('apiVersion') ?? ''));
      const found: Parameters<typeof plainValue>[2] = [];
      const value = root ? plainValue(document, reading.origins, found, { dropNulls }) : null;
      for (const issue of found.slice(0, MAX_TOLD)) reading.add(issue);
      if (value === null) continue;
      if (isMap(value)) loaded.push({ file: path, kind: kindOf(value), value });
      else {
        const at = reading.sources.locate({ from: 'written', document: document.key, pointer: [] }) ?? start;
        const message = 'a document must be a map of keys and values';
        reading.add({ severity: 'error', code: 'io/not-a-map', at, message });
      }
    }
    if (loaded.length === 0 && !reading.failed)
      reading.add({ severity: 'error', code: 'io/empty', at: start, message: `${path} describes nothing` });
    return loaded;
  }
}

const topologyKeys = [
  'vpcs',
  'cluster',
  'manifests',
  'include',
  'hosts',
  'instances',
  'instanceTypes',
  'variants',
  'expect',
];

/** What a document describes, as far as a document with slips in its first lines can tell. */
function kindOf(value: Record<string, unknown>): LoadedDocument['kind'] {
  const apiVersion = String(value.apiVersion ?? '').toLowerCase();
  const kind = String(value.kind ?? value.Kind ?? '').toLowerCase();
  if (apiVersion.startsWith('vpcsim') || kind === 'topology') return 'topology';
  if (apiVersion.startsWith('eksctl.io') || kind === 'clusterconfig') return 'eksctl';
  if (value.metadata !== undefined && (apiVersion !== '' || kind !== '')) return 'manifest';
  return topologyKeys.some((key) => Object.hasOwn(value, key)) ? 'topology' : 'manifest';
}
