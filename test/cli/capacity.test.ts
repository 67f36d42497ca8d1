/** `vpcsim capacity`: its exit status, its formats, and what a wrong word is told. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clusterFiles } from '../support/capacity.ts';
import { vpcsim } from '../support/console.ts';

/** What is printed where a command line is refused. */
async function refusal(...args: string[]): Promise<string> {
  const { status, out, err } = await vpcsim(['capacity', '-t', 'day', ...args]);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  return err;
}

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'vpcsim-capacity-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('exit status', () => {
  test('0 where everything has its place and its address', async () => {
    const { status, out } = await vpcsim(['capacity', '-t', 'day']);
    expect(status).toBe(0);
    expect(out).toContain('FITS      everything that is there has its place and its address');
  });

  test('1 where pods wait for a node or an address', async () => {
    const { status, out } = await vpcsim(['capacity', '-t', 'faults']);
    expect(status).toBe(1);
    expect(out).toContain('NOW');
  });

  test('1 where a node has no address', async () => {
    const files = clusterFiles({
      subnets: [
        '{ name: a, cidr: 10.0.0.0/28, az: us-east-1a, occupied: [{ cidr: 10.0.0.8/29, by: RDS }] }',
        '{ name: b, cidr: 10.0.1.0/28, az: us-east-1b }',
      ],
      groups: '{ name: workers, instanceType: m5.large, desired: 20, min: 1, max: 20, subnets: [a] }',
    });
    const { status, out, err } = await vpcsim(['capacity'], { cwd: folderOf(files) });
    expect({ status, err: status === 2 ? err : '' }).toEqual({ status: 1, err: '' });
    expect(out).toContain('subnet a is full');
  });

  test('0 where only the future does not fit', async () => {
    const { status, out } = await vpcsim(['capacity', '-t', 'day', '--replicas', 'day-service=50']);
    expect(status).toBe(0);
    expect(out).toContain('deploy/production/day-service at 50: does not fit, 29 pods without a node');
  });
});

describe('formats', () => {
  test('JSON and CSV say the same free addresses', async () => {
    const json = JSON.parse((await vpcsim(['capacity', '-t', 'day', '-o', 'json'])).out);
    const csv = (await vpcsim(['capacity', '-t', 'day', '-o', 'csv'])).out;
    for (const { name, az, cidr, free } of json.subnets)
      expect(csv).toContain(`today,,${name},${az},${cidr},free,${free}\r\n`);
  });

  test('SVG and HTML', async () => {
    expect((await vpcsim(['capacity', '-t', 'day', '-o', 'svg'])).out).toContain('<svg ');
    expect((await vpcsim(['capacity', '-t', 'day', '-o', 'html'])).out).toMatch(/^<!doctype html>/i);
  });

  test('--output-file writes it whole', async () => {
    const file = join(folderOf({}), 'report.json');
    const { out } = await vpcsim(['capacity', '-t', 'day', '-o', 'json', '--output-file', file]);
    expect(out).toBe('');
    expect(JSON.parse(readFileSync(file, 'utf8')).topology).toBe('day');
  });

  test('text keeps to the width of the terminal', async () => {
    for (const width of [100, 140]) {
      const { out } = await vpcsim(['capacity', '-t', 'day', '--growth', '5%/week'], { width });
      const longest = Math.max(...out.split('\n').map((line) => line.length));
      expect(longest).toBeLessThanOrEqual(width);
    }
  });

  test('a topology without a cluster: what its subnets hold', async () => {
    const [text] = clusterFiles({})['vpcsim.yaml']!.split('cluster:');
    const { status, out } = await vpcsim(['capacity'], { cwd: folderOf({ 'vpcsim.yaml': text! }) });
    expect(status).toBe(0);
    expect(out).toContain('no cluster');
    expect(out).toContain('251');
  });
});

describe('wrong words', () => {
  test('a Deployment that is not there: the nearest', async () => {
    expect(await refusal('--replicas', 'day-servce=5')).toBe(
      'error usage/unknown-name  there is no Deployment or StatefulSet day-servce\n    hint  did you mean day-service?\n',
    );
    expect(await refusal('--replicas', 'production/day-servce=5')).toContain('production/day-service');
  });

  test('a node group that is not there: the nearest', async () => {
    expect(await refusal('--nodes', 'day-node=5')).toContain('did you mean day-nodes?');
  });

  test.each([
    'day-service',
    'day-service=',
    'day-service=-1',
    'day-service=many',
    '=5',
    'day-service=1.5',
    'day-service=999999999',
  ])('--replicas %s', async (word) => {
    expect(await refusal('--replicas', word)).toContain('usage/bad-count');
  });

  test.each(['5', '5%', '5%/year', '0%/week', '-5%/week', 'x%/day', '99999%/day'])(
    '--growth %s',
    async (word) => {
      expect(await refusal(`--growth=${word}`)).toContain('usage/bad-growth');
    },
  );

  test('one workload twice', async () => {
    const err = await refusal('--replicas', 'day-service=5', '--replicas', 'production/day-service=6');
    expect(err).toContain('usage/given-twice');
  });

  test('a name that two namespaces have', async () => {
    const files = clusterFiles({
      manifests: `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: other }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: a, image: a }] } }
`,
    });
    const { status, err } = await vpcsim(['capacity', '--replicas', 'web=5'], { cwd: folderOf(files) });
    expect(status).toBe(2);
    expect(err).toContain('could be any of default/web, other/web');
  });

  test('formats and options of the other mode', async () => {
    expect(await refusal('-o', 'yaml')).toContain('-o yaml is not for a report of what is there');
    const { status, err } = await vpcsim(['capacity', '--plan', '--growth', '5%/week']);
    expect(status).toBe(2);
    expect(err).toContain('--growth is not for --plan');
  });
});
