/** Hands finished text over: to the terminal, to a file that is written whole or not at all, or to files of a folder. */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../base/issue.ts';
import type { Console } from './console.ts';

export function deliver(text: string, file: string | undefined, console: Console): void {
  if (file === undefined) {
    console.out(text.endsWith('\n') ? text : `${text}\n`);
    return;
  }
  const path = resolve(console.cwd, file);
  const half = `${path}.part`;
  try {
    writeFileSync(half, text);
    renameSync(half, path);
  } catch (error) {
    rmSync(half, { force: true });
    const why = error instanceof Error ? error.message.split(',')[0]! : String(error);
    throw new InputError([{ severity: 'error', code: 'io/cannot-write', message: `${file}: ${why}` }]);
  }
  console.err(`wrote ${file}\n`);
}

export interface FolderFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly text: string;
  readonly executable?: boolean | undefined;
}

/** Writes files into a folder that is empty or not there yet. */
export function writeFolder(files: readonly FolderFile[], folder: string, console: Console): void {
  const root = resolve(console.cwd, folder);
  try {
    if (existsSync(root) && readdirSync(root).length > 0) throw new Error('the folder is not empty');
    for (const { path, text, executable } of files) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      if (executable) chmodSync(file, 0o755);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message.split(',')[0]! : String(error);
    throw new InputError([{ severity: 'error', code: 'io/cannot-write', message: `${folder}: ${why}` }]);
  }
}
