/** Dumps of real hosts (the fixtures): all of them load, and what is printed of them is what they say. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canonicalRule } from '../../../src/host/netfilter/rule-text.ts';
import { saveText } from '../../../src/host/save/iptables.ts';
import { readHostDump } from '../../../src/io/dumps/host-dump.ts';

const folder = join(process.env.VPCSIM_FIXTURES ?? '', 'node-dumps');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.txt')) : [];

test.runIf(process.env.CI)('VPCSIM_FIXTURES names the folder with the dumps', () => {
  expect(files.length).toBeGreaterThan(20);
});

describe.skipIf(files.length === 0)('dumps of real hosts (skipped where VPCSIM_FIXTURES is unset)', () => {
  test.each(files)('%s loads without a mistake', (file) => {
    const { dump, issues } = load(file);
    expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect((dump.tables?.length ?? 0) + (dump.ipRoutes?.length ?? 0)).toBeGreaterThan(0);
  });

  test.each(files)('%s keeps every rule, in its order', (file) => {
    const { dump } = load(file);
    const written = text(file)
      .split(/\r\n|\n|\r/)
      .map((line) => line.replace(/^\[\d+:\d+\] /, '').trimEnd())
      .filter((line) => line.startsWith('-A '));
    const read = (dump.tables ?? [])
      .filter(({ table }) => !table.includes(' '))
      .flatMap(({ chains }) => chains.flatMap(({ rules }) => rules.map((rule) => rule.text)));
    expect([...read].sort()).toEqual([...written].sort());
  });

  test.each(files)('%s, printed and read again, is printed alike', (file) => {
    const tables = (load(file).dump.tables ?? []).filter(({ family }) => family !== 'IPv6');
    const once = saveText(tables);
    const again = once === '' ? [] : readHostDump([{ file, text: once }]).dump.tables!;
    expect(saveText(again)).toBe(once);
  });

  test('rules that a current iptables-save prints are printed as they are', () => {
    const lines = [
      'eks_node1_nat_S.txt',
      'eks_node1_filter_S.txt',
      'docker_usernet_portmap_S.txt',
      'azure_npm_v2.txt',
    ];
    for (const line of lines
      .flatMap((file) => text(file).split('\n'))
      .filter((each) => each.startsWith('-A ')))
      expect(canonicalRule(line)).toBe(line.trimEnd());
  });
});

const text = (file: string): string => readFileSync(join(folder, file), 'utf8');
const load = (file: string) => readHostDump([{ file, text: text(file) }]);
