/** The files of one input: each read and parsed once, its documents sorted by what they describe. */
import type { Issue, Position } from '../base/issue.ts';
import type { Origin } from '../base/origin.ts';
import { isAwsDump } from './aws/inventory.ts';
import { type JsonDocument, parseJson } from './json/document.ts';
import { readyValue } from './json/values.ts';
import { isMap } from './members.ts';
import { folderOf, isPattern, resolvePath, splitPattern } from './paths.ts';
import type { Reading } from './reading.ts';
import { type List, type Read, type SourceFile, textOf } from './source-file.ts';
import { parseYaml, type SourceDocument } from './yaml/document.ts';
import { plainValue } from './yaml/values.ts';

export interface LoadedDocument {
  readonly file: string;
  /** Key of the document in the loaded sources. */
  readonly key: string;
  /** `aws`: what a command of the AWS CLI printed. */
  readonly kind: 'topology' | 'eksctl' | 'manifest' | 'aws';
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
  entry(path: string): { readonly paths: readonly string[]; readonly isFile: boolean } {
    const isFile = this.#safely(path, undefined, () => this.#read(path)) !== undefined;
    const inside = isFile || this.#reading.failed ? [] : this.folder(path);
    return { paths: inside.length > 0 ? inside : [path], isFile };
  }

  /** Files in the folders below one that dumps of an account are kept in. */
  dumps(path: string): readonly string[] {
    const prefix = path === '.' || path === '' ? '' : `${path.replace(/\/$/, '')}/`;
    return ['**/*.json', '**/*.yaml', '**/*.yml']
      .flatMap((pattern) => this.#match(pattern, path))
      .filter((file) => isInDumpFolder(file.startsWith(prefix) ? file.slice(prefix.length) : file))
      .sort();
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
    if (path.endsWith('.json') && /^\s*[[{]/.test(text)) return this.#parseJson(path, text);
    const { documents, issues } = parseYaml(path, text);
    for (const issue of issues) this.#reading.add(issue);
    if (issues.some((issue) => issue.severity === 'error')) {
      this.incomplete = true;
      return [];
    }
    return this.#convert(path, documents);
  }

  /** JSON is a part of YAML; it can be a hundred times the size. */
  #parseJson(path: string, text: string): readonly LoadedDocument[] {
    const { documents, issues } = parseJson(path, text);
    for (const issue of issues) this.#reading.add(issue);
    if (issues.length > 0) {
      this.incomplete = true;
      return [];
    }
    const loaded = documents.flatMap((document) => this.#jsonValue(document));
    return this.#orEmpty(path, loaded);
  }

  #jsonValue(document: JsonDocument): LoadedDocument[] {
    const reading = this.#reading;
    const { file, key, value } = document;
    reading.sources.addJson(document);
    if (value === null) return [];
    if (!isMap(value)) {
      reading.add(noMap(document.positionAt(document.offsetOf([], 'value'))));
      return [];
    }
    if (isAwsDump(value)) {
      reading.origins.set(value, { from: 'written', document: key, pointer: [] });
      return [{ file, key, kind: 'aws', value }];
    }
    const found: Issue[] = [];
    readyValue(document, reading.origins, found);
    for (const issue of found.slice(0, MAX_TOLD)) reading.add(issue);
    return [{ file, key, kind: kindOf(value), value }];
  }

  #convert(path: string, documents: readonly SourceDocument[]): readonly LoadedDocument[] {
    const reading = this.#reading;
    const loaded: LoadedDocument[] = [];
    for (const document of documents) {
      reading.sources.add(document);
      const root = document.document.contents;
      const dropNulls = !/^vpcsim\//.test(String(document.document.get('apiVersion') ?? ''));
      const found: Parameters<typeof plainValue>[2] = [];
      const value = root ? plainValue(document, reading.origins, found, { dropNulls }) : null;
      for (const issue of found.slice(0, MAX_TOLD)) reading.add(issue);
      if (value === null) continue;
      if (isMap(value)) loaded.push({ file: path, key: document.key, kind: kindOf(value), value });
      else {
        const at = reading.sources.locate({ from: 'written', document: document.key, pointer: [] });
        reading.add(noMap(at ?? { file: path, line: 1, column: 1 }));
      }
    }
    return this.#orEmpty(path, loaded);
  }

  #orEmpty(path: string, loaded: readonly LoadedDocument[]): readonly LoadedDocument[] {
    const at = { file: path, line: 1, column: 1 };
    if (loaded.length === 0 && !this.#reading.failed)
      this.#reading.add({ severity: 'error', code: 'io/empty', at, message: `${path} describes nothing` });
    return loaded;
  }
}

function noMap(at: Position): Issue {
  const message = 'a document must be a map of keys and values';
  return { severity: 'error', code: 'io/not-a-map', at, message };
}

/** `aws_configs/us-east-2/Vpcs.json`, `accounts/111122223333/us-east-2/describe-vpcs.json`, `kubernetes/pods.json`. */
const dumpFolder = /^(?:aws_configs|aws|accounts|\d{12}|[a-z]{2,4}(?:-[a-z]+)+-\d|global|kubernetes)$/;

function isInDumpFolder(path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  return folders.length > 0 && folders.every((folder) => dumpFolder.test(folder));
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
  if (isAwsDump(value)) return 'aws';
  return topologyKeys.some((key) => Object.hasOwn(value, key)) ? 'topology' : 'manifest';
}
