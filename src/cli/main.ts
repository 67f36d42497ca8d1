#!/usr/bin/env node
/** The program `vpcsim`: hands the process over to `runProgram`. */
import process from 'node:process';
import { exit } from './console.ts';
import { runProgram } from './program.ts';

// A reader that goes away (| head) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exit.ok);
});

process.exitCode = await runProgram(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  cwd: process.cwd(),
  env: process.env,
  isTerminal: process.stdout.isTTY === true,
  width: process.stdout.columns ?? (Number(process.env.COLUMNS) || 100),
});
