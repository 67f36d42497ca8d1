/** What nft tests in one rule and iptables cannot: an address in a list of networks and ranges. */
import { parseIpv4 } from '../../addressing/ip.ts';
import { parseNetwork } from '../netfilter/header-match.ts';
import { answer, type MatchModule, not } from './module.ts';

/** First and last address, unsigned. */
function parseBlock(text: string): readonly [number, number] | undefined {
  const [first = '', last] = text.split('-');
  if (last !== undefined) {
    const [low, high] = [parseIpv4(first), parseIpv4(last)];
    return low === undefined || high === undefined ? undefined : [low >>> 0, high >>> 0];
  }
  const network = parseNetwork(text);
  return network && [network.base >>> 0, (network.base | ~network.mask) >>> 0];
}

/** numbers: side (0 source, 1 destination), inverted, then first and last address of each block. words: the list. */
export const nftAddress: MatchModule = {
  name: 'nft-address',
  options: { '--saddr': 1, '--daddr': 1 },
  parse(given) {
    const option = given[0];
    const list = option?.values[0] ?? '';
    const blocks = list.split(',').map(parseBlock);
    if (!option || given.length > 1 || blocks.includes(undefined)) return undefined;
    const flat = blocks.flatMap((block) => [block![0] | 0, block![1] | 0]);
    return { numbers: [option.name === '--saddr' ? 0 : 1, option.not ? 1 : 0, ...flat], words: [list] };
  },
  print: ({ numbers: [side, inv], words: [list] }) =>
    `${not(inv)}--${side === 0 ? 'saddr' : 'daddr'} ${list}`,
  evaluate(code, at, { packet }) {
    const address = (code[at] === 0 ? packet.src : packet.dst) >>> 0;
    const end = at + code[at - 1]!;
    let inside = false;
    for (let i = at + 2; i < end && !inside; i += 2)
      inside = address >= code[i]! >>> 0 && address <= code[i + 1]! >>> 0;
    return answer(inside !== (code[at + 1] === 1));
  },
};
