/** Fixes that a trace proposes are tried: made on a copy of the network, and the flow traced again. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withCheckedFixes } from '../../src/analysis/checked-fixes.ts';
import { renderJson } from '../../src/render/json.ts';
import { renderText } from '../../src/render/text.ts';
import { traceSchema } from '../../src/render/trace-schema.ts';
import type { Trace } from '../../src/trace/trace.ts';
import type { NetworkChange } from '../../src/vpc/changes.ts';
import type { Flow } from '../../src/world/flow.ts';
import type { World } from '../../src/world/world.ts';
import { shipped } from '../support/shipped.ts';
import { loadWorld, traceOf, worldOf } from '../support/worlds.ts';

const checked = (world: World, flow: Flow): Trace =>
  withCheckedFixes(world, flow, traceOf(world, flow.from, flow.to, flow));

/** Two subnets whose filters all lack something. */
const world = worldOf({
  'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: main
    cidrs: [10.1.0.0/16]
    subnets: [{ name: a, cidr: 10.1.1.0/24 }, { name: b, cidr: 10.1.2.0/24, networkAcl: b }]
    networkAcls:
      - name: b
        ingress: [{ rule: 100, protocol: tcp, ports: 443, cidr: 0.0.0.0/0, action: allow }]
        egress: [{ rule: 100, protocol: tcp, ports: 443, cidr: 0.0.0.0/0, action: allow }]
    securityGroups:
      - { name: client, egress: [{ protocol: tcp, ports: 443, to: 0.0.0.0/0 }] }
      - { name: server }
instances:
  - { name: client, subnet: a, address: 10.1.1.10, securityGroups: [client] }
  - { name: server, subnet: b, address: 10.1.2.10, securityGroups: [server], listen: [tcp/80] }
`,
});
const flow = { from: 'instance/client', to: '10.1.2.10:80' };

describe('several blockers', () => {
  const told = checked(world, flow);

  test('are each cured by their own fix, which says how far the packet gets with it', () => {
    expect(
      told.blockers.map(({ code, fixChecked }) => [code, fixChecked?.result, fixChecked?.next?.code]),
    ).toEqual([
      ['sg/no-egress-rule', 'admits', 'nacl/denied-in'],
      ['nacl/denied-in', 'admits', 'sg/no-ingress-rule'],
      ['sg/no-ingress-rule', 'admits', 'nacl/denied-out'],
      ['nacl/denied-out', 'admits', undefined],
    ]);
    expect(told.blockers.at(-1)!.fixChecked).toEqual({ result: 'admits', next: null });
  });

  test('are none when all of it is done', () => {
    expect(told.afterFixes).toEqual({ verdict: 'reachable', blockers: [] });
  });

  test('are told with what came of each fix', () => {
    const text = renderText(told, { width: 120, color: false, allPaths: false, wide: false });
    expect(text).toContain(
      '  fix      add to sg/client egress: tcp 80 to sg/server\n' +
        '  checked  with it the packet gets on to hop 5, subnet/b; next: nacl/denied-in\n',
    );
    expect(text).toContain('  checked  with it nothing else blocks\n');
    expect(text).toContain('with every change that helps: reachable\n');
  });

  test('are part of the JSON, as its schema has them', () => {
    const read = JSON.parse(renderJson(told));
    expect(traceSchema.safeParse(read).error).toBeUndefined();
    expect(read.blockers[3].fixChecked).toEqual({ result: 'admits', next: null });
    expect(read.afterFixes).toEqual({ verdict: 'reachable', blockers: [] });
  });

  test('leave the world as it was', () => {
    expect(traceOf(world, flow.from, flow.to).blockers).toHaveLength(4);
  });
});

describe('a fix', () => {
  const told = traceOf(world, flow.from, flow.to);
  const withFirst = (changed: Partial<Trace['blockers'][number]>): Trace =>
    withCheckedFixes(world, flow, { ...told, blockers: [{ ...told.blockers[0]!, ...changed }] });
  const text = (trace: Trace): string =>
    renderText(trace, { width: 200, color: false, allPaths: false, wide: false });

  test('that does not admit the packet is not offered as one', () => {
    const change = { ...(told.blockers[0]!.change as NetworkChange), ports: [8080, 8080] };
    const trace = withFirst({ change });
    expect(trace.blockers[0]!.fixChecked).toEqual({
      result: 'not-enough',
      why: 'no egress rule of sg/client admits tcp 80 to 10.1.2.10',
    });
    expect(text(trace)).not.toContain('  fix ');
    expect(text(trace)).toContain(
      '  checked  add to sg/client egress: tcp 80 to sg/server: would not be enough, no egress rule',
    );
  });

  test('that is no change of the topology cannot be tried', () => {
    const { change: _, ...blocker } = told.blockers[0]!;
    const trace = withCheckedFixes(world, flow, { ...told, blockers: [blocker] });
    expect(trace.blockers[0]!.fixChecked).toEqual({ result: 'not-checked' });
    expect(trace.afterFixes).toBeUndefined();
  });

  test('for a group that a controller makes cannot be tried', () => {
    const change = { ...(told.blockers[0]!.change as NetworkChange), group: 'k8s-traffic' };
    expect(withFirst({ change }).blockers[0]!.fixChecked).toEqual({
      result: 'not-checked',
      why: 'sg/k8s-traffic is not written in the topology: a controller makes it',
    });
  });

  test('that another one made needless is covered', () => {
    const trace = withCheckedFixes(world, flow, {
      ...told,
      blockers: [told.blockers[0]!, told.blockers[0]!],
    });
    expect(trace.blockers.map(({ fixChecked }) => fixChecked!.result)).toEqual(['admits', 'covered']);
  });
});

/** Every shipped topology with its variants, and the failures. */
const everywhere = [
  ...shipped,
  ...readdirSync(new URL('../../topologies/failures', import.meta.url)).map((file) => {
    const found = loadWorld(`failures/${file.replace('.yaml', '')}`);
    return { title: file, world: found, flows: found.topology.expectations as readonly Flow[] };
  }),
];

describe('every change that a trace offers admits the packet', () => {
  test.each(everywhere)('$title', ({ world: each, flows }) => {
    const failing = flows.flatMap((one) =>
      checked(each, one).blockers.flatMap(({ code, device, fix, fixChecked }) =>
        fixChecked?.result === 'not-enough'
          ? [`${one.from} > ${one.to}: ${code} at ${device}: ${fix}: ${fixChecked.why}`]
          : [],
      ),
    );
    expect(failing).toEqual([]);
  });
});
