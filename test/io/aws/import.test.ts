/** What the AWS CLI printed, read as a topology. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatIpv4 } from '../../../src/addressing/ip.ts';
import { trace, type World } from '../../../src/index.ts';
import { topologyText } from '../../../src/io/topology-text.ts';
import { worldOf } from '../../support/worlds.ts';
import { good, HEAD } from '../input.ts';
import { filesOf, importedTopology, importedWorld, issuesOf, smallAccount } from './dumps.ts';

const verdict = (files: ReturnType<typeof filesOf>, from: string, to: string, port: number): string => {
  const found = trace(importedWorld(files), { from, to, port });
  if (!found.ok) throw new Error(found.issues[0]?.message);
  return found.value.verdict;
};

describe('an account in dumps', () => {
  test('its instances reach each other by what the security groups admit', () => {
    const files = filesOf(smallAccount());
    expect(verdict(files, 'instance/i-1', 'instance/i-2', 80)).toBe('reachable');
    expect(verdict(files, 'instance/i-1', 'instance/i-2', 443)).toBe('unreachable');
  });

  test('an instance goes by its id, and by its tag Name where no other has it', () => {
    const files = filesOf(smallAccount());
    expect(verdict(files, 'instance/name-of-i-1', 'instance/i-2', 80)).toBe('reachable');
    const twins = JSON.parse(JSON.stringify(smallAccount()).replaceAll('name-of-i-2', 'name-of-i-1'));
    expect(() => verdict(filesOf(twins), 'instance/name-of-i-1', 'instance/i-2', 80)).toThrow(
      '2 instances have the tag Name "name-of-i-1"',
    );
  });

  test('an instance gets no public address that it does not have, wherever its subnet would give one', () => {
    const { Subnets: [subnet] = [], ...rest } = smallAccount();
    const files = filesOf({ ...rest, Subnets: [{ ...subnet, MapPublicIpOnLaunch: true }] });
    expect(importedWorld(files).enis.map(({ publicAddress }) => publicAddress)).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('an instance that may take packets of others is named: nobody knows whether it passes them on', () => {
    const text = JSON.stringify(smallAccount()).replace('"SourceDestCheck":true', '"SourceDestCheck":false');
    expect(issuesOf(filesOf(JSON.parse(text)))).toEqual([
      'aws/middlebox Reservations.json:6:9 Reservations[0].Instances[0]: i-1 may take packets of others; whether it passes them on is described nowhere, so that paths through it are undetermined',
    ]);
  });

  test('files are known by what stands in them: one file with everything says the same', () => {
    const account = smallAccount();
    const whole = [{ path: 'all.txt', text: JSON.stringify(account) }];
    const plain = (files: ReturnType<typeof filesOf>) =>
      JSON.stringify(importedTopology(files), (key, value) => (key === 'origin' ? undefined : value));
    expect(plain(whole)).toBe(plain(filesOf(account)));
  });

  test('pages after each other in one file merge', () => {
    const { Reservations = [], ...rest } = smallAccount();
    const text = Reservations.map((each) => JSON.stringify({ Reservations: [each], NextToken: 'x' })).join(
      '\n',
    );
    const topology = importedTopology([...filesOf(rest), { path: 'pages.json', text }]);
    expect(topology.instances.map(({ name }) => name)).toEqual(['i-1', 'i-2']);
    expect(topology.locate(topology.instances[1]!.origin)).toMatchObject({ file: 'pages.json', line: 2 });
  });

  test('a route to something that no file describes is named, and what takes it is undetermined', () => {
    const { InternetGateways: _, ...rest } = smallAccount();
    const files = filesOf(rest);
    expect(issuesOf(files)).toEqual([
      'aws/not-described RouteTables.json:18:9 RouteTables[0].Routes[1]: no file describes igw-1: what its packets meet is undetermined',
    ]);
    expect(verdict(files, 'instance/i-1', '198.51.100.7', 443)).toBe('undetermined');
  });

  test('without SecurityGroups, what interfaces admit is undetermined; single rules say enough', () => {
    const { SecurityGroups: _, ...rest } = smallAccount();
    expect(verdict(filesOf(rest), 'instance/i-1', 'instance/i-2', 80)).toBe('undetermined');
    const rule = { GroupId: 'sg-web', CidrIpv4: '0.0.0.0/0' };
    const SecurityGroupRules = [
      { ...rule, SecurityGroupRuleId: 'sgr-1', IsEgress: true, IpProtocol: '-1' },
      { ...rule, SecurityGroupRuleId: 'sgr-2', IsEgress: false, IpProtocol: 'tcp', FromPort: 80, ToPort: 80 },
    ];
    const files = filesOf({ ...rest, SecurityGroupRules });
    expect(verdict(files, 'instance/i-1', 'instance/i-2', 80)).toBe('reachable');
    expect(verdict(files, 'instance/i-1', 'instance/i-2', 443)).toBe('unreachable');
  });

  describe('a security group', () => {
    const withRule = (peers: Record<string, unknown>) => {
      const permission = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, ...peers };
      const { SecurityGroups: [group] = [], ...rest } = smallAccount();
      const permissions = [...(group!.IpPermissions as unknown[]), permission];
      return filesOf({ ...rest, SecurityGroups: [{ ...group, IpPermissions: permissions }] });
    };

    test('that names a prefix list without entries admits nobody knows whom, on its ports', () => {
      const files = withRule({ PrefixListIds: [{ PrefixListId: 'pl-1' }] });
      expect(verdict(files, 'instance/i-1', 'instance/i-2', 443)).toBe('undetermined');
      expect(verdict(files, 'instance/i-1', 'instance/i-2', 80)).toBe('reachable');
      expect(verdict(files, 'instance/i-1', 'instance/i-2', 22)).toBe('unreachable');
    });

    test('that names one that nobody holds admits nobody by it', () => {
      const files = withRule({ UserIdGroupPairs: [{ GroupId: 'sg-gone', UserId: '111122223333' }] });
      expect(issuesOf(files)[0]).toMatch(
        /no file describes security group sg-gone: no interface that is described/,
      );
      expect(verdict(files, 'instance/i-1', 'instance/i-2', 443)).toBe('unreachable');
    });
  });

  test.for([
    ['RouteTables', 'vpc-router/vpc-1'],
    ['NetworkAcls', 'subnet/subnet-a'],
  ] as const)('without %s, packets that leave their subnet are undetermined at %s', ([key, device]) => {
    const { [key]: _, ...rest } = smallAccount();
    const found = trace(importedWorld(filesOf(rest)), {
      from: 'instance/i-1',
      to: '198.51.100.7',
      port: 443,
    });
    if (!found.ok) throw new Error(found.issues[0]?.message);
    expect(found.value.verdict).toBe('undetermined');
    expect(found.value.paths[0]!.device).toBe(device);
    expect(verdict(filesOf(rest), 'instance/i-1', 'instance/i-2', 80)).toBe('reachable');
  });

  test('a file that was cut off is refused with the place where it ends', () => {
    const [first, ...rest] = filesOf(smallAccount());
    const cut = { path: first!.path, text: first!.text.slice(0, 40) };
    expect(issuesOf([cut, ...rest])[0]).toMatch(/^json\/truncated Vpcs\.json:4:\d+ the file ends inside/);
  });

  test('a key that nobody knows is named with its place', () => {
    const files = filesOf({ ...smallAccount(), Widgets: [{ WidgetId: 'w-1' }] });
    expect(issuesOf(files)).toEqual([
      'aws/not-understood Widgets.json:2:14 Widgets is not understood, and is left out',
    ]);
  });
});

const root = join(process.env.VPCSIM_FIXTURES ?? '', 'batfish-aws');
const fixtures = existsSync(root)
  ? readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  : [];

describe.skipIf(fixtures.length === 0)('recorded accounts (skipped where VPCSIM_FIXTURES is unset)', () => {
  const filesOfFixture = (name: string) =>
    readdirSync(join(root, name)).map((file) => ({
      path: `${name}/${file}`,
      text: readFileSync(join(root, name, file), 'utf8'),
    }));

  test.for(fixtures.map(({ name }) => name))('%s has a place for every running instance', (name) => {
    const files = filesOfFixture(name);
    const text = files.find(({ path }) => path.endsWith('Reservations.json'))!.text;
    const { Reservations } = JSON.parse(text) as {
      Reservations: { Instances: { InstanceId: string; SubnetId?: string }[] }[];
    };
    const placed = Reservations.flatMap(({ Instances }) => Instances).filter(({ SubnetId }) => SubnetId);
    expect(
      importedWorld(files)
        .instances.map((each) => each.name)
        .sort(),
    ).toEqual(placed.map(({ InstanceId }) => InstanceId).sort());
  });

  test.for(fixtures.map(({ name }) => name))('%s is the same network as one topology file', (name) => {
    const files = filesOfFixture(name);
    const texts = new Map(files.map(({ path, text }) => [path, text]));
    const read = (path: string) => (texts.has(path) ? { text: texts.get(path)! } : undefined);
    const made = topologyText('', read, (pattern) => (pattern === '*.json' ? [...texts.keys()] : []));
    if (!made.ok) throw new Error(made.issues[0]?.message);
    const [before, after] = [importedWorld(files), worldOf({ 'vpcsim.yaml': made.value })];
    const told = (world: World) => ({
      devices: world.devices.map(({ kind, id }) => `${kind}/${id}`),
      enis: world.enis.map(({ id, addresses, publicAddress }) => ({ id, addresses, publicAddress })),
      verdicts: world.instances.flatMap((from) =>
        [...world.instances.map((to) => formatIpv4(to.address)), '198.51.100.7'].flatMap((to) =>
          [22, 443].map((port) => {
            const found = trace(world, { from: `instance/${from.name}`, to, port });
            return `${from.name} ${to} ${port} ${found.ok ? found.value.verdict : found.issues[0]!.code}`;
          }),
        ),
      ),
    });
    expect(told(after)).toEqual(told(before));
  });
});

describe('a folder of dumps', () => {
  const under = (folder: string): Record<string, string> =>
    Object.fromEntries(filesOf(smallAccount()).map(({ path, text }) => [`net/${folder}${path}`, text]));

  test.for(['', 'aws_configs/', 'us-east-2/', 'aws_configs/us-east-2/', 'accounts/111122223333/us-east-2/'])(
    'is read as a topology, its files in net/%s',
    (folder) => {
      expect(good(under(folder), 'net').instances.map(({ name }) => name)).toEqual(['i-1', 'i-2']);
    },
  );

  test('may hold a topology file that adds to what the dumps say', () => {
    const more = `${HEAD}instances: [{name: i-2, subnet: subnet-a, listen: [tcp/80]}]\n`;
    const topology = good({ ...under('aws_configs/'), 'net/more.yaml': more }, 'net');
    expect(topology.instances[1]).toMatchObject({ name: 'i-2', listen: [{ protocol: 6, port: 80 }] });
  });

  test('reads nothing of other folders in it', () => {
    expect(good({ ...under(''), 'net/old/Vpcs.json': '{' }, 'net').vpcs).toHaveLength(1);
  });
});
