/** A suite: cases that somebody else decided (upstream's tests, a kernel), replayed through the public interface. */
import type { Report } from './report.ts';

export interface Suite {
  readonly name: string;
  /** One line for the list of suites. */
  readonly summary: string;
  /** Its own options, besides those of every suite. */
  readonly options: Readonly<Record<string, SuiteOption>>;
  /** Runs its cases and tells the report of each. Throws InputError where a case or an option cannot be read. */
  run(given: Given, report: Report): Promise<void> | void;
}

export interface SuiteOption {
  readonly type: 'string' | 'boolean';
  /** What it means, for the usage. */
  readonly describe: string;
}

/** What the command line gave. */
export interface Given {
  /** Path of `--cases`. */
  readonly cases: string | undefined;
  /** The suite's own options that were given. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}
