/** From an entry file to a topology: topology files, eksctl configs and manifests, read through functions of the
 *  caller, so that it also runs where there is no file system.
 *
 *  entry -> includes merged -> eksctl's or a default VPC below it -> variant applied -> read and checked */
import type { Parsed } from '../base/issue.ts';
import { suggestion } from '../base/nearest.ts';
import { type TopologyFile, topologyFile } from '../world/schema.ts';
import type { Topology } from '../world/topology.ts';
import { type Inventory, takeInventory } from './aws/inventory.ts';
import { livingManifests } from './eks/pods.ts';
import { withRealCluster } from './eks/real-cluster.ts';
import { Files, type LoadedDocument } from './files.ts';
import { gather, type Sorted } from './gather.ts';
import { type GivenDumps, HostDumps } from './host-dumps.ts';
import { readManifests } from './kubernetes/manifests.ts';
import { applyPatch } from './patch.ts';
import { isPattern } from './paths.ts';
import { readTopology } from './read-topology.ts';
import { Reading } from './reading.ts';
import { conform } from './shape.ts';
import type { List, Read } from './source-file.ts';
import { readInstanceTypes } from './topology/instance-types.ts';
import { withAwsDumps, withDefaultCluster, withEksctl } from './underlay.ts';

export interface LoadOptions {
  /** Name of the variant to apply; none by default. */
  readonly variant?: string | undefined;
  /** Dumps of nodes by their names, in place of what `cluster.nodeRules` says of them. Paths go to `read` as they are. */
  readonly nodeRules?: GivenDumps | undefined;
  /** Of pods, by `namespace/name`; see `cluster.podRules`. */
  readonly podRules?: GivenDumps | undefined;
  /** Path of what `aws ec2 describe-instance-types` printed; it goes before what the topology says of a type. */
  readonly instanceTypes?: string | undefined;
}

/** Reads a topology file, an eksctl ClusterConfig, a manifest, or a folder of manifests.
 *  What is wrong with any of them is an issue; only a bug throws. */
export function loadTopology(
  entry: string,
  read: Read,
  list: List,
  options: LoadOptions = {},
): Parsed<Topology> {
  const reading = new Reading();
  const files = new Files(reading, read, list);
  const topology = load(reading, files, entry, options);
  return topology && !reading.failed
    ? { ok: true, value: { ...topology, warnings: reading.warnings() }, warnings: reading.warnings() }
    : { ok: false, issues: [...reading.errors(), ...reading.warnings()] };
}

function load(reading: Reading, files: Files, entry: string, options: LoadOptions): Topology | undefined {
  const assembled = assemble(reading, files, entry, options);
  return assembled && readAssembled(reading, files, assembled, options);
}

export function readAssembled(
  reading: Reading,
  files: Files,
  { file, manifests }: Assembled,
  options: LoadOptions,
): Topology {
  return readTopology(reading, file, valuesOf(manifests), {
    ...options,
    complete: !files.incomplete,
    dumps: new HostDumps(reading, files),
    instanceTypes: readInstanceTypes(reading, files, file, options.instanceTypes),
  });
}

/** What an input says once everything that it names is put together. */
export interface Assembled {
  readonly file: TopologyFile;
  readonly manifests: readonly LoadedDocument[];
  /** What dumps of AWS among the input describe. */
  readonly inventory: Inventory | undefined;
}

export function assemble(
  reading: Reading,
  files: Files,
  entry: string,
  options: LoadOptions,
  prepare?: (documents: readonly LoadedDocument[]) => void,
): Assembled | undefined {
  const sorted = gather(reading, files, entry, prepare);
  if (!sorted) return undefined;
  const own = conform(reading, topologyFile, sorted.topology, 'topology');
  if (!own) return undefined;
  const manifests = manifestsOf(reading, files, sorted, own);
  const based = withEksctl(reading, files, own, sorted.eksctl);
  if (!based) {
    readManifests(reading, valuesOf(manifests));
    return undefined;
  }
  const inventory = sorted.dumps.length > 0 ? takeInventory(reading, sorted.dumps) : undefined;
  const account = inventory ? withAwsDumps(reading, based, inventory) : based;
  const imported = inventory ? withRealCluster(reading, account, manifests, inventory) : account;
  const whole = withDefaultCluster(reading, imported, manifests.length > 0);
  const patched = withVariant(reading, whole, options.variant);
  const file = patched === own ? own : patched && conform(reading, topologyFile, patched, 'topology');
  if (!file) return undefined;
  const all = patched === whole ? manifests : manifestsOf(reading, files, sorted, file);
  return { file, manifests: inventory ? livingManifests(all, file) : all, inventory };
}

function withVariant(
  reading: Reading,
  file: TopologyFile,
  name: string | undefined,
): Record<string, unknown> | undefined {
  if (name === undefined) return file;
  const variants = file.variants ?? {};
  if (Object.hasOwn(variants, name)) return applyPatch(reading, file, variants[name]!.patch ?? []);
  reading.error(file.variants ? reading.of(file, 'variants') : undefined, {
    code: 'topology/unknown-variant',
    message: `there is no variant named ${JSON.stringify(name)}`,
    hint: suggestion(name, Object.keys(variants)),
  });
  return undefined;
}

function valuesOf(documents: readonly LoadedDocument[]): readonly Record<string, unknown>[] {
  return documents.map(({ value }) => value);
}

/** The manifests beside the topology and those it names. */
function manifestsOf(
  reading: Reading,
  files: Files,
  sorted: Sorted,
  file: TopologyFile,
): readonly LoadedDocument[] {
  const found = new Map<string, readonly LoadedDocument[]>();
  for (const [index, pattern] of (file.manifests ?? []).entries()) {
    const at = reading.of(file.manifests!, index);
    for (const path of files.find(pattern, at)) {
      if (sorted.files.has(path) || found.has(path)) continue;
      const documents = files.load(path, at);
      found.set(path, documents);
      for (const document of documents) {
        // A pattern may well cover the files that are included; a plain path says what it means.
        if (document.kind === 'manifest' || isPattern(pattern)) continue;
        const message = `${path} is no manifest but ${document.kind === 'topology' ? 'a topology' : 'an eksctl file'}`;
        const hint = `name it under ${document.kind === 'topology' ? 'include' : 'eksctl'}`;
        reading.error(at, { code: 'io/not-a-manifest', message, hint });
      }
    }
  }
  return [...sorted.manifests, ...[...found.values()].flat().filter(({ kind }) => kind === 'manifest')];
}
