/** Small print of the kernel that packets through network namespaces showed. */
import { expect, test } from 'vitest';
import { UDP } from '../../src/packet/protocol.ts';
import { only } from '../support/walked.ts';
import { type NodePlan, type Plan, steps, trace } from './wiring.ts';

const plan = (tables: NonNullable<NodePlan['tables']>, more: Partial<NodePlan> = {}): Plan => ({
  nodes: {
    one: { address: '10.0.1.10', pods: { p: '10.0.1.21', q: '10.0.1.22' }, tables, ...more },
    two: { address: '10.0.2.10', pods: { r: '10.0.2.21' } },
  },
});

const stages = (told: ReturnType<typeof trace>, way: 'hops' | 'reply', device = 'one'): string[] =>
  steps(way === 'hops' ? only(told).hops : only(told).reply.hops, device).map((step) => step.split(':')[0]!);

test('iptables-nft runs the security table behind NAT at INPUT', () => {
  const tables = { nat: ['-A INPUT -j SNAT --to-source 10.0.1.99'], security: ['-A INPUT -j ACCEPT'] };
  const told = trace(plan(tables), { from: 'pod/r', to: '10.0.1.10:80' });
  const inside = stages(told, 'hops');
  expect(inside.indexOf('security INPUT')).toBeGreaterThan(inside.indexOf('nat INPUT'));
});

test('what a host sends to itself leaves by lo, not by the interface that has the address', () => {
  const told = trace(plan({ filter: ['-A OUTPUT -o lo -j DROP'] }), { from: 'node/one', to: '10.0.1.10:80' });
  expect(told.blockers[0]?.rule).toContain('-o lo');
});

test('OUTPUT sees the first interface to its end, POSTROUTING the one that NAT led to', () => {
  const nat = ['-A OUTPUT -d 10.0.2.21/32 -p tcp -j DNAT --to-destination 10.0.1.21'];
  const filter = ['-A OUTPUT -o eth0 -j ACCEPT', '-A OUTPUT -o enip -j DROP'];
  const mangle = ['-A POSTROUTING -o enip -j DROP'];
  const told = trace(plan({ nat, filter, mangle }), { from: 'node/one', to: '10.0.2.21:80' });
  expect(stages(told, 'hops')).toContain('filter OUTPUT');
  expect(told.blockers[0]?.rule).toBe('-A POSTROUTING -o enip -j DROP');
});

test('what REJECT answers is RELATED, a reset too, and known before any chain has seen it', () => {
  const raw = ['-A OUTPUT -m conntrack --ctstate RELATED -j ACCEPT', '-A OUTPUT -j DROP'];
  for (const reason of ['tcp-reset', 'icmp-port-unreachable']) {
    const filter = [`-A FORWARD -p tcp -j REJECT --reject-with ${reason}`];
    const told = trace(plan({ raw, filter }), { from: 'pod/p', to: '10.0.2.21:80' });
    expect(told.symptom.kind).toBe('refused');
  }
});

test('what a closed port answers has no connection before conntrack has looked', () => {
  const tables = (state: string) => ({ raw: [`-A OUTPUT -m conntrack --ctstate ${state} -j DROP`] });
  const asked = { from: 'pod/p', to: '10.0.1.10:53', protocol: UDP, strictListen: true };
  expect(trace(plan(tables('INVALID')), asked).symptom.kind).toBe('timeout');
  expect(trace(plan(tables('RELATED')), asked).symptom.kind).not.toBe('timeout');
});

test('an answer that keeps the port SNAT chose reaches no socket, though the address is right', () => {
  const nat = ['-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.1.10 --random-fully'];
  const ask = { from: 'node/one', to: '203.0.113.9:443' };
  expect(trace(plan({ nat }), ask).verdict).toBe('reachable');
  const untracked = ['-A PREROUTING -s 203.0.113.9/32 -j NOTRACK'];
  expect(trace(plan({ nat, raw: untracked }), ask).verdict).toBe('unreachable');
});

test('the reset of a REJECT goes through the chains of NAT behind it, and nothing there changes it', () => {
  const filter = ['-A INPUT -p tcp -j REJECT --reject-with tcp-reset'];
  const nat = ['-A POSTROUTING -j SNAT --to-source 10.0.1.99'];
  const told = trace(plan({ filter, nat }), { from: 'pod/p', to: '10.0.1.10:80' });
  expect(stages(told, 'reply')).toContain('nat POSTROUTING');
  expect(told.symptom.kind).toBe('refused');
});

test("the kernel's own answers come from sockets that belong to nobody, the reset of a REJECT from none", () => {
  const asked = { from: 'pod/p', to: '10.0.1.10:80', strictListen: true };
  const answers = (match: string, more: readonly string[] = []) =>
    trace(plan({ filter: [`-A OUTPUT -m owner ${match} -j DROP`, ...more] }), asked).symptom.kind;
  expect(answers('--socket-exists')).toBe('timeout');
  expect(answers('--uid-owner 0')).toBe('refused');
  const rejects = ['-A INPUT -p tcp -j REJECT --reject-with tcp-reset'];
  expect(answers('--socket-exists', rejects)).toBe('refused');
});
