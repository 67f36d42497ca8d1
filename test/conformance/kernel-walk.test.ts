/** What netlink tells, read as a walk. The fixture was recorded on a kernel: a pod of the topology two-nodes asks an
 *  address behind which nothing is, and its node sends it out under its own address. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { differences } from '../../src/conformance/kernel/compare.ts';
import type { KernelFlow, RuleHandles } from '../../src/conformance/kernel/driver.ts';
import { directionOf, kernelTold } from '../../src/conformance/kernel/kernel-walk.ts';
import { rulesOf } from '../../src/conformance/kernel/loaded-rules.ts';

const recorded = JSON.parse(
  readFileSync(new URL('fixtures/kernel-flow.json', import.meta.url), 'utf8'),
) as KernelFlow & { readonly rules: Readonly<Record<string, RuleHandles>> };

const loaded = readFileSync(new URL('fixtures/kernel-flow.iptables', import.meta.url), 'utf8');
const node = {
  device: 'node/node-1',
  ...rulesOf([{ path: 'node-node-1/iptables', text: loaded, executable: false }], recorded.rules['node-1']!),
};
const pod = { device: 'pod/default/p1', ...rulesOf([], {}) };
const told = kernelTold(
  recorded,
  new Map([
    ['node-1', node],
    ['p1', pod],
  ]),
);

const lines = (key: string): string[] => told.walks.get(key)!.map(({ text }) => text);

test('each namespace has its own walk, from where the packet enters to where it leaves', () => {
  expect([...told.walks.keys()]).toEqual(['forward pod/default/p1', 'forward node/node-1']);
  expect(lines('forward pod/default/p1')).toEqual(['sends', 'leaves by eth0']);
  expect(lines('forward node/node-1')[0]).toBe('arrives');
  expect(lines('forward node/node-1').at(-1)).toBe('leaves by ens5');
});

test('handles become the rules that the lab loaded, in the order in which they held', () => {
  const walk = lines('forward node/node-1');
  const nat = walk.slice(walk.indexOf('nat PREROUTING'), walk.indexOf('filter FORWARD'));
  expect(nat.map((text) => text.replace(/-m comment --comment ("[^"]*"|\S+) /, ''))).toEqual([
    'nat PREROUTING',
    '  -A PREROUTING -j KUBE-SERVICES',
    '  -A PREROUTING -i eni+ -j AWS-CONNMARK-CHAIN-0',
    '  -A AWS-CONNMARK-CHAIN-0 -j CONNMARK --set-xmark 0x80/0x80',
    '  -A PREROUTING -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    '  policy ACCEPT',
  ]);
});

test('a chain without rules says nothing', () => {
  expect(lines('forward node/node-1')).not.toContain('mangle FORWARD');
});

test('the mark is that after the rule, the header that before NAT', () => {
  const walk = told.walks.get('forward node/node-1')!;
  expect(walk.find(({ text }) => text.includes('--restore-mark --nfmask'))?.mark).toBe(0);
  expect(walk.filter(({ text }) => text.includes('--restore-mark --nfmask'))[1]?.mark).toBe(0x80);
  expect(walk.find(({ text }) => text === 'nat POSTROUTING')?.header).toMatchObject({
    src: '10.0.1.45',
    sport: 40001,
    ttl: 63,
  });
  expect(walk.at(-1)).toMatchObject({ header: { src: '10.0.1.12' }, mark: 0x80 });
});

test('only the first packet of each direction counts: SYN, and what answers it', () => {
  const tcp = (flags: number) => directionOf({ protocol: 6, src: '', dst: '', ttl: 64, flags });
  expect([2, 18, 20, 4, 16, 24].map(tcp)).toEqual([
    'forward',
    'reply',
    'reply',
    undefined,
    undefined,
    undefined,
  ]);
  const udp = (payload: string) => directionOf({ protocol: 17, src: '', dst: '', ttl: 64, payload });
  expect(['Q', 'R', 'x'].map(udp)).toEqual(['forward', 'reply', undefined]);
});

test('a walk is like itself, and a rule, a mark, a header or an ending that is not the same is a difference', () => {
  expect(differences(told, told)).toEqual([]);
  const changed = (at: number, change: object) => {
    const walk = [...told.walks.get('forward node/node-1')!];
    walk[at] = { ...walk[at]!, ...change };
    return differences({ ...told, walks: new Map([...told.walks, ['forward node/node-1', walk]]) }, told);
  };
  expect(changed(3, { text: '  -A PREROUTING -j OTHER' })[0]).toMatch(
    /^forward node\/node-1, line 4 \(after /,
  );
  expect(changed(3, { mark: 1 })).toHaveLength(3);
  expect(
    changed(1, { header: { ...told.walks.get('forward node/node-1')![1]!.header!, ttl: 1 } }),
  ).toHaveLength(3);
  expect(differences({ ...told, ending: { kind: 'reset' } }, told)).toEqual([
    'ending: model reset, kernel nothing',
  ]);
});

test('a port that only chance decides may be any', () => {
  const walk = [...told.walks.get('forward node/node-1')!];
  walk[walk.length - 1] = { ...walk.at(-1)!, header: { ...walk.at(-1)!.header!, sport: '*' } };
  const model = { ...told, walks: new Map([...told.walks, ['forward node/node-1', walk] as const]) };
  expect(differences(model, told)).toEqual([]);
});
