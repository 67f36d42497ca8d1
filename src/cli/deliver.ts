/** Hands finished text over: to the terminal, or to a file that is written whole or not at all. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
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
