/** How rules are printed: for iptables-restore, for nft, and how long it takes. */
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { defaulted } from '../../src/base/origin.ts';
import type { TableSource } from '../../src/host/rules.ts';
import { restoreText, saveText } from '../../src/host/save/iptables.ts';
import { nftText } from '../../src/host/save/nft.ts';
import { setsText } from '../../src/host/save/sets.ts';

const origin = defaulted('a test', 'rules');
const lines = (...texts: string[]) => texts.map((text) => ({ text, origin }));

describe('the text of iptables-save', () => {
  const tables: TableSource[] = [
    {
      table: 'filter',
      chains: [
        { name: 'B', rules: lines('-A B -j RETURN') },
        { name: 'FORWARD', policy: 'DROP', rules: lines('-A FORWARD -j B') },
      ],
    },
    { table: 'filter', family: 'IPv6', chains: [{ name: 'SIX', rules: [] }] },
    { table: 'ip t', chains: [{ name: 'a', rules: lines('drop') }] },
    { table: 'filter', chains: [{ name: 'FORWARD', rules: lines('-A FORWARD -j ACCEPT') }] },
  ];

  test('built-in chains, then the others by name; parts of a chain follow each other', () => {
    expect(saveText(tables)).toBe(
      `*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:B - [0:0]
-A FORWARD -j B
-A FORWARD -j ACCEPT
-A B -j RETURN
COMMIT
`,
    );
  });

  test('the family that is asked for, and no table of nftables', () => {
    expect(saveText(tables, 'IPv6')).toContain(':SIX - [0:0]\nCOMMIT');
    expect(saveText(tables, 'IPv6')).not.toContain(':B ');
    expect(nftText(tables)).toBe('table ip t {\n\tchain a {\n\t\tdrop\n\t}\n}\n');
  });

  test('for iptables-restore without what would have to be made first', () => {
    const counted =
      '-A FORWARD -m conntrack --ctstate INVALID -m nfacct --nfacct-name dropped -m comment --comment "-m nfacct --nfacct-name x" -j DROP';
    const source: TableSource = { table: 'filter', chains: [{ name: 'FORWARD', rules: lines(counted) }] };
    expect(saveText([source])).toContain(counted);
    expect(restoreText([source])).toContain(counted.replace(' -m nfacct --nfacct-name dropped', ''));
  });
});

test('texts are quoted, other values of targets are not', () => {
  const rules = [
    '-A B -j LOG --log-prefix "dropped: " --log-level 7',
    '-A B -j CLASSIFY --set-class 0001:0002',
    '-A B -j TOS --set-tos 0x10/0x3f',
  ];
  const source: TableSource = { table: 'mangle', chains: [{ name: 'B', rules: lines(...rules) }] };
  expect(saveText([source]).split('\n')).toEqual(expect.arrayContaining(rules));
});

test('a set that holds others is made after them', () => {
  const set = (name: string, type: string, members: string[]) =>
    ({ name, type, family: 'IPv4', members, origin }) as const;
  expect(setsText([set('all', 'list:set', ['a']), set('a', 'hash:net', ['10.0.0.0/8'])])).toBe(
    'create a hash:net family inet\nadd a 10.0.0.0/8\ncreate all list:set\nadd all a\n',
  );
});

test('10,000 Services with two endpoints each are printed in under 2 seconds', () => {
  const services = Array.from({ length: 10_000 }, (_, i) => `${i}`.padStart(5, '0'));
  const chains = services.flatMap((i) => [
    {
      name: `KUBE-SVC-${i}`,
      rules: lines(
        `-A KUBE-SVC-${i} ! -i eni+ -d 10.100.0.1/32 -p tcp -m comment --comment "ns/svc-${i} cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ`,
        `-A KUBE-SVC-${i} -m comment --comment "ns/svc-${i} -> 10.0.0.1:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-${i}A`,
        `-A KUBE-SVC-${i} -m comment --comment "ns/svc-${i} -> 10.0.0.2:8080" -j KUBE-SEP-${i}B`,
      ),
    },
    ...['A', 'B'].map((end) => ({
      name: `KUBE-SEP-${i}${end}`,
      rules: lines(
        `-A KUBE-SEP-${i}${end} -s 10.0.0.1/32 -m comment --comment "ns/svc-${i}" -j KUBE-MARK-MASQ`,
        `-A KUBE-SEP-${i}${end} -p tcp -m comment --comment "ns/svc-${i}" -m tcp -j DNAT --to-destination 10.0.0.1:8080`,
      ),
    })),
  ]);
  const portals = services.map(
    (i) =>
      `-A KUBE-SERVICES -d 10.100.0.1/32 -p tcp -m comment --comment "ns/svc-${i} cluster IP" -m tcp --dport 80 -j KUBE-SVC-${i}`,
  );
  const started = process.cpuUsage();
  const text = saveText([
    { table: 'nat', chains: [{ name: 'KUBE-SERVICES', rules: lines(...portals) }, ...chains] },
  ]);
  expect(text.split('\n').filter((line) => line.startsWith('-A'))).toHaveLength(80_000);
  // Of the processor, whatever else runs beside.
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(2000);
});
