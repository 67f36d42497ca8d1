/** Security groups and network ACLs against the plainest reading of their rules. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cidr, contains, maskOf } from '../../src/addressing/cidr.ts';
import { formatIpv4 } from '../../src/addressing/ip.ts';
import { ANY_PROTOCOL, hasPorts, ICMP, TCP, UDP } from '../../src/packet/protocol.ts';
import { compileAcl, decidingRule, type NetworkAclRule } from '../../src/vpc/network-acl.ts';
import {
  admittingRule,
  compileSecurityGroup,
  GROUP_STRIDE,
  type SecurityGroupRule,
} from '../../src/vpc/security-group.ts';
import type { Plan } from '../vpc/network.ts';
import { acl, group, origin } from '../vpc/rules.ts';
import { trace } from '../vpc/tracing.ts';

// A small universe, so that rules and packets meet often.
const address = fc.integer({ min: 0, max: 63 }).map((n) => 0x0a000000 | n | 0);
const block = fc
  .tuple(address, fc.constantFrom(0, 26, 28, 30, 31, 32))
  .map(([base, length]): Cidr => ({ base: base & maskOf(length), length }));
const port = fc.integer({ min: 0, max: 12 });
const ports = fc.option(
  fc.tuple(port, port).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
  { nil: undefined },
);
const protocol = fc.constantFrom(TCP, UDP, ANY_PROTOCOL, 50);
const packet = fc.record({ protocol: fc.constantFrom(TCP, UDP, 50), address, port });

const portsMatch = (
  rule: { protocol: number; ports?: readonly [number, number] | undefined },
  to: number,
): boolean => !rule.ports || !hasPorts(rule.protocol) || (to >= rule.ports[0] && to <= rule.ports[1]);
const protocolMatches = (rule: { protocol: number }, of: number): boolean =>
  rule.protocol === ANY_PROTOCOL || rule.protocol === of;

describe('a list of rules', () => {
  test('an ACL of any length decides as its rules read from the lowest number on', () => {
    const rule = fc.record({
      rule: fc.integer({ min: 1, max: 32766 }),
      protocol,
      ports,
      cidr: block,
      action: fc.constantFrom('allow' as const, 'deny' as const),
      origin: fc.constant(origin),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(rule, { maxLength: 60, selector: (one) => one.rule }),
        fc.array(packet, { minLength: 1, maxLength: 20 }),
        (rules: NetworkAclRule[], packets) => {
          const { ingress } = compileAcl({ name: 'x', ingress: rules, egress: [] });
          const sorted = [...rules].sort((a, b) => a.rule - b.rule);
          for (const p of packets) {
            const expected = sorted.findIndex(
              (one) =>
                protocolMatches(one, p.protocol) && contains(one.cidr, p.address) && portsMatch(one, p.port),
            );
            expect(decidingRule(ingress, p.protocol, p.address, p.port)).toBe(expected);
          }
        },
      ),
    );
  });

  test('groups admit what any rule of any of them admits', () => {
    const names = ['g0', 'g1', 'g2'];
    const rule = fc.record({
      protocol,
      ports,
      peer: fc.oneof(
        block.map((cidr) => ({ cidr })),
        fc.constantFrom(...names, 'gone').map((name) => ({ group: name })),
      ),
      origin: fc.constant(origin),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(rule, { maxLength: 40 }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.uniqueArray(address, { maxLength: 8 }), { minLength: 3, maxLength: 3 }),
        fc.array(packet, { minLength: 1, maxLength: 20 }),
        (lists: SecurityGroupRule[][], held, packets) => {
          const members = new Map(names.map((name, i) => [name, new Set(held[i])]));
          const groups = lists.map((ingress, i) =>
            compileSecurityGroup({ name: names[i]!, ingress, egress: [] }, (peer) =>
              'group' in peer && members.has(peer.group)
                ? { addresses: members.get(peer.group)! }
                : undefined,
            ),
          );
          for (const p of packets) {
            const admits = (one: SecurityGroupRule): boolean =>
              protocolMatches(one, p.protocol) &&
              portsMatch(one, p.port) &&
              ('cidr' in one.peer
                ? contains(one.peer.cidr, p.address)
                : 'group' in one.peer && (members.get(one.peer.group)?.has(p.address) ?? false));
            const found = admittingRule(groups, 'ingress', p.protocol, p.address, p.port);
            expect(found >= 0).toBe(lists.some((list) => list.some(admits)));
            if (found >= 0)
              expect(admits(lists[Math.floor(found / GROUP_STRIDE)]![found % GROUP_STRIDE]!)).toBe(true);
          }
        },
      ),
    );
  });
});

describe('a stateful flow', () => {
  test('whose request is admitted gets its reply, whatever the groups say of the other direction', () => {
    const line = fc
      .tuple(fc.constantFrom('tcp', 'udp', 'all', 'icmp'), port, block)
      .map(([name, number, { base, length }]) =>
        name === 'all' || name === 'icmp'
          ? `${name} from ${formatIpv4(base)}/${length}`
          : `${name} ${number} from ${formatIpv4(base)}/${length}`,
      );
    const lines = fc.array(line, { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.tuple(lines, lines, lines, lines),
        fc.constantFrom(TCP, UDP, ICMP),
        port,
        ([clientIn, clientOut, serverIn, serverOut], proto, to) => {
          const plan: Plan = {
            cidrs: ['10.0.0.0/16'],
            subnets: {
              a: { cidr: '10.0.0.0/28', acl: acl('open', ['1 allow all from 0.0.0.0/0']) },
              b: { cidr: '10.0.0.16/28' },
            },
            groups: [group('client', clientIn, clientOut), group('server', serverIn, serverOut)],
            hosts: {
              client: { subnet: 'a', address: '10.0.0.5', groups: ['client'] },
              server: { subnet: 'b', address: '10.0.0.20', groups: ['server'] },
            },
          };
          const told = trace(plan, {
            from: 'instance/client',
            to: proto === ICMP ? '10.0.0.20' : `10.0.0.20:${to}`,
            protocol: proto,
          });
          const [path] = told.paths;
          if (path!.disposition === 'delivered') expect(told.verdict).toBe('reachable');
          else expect(told.verdict).toBe('unreachable');
        },
      ),
    );
  });
});
