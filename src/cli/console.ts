/** What a command may know of the outside: where it prints, where it stands. In tests all of it is made up. */

export interface Console {
  out(text: string): void;
  err(text: string): void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Exit status of the program. */
export const exit = { ok: 0, failed: 1, badInput: 2, undetermined: 3, bug: 70 } as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

/** Colour only on a terminal, and not where NO_COLOR asks for none (no-color.org). */
export function wantsColor(console: Console): boolean {
  return console.isTerminal && !console.env.NO_COLOR && console.env.TERM !== 'dumb';
}
