/** The table of instance types: as its sources have it, and made anew from what EC2 says. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { type InstanceType, instanceTypes } from '../../src/cni/instance-types.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixture = join(process.env.VPCSIM_FIXTURES ?? '', 'eni-limits.json');

interface Row {
  readonly maxENIs: number;
  readonly ipv4PerENI: number;
  readonly hypervisor: string;
  readonly isBareMetal: boolean;
  readonly src: string;
  readonly networkCards: readonly number[];
  readonly totalENIsAllCards: number;
  readonly trunkCompatible: boolean | null;
  readonly branchENIs: number | null;
  readonly vcpus: number | null;
}

test.skipIf(!existsSync(fixture))('all 1,420 types are as the sources have them', () => {
  const { types } = JSON.parse(readFileSync(fixture, 'utf8')) as { types: Record<string, Row> };
  const expected = Object.entries(types).map(
    ([name, row]): InstanceType => ({
      name,
      maxEnis: row.maxENIs,
      ipv4PerEni: row.ipv4PerENI,
      networkCards: row.networkCards.length,
      totalEnis: row.totalENIsAllCards,
      hypervisor: row.hypervisor as InstanceType['hypervisor'],
      bareMetal: row.isBareMetal,
      vcpus: row.vcpus ?? undefined,
      memoryMiB: undefined,
      branchEnis: row.trunkCompatible === false ? 0 : (row.branchENIs ?? undefined),
      missingInCni: row.src === 'karpenter',
    }),
  );
  const byName = new Map(expected.map((type) => [type.name, type]));
  expect(new Map([...instanceTypes()].sort(([a], [b]) => (a < b ? -1 : 1)))).toEqual(
    new Map([...byName].sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  expect(byName.size).toBe(1420);
});

describe('tools/refresh-eni-limits.mjs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vpcsim-limits-'));
  const table = join(folder, 'eni-limits.ts');
  afterAll(() => rmSync(folder, { recursive: true }));

  const refresh = (file: string): string[] => [
    join(root, 'tools/refresh-eni-limits.mjs'),
    file,
    '--date',
    '2026-09-01',
    '--table',
    table,
  ];

  test('takes over what EC2 says, keeps branch ENIs and all other types, and tells what is new', () => {
    copyFileSync(join(root, 'src/cni/data/eni-limits.ts'), table);
    const said = execFileSync(process.execPath, refresh(join(root, 'test/io/instance-types.json')), {
      encoding: 'utf8',
    });
    expect(said.split('\n')).toEqual([
      'new      p9z.48xlarge: 15 ENIs x 50 addresses',
      'new      m9z.metal: 15 ENIs x 50 addresses',
      '1422 types: 2 new, 0 with other limits',
      '',
    ]);
    const [before, after] = [join(root, 'src/cni/data/eni-limits.ts'), table].map((path) =>
      readFileSync(path, 'utf8').split('\n'),
    );
    expect(after!.filter((line) => !before!.includes(line))).toEqual([
      '/** ENI and address limits of 1422 EC2 instance types, one family a line. Read by `instance-types`; regenerate, do not edit.',
      ' *  aws ec2 describe-instance-types (2026-09-01).',
      expect.stringMatching(/^m5 .* large:3:10:1:n:2:9::8192 /),
      'm9z metal:15:50:1:um:96:?:k:393216',
      'p9z 48xlarge:15:50:15+4:n:192:?:k:2097152',
    ]);
  });

  test('run again changes nothing', () => {
    const before = readFileSync(table, 'utf8');
    execFileSync(process.execPath, refresh(join(root, 'test/io/instance-types.json')));
    expect(readFileSync(table, 'utf8')).toBe(before);
  });

  test('refuses a file of another form and leaves the table as it is', () => {
    const other = join(folder, 'other.json');
    writeFileSync(other, '{"Reservations": []}');
    const before = readFileSync(table, 'utf8');
    const { status, stderr } = spawnSync(process.execPath, refresh(other), { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toContain('has no types under "InstanceTypes"');
    expect(readFileSync(table, 'utf8')).toBe(before);
  });
});
