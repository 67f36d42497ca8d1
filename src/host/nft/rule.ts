/** Rules of nftables, read as the iptables rule of the same effect (what iptables-translate does, backwards), so that
 *  one interpreter runs both. An expression that has no such form stays as a match or target that nobody knows. */

import { keepWord } from '../netfilter/rule-quoting.ts';
import { expressions } from './expressions.ts';
import { comment, statements } from './statements.ts';
import { type Reader, Translation } from './translation.ts';
import { Words } from './words.ts';

const readers: Readonly<Record<string, Reader>> = { ...expressions, ...statements };

function readerOf(words: Words): Reader | undefined {
  const first = words.take();
  const pair = `${first} ${words.peek()}`;
  if (!Object.hasOwn(readers, pair)) return Object.hasOwn(readers, first) ? readers[first] : undefined;
  words.take();
  return readers[pair];
}

/** The rule in the words of iptables. Its chain is left out. */
export function asIptables(text: string): string {
  const words = new Words(text);
  const out = new Translation();
  while (!words.done && out.understood) {
    const [acted, tested] = [out.target !== '', out.header.length + out.matches.length];
    const reader = readerOf(words);
    out.understood &&= reader?.(words, out) ?? false;
    // A test behind a change: the change happens whatever the test says.
    if (acted && reader !== comment && out.header.length + out.matches.length > tested)
      out.understood = false;
  }
  // Whether it matches and what it then does: nobody knows.
  if (!out.understood) return `-m nft ${keepWord(text)} -j nft ${keepWord(text)}`;
  return [...out.header, ...out.matches, out.target].filter((part) => part !== '').join(' ');
}
