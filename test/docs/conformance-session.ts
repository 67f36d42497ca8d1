/** `npm run -s conformance -- ...` and what it prints. */
import { runConformance } from '../../src/conformance/program.ts';

export async function conformanceSession(args: string): Promise<string> {
  const lines = [`$ npm run -s conformance -- ${args}`];
  const status = await runConformance(args.split(' '), (line) => lines.push(line));
  return [...lines, ...(status === 0 ? [] : ['$ echo $?', String(status)])].join('\n');
}
