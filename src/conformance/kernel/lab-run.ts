/** A lab that stands: built from a world's files under a prefix of its own, and taken down whatever happens. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { type Lab, type LabFile, labFiles, labOf, type World } from '../../index.ts';
import { Driver } from './driver.ts';
import type { KnownNamespace } from './kernel-walk.ts';
import { rulesOf } from './loaded-rules.ts';

/** Why no lab can stand on this machine, or undefined. */
export function cannotRun(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  if (process.getuid?.() !== 0) return 'only root can make network namespaces';
  const missing = ['ip', 'iptables-restore', 'nft', 'python3'].filter(
    (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0,
  );
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  if (spawnSync('python3', ['-c', 'import ctypes, json']).status !== 0)
    return 'python3 is without its library (ctypes, json)';
  const probe = `vpcsim-probe-${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', probe]).status !== 0) return 'no network namespace can be made here';
  spawnSync('ip', ['netns', 'delete', probe]);
  return undefined;
}

export interface StandingLab {
  readonly lab: Lab;
  readonly driver: Driver;
  /** By the name of the namespace; those of which the kernel's trace is read. */
  readonly known: ReadonlyMap<string, KnownNamespace>;
  /** Name of the namespace of a device. */
  namespaceOf(device: string): string;
}

let built = 0;

/** Builds the lab of a world, does something with it, and takes it down. `change` is given the files first. */
export async function withLab<T>(world: World, use: (standing: StandingLab) => Promise<T>): Promise<T> {
  const lab = labOf(world, { prefix: `vpcsim-k${process.pid}-${built++}` });
  const files = labFiles(lab);
  const folder = mkdtempSync(join(tmpdir(), 'vpcsim-kernel-'));
  let driver: Driver | undefined;
  try {
    write(files, folder);
    const up = spawnSync(join(folder, 'up.sh'), { encoding: 'utf8' });
    if (up.status !== 0) throw new Error(`the lab cannot be built: ${up.stderr.trim()}`);
    driver = new Driver();
    const traced = lab.namespaces.filter(({ device }) => !/^(fabric\/|internet$)/.test(device));
    const handles = await driver.open(
      traced.map(({ name, listening, tables }) => ({
        name,
        listen: listening.map(({ protocol, port }) => [protocol, port] as const),
        rules: tables !== null,
      })),
    );
    const known = new Map(
      traced.map(({ name, folder: own, device }) => [
        name,
        {
          device,
          ...rulesOf(
            files.filter(({ path }) => path.startsWith(`${own}/`)),
            handles[name]!,
          ),
        },
      ]),
    );
    const byDevice = new Map(lab.namespaces.map(({ device, name }) => [device, name]));
    return await use({ lab, driver, known, namespaceOf: (device) => byDevice.get(device)! });
  } finally {
    driver?.close();
    spawnSync(join(folder, 'down.sh'));
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(files: readonly LabFile[], folder: string): void {
  for (const { path, text, executable } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (executable) chmodSync(file, 0o755);
  }
}
