/** What came of the cases of a suite: counts, reasons, differences. A difference is printed as it is found. */

export type Result = 'passed' | 'failed' | 'skipped' | 'not applicable';

export interface CaseResult {
  readonly id: string;
  readonly result: Result;
  /** Of a failed case: each thing that is not as expected. */
  readonly differences?: readonly string[];
  /** Why a case was not run, or does not apply. */
  readonly reason?: string;
  /** Of a passed case: what proved it. */
  readonly proof?: string;
}

export class Report {
  readonly cases: CaseResult[] = [];
  readonly #only: string | undefined;
  readonly #print: (line: string) => void;

  /** `only` is the id, or the beginning of the ids before a `/`, of the cases to run; absent for all. */
  constructor(print: (line: string) => void, only?: string) {
    this.#print = print;
    this.#only = only;
  }

  /** Whether the case is to be run: ask before work is spent on it. */
  wants(id: string): boolean {
    return this.#only === undefined || id === this.#only || id.startsWith(`${this.#only}/`);
  }

  /** Whether a case below `id` may be wanted. */
  wantsBelow(id: string): boolean {
    return this.wants(id) || (this.#only?.startsWith(`${id}/`) ?? false);
  }

  /** The case ran: it passed where there is no difference. */
  ran(id: string, differences: readonly string[]): void {
    if (!this.wants(id)) return;
    if (differences.length === 0) {
      this.cases.push({ id, result: 'passed' });
      return;
    }
    this.cases.push({ id, result: 'failed', differences });
    this.#print(`differs  ${id}`);
    for (const difference of differences)
      this.#print(`         ${difference.replaceAll('\n', '\n         ')}`);
  }

  /** The case asked for one example, and here it is. */
  proved(id: string, proof: string): void {
    if (!this.wants(id)) return;
    this.cases.push({ id, result: 'passed', proof });
    this.#print(`proved   ${id}`);
    this.#print(`         ${proof.replaceAll('\n', '\n         ')}`);
  }

  /** The case could have been run, and was not. */
  skipped(id: string, reason: string): void {
    if (this.wants(id)) this.cases.push({ id, result: 'skipped', reason });
  }

  /** The case is about something that vpcsim does not claim to do. */
  notApplicable(id: string, reason: string): void {
    if (this.wants(id)) this.cases.push({ id, result: 'not applicable', reason });
  }

  /** A line of the suite's own: what it measured, what it covered. */
  note(line: string): void {
    this.#print(line);
  }

  count(result: Result): number {
    return this.cases.filter((each) => each.result === result).length;
  }

  /** The last lines: reasons with their counts, then the counts. */
  summary(): string[] {
    const reasons = new Map<string, number>();
    for (const { result, reason } of this.cases)
      if (reason !== undefined)
        reasons.set(`${result}: ${reason}`, (reasons.get(`${result}: ${reason}`) ?? 0) + 1);
    return [
      ...[...reasons].map(([reason, count]) => `${count} ${reason}`),
      `${this.count('skipped')} skipped, ${this.count('not applicable')} not applicable`,
      `${this.count('passed')} passed, ${this.count('failed')} failed`,
    ];
  }
}
