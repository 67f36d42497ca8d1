/** What the reading of one input has gathered: where values come from, what is wrong, what was filled in. */
import type { Issue, Position } from '../base/issue.ts';
import { suggestion } from '../base/nearest.ts';
import { defaulted, type Origin, Origins } from '../base/origin.ts';
import type { AppliedDefault } from '../world/topology.ts';
import { Sources } from './yaml/sources.ts';

/** What an issue says beside its place. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Enough for anyone; a broken generator can make as many as its file has lines. */
const MAX_ISSUES = 1000;

export class Reading {
  readonly origins = new Origins();
  readonly sources = new Sources();
  readonly defaults: AppliedDefault[] = [];
  /** Texts inside values that were refused: a reference to one of them is no further mistake. */
  readonly refused = new Set<string>();
  readonly #cut = new WeakSet<object>();
  readonly #issues = new Map<string, Issue>();

  /** Adds an issue that already has its place; the same one is added once. */
  add(issue: Issue): void {
    const { file = '', line = 0, column = 0 } = issue.at ?? {};
    const message = clip(issue.message);
    const key = [issue.code, file, line, column, message].join('\n');
    if (!this.#issues.has(key)) this.#issues.set(key, { ...issue, message });
  }

  error(at: Origin | undefined, complaint: Complaint): void {
    if (this.#issues.size >= MAX_ISSUES) return;
    this.add({ severity: 'error', ...complaint, at: this.sources.locate(at) });
  }

  errorAtKey(at: Origin | undefined, complaint: Complaint): void {
    this.add({ severity: 'error', ...complaint, at: this.sources.locate(at, 'key') });
  }

  warn(at: Origin | undefined, complaint: Complaint): void {
    this.add({ severity: 'warning', ...complaint, at: this.sources.locate(at) });
  }

  /** A name that stands for nothing; silent where what it names was itself refused. */
  unknown(at: Origin | undefined, what: string, name: string, known: Iterable<string>): void {
    if (this.refused.has(name)) return;
    this.error(at, {
      code: 'topology/unknown-reference',
      message: `there is no ${what} named ${JSON.stringify(name)}`,
      hint: suggestion(name, known),
    });
  }

  /** Notes that members of `container` were refused and taken out. */
  markCut(container: object): void {
    this.#cut.add(container);
  }

  /** Whether something is missing in any of `values`, or below, because it was refused. */
  isCut(...values: readonly unknown[]): boolean {
    return values.some(
      (value) =>
        typeof value === 'object' &&
        value !== null &&
        (this.#cut.has(value) || this.isCut(...Object.values(value))),
    );
  }

  /** Origin of a container or of one of its members. */
  of(container: object, key?: string | number): Origin {
    return this.origins.of(container, key) ?? defaulted('vpcsim', 'filled in');
  }

  /** Records a value that was filled in, and gives it back. */
  fill<T>(path: string, value: T, by: string, shown: string = String(value)): T {
    this.defaults.push({ path, value: shown, by });
    return value;
  }

  get failed(): boolean {
    return [...this.#issues.values()].some((issue) => issue.severity === 'error');
  }

  errors(): readonly Issue[] {
    return this.#sorted('error');
  }

  warnings(): readonly Issue[] {
    return this.#sorted('warning');
  }

  #sorted(severity: Issue['severity']): readonly Issue[] {
    return [...this.#issues.values()]
      .filter((issue) => issue.severity === severity)
      .sort((a, b) => comparePositions(a.at, b.at));
  }
}

/** A message quotes the file, where a single name can be a megabyte long. */
function clip(message: string): string {
  return message.length <= 400 ? message : `${message.slice(0, 397)}...`;
}

function comparePositions(a: Position | undefined, b: Position | undefined): number {
  if (!a || !b) return (a ? 1 : 0) - (b ? 1 : 0);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
