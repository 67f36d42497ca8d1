/** The words of a rule of nftables, taken one after another. */
import { splitWords } from '../netfilter/rule-quoting.ts';

/** The words of a rule that are still to be read. */
export class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    // Braces and commas stand for themselves, whatever touches them.
    this.#words = splitWords(text.replace(/("[^"]*")|([{},])/g, (_, quoted, mark) => quoted ?? ` ${mark} `));
  }

  get done(): boolean {
    return this.#at >= this.#words.length;
  }

  peek(ahead = 0): string {
    return this.#words[this.#at + ahead] ?? '';
  }

  take(): string {
    return this.#words[this.#at++] ?? '';
  }

  /** Takes the words if they come next. */
  takeAll(...words: readonly string[]): boolean {
    const next = words.every((word, i) => this.peek(i) === word);
    if (next) this.#at += words.length;
    return next;
  }

  /** `[==|!=] value` or `[==|!=] { a, b }`; no values where it compares with a named set, a map or a concatenation. */
  comparison(): Comparison {
    const not = this.takeAll('!=');
    if (!not) this.takeAll('==');
    const values: string[] = [];
    if (this.takeAll('{'))
      while (!this.done && !this.takeAll('}')) {
        const word = this.take();
        if (word !== ',') values.push(word);
      }
    else {
      // "ct state established,related" is a list without braces.
      do values.push(this.take());
      while (this.takeAll(','));
    }
    return { not, values: values.some((value) => NO_VALUE.test(value)) ? [] : values };
  }
}

const NO_VALUE = /^(@.*|\.|:|vmap|map|)$/;

export interface Comparison {
  readonly not: boolean;
  readonly values: readonly string[];
}

/** As iptables writes it before an option. */
export const negation = ({ not }: Comparison): string => (not ? '! ' : '');

/** The one value compared with, where it is one. */
export const only = ({ values }: Comparison): string | undefined =>
  values.length === 1 ? values[0] : undefined;
