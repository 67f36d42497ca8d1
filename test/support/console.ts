/** The program run in this process, with a console that only listens. */
import { fileURLToPath } from 'node:url';
import type { Console } from '../../src/cli/console.ts';
import { runProgram } from '../../src/cli/program.ts';

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a command line as a user would type it, in the repository unless `cwd` says otherwise. */
export async function vpcsim(
  args: readonly string[],
  console: Partial<Omit<Console, 'out' | 'err'>> = {},
): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const status = await runProgram(args, {
    cwd: repository,
    env: {},
    isTerminal: false,
    width: 100,
    ...console,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });
  return { status, out: out.join(''), err: err.join('') };
}
