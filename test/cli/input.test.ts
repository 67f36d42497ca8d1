/** Where the input comes from, and how its faults are told. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vpcsim } from '../support/console.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpcsim-input-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder with these files. */
function place(name: string, files: Readonly<Record<string, string>>): string {
  const cwd = join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(cwd, file, '..'), { recursive: true });
    writeFileSync(join(cwd, file), text);
  }
  mkdirSync(cwd, { recursive: true });
  return cwd;
}

const topology = `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: mine }
vpcs:
  - name: main
    region: us-east-1
    cidrs: [10.7.0.0/16]
    subnets: [{ name: a, cidr: 10.7.0.0/24, az: us-east-1a, routeTable: r }]
    routeTables: [{ name: r, main: true, routes: [] }]
instances:
  - { name: one, vpc: main, subnet: a, address: 10.7.0.10 }
  - { name: two, vpc: main, subnet: a, address: 10.7.0.11 }
`;
const ask = ['trace', 'instance/one', 'instance/two:22', '-o', 'wire'];

describe('without -t', () => {
  test('vpcsim.yaml of the current folder is read', async () => {
    const { status, err } = await vpcsim(ask, { cwd: place('here', { 'vpcsim.yaml': topology }) });
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });

  test('else the shipped day, and standard error says so', async () => {
    const { status, out, err } = await vpcsim(['trace', 'pod/dev/client', '1.1.1.1:443', '-o', 'wire'], {
      cwd: place('nothing', {}),
    });
    expect(status).toBe(0);
    expect(err).toBe('no vpcsim.yaml here: using the shipped topology "day"\n');
    expect(out).not.toContain('vpcsim.yaml');
  });
});

describe('with -t', () => {
  test('a file of this name goes before a shipped topology', async () => {
    const cwd = place('own-day', { day: topology });
    expect((await vpcsim([...ask, '-t', 'day'], { cwd })).status).toBe(0);
  });

  test('a path below the current folder is read from there', async () => {
    const cwd = place('deep', { 'nets/mine.yaml': topology });
    expect((await vpcsim([...ask, '-t', 'nets/mine.yaml'], { cwd })).status).toBe(0);
  });

  test('a shipped topology is known by its name, from anywhere', async () => {
    const { status, err } = await vpcsim(
      ['trace', 'node/node-1', '10.0.2.34:10250', '-t', 'two-nodes', '-o', 'wire'],
      { cwd: place('elsewhere', {}) },
    );
    expect({ status, err }).toEqual({ status: 0, err: '' });
  });
});

describe('faults of the input', () => {
  const faulty = topology
    .replace('cidrs: [10.7.0.0/16]', 'cidrs: [10.7.0.1/16]')
    .replace('routeTable: r }', 'routeTable: q }')
    .replace('address: 10.7.0.11', 'adress: 10.7.0.11');

  test('are all told at once, each with file, line and column, in the order of the file', async () => {
    const cwd = place('faulty', { 'vpcsim.yaml': faulty });
    const { status, out, err } = await vpcsim(ask, { cwd });
    expect({ status, out }).toEqual({ status: 2, out: '' });
    const places = [...err.matchAll(/^(vpcsim\.yaml):(\d+):(\d+) {2}(?:error|warning) \S+\/\S+ {2}\S/gm)];
    const lines = places.map(([, , line]) => Number(line));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });

  test('a field nobody knows is told with the nearest known one', async () => {
    const cwd = place('typo', { 'vpcsim.yaml': topology.replace('address: 10.7.0.11', 'adress: 10.7.0.11') });
    const { err } = await vpcsim(ask, { cwd });
    expect(err).toMatch(/^vpcsim\.yaml:12:\d+ {2}error /);
    expect(err).toContain('address');
  });

  test('a warning does not stop the answer: it goes to standard error', async () => {
    const { status, out, err } = await vpcsim(['get', 'nodes', '-t', 'shop']);
    expect(status).toBe(0);
    expect(out).toContain('private-1');
    expect(err).toMatch(
      /^warning cluster\/policy-not-enforced {2}1 NetworkPolicy exists and nothing enforces it/,
    );
  });

  test('YAML that is none is told with its line', async () => {
    const cwd = place('broken', { 'vpcsim.yaml': 'vpcs:\n  - name: [main\n' });
    const { status, err } = await vpcsim(ask, { cwd });
    expect(status).toBe(2);
    expect(err).toMatch(/^vpcsim\.yaml:\d+:\d+ {2}error /);
  });
});

describe('rules of real hosts beside the topology', () => {
  const dumps = {
    'n.txt': '*filter\n:FORWARD DROP [0:0]\nCOMMIT\n*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n',
    'bad.txt': '*filter\n-A INPUT -j NOWHERE\nCOMMIT\n',
  };

  test('--node-rules gives a node its tables', async () => {
    const { out, status } = await vpcsim(
      ['iptables', 'node-1', '-t', 'two-nodes', '--node-rules', 'node-1=n.txt'],
      {
        cwd: place('dumps', dumps),
      },
    );
    expect(status).toBe(0);
    expect(out).toContain(':FORWARD DROP [0:0]');
    expect(out).not.toContain('KUBE-');
  });

  test('--pod-rules gives a pod rules, sets and tables of nftables, which are printed', async () => {
    const held = `*filter
:INPUT DROP [0:0]
-A INPUT -m set --match-set friends src -j ACCEPT
COMMIT
create friends hash:ip family inet hashsize 1024 maxelem 65536
add friends 10.0.1.12
table ip t {
	chain a {
		drop
	}
}
`;
    const cwd = place('dumps', { 'p.txt': held });
    const args = ['pod/default/p1', '-t', 'two-nodes', '--pod-rules', 'default/p1=p.txt'];
    const print = async (...words: string[]) =>
      (await vpcsim([...words.slice(0, 1), ...args, ...words.slice(1)], { cwd })).out;
    expect(await print('iptables')).toContain('-A INPUT -m set --match-set friends src -j ACCEPT');
    expect(await print('iptables', '--for', 'restore')).toMatch(
      /^# First: vpcsim iptables pod\/default\/p1 --for ipset \| ipset restore\n\*filter/,
    );
    expect(await print('iptables', '--for', 'ipset')).toBe(
      'create friends hash:ip family inet hashsize 1024 maxelem 65536\nadd friends 10.0.1.12\n',
    );
    expect(await print('nft')).toBe('table ip t {\n\tchain a {\n\t\tdrop\n\t}\n}\n');
  });

  test('a host without tables of nftables says so', async () => {
    const { out, err, status } = await vpcsim(['nft', 'pod/default/p1', '-t', 'two-nodes']);
    expect([out, err, status]).toEqual([
      '',
      'pod/default/p1 has no tables of nftables beside those of iptables (vpcsim iptables)\n',
      0,
    ]);
  });

  test.each([
    ['without a file', ['--node-rules', 'node-1'], 'error usage/bad-rules  --node-rules "node-1"'],
    ['for a node that does not exist', ['--node-rules', 'nod=n.txt'], 'rules are given for node "nod"'],
    ['that are broken', ['--node-rules', 'node-1=bad.txt'], 'bad.txt:2:13  error dump/no-such-chain'],
    ['from a file that is not there', ['--pod-rules', 'a/b=none.txt'], 'there is no file none.txt'],
  ])('rules %s are bad input', async (_, args, message) => {
    const { err, status } = await vpcsim(
      ['trace', 'node/node-1', 'node/node-2:80', '-t', 'two-nodes', ...args],
      {
        cwd: place('dumps', dumps),
      },
    );
    expect(status).toBe(2);
    expect(err).toContain(message);
  });
});
