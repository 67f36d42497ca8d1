import { describe, expect, test } from 'vitest';
import { only } from '../support/walked.ts';
import { forwardRules } from './kube-rules.ts';
import { enters, type NodePlan, type Plan, steps, trace } from './wiring.ts';

const plan = (tables: NonNullable<NodePlan['tables']>, more: Partial<NodePlan> = {}): Plan => ({
  nodes: {
    one: { address: '10.0.1.10', pods: { p: '10.0.1.21', q: '10.0.1.22' }, tables, ...more },
    two: { address: '10.0.2.10', pods: { r: '10.0.2.21' } },
  },
});
const ask = { from: 'pod/p', to: '10.0.2.21:80' };

describe('connection tracking', () => {
  test('an answer without a request is INVALID, and kube-proxy drops it', () => {
    // NOTRACK on the way there hides the request from the node.
    const raw = ['-A PREROUTING -s 10.0.1.21/32 -j CT --notrack'];
    const told = trace(plan({ raw, nat: [':PREROUTING'], filter: forwardRules }), ask);
    expect(told.verdict).toBe('unreachable');
    expect(told.blockers[0]).toMatchObject({
      direction: 'reply',
      code: 'conntrack/invalid',
      device: 'node/one',
    });
  });

  test('what raw takes out of tracking is UNTRACKED and not translated', () => {
    const raw = ['-A PREROUTING -j NOTRACK'];
    const nat = ['-A POSTROUTING -j MASQUERADE'];
    const filter = [':FORWARD DROP', '-A FORWARD -m conntrack --ctstate UNTRACKED -j ACCEPT'];
    const told = trace(plan({ raw, nat, filter }), ask);
    expect(told.verdict).toBe('reachable');
    expect(enters(only(told).hops, 'r')).toBe('10.0.1.21:49152 > 10.0.2.21:80');
  });

  test('a firewall that admits NEW one way admits the answers', () => {
    const filter = [
      ':FORWARD DROP',
      '-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
      '-A FORWARD -s 10.0.1.0/24 -m conntrack --ctstate NEW -j ACCEPT',
    ];
    expect(trace(plan({ filter }), ask).verdict).toBe('reachable');
    const told = trace(plan({ filter }), { from: 'pod/r', to: '10.0.1.21:80' });
    expect(told.blockers[0]).toMatchObject({
      code: 'netfilter/drop',
      rule: '-P FORWARD DROP',
      fix: 'iptables -t filter -A FORWARD -s 10.0.2.21/32 -d 10.0.1.21/32 -p tcp --dport 80 -j ACCEPT',
    });
  });

  test('an ICMP error about a connection is RELATED', () => {
    const filter = [
      ':FORWARD DROP',
      '-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT',
      '-A FORWARD -m conntrack --ctstate NEW -j ACCEPT',
    ];
    const told = trace(plan({ filter }), { ...ask, ttl: 2 });
    expect(only(told)).toMatchObject({ disposition: 'rejected', reply: { disposition: 'delivered' } });
  });

  test('a denial does not hide the next one', () => {
    const filter = ['-A FORWARD -j DROP', '-A OUTPUT -j DROP'];
    const mangle = ['-A FORWARD -p tcp -j DROP'];
    const told = trace(plan({ mangle, filter }), ask);
    expect(told.blockers.filter(({ direction }) => direction === 'forward').map(({ rule }) => rule)).toEqual([
      '-A FORWARD -p tcp -j DROP',
      '-A FORWARD -j DROP',
    ]);
  });

  test('a node process that talks to its own address goes through lo', () => {
    const nat = [
      '-A OUTPUT -d 10.0.1.10/32 -p tcp -m tcp --dport 30080 -j DNAT --to-destination 10.0.1.10:8080',
    ];
    const filter = [
      '-A INPUT -i lo -p tcp -m tcp --dport 8080 -j ACCEPT',
      ':INPUT DROP',
      '-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT',
    ];
    const told = trace(plan({ nat, filter }), { from: 'node/one', to: '10.0.1.10:30080' });
    expect(told.verdict).toBe('reachable');
    expect(steps(only(told).reply.hops, 'one').join('\n')).toContain(
      'source 10.0.1.10 becomes 10.0.1.10 again',
    );
  });

  test('--save-mark and --restore-mark move marks between packet and connection', () => {
    const mangle = [
      '-A PREROUTING -i enip -j MARK --set-mark 0x11',
      '-A PREROUTING -i enip -j CONNMARK --save-mark --mask 0xf0',
      '-A PREROUTING -i eth0 -j CONNMARK --restore-mark',
      '-A PREROUTING -i eth0 -m mark ! --mark 0x10 -j DROP',
    ];
    expect(trace(plan({ mangle }), ask).verdict).toBe('reachable');
  });
});

describe('what is not modelled', () => {
  test('a match nobody knows is asked about where it could change the answer', () => {
    const filter = ['-A FORWARD -m set --match-set blocked src -j DROP'];
    const told = trace(plan({ filter }), ask);
    expect(told.verdict).toBe('undetermined');
    expect(told.notModelled.join('\n')).toContain('-A FORWARD -m set --match-set blocked src -j DROP');
    const harmless = trace(plan({ filter: ['-A FORWARD -m set --match-set blocked src -j ACCEPT'] }), ask);
    expect(harmless.verdict).toBe('reachable');
    const elsewhere = trace(
      plan({ filter: ['-A FORWARD -s 192.0.2.0/24 -m set --match-set blocked src -j DROP'] }),
      ask,
    );
    expect(elsewhere.notModelled).toEqual([]);
  });

  test('a target nobody knows makes the answer undetermined', () => {
    const told = trace(plan({ mangle: ['-A PREROUTING -p tcp -j TPROXY --on-port 15001'] }), ask);
    expect(told.verdict).toBe('undetermined');
    expect(told.notModelled.join('\n')).toContain('-j TPROXY --on-port 15001');
  });

  test('a port that nobody can know is asked about only where a range depends on it', () => {
    const nat = ['-A POSTROUTING -o eth0 -j MASQUERADE --random-fully'];
    const two = (filter: readonly string[]): Plan => {
      const base = plan({ nat });
      return { nodes: { ...base.nodes, two: { ...base.nodes.two!, tables: { filter } } } };
    };
    expect(trace(two(['-A FORWARD -p tcp -m tcp --sport 1024:65535 -j DROP']), ask).verdict).toBe(
      'unreachable',
    );
    expect(trace(two(['-A FORWARD -d 10.0.2.21/32 -p tcp -m tcp --sport 0:1023 -j DROP']), ask).verdict).toBe(
      'reachable',
    );
    expect(trace(two(['-A FORWARD -p tcp -m tcp --sport 32768:60999 -j DROP']), ask).verdict).toBe(
      'undetermined',
    );
  });

  test('a limit is taken not to be used up, and that is said', () => {
    const logs = trace(plan({ filter: ['-A FORWARD -m limit --limit 3/min -j LOG'] }), ask);
    expect(logs.verdict).toBe('reachable');
    expect(logs.assumptions.join('\n')).not.toContain('limit');
    const drops = trace(plan({ filter: ['-A FORWARD -m limit --limit 3/min -j DROP'] }), ask);
    expect(drops.verdict).toBe('unreachable');
    expect(drops.assumptions.join('\n')).toContain('the limit is not used up on node/one');
  });

  test('affinity lists start empty', () => {
    const filter = [
      '-A FORWARD -m recent --rcheck --seconds 10800 --reap --name SEP --mask 255.255.255.255 --rsource -j DROP',
      '-A FORWARD -m recent --set --name SEP --mask 255.255.255.255 --rsource -j ACCEPT',
      '-A FORWARD -j DROP',
    ];
    expect(trace(plan({ filter }), ask).verdict).toBe('reachable');
  });
});

describe('chains', () => {
  test('goto does not come back to the rule after it, jump does', () => {
    const rest = [':A', ':B', '-A A -j B', '-A B -j RETURN', '-A A -j DROP'];
    expect(trace(plan({ filter: ['-A FORWARD -j A', ...rest] }), ask).verdict).toBe('unreachable');
    const went = rest.map((line) => line.replace('-A A -j B', '-A A -g B'));
    expect(trace(plan({ filter: ['-A FORWARD -j A', '-A FORWARD -j ACCEPT', ...went] }), ask).verdict).toBe(
      'reachable',
    );
  });

  test('a RETURN in a built-in chain is its policy', () => {
    expect(trace(plan({ filter: [':FORWARD DROP', '-A FORWARD -j RETURN'] }), ask).verdict).toBe(
      'unreachable',
    );
  });

  test('random rules whose other matches fail take no part in the choice', () => {
    const filter = [
      '-A FORWARD -d 10.0.2.21/32 -m statistic --mode random --probability 0.25 -j ACCEPT',
      '-A FORWARD -d 192.0.2.1/32 -m statistic --mode random --probability 0.9 -j ACCEPT',
      '-A FORWARD -d 10.0.2.21/32 -m statistic --mode random --probability 0.5 -j DROP',
    ];
    const told = trace(plan({ filter }), ask);
    expect(told.verdict).toBe('ambiguous');
    expect(told.paths.map(({ share }) => share)).toEqual([0.375, 0.375, 0.25]);
  });
});
