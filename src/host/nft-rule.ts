/** Rules of nftables, read as the iptables rule of the same effect (what iptables-translate does, backwards), so that
 *  one interpreter runs both. An expression that has no such form stays as a match or target that nobody knows. */
import { keepWord, splitWords } from './words.ts';

/** The words of a rule that are still to be read. */
class Words {
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

interface Comparison {
  readonly not: boolean;
  readonly values: readonly string[];
}

/** A rule while it is being put into iptables' words. */
class Translation {
  readonly header: string[] = [];
  readonly matches: string[] = [];
  target = '';
  protocol = '';
  understood = true;

  setProtocol(name: string, not = ''): void {
    if (this.protocol === name) return;
    if (this.protocol !== '') this.understood = false;
    this.protocol = name;
    this.header.push(`${not}-p ${name}`);
  }

  /** A statement that changes something. Two in one rule have no form in iptables. */
  act(target: string): void {
    if (this.target !== '') this.understood = false;
    this.target = target;
  }
}

/** Reads one expression or statement; false where it can't. */
type Reader = (words: Words, out: Translation) => boolean;

const not = ({ not }: Comparison): string => (not ? '! ' : '');
const only = ({ values }: Comparison): string | undefined => (values.length === 1 ? values[0] : undefined);

/** "eni*" is "eni+" to iptables. */
const interfaceName = (text: string): string => text.replace(/\*$/, '+');

function nameReader(flag: '-i' | '-o'): Reader {
  return (words, out) => {
    const compared = words.comparison();
    const name = only(compared);
    if (name === undefined) return false;
    out.header.push(`${not(compared)}${flag} ${interfaceName(name)}`);
    return true;
  };
}

function addressReader(flag: '-s' | '-d'): Reader {
  return (words, out) => {
    const compared = words.comparison();
    const { values } = compared;
    if (values.length === 0 || !values.every((value) => /^[\d./-]+$/.test(value))) return false;
    if (values.length === 1 && !values[0]!.includes('-'))
      out.header.push(`${not(compared)}${flag} ${values[0]}`);
    else
      out.matches.push(
        `-m nft-address ${not(compared)}--${flag === '-s' ? 'saddr' : 'daddr'} ${values.join(',')}`,
      );
    return true;
  };
}

function portReader(protocol: string): Reader {
  return (words, out) => {
    const side = words.take();
    const compared = words.comparison();
    const { values } = compared;
    if ((side !== 'sport' && side !== 'dport') || values.length === 0) return false;
    if (!values.every((value) => /^\d+(-\d+)?$/.test(value))) return false;
    const ports = values.map((value) => value.replace('-', ':')).join(',');
    if (protocol !== 'th') out.setProtocol(protocol);
    out.matches.push(
      protocol !== 'th' && values.length === 1
        ? `-m ${protocol} ${not(compared)}--${side} ${ports}`
        : `-m multiport ${not(compared)}--${side}s ${ports}`,
    );
    return true;
  };
}

/** `[& MASK] [op] VALUE` of a mark, `set ...` handled by the caller. */
function markTest(words: Words, out: Translation, module: 'mark' | 'connmark'): boolean {
  const mask = words.takeAll('&') || words.takeAll('and') ? words.take() : undefined;
  const compared = words.comparison();
  const value = only(compared);
  if (value === undefined) return false;
  out.matches.push(`-m ${module} ${not(compared)}--mark ${value}${mask === undefined ? '' : `/${mask}`}`);
  return true;
}

const AND = ['&', 'and'];
const OR = ['|', 'or'];
const XOR = ['^', 'xor'];

/** `set VALUE` or `set OWN OP VALUE` of a mark. */
function markChange(words: Words, own: readonly [string, string], options: string): string | undefined {
  if (!words.takeAll(...own)) {
    const value = words.take();
    return /^(0x[\da-f]+|\d+)$/i.test(value) ? `${options} --set-xmark ${value}/0xffffffff` : undefined;
  }
  const operator = words.take();
  const value = words.take();
  if (AND.includes(operator)) return `${options} --and-mark ${value}`;
  if (OR.includes(operator)) return `${options} --or-mark ${value}`;
  return XOR.includes(operator) ? `${options} --xor-mark ${value}` : undefined;
}

function metaMark(words: Words, out: Translation): boolean {
  if (!words.takeAll('set')) return markTest(words, out, 'mark');
  if (words.takeAll('ct', 'mark')) {
    const masked = words.takeAll('&') || words.takeAll('and');
    out.act(
      `-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask ${masked ? words.take() : '0xffffffff'}`,
    );
    return true;
  }
  const change = markChange(words, ['meta', 'mark'], '-j MARK');
  if (change === undefined) return false;
  out.act(change);
  return true;
}

function ctMark(words: Words, out: Translation): boolean {
  if (!words.takeAll('set')) return markTest(words, out, 'connmark');
  if (words.takeAll('meta', 'mark') || words.takeAll('mark')) {
    out.act('-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff');
    return true;
  }
  const change = markChange(words, ['ct', 'mark'], '-j CONNMARK');
  if (change === undefined) return false;
  out.act(change);
  return true;
}

const ct: Reader = (words, out) => {
  const key = words.take();
  if (key === 'mark') return ctMark(words, out);
  const option = { state: '--ctstate', status: '--ctstatus', direction: '--ctdir' }[key];
  if (option === undefined) return false;
  const compared = words.comparison();
  if (compared.values.length === 0 || compared.values.some((value) => !/^[a-z-]+$/.test(value))) return false;
  const names = compared.values.map((value) => value.toUpperCase().replace('-', '_'));
  // Of the bits of ct status, iptables calls those of NAT states.
  const natted = key === 'status' && names.every((name) => name === 'SNAT' || name === 'DNAT');
  out.matches.push(`-m conntrack ${not(compared)}${natted ? '--ctstate' : option} ${names.join(',')}`);
  return true;
};

const fib: Reader = (words, out) => {
  const side = words.take();
  const limited = words.takeAll('.', 'iif') ? ' --limit-iface-in' : '';
  if ((side !== 'saddr' && side !== 'daddr') || !words.takeAll('type')) return false;
  const compared = words.comparison();
  const types = compared.values.join(',').toUpperCase();
  out.matches.push(
    `-m addrtype ${not(compared)}--${side === 'saddr' ? 'src' : 'dst'}-type ${types}${limited}`,
  );
  return true;
};

const protocolReader: Reader = (words, out) => {
  const compared = words.comparison();
  const name = only(compared);
  if (name === undefined) return false;
  out.setProtocol(name, not(compared));
  return true;
};

const meta: Reader = (words, out) => {
  const key = words.take();
  if (key === 'mark') return metaMark(words, out);
  if (key === 'l4proto') return protocolReader(words, out);
  if (key === 'iifname' || key === 'iif') return nameReader('-i')(words, out);
  if (key === 'oifname' || key === 'oif') return nameReader('-o')(words, out);
  if (key === 'nfproto') return words.takeAll('ipv4');
  return key === 'nftrace' && words.takeAll('set') && words.take() !== '';
};

const icmp: Reader = (words, out) => {
  const compared = words.takeAll('type') ? words.comparison() : undefined;
  const type = compared && only(compared);
  if (!compared || type === undefined) return false;
  out.setProtocol('icmp');
  out.matches.push(`-m icmp ${not(compared)}--icmp-type ${type}`);
  return true;
};

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

const comment: Reader = (words, out) => {
  out.matches.push(`-m comment --comment ${keepWord(words.take())}`);
  return true;
};

const readers: Readonly<Record<string, Reader>> = {
  iifname: nameReader('-i'),
  iif: nameReader('-i'),
  oifname: nameReader('-o'),
  oif: nameReader('-o'),
  'ip saddr': addressReader('-s'),
  'ip daddr': addressReader('-d'),
  'ip protocol': protocolReader,
  tcp: portReader('tcp'),
  udp: portReader('udp'),
  sctp: portReader('sctp'),
  th: portReader('th'),
  icmp,
  meta,
  ct,
  fib,
  mark: metaMark,
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
