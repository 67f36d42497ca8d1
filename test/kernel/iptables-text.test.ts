/** What is printed of a host, given to the real tools: they take it, and print the same. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { Random } from '../../src/conformance/kernel/random.ts';
import { randomSets, withRandomRules } from '../../src/conformance/kernel/rule-sets.ts';
import { printIpRoute, printIpRule } from '../../src/host/routing/routing-text.ts';
import { restoreText, saveText } from '../../src/host/save/iptables.ts';
import { nftText } from '../../src/host/save/nft.ts';
import { setsText } from '../../src/host/save/sets.ts';
import { readHostDump } from '../../src/io/dumps/host-dump.ts';
import { namespace, noKernel } from '../support/namespace.ts';
import { shipped } from '../support/shipped.ts';

const run = namespace('text');
const kernelTest = test.skipIf(noKernel);

/** Without counters, and without what tells when it was printed. */
function plain(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.replace(/^(:\S+ \S+) \[\d+:\d+\]$/, '$1'))
    .join('\n');
}

function clear(): void {
  run('nft', ['flush', 'ruleset']);
  run('ipset', ['flush']);
  // The kernel lets go of a set some time after the rule that asked it is gone.
  for (let tries = 0; tries < 50 && run('ipset', ['destroy']).status !== 0; tries++) run('sleep', ['0.05']);
}

/** What iptables-save prints of tables that were restored from our text. */
function printedAgain(tables: Parameters<typeof saveText>[0]): string {
  clear();
  const text = restoreText(tables);
  expect(run('iptables-restore', ['--test'], text)).toEqual({ status: 0, out: '', err: '' });
  expect(run('iptables-restore', [], text)).toEqual({ status: 0, out: '', err: '' });
  return plain(run('iptables-save', []).out);
}

describe('iptables-restore takes what is printed of every node, and iptables-save prints it again', () => {
  kernelTest.each(shipped.filter(({ world }) => world.cluster))(
    '$title',
    ({ world }) => {
      const seen = new Set<string>();
      for (const { rules } of world.cluster!.nodes) {
        const tables = [...rules.shared, ...rules.own];
        const text = saveText(tables);
        if (!seen.has(text)) expect(printedAgain(tables)).toBe(plain(text));
        seen.add(text);
      }
    },
    60_000,
  );
});

describe('nft takes what is printed of every node, and prints it again', () => {
  kernelTest.each(shipped.filter(({ world }) => world.cluster))('$title', ({ world }) => {
    const { rules } = world.cluster!.nodes[0]!;
    expect(nftAgain(nftText([...rules.shared, ...rules.own]))).toBe(nftText([...rules.shared, ...rules.own]));
  });

  kernelTest('base chains at named priorities and between them, sets, maps', () => {
    const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
    const priorities = [-310, -300, -295, -150, -110, -100, -90, -89, 0, 10, 11, 45, 50, 100, 111];
    const chains = hooks.flatMap((hook) =>
      priorities.map(
        (priority) =>
          `\tchain ${hook}${priority} {\n\t\ttype filter hook ${hook} priority ${priority}; policy accept;\n\t}\n`,
      ),
    );
    const text = `table ip t {
	counter c1 {
		packets 0 bytes 0
	}

	limit l1 {
		rate 10/second
	}

	map m {
		type ifname : verdict
		elements = { "eth0" : jump x, "eth1" : drop }
	}

	set s {
		type ipv4_addr . inet_service
		flags interval
		elements = { 10.0.0.0/24 . 80, 10.0.1.1 . 443 }
	}

	set recent {
		type ipv4_addr
		size 65535
		flags dynamic,timeout
		timeout 1h
		comment "who came"
	}

	chain x {
		ip saddr . tcp dport @s counter packets 0 bytes 0 accept comment "a { b"
	}

${chains.join('\n')}}
`;
    const ours = nftText(readHostDump([{ file: 'x', text }]).dump.tables!);
    expect(nftAgain(ours)).toBe(ours);
  });
});

function nftAgain(text: string): string {
  clear();
  expect(run('nft', ['-f', '-'], text)).toMatchObject({ status: 0, err: '' });
  // Elements of a set are printed in lines of one or two.
  return run('nft', ['list', 'ruleset']).out.replace(/,\n\t+ +/g, ', ');
}

kernelTest('ipset takes the sets of a dump, and prints them again', () => {
  const text = `create nets hash:net family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x5e80e0a7
add nets 10.0.0.0/8
add nets 10.1.0.0/16 nomatch
create ports bitmap:port range 0-1023
add ports 22
create all list:set size 8
add all nets
`;
  clear();
  const ours = setsText(readHostDump([{ file: 'x', text }]).dump.sets!);
  expect(run('ipset', ['restore'], ours)).toMatchObject({ status: 0, err: '' });
  const lines = (printed: string): string[] => printed.split('\n').sort();
  expect(lines(run('ipset', ['save']).out)).toEqual(lines(ours));
});

kernelTest('what iptables-save -c, iptables -S and ip6tables-save print is read as one and the same', () => {
  clear();
  const rules = `*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:a.b - [0:0]
-A INPUT -p tcp -m comment --comment "it's \\"quoted\\" \\\\ back" -m tcp --dport 80 -j a.b
-A a.b -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
COMMIT
`;
  expect(run('iptables-restore', [], rules)).toEqual({ status: 0, out: '', err: '' });
  const texts = [
    ['iptables-save'],
    ['iptables-save', '-c'],
    ['iptables', '-S'],
    ['iptables', '-S', '-v'],
  ].map(([program, ...args]) => readHostDump([{ file: 'x', text: run(program!, args).out }]));
  for (const { issues } of texts) expect(issues).toEqual([]);
  const printed = texts.map(({ dump }) => saveText(dump.tables!));
  expect(new Set(printed)).toEqual(
    new Set([plain(run('iptables-save', []).out).replace(/^(:\S+ \S+)$/gm, '$1 [0:0]')]),
  );
});

kernelTest('a dump with Calico, Docker, firewalld and what Cilium left is what the real tools print', () => {
  clear();
  const text = readFileSync(new URL('../io/dumps/fixtures/busy-node/n1.txt', import.meta.url), 'utf8');
  const { dump } = readHostDump([{ file: 'n1.txt', text }]);
  expect(run('ipset', ['restore'], setsText(dump.sets!))).toMatchObject({ status: 0, err: '' });
  expect(run('iptables-restore', [], restoreText(dump.tables!))).toEqual({ status: 0, out: '', err: '' });
  const printed = run('iptables-save', []).out;
  expect(plain(printed)).toBe(plain(saveText(dump.tables!)));
  const rulesOf = (all: string): string[] =>
    all
      .split('\n')
      .filter((line) => line.startsWith('-A'))
      .sort();
  expect(rulesOf(printed)).toEqual(rulesOf(text));
});

kernelTest('all that a node can be asked for, in one file, is read as what it holds', () => {
  clear();
  const file = readFileSync(new URL('../io/dumps/fixtures/busy-node/n1.txt', import.meta.url), 'utf8');
  const { dump } = readHostDump([{ file: 'n1.txt', text: file }]);
  run('ipset', ['restore'], setsText(dump.sets!));
  run('iptables-restore', [], restoreText(dump.tables!));
  run('nft', ['-f', '-'], 'table ip own {\n\tchain a {\n\t\tdrop\n\t}\n}\n');
  run('ip', ['link', 'set', 'lo', 'up']);
  run('ip', ['route', 'add', 'blackhole', '10.9.0.0/16', 'table', '7']);
  run('ip', ['rule', 'add', 'pref', '100', 'from', '10.8.0.0/16', 'lookup', '7']);
  const asked = [
    ['iptables-save'],
    ['ip6tables-save'],
    ['ipset', 'save'],
    ['nft', '-a', 'list', 'ruleset'],
    ['ip', 'rule'],
    ['ip', '-6', 'rule'],
    ['ip', 'route', 'show', 'table', 'all'],
    ['ip', 'addr'],
  ].map(([program, ...args]) => run(program!, args).out);
  const all = readHostDump([{ file: 'all', text: asked.join('') }]);
  expect(all.issues).toEqual([]);
  expect(saveText(all.dump.tables!)).toBe(saveText(dump.tables!));
  expect(nftText(all.dump.tables!)).toBe('table ip own {\n\tchain a {\n\t\tdrop\n\t}\n}\n');
  expect(all.dump.sets!.map(({ name }) => name).sort()).toEqual(dump.sets!.map(({ name }) => name).sort());
  expect(all.dump.ipRules!.map(printIpRule)).toContain('100: from 10.8.0.0/16 lookup 7');
  expect(all.dump.ipRoutes!.map((route) => `${printIpRoute(route)} ${route.table}`)).toContain(
    'blackhole 10.9.0.0/16 7',
  );
});

/** Ports from 0 on in the negative are printed from the other side, and of two tcp matches the last alone: by nft's back
 *  end of iptables 1.8.9, not by the legacy one. */
const spelledOtherwise = /! --[sd]port 0:|-m tcp .*-m tcp /;

kernelTest.each([1, 2, 3, 4, 5])(
  'random rules, seed %i, are printed as iptables-save prints them',
  (seed) => {
    const flows = ['tcp', 'udp', 'icmp', 'sctp'].map((protocol, i) => ({
      flow: { from: 'pod/a', to: 'pod/b', protocol, sourcePort: 40_000 + i },
      sender: 'pod/a',
      source: '10.0.1.20',
      destination: '10.0.1.21',
      port: protocol === 'icmp' ? 0 : 80,
      number: 40_000 + i,
      target: 'pod',
    }));
    const random = new Random(seed);
    const { text: sets, set } = randomSets({ random, flows });
    const [pods, nodes, service] = [['10.0.1.20', '10.0.1.21'], ['10.0.1.10'], 'asks'] as const;
    const ground = { random, flows, pods, nodes, set, service };
    const empty = ['raw', 'mangle', 'nat', 'filter', 'security']
      .map((table) => `*${table}\nCOMMIT\n`)
      .join('');
    const text = withRandomRules(empty, ground, 1000 * seed, 100) + sets;
    const { dump, issues } = readHostDump([{ file: 'x', text }]);
    expect(issues).toEqual([]);
    const rulesOf = (text: string): Map<string, string> =>
      new Map(
        text.split('\n').flatMap((line) => {
          const number = /--comment r(\d+)/.exec(line)?.[1];
          return number === undefined ? [] : [[number, line]];
        }),
      );
    clear();
    expect(run('ipset', ['restore'], setsText(dump.sets!))).toEqual({ status: 0, out: '', err: '' });
    expect(run('iptables-restore', [], restoreText(dump.tables!))).toEqual({ status: 0, out: '', err: '' });
    const printed = rulesOf(run('iptables-save', []).out);
    const ours = rulesOf(saveText(dump.tables!));
    expect(ours.size).toBeGreaterThan(90);
    for (const [number, line] of ours)
      if (!spelledOtherwise.test(line)) expect(line).toBe(printed.get(number));
  },
);

const folder = join(process.env.VPCSIM_FIXTURES ?? '', 'node-dumps');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.txt')) : [];
/** Those that the real iptables-restore refuses as they are: what iptables -S prints, sets that are not there, MACs that
 *  were made unreadable, a COMMIT that is missing; and what is not of iptables. */
const refused = /_S\.txt$|azure_npm|tum_i8|ugent|docker_nft|ip_a_route/;

describe.skipIf(files.length === 0)('dumps of real hosts are printed as iptables-save prints them', () => {
  test.skipIf(noKernel).each(files.filter((file) => !refused.test(file)))('%s', (file) => {
    clear();
    const text = readFileSync(join(folder, file), 'utf8');
    const six = file.includes('ip6');
    expect(run(six ? 'ip6tables-restore' : 'iptables-restore', [], text)).toMatchObject({ status: 0 });
    const sorted = (printed: string): string[] => plain(printed).split('\n').sort();
    expect(sorted(saveText(readHostDump([{ file, text }]).dump.tables!, six ? 'IPv6' : 'IPv4'))).toEqual(
      sorted(run(six ? 'ip6tables-save' : 'iptables-save', []).out),
    );
  });
});
