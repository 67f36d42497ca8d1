/** A node on which Calico enforces policies beside the VPC CNI, Docker runs containers, firewalld guards the host, and
 *  chains of Cilium were left behind: a dump written for this test in the form these tools write. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Trace } from '../../../src/trace/trace.ts';
import { arrow, at, chains, onlyPath, rules } from '../../support/reading.ts';
import { traceOf, worldOf } from '../../support/worlds.ts';
import { read } from './reading.ts';

const file = (name: string): string =>
  readFileSync(new URL(`fixtures/busy-node/${name}`, import.meta.url), 'utf8');
const dump = file('n1.txt');

const of = (text: string) =>
  worldOf({ 'vpcsim.yaml': file('topology.yaml'), 'pods.yaml': file('pods.yaml'), 'n1.txt': text });
const world = of(dump);
const ask = (from: string, to: string, more = {}): Trace => traceOf(world, from, to, more);

/** Verdict, device and rule of a packet that is refused. */
function refusal(trace: Trace): string[] {
  const hop = trace.paths[0]!.hops.find(({ steps }) => steps.some(({ verdict }) => verdict === 'denied'))!;
  return [trace.verdict, hop.device.id, hop.steps.find(({ verdict }) => verdict === 'denied')!.rule!];
}

test('all of it is read: tables, sets, rules, routes', () => {
  const { tables, sets, ipRules, ipRoutes } = read(dump);
  expect(tables!.map(({ table }) => table)).toEqual(['raw', 'mangle', 'filter', 'nat']);
  expect(sets).toHaveLength(4);
  expect([ipRules!.length, ipRoutes!.length]).toEqual([7, 10]);
});

describe("Calico's policy of shop/db: port 5432, from pods with app=web", () => {
  test('web gets there by the chains of both workloads, and the set that holds its address', () => {
    const trace = ask('pod/shop/web', 'pod/shop/db:5432');
    expect(trace.verdict).toBe('reachable');
    const node = at(onlyPath(trace).hops, 'node/n1');
    expect(chains(node, 'filter FORWARD')).toEqual(
      expect.arrayContaining(['cali-FORWARD', 'cali-fw-eni551b05c3e54', 'cali-tw-eni2d7243dcff6']),
    );
    expect(rules(node).join('\n')).toContain('--match-set cali40s:webPodsOfTheShop000000 src');
  });

  test('by the Service as well', () => {
    const path = onlyPath(ask('pod/shop/web', 'svc/shop/db:5432'));
    expect(arrow(at(path.hops, 'node/n1').out)).toBe('tcp 10.0.1.20:49152 > 10.0.1.21:5432');
  });

  test.each([
    ['another pod', 'pod/shop/plain', 'pod/shop/db:5432'],
    ['another port', 'pod/shop/web', 'pod/shop/db:80'],
    ['a machine of the VPC', 'instance/bastion', 'pod/shop/db:5432'],
    ['the node port', 'instance/bastion', 'node/n1:30432'],
  ])('%s is dropped, as no policy passed it', (_, from, to) => {
    expect(refusal(ask(from, to))).toEqual([
      'unreachable',
      'n1',
      '-A cali-tw-eni2d7243dcff6 -m comment --comment "cali:filTwDb000000007" -m comment --comment "Drop if no policies passed packet" -m mark --mark 0x0/0x20000 -j DROP',
    ]);
  });

  test('without the sets nobody can say', () => {
    const bare = dump.replace(/^(?:create|add) .*\n/gm, '');
    const trace = traceOf(of(bare), 'pod/shop/web', 'pod/shop/db:5432');
    expect(['undetermined', 'ambiguous']).toContain(trace.verdict);
    expect(trace.notModelled.join('\n')).toContain('--match-set cali40s:webPodsOfTheShop000000 src');
  });
});

describe('firewalld guards the node', () => {
  test.each([22, 10_250])('port %i is allowed', (port) => {
    expect(ask('instance/bastion', `node/n1:${port}`).verdict).toBe('reachable');
  });

  test('another one is refused as prohibited', () => {
    const trace = ask('instance/bastion', 'node/n1:9100');
    expect(refusal(trace)[2]).toBe('-A INPUT -j REJECT --reject-with icmp-host-prohibited');
    expect(trace.symptom.kind).toBe('icmp-unreachable-10');
  });

  test('pods are trusted', () => {
    expect(ask('pod/shop/plain', 'node/n1:9100').verdict).toBe('reachable');
  });

  test('what goes to a pod is let through by the zone that it leaves to', () => {
    const trace = ask('instance/bastion', 'pod/shop/plain:80');
    expect(trace.verdict).toBe('reachable');
    const node = at(onlyPath(trace).hops, 'node/n1');
    expect(rules(node)).toEqual(
      expect.arrayContaining([
        '-A FORWARD_IN_ZONES -i ens5 -g FWDI_public',
        '-A FORWARD_OUT_ZONES -o eni+ -g FWDO_trusted',
        '-A FWDO_trusted -j ACCEPT',
      ]),
    );
  });
});

test('a port that Docker publishes leads to an interface that the model does not have: undetermined', () => {
  const trace = ask('instance/bastion', 'node/n1:8080');
  expect(trace.verdict).toBe('undetermined');
  expect(trace.assumptions.join('\n') + JSON.stringify(trace.paths[0])).toContain('docker0');
});

test('what is in no dump is warned of: docker0 of the model, the programs of Cilium', () => {
  const codes = world.warnings.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(['dump/no-interface', 'dump/ebpf']));
  expect(codes).not.toContain('dump/interface-names');
});

test('chains that Cilium left behind change nothing', () => {
  const without = dump
    .split('\n')
    .filter((line) => !/CILIUM_/.test(line))
    .join('\n');
  const flows = [
    ['pod/shop/web', 'pod/shop/db:5432'],
    ['pod/shop/plain', 'pod/shop/db:5432'],
    ['pod/shop/web', 'instance/bastion:80'],
    ['node/n1', 'pod/shop/web:80'],
  ] as const;
  const before = of(without);
  for (const [from, to] of flows) expect(ask(from, to).verdict).toBe(traceOf(before, from, to).verdict);
});
