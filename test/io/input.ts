/** Inputs held in memory: a map of files stands in for the file system. */
import type { Issue } from '../../src/base/issue.ts';
import { type LoadOptions, loadTopology } from '../../src/io/load-topology.ts';
import type { SourceFile } from '../../src/io/source-file.ts';
import type { Topology } from '../../src/world/topology.ts';

export type FileMap = Readonly<Record<string, string | Uint8Array>>;

export const HEAD = 'apiVersion: vpcsim/v1\nkind: Topology\nmetadata: {name: t}\n';

function read(files: FileMap) {
  return (path: string): SourceFile | undefined => {
    const content = Object.hasOwn(files, path) ? files[path] : undefined;
    if (content === undefined) return undefined;
    return typeof content === 'string' ? { text: content } : { bytes: content };
  };
}

function list(files: FileMap) {
  return (pattern: string, base: string): string[] => {
    const full = base === '.' ? pattern : `${base}/${pattern}`;
    const source = full.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*\*\/|\*|\?/g, (glob) => globs[glob]!);
    return Object.keys(files).filter((path) => new RegExp(`^${source}$`).test(path));
  };
}

const globs: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '*': '[^/]*', '?': '[^/]' };

export function load(files: FileMap, entry = 'vpcsim.yaml', options: LoadOptions = {}) {
  return loadTopology(entry, read(files), list(files), options);
}

/** The topology of an input that must be good. */
export function good(files: FileMap | string, entry = 'vpcsim.yaml', options: LoadOptions = {}): Topology {
  const parsed = load(typeof files === 'string' ? { [entry]: files } : files, entry, options);
  if (!parsed.ok) throw new Error(parsed.issues.map(line).join('\n'));
  return parsed.value;
}

/** The errors of an input that must be bad, as "file:line:column code". */
export function faults(files: FileMap | string, entry = 'vpcsim.yaml', options: LoadOptions = {}): string[] {
  return issues(files, entry, options).map(({ at, code }) => `${at?.file}:${at?.line}:${at?.column} ${code}`);
}

export function issues(
  files: FileMap | string,
  entry = 'vpcsim.yaml',
  options: LoadOptions = {},
): readonly Issue[] {
  const parsed = load(typeof files === 'string' ? { [entry]: files } : files, entry, options);
  return parsed.ok ? [] : parsed.issues.filter(({ severity }) => severity === 'error');
}

export function line({ severity, code, at, message, hint }: Issue): string {
  return `${at?.file}:${at?.line}:${at?.column} ${severity} ${code} ${message}${hint ? ` | ${hint}` : ''}`;
}
