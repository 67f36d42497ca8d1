/** `vpcsim import --script`: run against programs that answer as `aws` and `kubectl` do. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { collectScript } from '../../src/io/aws/collect-script.ts';
import { smallAccount } from '../io/aws/dumps.ts';

const folder = mkdtempSync(join(tmpdir(), 'vpcsim-collect-'));
const out = join(folder, 'out');
let said = '';

/** Answers from files named `SERVICE.COMMAND.json`; texts for `--output text`; everything else is refused. */
const aws = `#!/bin/sh
echo "$*" >> "${folder}/asked"
[ "$1 $2" = "sts get-caller-identity" ] && { echo 111122223333; exit 0; }
format=$4
service=$5
command=$6
[ "$format" = text ] && { cat "${folder}/answers/$service.$command.text" 2>/dev/null; exit 0; }
file="${folder}/answers/$service.$command.json"
[ -f "$file" ] || { echo "An error occurred (UnauthorizedOperation) when calling $command" >&2; exit 254; }
cat "$file"
`;

const kubectl = `#!/bin/sh
[ "$1" = version ] && exit 0
[ "$1" = config ] && { echo test; exit 0; }
[ "$2" = pods ] && { cat "${folder}/answers/pods.json"; exit 0; }
echo "error: the server doesn't have a resource type \\"$2\\"" >&2
exit 1
`;

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web',
    namespace: 'default',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"x":"secret"}', kept: 'yes' },
  },
  spec: {
    containers: [
      {
        name: 'web',
        args: ['--password=secret'],
        env: [
          { name: 'TOKEN', value: 'secret' },
          { name: 'B', valueFrom: { secretKeyRef: { name: 'secret' } } },
        ],
        ports: [{ containerPort: 80 }],
      },
    ],
  },
};

const answers: Record<string, unknown> = {
  'ec2.search-transit-gateway-routes': { TransitGatewayRouteTableId: 'tgw-rtb-1', Routes: [] },
  'ec2.describe-vpc-attribute': { VpcId: 'vpc-1', EnableDnsSupport: { Value: true } },
};

const commandOf: Readonly<Record<string, string>> = {
  Vpcs: 'vpcs',
  Subnets: 'subnets',
  RouteTables: 'route-tables',
  SecurityGroups: 'security-groups',
  NetworkAcls: 'network-acls',
  InternetGateways: 'internet-gateways',
  Reservations: 'instances',
};

beforeAll(() => {
  const bin = join(folder, 'bin');
  for (const made of [bin, join(folder, 'answers')]) mkdirSync(made);
  for (const [name, text] of [
    ['aws', aws],
    ['kubectl', kubectl],
  ] as const)
    writeFileSync(join(bin, name), text, { mode: 0o755 });
  for (const [key, list] of Object.entries(smallAccount()))
    answers[`ec2.describe-${commandOf[key]}`] = { [key]: list };
  for (const [name, value] of Object.entries(answers))
    writeFileSync(join(folder, 'answers', `${name}.json`), JSON.stringify(value, null, 4));
  writeFileSync(join(folder, 'answers', 'ec2.describe-vpcs.text'), 'vpc-1\n');
  writeFileSync(join(folder, 'answers', 'ec2.describe-transit-gateway-route-tables.text'), 'tgw-rtb-1\n');
  const list = { apiVersion: 'v1', kind: 'List', items: [pod] };
  writeFileSync(join(folder, 'answers', 'pods.json'), JSON.stringify(list, null, 4));
  const script = join(folder, 'collect.sh');
  writeFileSync(script, collectScript());
  execFileSync('sh', ['-n', script]);
  said = execFileSync('sh', [script, out, 'us-east-2'], {
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const every = (): string[] =>
  readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('only asks: describe, get, list and search', () => {
  const commands = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
  const words = commands
    .filter((line) => /^(?:--region|sts)/.test(line))
    .map((line) => /(?:ec2|elbv2|eks|sts) (\w+)-/.exec(line)?.[1]);
  expect([...new Set(words)].sort()).toEqual(['describe', 'get', 'list', 'search']);
  for (const [, word] of collectScript().matchAll(/^[^#\n]*?kubectl (\S+)/gm))
    expect(['get', 'config', 'version', '>/dev/null', 'reaches']).toContain(word);
  expect(said).toBe('');
});

test('writes whole answers only, and no half of one', () => {
  for (const file of every()) expect(() => JSON.parse(readFileSync(file, 'utf8'))).not.toThrow();
  expect(every().filter((file) => !file.endsWith('.json'))).toEqual([]);
});

test('takes out what may be secret, and nothing else', () => {
  const text = every()
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  expect(text).not.toContain('secret');
  const kept = JSON.parse(readFileSync(join(out, 'kubernetes', 'pods.json'), 'utf8')) as {
    items: (typeof pod)[];
  };
  expect(kept.items[0]!.metadata.annotations.kept).toBe('yes');
  expect(kept.items[0]!.spec.containers).toEqual([
    { name: 'web', args: [], env: [], ports: [{ containerPort: 80 }] },
  ]);
});

test('what it collected is a topology', async () => {
  let printed = '';
  const console = {
    out: (text: string) => {
      printed += text;
    },
    err: () => {},
    cwd: folder,
    env: {},
    isTerminal: false,
    width: 100,
  };
  rmSync(join(out, 'kubernetes'), { recursive: true });
  expect(await runProgram(['import', 'aws', 'out'], console)).toBe(0);
  expect(printed).toMatch(/^instance +2$/m);
  expect(printed).toMatch(/^VPC +1$/m);
});
