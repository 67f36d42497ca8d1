/** What rules of nftables do with a packet. */

import { keepWord } from '../netfilter/rule-quoting.ts';
import type { Reader } from './translation.ts';

/** `to ADDRESS[:PORT] [random|fully-random|persistent]`. */
function natReader(target: 'DNAT' | 'SNAT' | 'MASQUERADE' | 'REDIRECT'): Reader {
  const option = {
    DNAT: '--to-destination',
    SNAT: '--to-source',
    MASQUERADE: '--to-ports',
    REDIRECT: '--to-ports',
  };
  return (words, out) => {
    let text = `-j ${target}`;
    if (words.takeAll('to')) text += ` ${option[target]} ${words.take().replace(/^:/, '')}`;
    for (;;) {
      if (words.takeAll('random')) text += ' --random';
      else if (words.takeAll('fully-random')) text += ' --random-fully';
      else if (words.takeAll('persistent')) text += ' --persistent';
      else if (!words.takeAll(',')) break;
    }
    out.act(text);
    return true;
  };
}

/** Where nft's names are not those of iptables. */
const rejectReasons: Readonly<Record<string, string>> = {
  'prot-unreachable': 'proto-unreachable',
  'no-route': 'net-unreachable',
};

const reject: Reader = (words, out) => {
  if (words.takeAll('with', 'tcp', 'reset')) out.act('-j REJECT --reject-with tcp-reset');
  else if (words.takeAll('with', 'icmp') || words.takeAll('with', 'icmpx')) {
    words.takeAll('type');
    const reason = words.take();
    out.act(`-j REJECT --reject-with icmp-${rejectReasons[reason] ?? reason}`);
  } else out.act('-j REJECT --reject-with icmp-port-unreachable');
  return true;
};

/** What only counts or tells does not bear on the path. */
const counter: Reader = (words) => {
  if (words.takeAll('packets')) words.take();
  if (words.takeAll('bytes')) words.take();
  return true;
};

const log: Reader = (words) => {
  while (['prefix', 'level', 'group', 'snaplen', 'queue-threshold', 'flags'].includes(words.peek())) {
    words.take();
    words.take();
  }
  return true;
};

function verdict(target: string): Reader {
  return (_, out) => {
    out.act(`-j ${target}`);
    return true;
  };
}

function jump(flag: '-j' | '-g'): Reader {
  return (words, out) => {
    out.act(`${flag} ${words.take()}`);
    return true;
  };
}

export const comment: Reader = (words, out) => {
  out.matches.push(`-m comment --comment ${keepWord(words.take())}`);
  return true;
};

/** By the word a statement begins with. */
export const statements: Readonly<Record<string, Reader>> = {
  counter,
  comment,
  log,
  accept: verdict('ACCEPT'),
  drop: verdict('DROP'),
  return: verdict('RETURN'),
  jump: jump('-j'),
  goto: jump('-g'),
  reject,
  notrack: verdict('NOTRACK'),
  dnat: natReader('DNAT'),
  snat: natReader('SNAT'),
  masquerade: natReader('MASQUERADE'),
  redirect: natReader('REDIRECT'),
};
