/** Finds and loads what a command works on: the named topology, `vpcsim.yaml` in the current folder, or the shipped
 *  `day`. The only place that reads input files. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, type Issue, type Parsed } from '../base/issue.ts';
import { nearest } from '../base/nearest.ts';
import type { InstanceType } from '../cni/instance-types.ts';
import type { GivenDumps } from '../io/host-dumps.ts';
import type { ImportedFolder, ImportOptions } from '../io/import-folder.ts';
import type { SourceFile } from '../io/source-file.ts';
import type { Topology } from '../world/topology.ts';
import type { World } from '../world/world.ts';
import type { TopologyArgs } from './command.ts';
import type { Console } from './console.ts';
import { issuesText } from './issues-text.ts';

const shippedFolder = fileURLToPath(new URL('../../topologies', import.meta.url));
const DEFAULT_FILE = 'vpcsim.yaml';
const DEFAULT_SHIPPED = 'day';

export interface Loaded {
  readonly world: World;
  /** Prints the warnings of the input, once everything else about the command line is right. */
  warn(): void;
}

/** The world a command works on; throws InputError with every issue. */
export async function loadWorld(args: TopologyArgs, console: Console): Promise<Loaded> {
  const topology = await loadTopologyFrom(args, console);
  if (!topology.ok) throw new InputError(topology.issues);
  const { buildWorld } = await import('../world/build.ts');
  const world = buildWorld(topology.value);
  if (!world.ok) throw new InputError(world.issues);
  const warn = (): void => {
    if (world.value.warnings.length > 0) console.err(issuesText(world.value.warnings));
  };
  return { world: world.value, warn };
}

export async function loadTopologyFrom(args: TopologyArgs, console: Console): Promise<Parsed<Topology>> {
  const { variant, instanceTypes } = args;
  const nodeRules = givenDumps('node-rules', args.nodeRules);
  const podRules = givenDumps('pod-rules', args.podRules);
  const path = entryOf(args.topology, console);
  if (typeof path !== 'string') return { ok: false, issues: [path] };
  const { loadTopology } = await import('../io/load-topology.ts');
  const files = fileSystem(console.cwd);
  return loadTopology(path, files.read, files.list, { variant, nodeRules, podRules, instanceTypes });
}

/** The input as one topology file. */
export async function topologyTextFrom(args: TopologyArgs, console: Console): Promise<Parsed<string>> {
  const path = entryOf(args.topology, console);
  if (typeof path !== 'string') return { ok: false, issues: [path] };
  const { topologyText } = await import('../io/topology-text.ts');
  const files = fileSystem(console.cwd);
  return topologyText(path, files.read, files.list, { variant: args.variant });
}

/** A folder of dumps, and the topology file that says the same. */
export async function importedFrom(
  folder: string,
  options: ImportOptions,
  console: Console,
): Promise<Parsed<ImportedFolder>> {
  const { importFolder } = await import('../io/import-folder.ts');
  const files = fileSystem(console.cwd);
  return importFolder(folder, files.read, files.list, options);
}

/** Instance types that a file describes; throws InputError. */
export async function loadInstanceTypesFrom(
  path: string,
  console: Console,
): Promise<readonly InstanceType[]> {
  const { loadInstanceTypes } = await import('../io/load-instance-types.ts');
  const types = loadInstanceTypes(path, fileSystem(console.cwd).read);
  if (!types.ok) throw new InputError(types.issues);
  return types.value;
}

/** NODE=FILE, several times. The name has no "=", the path may have. */
function givenDumps(option: string, words: readonly string[] = []): GivenDumps {
  const given = new Map<string, string[]>();
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals <= 0 || equals === word.length - 1)
      throw new InputError([
        {
          severity: 'error',
          code: 'usage/bad-rules',
          message: `--${option} "${word}"`,
          hint: option === 'node-rules' ? 'write NODE=FILE' : 'write NAMESPACE/POD=FILE',
        },
      ]);
    const name = word.slice(0, equals).replace(/^(?:node|pod)\//, '');
    given.set(name, [...(given.get(name) ?? []), word.slice(equals + 1)]);
  }
  return Object.fromEntries(given);
}

/** Path of the input, as the user would write it; shipped topologies are known by name. */
function entryOf(name: string | undefined, console: Console): string | Issue {
  if (name === undefined) {
    if (existsSync(join(console.cwd, DEFAULT_FILE))) return DEFAULT_FILE;
    console.err(`no ${DEFAULT_FILE} here: using the shipped topology "${DEFAULT_SHIPPED}"\n`);
    return shippedPath(DEFAULT_SHIPPED, console.cwd);
  }
  if (name !== '' && existsSync(resolve(console.cwd, name))) return name;
  const shipped = shippedNames();
  if (shipped.includes(name)) return shippedPath(name, console.cwd);
  const close = nearest(basename(name, '.yaml'), shipped);
  return {
    severity: 'error',
    code: 'io/not-found',
    message: `there is no file ${name}`,
    hint:
      close.length > 0
        ? `shipped topologies: ${close.join(', ')}`
        : `shipped topologies: ${shipped.join(', ')}`,
  };
}

function shippedNames(): string[] {
  return readdirSync(shippedFolder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

function shippedPath(name: string, cwd: string): string {
  const path = join(shippedFolder, `${name}.yaml`);
  const near = relative(cwd, path);
  return near.startsWith('..') ? path : near;
}

/** Files as the loader asks for them: paths relative to the current folder, as the user sees them. */
function fileSystem(cwd: string): {
  read(path: string): SourceFile | undefined;
  list(pattern: string, base: string): readonly string[];
} {
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(cwd, path));
  return {
    read(path) {
      const file = absolute(path);
      if (!existsSync(file) || !statSync(file).isFile()) return undefined;
      return { bytes: readFileSync(file) };
    },
    list(pattern, base) {
      const expression = globExpression(pattern);
      return filesBelow(absolute(base), pattern.includes('**') || pattern.includes('/'))
        .filter((path) => expression.test(path))
        .map((path) => (base === '.' || base === '' ? path : join(base, path)))
        .sort();
    },
  };
}

/** Paths below a folder, relative to it; hidden folders and node_modules are left out. */
function filesBelow(folder: string, deep: boolean, prefix = ''): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = prefix + entry.name;
    if (entry.isDirectory())
      return deep && !entry.name.startsWith('.') && entry.name !== 'node_modules'
        ? filesBelow(join(folder, entry.name), deep, `${path}/`)
        : [];
    return [path];
  });
}

/** `*` and `?` stay inside a path segment, `**` crosses them. */
function globExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/^\.\//, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(
      /\*\*\/|\*\*|\*|\?/g,
      (wild) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' })[wild]!,
    );
  return new RegExp(`^${source}$`);
}
