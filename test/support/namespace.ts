/** A network namespace of the machine that the tests run on, for what only the kernel and its tools can say. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { afterAll, beforeAll } from 'vitest';
import { cannotRun } from '../../src/conformance/kernel/lab-run.ts';

const reason = cannotRun();
if (reason !== undefined) console.warn(`skipped, no kernel to ask: ${reason}`);

/** There is no kernel to ask: tests that would are skipped. In CI they are run, and fail. */
export const noKernel = reason !== undefined && process.env.CI !== 'true';

export interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs programs in a namespace that lives as long as the tests of the file that asks for it. */
export function namespace(name: string): (program: string, args: readonly string[], input?: string) => Said {
  const full = `vpcsim-test-${name}-${process.pid}`;
  beforeAll(() => {
    if (reason === undefined) spawnSync('ip', ['netns', 'add', full]);
  });
  afterAll(() => {
    if (reason === undefined) spawnSync('ip', ['netns', 'delete', full]);
  });
  return (program, args, input = '') => {
    const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', full, program, ...args], {
      input,
      encoding: 'utf8',
      timeout: 20_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { status: status ?? -1, out: stdout ?? '', err: stderr ?? '' };
  };
}
