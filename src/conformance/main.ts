/** The conformance runner's process. */
import process from 'node:process';
import { runConformance } from './program.ts';

process.exitCode = await runConformance(process.argv.slice(2), (line) => {
  process.stdout.write(`${line}\n`);
});
