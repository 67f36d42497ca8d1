import { describe, expect, test } from 'vitest';
import { only } from '../support/walked.ts';
import { forwardRules, serviceRules, snatRules } from './kube-rules.ts';
import { enters, type Plan, steps, trace, via } from './wiring.ts';

const pods = { a: '10.0.1.21', b: '10.0.1.22', c: '10.0.1.23' };
const web = (endpoints: readonly string[]): Plan => ({
  nodes: {
    one: {
      address: '10.0.1.10',
      pods,
      tables: {
        nat: [...serviceRules(endpoints), ...snatRules('10.0.1.10')],
        filter: forwardRules,
      },
    },
    two: { address: '10.0.2.10', pods: { d: '10.0.2.21' } },
  },
});

describe('a ClusterIP service', () => {
  test('three endpoints get a third each, and every reply carries the service address', () => {
    const told = trace(web(['10.0.1.22', '10.0.1.23', '10.0.2.21']), { from: 'pod/a', to: '10.100.0.80:80' });
    expect(told.verdict).toBe('reachable');
    expect(told.paths.map((path) => path.device).sort()).toEqual(['pod/b', 'pod/c', 'pod/d']);
    for (const path of told.paths) {
      expect(path.share).toBeCloseTo(1 / 3, 9);
      expect(enters(path.reply.hops, 'a')).toBe('10.100.0.80:80 > 10.0.1.21:49152');
    }
    expect(told.paths.reduce((sum, path) => sum + path.share, 0)).toBeCloseTo(1, 12);
  });

  test('the walk is the one that the kernel would trace', () => {
    const told = trace(web(['10.0.1.22', '10.0.1.23', '10.0.2.21']), { from: 'pod/a', to: '10.100.0.80:80' });
    const path = told.paths.find((one) => one.device === 'pod/d')!;
    expect(steps(path.hops, 'one')).toMatchInlineSnapshot(`
      [
        "nat PREROUTING: jumps to KUBE-SERVICES",
        "nat PREROUTING > KUBE-SERVICES: jumps to KUBE-SVC-WEB",
        "nat PREROUTING > KUBE-SVC-WEB: jumps to KUBE-SEP-2",
        "nat PREROUTING > KUBE-SEP-2: destination 10.100.0.80:80 becomes 10.0.2.21:8080",
        "routing: ip rule 32766: from all lookup main; TTL 64 becomes 63",
        "filter FORWARD: jumps to KUBE-FORWARD",
        "filter FORWARD: jumps to KUBE-SERVICES",
        "filter FORWARD: no rule decided: policy ACCEPT",
        "nat POSTROUTING: jumps to KUBE-POSTROUTING",
        "nat POSTROUTING > KUBE-POSTROUTING: SNAT skipped: the packet does not carry mark 0x4000/0x4000",
        "nat POSTROUTING: jumps to AWS-SNAT-CHAIN-0",
        "nat POSTROUTING > AWS-SNAT-CHAIN-0: SNAT skipped: destination is inside a VPC CIDR (10.0.0.0/16)",
        "nat POSTROUTING: no rule decided: policy ACCEPT",
      ]
    `);
    expect(path.choices.map(({ why }) => why)).toMatchInlineSnapshot(`
      [
        "statistic 1/3 in KUBE-SVC-WEB: default/web -> 10.0.2.21:8080",
      ]
    `);
    expect(steps(path.reply.hops, 'one')).toMatchInlineSnapshot(`
      [
        "nat: nat skipped: conntrack knows this flow, its bindings apply and the nat chains are not walked",
        "routing: ip rule 32766: from all lookup main; TTL 63 becomes 62",
        "filter FORWARD: jumps to KUBE-FORWARD",
        "filter FORWARD > KUBE-FORWARD: accepted",
        "nat: conntrack knows this connection: source 10.0.2.21 becomes 10.100.0.80 again",
      ]
    `);
  });

  test('a pod that is its own endpoint is masqueraded, so that its reply comes back to the node', () => {
    const told = trace(web(['10.0.1.21']), { from: 'pod/a', to: '10.100.0.80:80' });
    const path = only(told);
    expect(told.verdict).toBe('reachable');
    expect(via(path.hops)).toBe('a > one > a');
    expect(enters(path.hops, 'a')).toBe('10.0.1.10:* > 10.0.1.21:8080');
    expect(enters(path.reply.hops, 'a')).toBe('10.100.0.80:80 > 10.0.1.21:49152');
  });

  test('without the masquerade the hairpin gives a pod its own address as source, which no kernel takes', () => {
    const nat = serviceRules(['10.0.1.21']).filter((line) => !line.includes('KUBE-MARK-MASQ'));
    const told = trace(
      { nodes: { one: { address: '10.0.1.10', pods, tables: { nat } } } },
      { from: 'pod/a', to: '10.100.0.80:80' },
    );
    expect(told.verdict).toBe('unreachable');
    expect(told.blockers[0]).toMatchObject({ code: 'host/martian', device: 'pod/a' });
  });

  test('a process on the node reaches it through OUTPUT', () => {
    const told = trace(web(['10.0.2.21']), { from: 'node/one', to: '10.100.0.80:80' });
    const path = only(told);
    expect(told.verdict).toBe('reachable');
    expect(via(path.hops)).toBe('one > wire > two > d');
    expect(enters(path.hops, 'd')).toBe('10.0.1.10:49152 > 10.0.2.21:8080');
  });

  test('a REJECT for want of endpoints is an ICMP error that arrives and quotes the packet as it was sent', () => {
    const plan: Plan = {
      nodes: {
        one: {
          address: '10.0.1.10',
          pods,
          tables: {
            nat: serviceRules([]),
            filter: [
              ...forwardRules,
              '-A KUBE-SERVICES -d 10.100.0.80/32 -p tcp -m comment --comment "default/web has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
            ],
          },
        },
      },
    };
    for (const from of ['pod/a', 'node/one']) {
      const told = trace(plan, { from, to: '10.100.0.80:80' });
      expect(told.verdict).toBe('unreachable');
      expect(told.blockers[0]).toMatchObject({
        code: 'netfilter/reject',
        fix: 'give Service default/web a ready endpoint',
      });
      expect(only(told)).toMatchObject({ disposition: 'rejected', reply: { disposition: 'delivered' } });
    }
    expect(trace(plan, { from: 'pod/a', to: '10.100.0.80:80' }).symptom.kind).toBe('refused');
  });

  test('a REJECT after DNAT answers from the address that the client asked', () => {
    const plan = web(['10.0.2.21']);
    const one = plan.nodes.one!;
    const told = trace(
      {
        nodes: {
          ...plan.nodes,
          one: {
            ...one,
            tables: {
              ...one.tables,
              filter: ['-A FORWARD -d 10.0.2.21/32 -j REJECT --reject-with icmp-admin-prohibited'],
            },
          },
        },
      },
      { from: 'pod/a', to: '10.100.0.80:80' },
    );
    expect(only(told)).toMatchObject({ disposition: 'rejected', reply: { disposition: 'delivered' } });
    expect(enters(only(told).reply.hops, 'a')).toBe('10.100.0.80 > 10.0.1.21');
  });

  test('a REJECT with a TCP reset is a connection refused', () => {
    const plan = web(['10.0.2.21']);
    const one = plan.nodes.one!;
    const filter = ['-A FORWARD -p tcp -m tcp --dport 8080 -j REJECT --reject-with tcp-reset'];
    const told = trace(
      { nodes: { ...plan.nodes, one: { ...one, tables: { ...one.tables, filter } } } },
      { from: 'pod/a', to: '10.100.0.80:80' },
    );
    expect(only(told)).toMatchObject({
      disposition: 'rejected',
      symptom: { kind: 'refused' },
      reply: { disposition: 'delivered' },
    });
  });
});
