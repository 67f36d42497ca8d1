/** The suite kube-proxy judges: what it is told wrongly it reports, each case by its name. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../src/conformance/program.ts';
import type { CasesFile } from '../../src/conformance/suites/kube-proxy-format.ts';

const file = fileURLToPath(new URL('kube-proxy-cases.json', import.meta.url));
const all = JSON.parse(readFileSync(file, 'utf8')) as CasesFile;
const folder = mkdtempSync(join(tmpdir(), 'vpcsim-kube-proxy-'));

async function run(cases: Partial<CasesFile>): Promise<{ status: number; lines: string[] }> {
  const path = join(folder, 'cases.json');
  writeFileSync(path, JSON.stringify(cases));
  const lines: string[] = [];
  const status = await runConformance(['kube-proxy', '--cases', path], (line) => lines.push(line));
  return { status, lines };
}

const scenario = all.scenarios.find(({ id }) => id === 'nodeport-v4-localhost-on')!;
const [first, ...others] = scenario.flows;
const withFlow = (flow: Partial<typeof first>) => ({
  scenarios: [{ ...scenario, flows: [{ ...first!, ...flow }, ...others] }],
});

describe('a flow', () => {
  test('that goes as expected passes', async () => {
    const { status, lines } = await run({ scenarios: [scenario] });
    expect(lines.at(-1)).toBe('6 passed, 0 failed');
    expect(status).toBe(0);
  });

  test.each([
    ['another endpoint', { endpoints: ['10.180.0.1:80', '10.180.2.2:80'], masq: false }],
    ['an endpoint less', { endpoints: ['10.180.0.1:80'], masq: false }],
    ['another port', { endpoints: ['10.180.0.1:81', '10.180.2.1:81'], masq: false }],
    ['masquerading', { endpoints: ['10.180.0.1:80', '10.180.2.1:80'], masq: true }],
    ['DROP', 'DROP' as const],
    ['REJECT', 'REJECT' as const],
    ['NONE', 'NONE' as const],
  ])('for which %s is expected differs', async (_, expected) => {
    const { status, lines } = await run(withFlow({ expect: expected }));
    expect(status).toBe(1);
    expect(lines[0]).toBe(`differs  ${scenario.id}/${first!.name}`);
    expect(lines[2]).toBe('         got       10.180.0.1:80, 10.180.2.1:80');
    expect(lines.at(-1)).toBe('5 passed, 1 failed');
  });

  test('of another mode does not apply, and never passes', async () => {
    const { lines } = await run(withFlow({ modes: ['nftables'] }));
    expect(lines.slice(-3)).toEqual([
      '1 not applicable: a flow of mode nftables; vpcsim models mode iptables',
      '0 skipped, 1 not applicable',
      '5 passed, 0 failed',
    ]);
  });

  test('is judged by what is expected of the mode', async () => {
    const { lines } = await run(withFlow({ expectByMode: { iptables: 'DROP' } }));
    expect(lines.at(-1)).toBe('5 passed, 1 failed');
  });

  test('that cannot be written as a topology differs, and says why', async () => {
    const [service, ...more] = scenario.services;
    const services = [{ ...service!, clusterIP: '172.30.0.300' }, ...more];
    const { status, lines } = await run({ scenarios: [{ ...scenario, services }] });
    expect(status).toBe(1);
    expect(lines[1]).toContain('k8s/invalid-value');
  });
});

test('a loopback shield that is not there differs', async () => {
  const { lines } = await run({
    scenarios: [{ ...scenario, flows: [], proxy: { ...scenario.proxy, family: 'IPv6' } }],
  });
  expect(lines.slice(0, 2)).toEqual([
    `differs  ${scenario.id}/rule that shields loopback`,
    '         expected one, got none',
  ]);
});

describe('a golden rule', () => {
  const golden = all.goldenRules!;
  const mixed = all.scenarios.find(({ id }) => id === golden.scenario)!;
  const withForward = (rules: readonly string[]) => ({
    scenarios: [{ ...mixed, flows: [] }],
    goldenRules: { ...golden, nat: {}, filter: { 'KUBE-FORWARD': [...rules] } },
  });
  const rules = golden.filter['KUBE-FORWARD']!;

  test.each([
    ['with another mark', rules.map((rule) => rule.replace('0x4000/0x4000', '0x8000/0x8000'))],
    ['that is not there', [...rules, '-A KUBE-FORWARD -j DROP']],
    ['too many', rules.slice(1)],
    ['in another place', rules.toReversed()],
    ['without its negation', rules.map((rule) => rule.replace('--ctstate INVALID', '! --ctstate INVALID'))],
  ])('%s differs', async (_, changed) => {
    expect((await run(withForward(changed))).lines.at(-1)).toBe('0 passed, 1 failed');
  });

  test('in the spelling of iptables-restore is the same rule', async () => {
    expect((await run(withForward(rules))).lines.at(-1)).toBe('1 passed, 0 failed');
  });
});

describe('the endpoints a node chooses', () => {
  const one = all.selectionCases.find(({ id }) => id === 'zone-and-local-merge')!;
  test.each([
    ['cluster', { cluster: ['10.0.0.0:80'] }],
    ['local', { local: [] }],
    ['reachable', { allReachable: [] }],
    ['endpoints anywhere', { hasAny: false }],
  ])('differ in %s', async (what, changed) => {
    const { lines } = await run({ selectionCases: [{ ...one, expect: { ...one.expect, ...changed } }] });
    expect(lines[1]).toContain(`${what}: expected`);
    expect(lines.at(-1)).toBe('0 passed, 1 failed');
  });
});

test('a wrong name of a chain differs', async () => {
  const { lines } = await run({ chainNames: { iptablesService: { 'ns1/svc1:p80tcp': 'KUBE-SVC-X' } } });
  expect(lines.slice(1, 3)).toEqual([
    '         expected  KUBE-SVC-X',
    '         got       KUBE-SVC-XPGD46QRK7WJZT7O',
  ]);
});

test('a wrong probability differs', async () => {
  expect((await run({ probabilities: { 3: '0.3333333333', 7: '0.1428' } })).lines.at(-1)).toBe(
    '1 passed, 1 failed',
  );
});
