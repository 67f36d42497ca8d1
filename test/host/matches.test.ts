/** What matches say of packets, one rule at a time. */
import { describe, expect, test } from 'vitest';
import { SCTP, UDP } from '../../src/packet/protocol.ts';
import { type Plan, trace } from './wiring.ts';

const ICMP = 1;

interface Asked {
  readonly protocol?: number | undefined;
  readonly as?: string | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** A node drops what the match holds for: packets of pod p (10.0.1.20, behind enip) to 10.0.2.21:80 by eth0. */
const forwarded = (match: string, asked: Asked = {}): string =>
  answerOf({ filter: [`-A FORWARD -i enip ${match} -j DROP`] }, 'pod/p', asked);

/** As the node's own process sends them. */
const sent = (match: string, asked: Asked = {}): string =>
  answerOf({ filter: [`-A OUTPUT -d 10.0.2.21 ${match} -j DROP`] }, 'node/one', asked);

function answerOf(tables: NonNullable<Plan['nodes'][string]['tables']>, from: string, asked: Asked): string {
  const plan: Plan = {
    nodes: {
      one: { address: '10.0.1.10', pods: { p: '10.0.1.20' }, tables },
      two: { address: '10.0.2.10', pods: { q: '10.0.2.21' } },
    },
  };
  const { verdict, paths } = trace(plan, { from, to: '10.0.2.21:80', ...asked });
  if (verdict === 'undetermined') return verdict;
  return paths[0]!.disposition === 'delivered' ? 'fails' : 'holds';
}

describe('a SYN that is forwarded', () => {
  test.each([
    ['-m iprange --src-range 10.0.1.0-10.0.1.255', 'holds'],
    ['-m iprange ! --src-range 10.0.1.0-10.0.1.255', 'fails'],
    ['-m iprange --src-range 10.0.1.0-10.0.1.255 --dst-range 10.0.3.0-10.0.3.9', 'fails'],
    ['-m iprange --dst-range 10.0.2.21', 'holds'],
    // It crossed no bridge: only what is inverted holds.
    ['-m physdev --physdev-is-bridged', 'fails'],
    ['-m physdev ! --physdev-is-bridged', 'holds'],
    ['-m physdev --physdev-in enip', 'fails'],
    ['-m physdev ! --physdev-in enip', 'holds'],
    ['-m physdev ! --physdev-in enip --physdev-is-bridged', 'fails'],
    ['-m mac --mac-source 02:00:00:00:00:01', 'undetermined'],
    ['-m length --length 60', 'holds'],
    ['-m length ! --length 40:59', 'holds'],
    ['-m length --length 61:', 'fails'],
    ['-m pkttype --pkt-type unicast', 'holds'],
    ['-m pkttype --pkt-type multicast', 'fails'],
    // The node has taken one off.
    ['-m ttl --ttl-eq 63', 'holds'],
    ['-m ttl --ttl-lt 63', 'fails'],
    ['-m ttl --ttl-gt 62', 'holds'],
    ['-m ttl ! --ttl-eq 63', 'fails'],
    ['-m tos --tos 0x00/0xff', 'holds'],
    ['-m tos ! --tos 0x00/0xff', 'fails'],
    ['-m dscp --dscp 0x00', 'holds'],
    ['-m dscp --dscp-class EF', 'fails'],
    ['-m ecn --ecn-ip-ect 0', 'holds'],
    ['-p tcp -m ecn --ecn-tcp-ece', 'undetermined'],
    ['-m connlimit --connlimit-above 1', 'fails'],
    ['-m connlimit --connlimit-above 0', 'holds'],
    ['-m connlimit --connlimit-upto 1', 'holds'],
    ['-m hashlimit --hashlimit-upto 10/sec --hashlimit-name x', 'holds'],
    ['-m hashlimit --hashlimit-above 10/sec --hashlimit-name x', 'fails'],
    ['-m quota --quota 1000', 'holds'],
    ['-m quota --quota 0', 'fails'],
    ['-m connbytes --connbytes 100 --connbytes-mode bytes --connbytes-dir both', 'undetermined'],
    ['-m helper --helper ftp', 'fails'],
    ['-m helper ! --helper ftp', 'holds'],
    ['-m realm --realm 0x0', 'holds'],
    ['-m realm ! --realm 0x5', 'holds'],
    ['-m socket', 'undetermined'],
    ['-m cgroup --cgroup 5', 'fails'],
    ['-m cgroup ! --cgroup 5', 'fails'],
    ['-m owner --uid-owner 0', 'fails'],
    ['-m owner ! --uid-owner 0', 'holds'],
    ['-m owner --socket-exists', 'fails'],
    ['-m owner ! --socket-exists', 'holds'],
    ['-m time --timestart 09:00', 'undetermined'],
    ['-m string --string GET --algo bm', 'undetermined'],
    ['-m u32 --u32 "0>>22&0x3C@12=0x5"', 'undetermined'],
    ['-m bpf --bytecode "1,6 0 0 0"', 'undetermined'],
    ['-m policy --dir in --pol none', 'holds'],
    ['-m policy --dir in --pol ipsec', 'fails'],
    ['-f', 'fails'],
    ['! -f', 'holds'],
    ['-p tcp -m tcp --tcp-option 5', 'undetermined'],
    ['-p tcp -m tcpmss --mss 1460', 'undetermined'],
    ['-p tcp -m multiport --ports 80,90', 'holds'],
    ['-p tcp -m multiport ! --dports 80:90', 'fails'],
    ['-m conntrack --ctstate NEW', 'holds'],
    ['-m conntrack --ctstate ESTABLISHED,RELATED', 'fails'],
    ['-m conntrack ! --ctstate INVALID', 'holds'],
    ['-m conntrack --ctproto tcp', 'holds'],
    ['-m conntrack ! --ctproto 6', 'fails'],
    ['-m conntrack --ctorigsrc 10.0.1.0/24 --ctorigdst 10.0.2.21', 'holds'],
    ['-m conntrack --ctorigsrc 10.0.1.0/24 ! --ctorigdst 10.0.2.21', 'fails'],
    ['-m conntrack --ctreplsrc 10.0.2.21 --ctrepldst 10.0.1.20', 'holds'],
    ['-m conntrack --ctorigdstport 80 --ctreplsrcport 79:81 --ctorigsrcport 49152', 'holds'],
    ['-m conntrack --ctorigdstport 81', 'fails'],
    ['-m conntrack ! --ctrepldstport 1:1023', 'holds'],
    ['-m conntrack --ctstatus NONE', 'fails'],
    ['-m conntrack ! --ctstatus NONE', 'holds'],
    ['-m conntrack --ctstatus CONFIRMED,ASSURED,SEEN_REPLY,EXPECTED', 'fails'],
    ['-m conntrack --ctdir ORIGINAL', 'holds'],
    ['-m conntrack --ctdir REPLY', 'fails'],
    ['-m conntrack --ctexpire 10', 'undetermined'],
    ['-m conntrack --ctstate NEW --ctproto 17', 'fails'],
    ['-m nfacct --nfacct-name x', 'holds'],
    ['-m cpu --cpu 0', 'undetermined'],
    ['-m devgroup --src-group 0x1', 'undetermined'],
  ])('%s %s', (match, answer) => {
    expect(forwarded(match)).toBe(answer);
  });

  test.each([
    ['-m length --length 28:', UDP, 'holds'],
    ['-m length --length 0:27', UDP, 'fails'],
    ['-m length --length 100:200', UDP, 'undetermined'],
    ['-m length --length 85:', ICMP, 'undetermined'],
    ['-p icmp -m icmp --icmp-type ping', ICMP, 'holds'],
    ['-p icmp -m icmp --icmp-type 8/1', ICMP, 'fails'],
    ['-p icmp -m icmp ! --icmp-type any', ICMP, 'fails'],
    ['-p sctp -m sctp --chunk-types any INIT,DATA', SCTP, 'holds'],
    ['-p sctp -m sctp --chunk-types all INIT,DATA', SCTP, 'fails'],
    ['-p sctp -m sctp --chunk-types only INIT', SCTP, 'holds'],
    ['-p sctp -m sctp ! --chunk-types any INIT --dport 80', SCTP, 'fails'],
    ['-m addrtype --dst-type UNICAST', UDP, 'holds'],
    ['-p 33 -m dccp --dport 80', 33, 'undetermined'],
    ['-p esp -m esp --espspi 5', 50, 'undetermined'],
    ['-p esp -m esp --espspi 5', 51, 'fails'],
  ])('%s, protocol %i: %s', (match, protocol, answer) => {
    expect(forwarded(match, { protocol })).toBe(answer);
  });
});

describe('a packet that a process of the node sends', () => {
  test.each([
    ['-m owner --uid-owner 0', undefined, 'undetermined'],
    ['-m owner --uid-owner 0', 0, 'holds'],
    ['-m owner --uid-owner 1000-2000', 1337, 'holds'],
    ['-m owner ! --uid-owner 1337', 1337, 'fails'],
    ['-m owner --uid-owner 1337', 0, 'fails'],
    ['-m owner --socket-exists', undefined, 'holds'],
    ['-m owner ! --socket-exists', undefined, 'fails'],
    ['-m cgroup --cgroup 5', undefined, 'undetermined'],
    ['-m mac --mac-source 02:00:00:00:00:01', undefined, 'fails'],
    ['-m pkttype --pkt-type unicast', undefined, 'holds'],
  ])('%s, run by user %s: %s', (match, uid, answer) => {
    expect(sent(match, { uid })).toBe(answer);
  });

  test('a supplementary group may be any', () => {
    expect(sent('-m owner --gid-owner 1337', { gid: 0 })).toBe('fails');
    expect(sent('-m owner --gid-owner 1337 --suppl-groups', { gid: 0 })).toBe('undetermined');
    expect(sent('-m owner --gid-owner 1337 --suppl-groups', { gid: 1337 })).toBe('holds');
  });
});

describe('rpfilter', () => {
  const raw = (match: string, as: string): string =>
    answerOf({ raw: [`-A PREROUTING -i enip -m rpfilter ${match} -j DROP`] }, 'pod/p', { as });
  test.each([
    ['', '10.0.1.20', 'holds'],
    ['--invert', '10.0.1.20', 'fails'],
    ['--invert', '192.0.2.1', 'holds'],
    ['--invert --loose', '192.0.2.1', 'fails'],
    ['--invert --loose', '10.0.1.10', 'holds'],
    ['--loose --accept-local', '10.0.1.10', 'holds'],
  ])('%s for a packet of a pod with source %s: %s', (match, as, answer) => {
    expect(raw(match, as)).toBe(answer);
  });
});

describe('what is decided before the trace', () => {
  const ask = { from: 'pod/p', to: '10.0.2.21:80' };
  const plan = (filter: readonly string[]): Plan => ({
    nodes: {
      one: { address: '10.0.1.10', pods: { p: '10.0.1.20' }, tables: { filter } },
      two: { address: '10.0.2.10', pods: { q: '10.0.2.21' } },
    },
  });

  test('the counters of nth stand at their start: packet 0 is the first, and each rule counts for itself', () => {
    const drops = (...options: readonly string[]) =>
      trace(plan(options.map((option) => `-A FORWARD -m statistic --mode nth ${option} -j DROP`)), ask);
    const told = drops('--every 4 --packet 0');
    expect(told.verdict).toBe('unreachable');
    expect(told.assumptions.join('\n')).toContain(
      'counters of statistic nth stand at their start on node/one',
    );
    expect(drops('--every 4 --packet 2', '--every 4 --packet 3').verdict).toBe('reachable');
    // The reply is the second packet.
    expect(drops('--every 4 --packet 1').paths[0]).toMatchObject({
      disposition: 'delivered',
      reply: { disposition: 'dropped' },
    });
  });

  test('an address that --set has remembered is found by later rules', () => {
    const filter = ['-A FORWARD -m recent --set --name A', '-A FORWARD -m recent --rcheck --name A -j DROP'];
    expect(trace(plan(filter), ask).verdict).toBe('unreachable');
    const other = [
      '-A FORWARD -m recent --set --name A --rdest',
      '-A FORWARD -m recent --rcheck --name A -j DROP',
    ];
    // The reply comes from the address that was remembered.
    expect(trace(plan(other), ask).paths[0]!.reply.disposition).toBe('dropped');
  });

  test('a mask joins addresses, --remove forgets them', () => {
    const masked = [
      '-A FORWARD -i enip -m recent --set --name A --mask 255.255.0.0',
      '-A FORWARD -i enip -m recent --rcheck --name A --mask 255.255.0.0 --rdest -j DROP',
    ];
    expect(trace(plan(masked), ask).verdict).toBe('unreachable');
    const removed = [
      '-A FORWARD -i enip -m recent --set --name A',
      '-A FORWARD -i enip -m recent --remove --name A',
      '-A FORWARD -i enip -m recent --rcheck --name A -j DROP',
    ];
    expect(trace(plan(removed), ask).verdict).toBe('reachable');
  });

  test('--hitcount counts how often, --rttl compares the TTL', () => {
    const set = '-A FORWARD -i enip -m recent --set --name A';
    const check = (options: string) => [
      set,
      set,
      `-A FORWARD -i enip -m recent --rcheck ${options} --name A -j DROP`,
    ];
    expect(trace(plan(check('--hitcount 2')), ask).verdict).toBe('unreachable');
    expect(trace(plan(check('--hitcount 3')), ask).verdict).toBe('reachable');
    expect(trace(plan(check('--rttl')), ask).verdict).toBe('unreachable');
    const later = [set, '-A FORWARD -i eth0 -m recent --rcheck --rttl --name A --rdest -j DROP'];
    expect(trace(plan(later), ask).verdict).toBe('reachable');
  });

  test('a client that was seen before is in one of the lists that are asked', () => {
    const lists = ['A', 'B', 'C'].map(
      (name) => `-A FORWARD -i enip -m recent --rcheck --seconds 10800 --reap --name ${name} -j ${name}`,
    );
    const chains = [':A', ':B', ':C', '-A A -j ACCEPT', '-A B -j DROP', '-A C -j ACCEPT'];
    const filter = [...chains, ...lists, '-A FORWARD -i enip -j DROP'];
    const first = trace(plan(filter), ask);
    expect(first.verdict).toBe('unreachable');
    expect(first.assumptions.join('\n')).toContain('lists of recently seen addresses are empty on node/one');
    const again = trace(plan(filter), { ...ask, seenClient: true });
    expect(again.verdict).toBe('ambiguous');
    expect(again.assumptions.join('\n')).not.toContain('lists');
    expect(again.paths.map(({ share, disposition }) => [share.toFixed(3), disposition])).toEqual([
      ['0.333', 'delivered'],
      ['0.333', 'dropped'],
      ['0.333', 'delivered'],
    ]);
  });

  test('nobody knows how often a client was seen before', () => {
    const filter = ['-A FORWARD -i enip -m recent --update --seconds 60 --hitcount 4 --name SSH -j DROP'];
    expect(trace(plan(filter), ask).verdict).toBe('reachable');
    expect(trace(plan(filter), { ...ask, seenClient: true }).verdict).toBe('undetermined');
  });
});
