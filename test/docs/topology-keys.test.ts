/** The reference of the topology file leaves out no key, invents none, and names the defaults that the loader applies. */
import { expect, test } from 'vitest';
import { topologyJsonSchema } from '../../src/world/schema.ts';
import { worldOf } from '../support/worlds.ts';
import { meanings } from './tables/key-meanings.ts';
import { levels } from './tables/topology-keys.ts';

const keys = levels().flatMap(({ path, keys: own }) =>
  own.map(({ name }) => (path === '' ? name : `${path}.${name}`)),
);

test('every key of the schema is explained, and nothing else is', () => {
  expect(Object.keys(meanings).sort()).toEqual([...keys].sort());
});

test('a key that may be left out says what holds then', () => {
  const silent = levels().flatMap(({ path, keys: own }) =>
    own
      .map(({ name, required }) => ({ key: path === '' ? name : `${path}.${name}`, required }))
      .filter(({ key, required }) => required !== (meanings[key]!.default === undefined))
      .map(({ key }) => key),
  );
  expect(silent).toEqual([]);
});

test('defaults are those of AWS, EKS and the others that the reference says', () => {
  const world = worldOf({
    'vpcsim.yaml': `
apiVersion: vpcsim/v1
kind: Topology
vpcs:
  - name: v
    cidrs: [10.0.0.0/16]
    internetGateway: {}
    natGateways: [{ name: n, subnet: s }]
    subnets: [{ name: s, cidr: 10.0.0.0/24 }, { name: t, cidr: 10.0.1.0/24 }]
    securityGroups: [{ name: g }]
    networkAcls: [{ name: default }]
cluster: { nodeGroups: [{ name: g }], nodes: [{ name: m, subnet: s }] }
instances: [{ name: i, subnet: s }]
`,
  });
  const told = world.topology.defaults.filter(({ path }) => !/^(Service|Namespace)\//.test(path));
  const wrong = told.filter(({ path, by }) => !meanings[keyOf(path)]?.by?.split(', ').includes(by));
  expect(wrong).toEqual([]);
  expect(told.length).toBeGreaterThan(40);
});

test('the published JSON Schema is the one the code has (vitest -u writes it)', async () => {
  const text = `${JSON.stringify(topologyJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../schema/topology-v1.schema.json');
});

/** "vpcs.main.subnets.a.az" is a value of the key "vpcs[].subnets[].az"; a whole element is one of its list's. */
function keyOf(path: string): string {
  let key = '';
  for (const [index, word] of path.split('.').entries()) {
    const next = key === '' ? word : `${key}.${word}`;
    const inList = levels().some((level) => level.path === `${key}[]`);
    if (key === 'cluster.cni.env' || (inList && index === path.split('.').length - 1)) return key;
    key = inList ? `${key}[]` : next;
  }
  return key;
}
