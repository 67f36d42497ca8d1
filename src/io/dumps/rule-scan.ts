/** A quick look at a rule line of iptables, which does not understand its matches: which chain it is in, where it leads,
 *  and whether it is whole. Words are split as iptables-restore does (add_param_to_argv): only double quotes hold blanks,
 *  and in them a backslash takes the next character as it is. */
import { isValueOption } from './value-options.ts';

export interface ScannedRule {
  readonly chain: string;
  readonly chainAt: number;
  /** Name behind -j or -g; empty for a rule that only counts. */
  readonly target: string;
  readonly targetAt: number;
  /** Words follow the target: it is an extension, as a chain takes none. */
  readonly targetOptions: boolean;
  /** Of -i and -o. */
  readonly interfaces: readonly string[];
  /** Names of --match-set. */
  readonly sets: readonly string[];
  /** Says that it is a rule of ip6tables. */
  readonly v6: boolean;
  readonly fault: ScanFault | undefined;
}

export interface ScanFault {
  readonly code: string;
  readonly message: string;
  readonly at: number;
}

const none: readonly string[] = [];

/** `text` begins with "-A" or "--append". */
export function scanRule(text: string): ScannedRule {
  const rule = {
    chain: '',
    chainAt: 0,
    target: '',
    targetAt: 0,
    targetOptions: false,
    interfaces: none,
    sets: none,
    v6: false,
    fault: undefined as ScanFault | undefined,
  };
  const fail = (code: string, message: string, at: number): void => {
    rule.fault ??= { code, message, at };
  };
  const end = text.length;
  /** The option that the next word is the value of. */
  let option = '';
  let optionAt = 0;
  let i = 0;
  while (i < end) {
    const start = i;
    const first = text.charCodeAt(i);
    if (first === 32 || first === 9) {
      i++;
      continue;
    }
    const quoted = first === 34;
    if (quoted) {
      i = closingQuote(text, i);
      if (i < 0) {
        fail('dump/open-quote', 'a quoted text does not end on this line', start);
        break;
      }
    } else {
      while (i < end && text.charCodeAt(i) !== 32 && text.charCodeAt(i) !== 9) i++;
    }
    const word = quoted ? text.slice(start + 1, i - 1) : text.slice(start, i);
    if (option !== '' && !(word === '!' && !quoted)) {
      takeValue(option, word, start);
      option = '';
    } else if (word === '!' && !quoted) {
      if (i === end) fail('dump/truncated', 'the rule ends behind "!"', start);
    } else if (!quoted && first === 45 && isValueOption(word)) {
      if (rule.target !== '') rule.targetOptions = true;
      option = word;
      optionAt = start;
    } else if (rule.target !== '') rule.targetOptions = true;
  }
  if (option !== '') fail('dump/truncated', `the rule ends behind ${option}, which takes a value`, optionAt);
  else if (rule.chain === '' && rule.fault === undefined)
    fail('dump/truncated', 'the rule names no chain', 0);
  return rule;

  function takeValue(name: string, word: string, at: number): void {
    switch (name) {
      case '-A':
      case '--append':
        rule.chain = word;
        rule.chainAt = at;
        break;
      case '-j':
      case '--jump':
      case '-g':
      case '--goto':
        rule.target = word;
        rule.targetAt = at;
        rule.targetOptions = false;
        break;
      case '-i':
      case '--in-interface':
      case '-o':
      case '--out-interface':
        rule.interfaces = [...rule.interfaces, word];
        break;
      case '--match-set':
        rule.sets = [...rule.sets, word];
        break;
      case '-s':
      case '--source':
      case '-d':
      case '--destination':
        if (word.includes(':')) rule.v6 = true;
        else if (!isIpv4Network(word)) fail('dump/bad-address', `${JSON.stringify(word)} is no address`, at);
        break;
      case '-p':
      case '--protocol':
        if (word === 'ipv6-icmp' || word === 'icmpv6') rule.v6 = true;
    }
  }
}

/** Behind the closing quote of the text that opens at `open`; -1 where it does not end. */
function closingQuote(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 34) return i + 1;
  }
  return -1;
}

const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const quad = `${octet}(?:\\.${octet}){3}`;
const network = new RegExp(`^${quad}(?:/(?:3[0-2]|[12]?\\d|${quad}))?$`);

function isIpv4Network(word: string): boolean {
  return network.test(word);
}
