/** What the commands other than `trace` print. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { vpcsim } from '../support/console.ts';

/** Standard output of a command that succeeds in silence on standard error. */
async function printed(...args: string[]): Promise<string> {
  const { status, out, err } = await vpcsim(args);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  return out;
}

describe('check', () => {
  test('runs the flows of a topology and of its variants, and counts them', async () => {
    const out = await printed('check', 'two-nodes');
    expect(out).toContain('two-nodes (variant no-self-rule)\n');
    expect(out).toContain('  holds  node/node-1 > 10.0.2.34:10250: reachable, connected\n');
    expect(out).toMatch(/\n9 hold, 0 fail\n$/);
  });

  test('runs one variant only, if asked', async () => {
    const out = await printed('check', 'two-nodes', '--variant', 'no-self-rule');
    expect(out).toMatch(/^two-nodes \(variant no-self-rule\)\n/);
    expect(out).toMatch(/\n2 hold, 0 fail\n$/);
  });

  test('runs several topologies one after the other', async () => {
    const out = await printed('check', 'two-nodes', 'expense');
    expect(out.match(/^\S.*$/gm)).toContain('expense');
  });

  test('tells programs the same as JSON', async () => {
    const told = JSON.parse(await printed('check', 'two-nodes', '-o', 'json')) as Record<string, unknown>;
    expect(told).toMatchObject({ schema: 'vpcsim.check/v1', passed: 9, failed: 0 });
  });

  test('fails with status 1, says what was expected and what came, and where it is written', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vpcsim-check-'));
    try {
      writeFileSync(
        join(folder, 'wrong.yaml'),
        `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: wrong }
vpcs:
  - name: main
    region: us-east-1
    cidrs: [10.7.0.0/16]
    subnets: [{ name: a, cidr: 10.7.0.0/24, az: us-east-1a, routeTable: r }]
    routeTables: [{ name: r, main: true, routes: [] }]
instances:
  - { name: one, vpc: main, subnet: a, address: 10.7.0.10 }
expect:
  - { from: instance/one, to: "8.8.8.8:53", verdict: reachable }
`,
      );
      const { status, out } = await vpcsim(['check', 'wrong.yaml'], { cwd: folder });
      expect(status).toBe(1);
      expect(out).toContain('FAILS  instance/one > 8.8.8.8:53: unreachable, rt/no-route, timeout');
      expect(out).toContain('verdict: expected reachable, got unreachable');
      expect(out).toContain('at wrong.yaml:13');
      expect(out).toMatch(/\n0 hold, 1 fail\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('get', () => {
  test('pods: where each runs, and why; that a subnet is full is a warning', async () => {
    const { out, err } = await vpcsim(['get', 'pods', '-t', 'faults']);
    expect(err).toMatch(
      / warning cni\/subnet-short {2}7 pods on 1 node get no address: subnet pods answers /,
    );
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^NAMESPACE +NAME +READY +STATUS +IP +NODE +ENI +REASON$/);
    expect(lines.find((line) => / waiting-0 /.test(line))).toMatch(/ Pending .* 1 Too many pods/);
    expect(lines.find((line) => / crowd-0 /.test(line))).toMatch(/ Running +10\.3\.3\.6 +starved /);
  });

  test('pods of one namespace only, if asked', async () => {
    const lines = (await printed('get', 'pods', '-t', 'day', '-n', 'production')).trimEnd().split('\n');
    expect(lines.slice(1).map((line) => line.split(/ +/)[0])).toEqual(Array(3).fill('production'));
  });

  test('pods as JSON', async () => {
    const pods = JSON.parse(await printed('get', 'pods', '-t', 'day', '-n', 'dev', '-o', 'json')) as unknown;
    expect(pods).toMatchObject([{ namespace: 'dev', name: 'client', ip: '10.1.16.6' }]);
  });

  test('defaults: what was filled in, and whose default it is', async () => {
    const lines = (await printed('get', 'defaults', '-t', 'day')).split('\n');
    expect(lines[0]).toMatch(/^WHERE +VALUE +BY$/);
    expect(lines.find((line) => line.includes('EXTERNALSNAT'))).toMatch(/ false +VPC CNI$/);
    expect(lines.find((line) => line.startsWith('cluster.securityGroup'))).toMatch(/EKS$/);
  });

  test.each([
    'nodes',
    'services',
    'endpoints',
    'enis',
    'addresses',
    'subnets',
    'routetables',
    'securitygroups',
    'loadbalancers',
  ])('%s: a table with at least one row', async (kind) => {
    const lines = (await printed('get', kind, '-t', 'day')).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^[A-Z-]+( +[A-Z-]+)*$/);
    expect(lines.length).toBeGreaterThan(1);
  });
});

describe('iptables', () => {
  test('prints one table, if asked', async () => {
    const out = await printed('iptables', 'node-1', '-t', 'two-nodes', '--table', 'nat');
    expect(out.match(/^\*\w+$/gm)).toEqual(['*nat']);
    expect(out).toMatch(/^COMMIT$/m);
  });

  test('knows the node by its full name too', async () => {
    expect(await printed('iptables', 'node/node-1', '-t', 'two-nodes')).toBe(
      await printed('iptables', 'node-1', '-t', 'two-nodes'),
    );
  });
});

describe('explain', () => {
  test('says what a code means, its causes, and where to look', async () => {
    const out = await printed('explain', 'sg/no-ingress-rule');
    expect(out).toMatch(/^sg\/no-ingress-rule\nNo inbound rule /);
    expect(out).toContain('\nAWS Reachability Analyzer: ENI_SG_RULES_MISMATCH, SG_HAS_NO_RULES, ');
    expect(out).toMatch(/\nUsual causes\n {2}- /);
    expect(out).toMatch(/\nWhere to look\n {2}- /);
  });

  test("lists every code of ours for one of AWS's", async () => {
    const out = await printed('explain', 'ENI_SG_RULES_MISMATCH');
    expect(out).toMatch(/^AWS's ENI_SG_RULES_MISMATCH is sg\/no-egress-rule, sg\/no-ingress-rule here\.\n/);
    expect(out).toContain('\nsg/no-ingress-rule\nNo inbound rule ');
  });

  test("says why no trace has one of AWS's codes", async () => {
    const out = await printed('explain', 'gwlb_protocol_restriction');
    expect(out).toBe(
      'GWLB_PROTOCOL_RESTRICTION\n' +
        'AWS Reachability Analyzer: between a Gateway Load Balancer and its targets runs GENEVE over UDP.\n\n' +
        'No trace has it: Gateway Load Balancers are not modelled.\n',
    );
  });

  test('knows AWS’s codes, all of ours that say it', async () => {
    const out = await printed('explain', 'SUBNET_ACL_RESTRICTION');
    expect(out).toMatch(/^nacl\/denied-in$/m);
    expect(out).toMatch(/^nacl\/denied-out$/m);
  });

  test('lists all codes where none is given', async () => {
    const codes = (await printed('explain'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]!);
    expect(codes).toEqual([...codes].sort());
    expect(codes).toContain('rt/blackhole');
  });
});

test('draw prints one SVG of the whole topology', async () => {
  const out = await printed('draw', '-t', 'two-nodes');
  expect(out).toMatch(/^<\?xml [^>]*\?><svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  for (const name of ['subnet-a', 'subnet-b', 'node-1', 'node-2']) expect(out).toContain(name);
});

describe('lab', () => {
  test('writes scripts into a folder of their own, and never over something', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'vpcsim-lab-'));
    try {
      const { status, out } = await vpcsim(['lab', 'two-nodes', '-o', 'lab'], { cwd });
      expect({ status, out }).toMatchObject({
        status: 0,
        out: expect.stringMatching(/^lab\/up.sh builds 10 namespaces/),
      });
      expect(statSync(join(cwd, 'lab/up.sh')).mode & 0o111).not.toBe(0);
      const again = await vpcsim(['lab', 'two-nodes', '-o', 'lab'], { cwd });
      expect(again).toMatchObject({ status: 2, err: expect.stringContaining('the folder is not empty') });
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });
});
