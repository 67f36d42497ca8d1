/** What a mistyped command line is told: what is wrong, what is known, what is nearest. */
import { describe, expect, test } from 'vitest';
import { vpcsim } from '../support/console.ts';

const day = ['-t', 'day'];

/** What is printed where a command line is refused. */
async function refusal(...args: string[]): Promise<string> {
  const { status, out, err } = await vpcsim(args);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  return err;
}

describe('names that do not exist', () => {
  test('a pod: the nearest ones', async () => {
    expect(await refusal('trace', 'pod/dev/clint', '1.1.1.1:443', ...day)).toBe(
      'error usage/unknown-name  no pod dev/clint\n    hint  did you mean dev/client?\n',
    );
  });

  test('a Service', async () => {
    expect(await refusal('trace', 'pod/dev/client', 'svc/production/day-servce:80', ...day)).toContain(
      'hint  did you mean production/day-service',
    );
  });

  test('a node', async () => {
    expect(await refusal('iptables', 'ip-10-1-0-6.ec2.internal', ...day)).toContain(
      'hint  did you mean ip-10-1-0-5.ec2.internal',
    );
  });

  test('a host name that no load balancer serves', async () => {
    expect(await refusal('trace', 'internet', 'http://day.exmple.com/', ...day)).toContain('day.example.com');
  });

  test('a variant', async () => {
    expect(await refusal('trace', 'internet', 'node/x:1', ...day, '--variant', 'nope')).toContain(
      'known: one-subnet-cut-off',
    );
  });

  test('a topology: the shipped ones', async () => {
    expect(await refusal('trace', 'internet', 'node/x:1', '-t', 'dya')).toBe(
      'error io/not-found  there is no file dya\n    hint  shipped topologies: day\n',
    );
  });

  test('a kind of list', async () => {
    expect(await refusal('get', 'podz', ...day)).toContain('hint  did you mean pods?');
  });

  test('a drop code', async () => {
    expect(await refusal('explain', 'sg/no-ingres')).toContain('hint  did you mean sg/no-ingress-rule?');
  });

  test('a command', async () => {
    expect(await refusal('trce', 'a', 'b')).toContain('Did you mean trace?');
  });

  test('a path number: the ones there are', async () => {
    expect(
      await refusal('trace', 'pod/dev/client', 'svc/production/day-service:80', ...day, '--branch', '9'),
    ).toContain('paths are numbered 1 to 3');
  });
});

describe('a question that lacks something', () => {
  test('a destination port, and three ways to give one', async () => {
    const said = await refusal('trace', 'pod/dev/client', '1.1.1.1', ...day);
    expect(said).toContain('error usage/no-port  1.1.1.1: no destination port');
    expect(said).toContain('write it behind the address (1.1.1.1:443), or --port, or --protocol icmp');
  });

  test('no port is needed for an echo', async () => {
    const { status } = await vpcsim(['trace', 'pod/dev/client', '1.1.1.1', '--protocol', 'icmp', ...day]);
    expect(status).toBe(0);
  });

  test('the other end', async () => {
    expect(await refusal('trace', 'pod/dev/client')).toContain('need at least 2');
  });

  test('a command', async () => {
    expect(await refusal()).toBe('vpcsim: no command\n    hint  vpcsim --help\n');
  });

  test('a Deployment is no target: its Service is', async () => {
    expect(await refusal('trace', 'pod/dev/client', 'deploy/production/day-service:8001', ...day)).toContain(
      'trace to its Service (svc/NS/NAME:PORT)',
    );
  });
});

describe('values that cannot be', () => {
  test.each([
    [['--port', 'http'], '--port is a whole number from 1 to 65535'],
    [['--port', '65536'], '--port is a whole number from 1 to 65535'],
    [['--source-port', '0'], '--source-port is a whole number from 1 to 65535'],
    [['--ttl', '256'], '--ttl is a whole number from 1 to 255'],
    [['--max-branches', '0'], '--max-branches is a whole number'],
    [['--protocol', 'tcpp'], '"tcpp" is no protocol'],
    [['--source-ip', '10.1.0'], '"10.1.0" is not an address'],
    [['--header', 'Host'], 'write NAME:VALUE'],
    [['--output', 'xml'], 'Choices: "text", "wide", "wire", "json", "svg"'],
    [['--no-such-flag'], 'such-flag'],
  ])('%j', async (flags, says) => {
    expect(await refusal('trace', 'pod/dev/client', '1.1.1.1:443', ...day, ...flags)).toContain(says);
  });

  test('every wrong number is told at once', async () => {
    const said = await refusal(
      ...['trace', 'pod/dev/client', '1.1.1.1:443', ...day, '--ttl', '0', '--source-port', '-1'],
    );
    expect(said).toContain('--ttl');
    expect(said).toContain('--source-port');
  });
});

describe('help', () => {
  test('lists the commands with one line each', async () => {
    const { status, out } = await vpcsim(['--help']);
    expect(status).toBe(0);
    for (const command of ['trace', 'get', 'iptables', 'draw', 'check', 'explain', 'completion'])
      expect(out).toMatch(new RegExp(`^ {2}vpcsim ${command}\\b`, 'm'));
    expect(out).toContain('Traces one packet through an EKS network, hop by hop, and says why.');
  });

  test('of a command lists its options with their defaults', async () => {
    const { status, out } = await vpcsim(['trace', '--help']);
    expect(status).toBe(0);
    expect(out).toContain('-t, --topology');
    expect(out).toContain('source port (default 49152)');
    expect(out).toContain('[choices: "text", "wide", "wire", "json", "svg"] [default: "text"]');
  });

  test('fits 100 columns', async () => {
    for (const args of [['--help'], ['trace', '--help'], ['get', '--help'], ['check', '--help']])
      for (const line of (await vpcsim(args)).out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('the version is that of the package', async () => {
    expect((await vpcsim(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('a completion script for the shell', async () => {
    const { status, out } = await vpcsim(['completion']);
    expect(status).toBe(0);
    expect(out).toContain('###-begin-vpcsim-completions-###');
  });
});

describe('what contradicts itself', () => {
  test('an option given twice', async () => {
    expect(await refusal('trace', 'pod/dev/client', '1.1.1.1:443', ...day, '-t', 'shop')).toContain(
      '-t is given more than once',
    );
  });

  test('two different ports', async () => {
    expect(await refusal('trace', 'pod/dev/client', '1.1.1.1:443', '--port', '80', ...day)).toContain(
      'usage/two-ports',
    );
  });

  test('mistakes in both ends are said at once', async () => {
    const said = await refusal('trace', 'pod/dev/clint', 'svc/production/day:80', ...day);
    expect(said.match(/usage\/unknown-name/g)).toHaveLength(2);
  });
});

describe('a port given beside the name', () => {
  test('chooses among those of a Service', async () => {
    const { status, out } = await vpcsim([
      'trace',
      'pod/dev/client',
      'svc/kube-system/kube-dns',
      '--port',
      '9153',
      ...day,
      '-o',
      'wire',
    ]);
    expect(status).toBe(0);
    expect(out).toContain('> 10.100.0.10:9153');
  });
});
