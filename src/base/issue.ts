/** What is wrong with a user's input: data, with a place, a code and a hint; never an exception. */

export interface Position {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

export interface Issue {
  readonly severity: 'error' | 'warning';
  /** Stable `area/cause`, for example `cidr/host-bits`. */
  readonly code: string;
  readonly at?: Position | undefined;
  readonly message: string;
  readonly hint?: string | undefined;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Issue[] }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** Thrown only across the public API's edge and by the CLI's own argument parsing; carries issues to print. */
export class InputError extends Error {
  readonly issues: readonly Issue[];
  constructor(issues: readonly Issue[]) {
    super(issues.map((issue) => `${issue.code}: ${issue.message}`).join('\n'));
    this.name = 'InputError';
    this.issues = issues;
  }
}
