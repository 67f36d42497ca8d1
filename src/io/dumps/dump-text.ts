/** One dump as its readers see it: lines under any line end, and what is wrong with them. */
import type { Issue } from '../../base/issue.ts';
import { nearest } from '../../base/nearest.ts';
import type { Origin } from '../../base/origin.ts';

/** Mistakes told of one file. */
const MAX_TOLD = 50;
/** A node has tens of thousands of chains; comparing a name with all of them takes too long. */
const MAX_COMPARED = 3000;

export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** 0-based, into the line. */
  readonly at?: number | undefined;
}

export class DumpText {
  readonly file: string;
  readonly lines: readonly string[];
  readonly issues: Issue[] = [];
  #untold = 0;

  constructor(file: string, text: string) {
    this.file = file;
    // Also files of old Macs and of serial consoles, which end lines with a carriage return alone.
    this.lines = text.split(/\r\n|\n|\r/);
  }

  originOf(line: number): Origin {
    return { from: 'dump', file: this.file, line: line + 1 };
  }

  /** `line` is 0-based. */
  error(line: number, fault: Fault): void {
    this.#tell('error', line, fault);
  }

  warn(line: number, fault: Fault): void {
    this.#tell('warning', line, fault);
  }

  /** Whether anything more is told of this file: saves looking for hints that nobody reads. */
  get full(): boolean {
    return this.issues.length >= MAX_TOLD;
  }

  /** The issues, with their rest counted. */
  told(): readonly Issue[] {
    if (this.#untold === 0) return this.issues;
    const message = `${this.#untold} more mistakes in ${this.file} are not listed`;
    const at = { file: this.file, line: 1, column: 1 };
    return [...this.issues, { severity: 'error', code: 'dump/more-mistakes', at, message }];
  }

  #tell(severity: Issue['severity'], line: number, { code, message, hint, at = 0 }: Fault): void {
    if (this.full) {
      if (severity === 'error') this.#untold++;
      return;
    }
    this.issues.push({
      severity,
      code,
      at: { file: this.file, line: line + 1, column: at + 1 },
      message,
      ...(hint !== undefined && { hint }),
    });
  }
}

/** "did you mean KUBE-SERVICES?", or nothing where no known name is close. */
export function closeTo(name: string, known: Iterable<string>): string | undefined {
  const candidates: string[] = [];
  for (const other of known) {
    if (Math.abs(other.length - name.length) > Math.max(2, name.length / 3)) continue;
    candidates.push(other);
    if (candidates.length === MAX_COMPARED) break;
  }
  const close = nearest(name, candidates);
  return close.length > 0 ? `did you mean ${close.join(', ')}?` : undefined;
}
