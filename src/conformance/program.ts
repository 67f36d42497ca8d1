/** `npm run conformance -- SUITE [--cases FILE] [--only ID] [--json FILE]`: reads the command line, runs the suite and
 *  says what came of it. Status 0: no case failed; 1: one did; 2: no cases, or nothing that can be read. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { InputError, type Issue } from '../index.ts';
import { Report } from './report.ts';
import type { Suite, SuiteOption } from './suite.ts';
import { suites } from './suites.ts';

/** Options of every suite. */
const common: Readonly<Record<string, SuiteOption>> = {
  cases: { type: 'string', describe: 'file with the cases' },
  only: { type: 'string', describe: 'run the cases of this id alone' },
  json: { type: 'string', describe: 'write what came of each case there' },
};

/** Gives the exit status. `print` is given whole lines. */
export async function runConformance(
  args: readonly string[],
  print: (line: string) => void,
): Promise<0 | 1 | 2> {
  try {
    const [name, ...rest] = args;
    if (name === undefined || name === '--help' || name === '-h') {
      for (const line of usage()) print(line);
      return name === undefined ? 2 : 0;
    }
    return await runSuite(suiteNamed(name), rest, print);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const issue of error.issues) print(textOf(issue));
    return 2;
  }
}

async function runSuite(
  suite: Suite,
  args: readonly string[],
  print: (line: string) => void,
): Promise<0 | 1 | 2> {
  const { cases, only, json, ...options } = optionsOf(suite, args) as Record<string, string | undefined>;
  const report = new Report(print, only);
  await suite.run({ cases, options }, report);
  if (report.cases.length === 0)
    throw usageError(
      'conformance/no-cases',
      only === undefined ? `suite ${suite.name}: no cases` : `no case has the id ${JSON.stringify(only)}`,
    );
  if (json !== undefined) write(json, suite, report);
  for (const line of report.summary()) print(line);
  return report.count('failed') > 0 ? 1 : 0;
}

function suiteNamed(name: string): Suite {
  const suite = suites.find((each) => each.name === name);
  if (suite) return suite;
  const known = suites.map((each) => each.name).join(', ');
  throw usageError(
    'conformance/unknown-suite',
    `there is no suite ${JSON.stringify(name)}`,
    `known: ${known}`,
  );
}

function optionsOf(suite: Suite, args: readonly string[]): Record<string, string | boolean | undefined> {
  try {
    const options = Object.fromEntries(
      Object.entries({ ...common, ...suite.options }).map(([name, { type }]) => [name, { type }]),
    );
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    throw usageError('usage/arguments', message, `options: ${optionNames(suite)}`);
  }
}

const optionNames = (suite: Suite): string =>
  Object.keys({ ...common, ...suite.options })
    .map((name) => `--${name}`)
    .join(' ');

function write(path: string, suite: Suite, report: Report): void {
  const [passed, failed] = [report.count('passed'), report.count('failed')];
  const [skipped, notApplicable] = [report.count('skipped'), report.count('not applicable')];
  const value = {
    schema: 'vpcsim.conformance/v1',
    suite: suite.name,
    passed,
    failed,
    skipped,
    notApplicable,
    cases: report.cases,
  };
  try {
    writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
  } catch (error) {
    throw usageError('io/unwritable', `cannot write ${path}: ${(error as Error).message}`);
  }
}

function usage(): string[] {
  const described = (options: Readonly<Record<string, SuiteOption>>): string[] =>
    Object.entries(options).map(([name, { type, describe }]) => {
      const form = `--${name}${type === 'string' ? ` ${name.toUpperCase()}` : ''}`;
      return `  ${form.padEnd(22)}${describe}`;
    });
  return [
    'npm run conformance -- SUITE [options]',
    ...described(common),
    ...suites.flatMap(({ name, summary, options }) => ['', `${name}: ${summary}`, ...described(options)]),
  ];
}

function usageError(code: string, message: string, hint?: string): InputError {
  return new InputError([{ severity: 'error', code, message, hint }]);
}

function textOf({ at, severity, code, message, hint }: Issue): string {
  const place = at ? `${at.file}:${at.line}:${at.column}  ` : '';
  return `${place}${severity} ${code}  ${message}${hint ? `\n    hint  ${hint}` : ''}`;
}
