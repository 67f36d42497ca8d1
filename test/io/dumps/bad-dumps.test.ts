import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { faults, issuesOf, read, told } from './reading.ts';

const table = (lines: string, name = 'filter'): string => `*${name}\n${lines}\nCOMMIT\n`;

describe('what is wrong with rules is told with its place', () => {
  test('a jump to a chain that is not there, with the nearest name', () => {
    const text = table(
      ':INPUT ACCEPT [0:0]\n:KUBE-SERVICES - [0:0]\n-A INPUT -m comment --comment "a b" -j KUBE-SERVICE',
    );
    expect(issuesOf(text).map(told)).toEqual([
      '4:40 dump/no-such-chain table filter has no chain "KUBE-SERVICE" | did you mean KUBE-SERVICES?',
    ]);
  });

  test('a target that nobody knows is no chain when options follow it', () => {
    expect(faults(table('-A INPUT -j RATELIMIT --rate 5'))).toEqual([]);
    expect(faults(table('-A INPUT -j RATELIMIT'))).toEqual(['2:13 dump/no-such-chain']);
  });

  test('a rule for a chain that no line declares', () => {
    const text = table(':WEB - [0:0]\n-A WEBB -j ACCEPT');
    expect(issuesOf(text).map(told)).toEqual([
      '3:4 dump/undeclared-chain a rule for chain "WEBB", which no line declares in table filter | did you mean WEB?',
    ]);
  });

  test('a built-in chain and a target of another table', () => {
    expect(faults(table(':FORWARD ACCEPT [0:0]\n-A FORWARD -j DROP\n-A OUTPUT -j REJECT', 'nat'))).toEqual([
      '2:2 dump/wrong-table',
      '3:4 dump/wrong-table',
      '4:14 dump/wrong-table',
    ]);
    expect(faults(table('-A INPUT -j DNAT --to-destination 10.0.0.1'))).toEqual(['2:13 dump/wrong-table']);
  });

  test('a jump to a built-in chain', () => {
    expect(faults(table(':A - [0:0]\n:INPUT ACCEPT [0:0]\n-A A -j INPUT'))).toEqual([
      '4:9 dump/jump-to-built-in',
    ]);
  });

  test('a table that iptables does not have', () => {
    expect(issuesOf(table(':INPUT ACCEPT [0:0]', 'fliter')).map(told)).toEqual([
      '1:2 dump/unknown-table iptables has no table "fliter" | did you mean filter?',
    ]);
  });

  test('a quote that stays open, an option without its value, a chain without its policy', () => {
    const text = table(
      ':INPUT ACCEPT [0:0]\n:WEB\n-A INPUT -m comment --comment "x -j DROP\n-A INPUT -p tcp --dport\n-A INPUT !\n-A',
    );
    expect(faults(text)).toEqual([
      '3:1 dump/truncated',
      '4:31 dump/open-quote',
      '5:17 dump/truncated',
      '6:10 dump/truncated',
      '7:1 dump/truncated',
    ]);
  });

  test('an address that is none', () => {
    expect(faults(table('-A INPUT -s 10.0.0.999 -j DROP\n-A INPUT -d 10.0.0.0/33 -j DROP'))).toEqual([
      '2:13 dump/bad-address',
      '3:13 dump/bad-address',
    ]);
  });

  test('commands that iptables-save never prints', () => {
    expect(faults(table('-I INPUT -j DROP\nhello'))).toEqual([
      '2:1 dump/unknown-command',
      '3:1 dump/unknown-line',
    ]);
  });
});

describe('a circle of jumps is refused, as the kernel refuses it', () => {
  const circle = ':INPUT ACCEPT [0:0]\n:A - [0:0]\n:B - [0:0]\n-A A -j B\n-A B -g A';

  test('with its chains named', () => {
    expect(issuesOf(table(`${circle}\n-A INPUT -j A`)).map(told)).toEqual([
      '6:9 dump/jump-loop chains of table filter jump in a circle: A -> B -> A | the kernel refuses such rules (ELOOP: Too many levels of symbolic links)',
    ]);
  });

  test('unless no packet comes there', () => {
    expect(faults(table(circle))).toEqual([]);
  });

  test('through a map of nftables too', () => {
    const text = `table ip t {
	map m {
		type ifname : verdict
		elements = { "eth0" : jump b }
	}

	chain a {
		type filter hook input priority filter; policy accept;
		iifname vmap @m
	}

	chain b {
		goto c comment "jump nowhere"
	}

	chain c {
		jump b
	}
}
`;
    expect(faults(text)).toEqual(['17:8 dump/jump-loop']);
  });

  test('however long it is', () => {
    const count = 50_000;
    const chains = Array.from({ length: count }, (_, i) => `:C${i} - [0:0]`).join('\n');
    const jumps = Array.from({ length: count }, (_, i) => `-A C${i} -j C${(i + 1) % count}`).join('\n');
    const [issue, ...others] = issuesOf(table(`:INPUT ACCEPT [0:0]\n${chains}\n-A INPUT -j C0\n${jumps}`));
    expect(others).toEqual([]);
    expect(issue?.message).toContain('C0 -> C1 -> C2 -> ... -> C49999 -> C0');
  });
});

describe('a file that is no dump', () => {
  test.each([
    ['nothing', ''],
    ['comments only', '# hello\n\n'],
  ])('%s', (_, text) => {
    expect(faults(text)).toEqual(['1:1 dump/empty']);
  });

  test('something else altogether, told once', () => {
    expect(faults('apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n')).toEqual(['1:1 dump/unknown-format']);
  });

  test('a dump with foreign lines', () => {
    expect(faults('0:\tfrom all lookup local\nwhat is this\n32766:\tfrom all lookup main\n')).toEqual([
      '2:1 dump/unknown-line',
    ]);
  });

  test('mistakes without end are counted', () => {
    const many = issuesOf(table(Array.from({ length: 500 }, () => '-A NOPE -j DROP').join('\n')));
    expect(many).toHaveLength(51);
    expect(many.at(-1)?.message).toBe('450 more mistakes in node1.txt are not listed');
  });
});

test('200,000 rules are read in seconds', () => {
  const chains = Array.from({ length: 100_000 }, (_, i) => `:KUBE-SVC-${i} - [0:0]`);
  const rules = Array.from({ length: 100_000 }, (_, i) => [
    `-A OUTPUT -d 10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/32 -p tcp -m comment --comment "ns/service-${i} cluster IP" -m tcp --dport 80 -j KUBE-SVC-${i}`,
    `-A KUBE-SVC-${i} -m comment --comment "ns/service-${i} -> 10.1.2.3:80" -j RETURN`,
  ]).flat();
  const text = table([':OUTPUT ACCEPT [0:0]', ...chains, ...rules].join('\n'), 'nat');
  const started = process.cpuUsage();
  expect(read(text).tables![0]!.chains).toHaveLength(100_001);
  expect(process.cpuUsage(started).user / 1000).toBeLessThan(4000);
});
