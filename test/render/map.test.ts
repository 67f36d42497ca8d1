import { describe, expect, test } from 'vitest';
import { absolute, type Block } from '../../src/render/map/block.ts';
import { sheetOf } from '../../src/render/map/sheet.ts';
import { renderMap } from '../../src/render/map.ts';
import type { World } from '../../src/world/world.ts';
import { loadWorld, worldOf } from '../support/worlds.ts';
import { layoutFaults } from './map-faults.ts';
import { worldOfSize } from './map-worlds.ts';
import { xmlFault } from './well-formed.ts';

const shipped = ['branch', 'day', 'day-private', 'expense', 'faults', 'hub', 'shop', 'two-nodes'];
const large = worldOfSize({
  zones: 3,
  nodes: 12,
  services: 40,
  podsPerService: 5,
  balancers: 2,
  instances: 3,
  natPerZone: true,
});
const several = worldOf({
  'vpcsim.yaml': `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: several }
vpcs:
${[0, 1, 2, 3]
  .map(
    (i) => `  - name: vpc-${i}
    region: ${i < 3 ? 'us-east-1' : 'eu-west-1'}
    cidrs: [10.${i}.0.0/16]
    internetGateway: { name: igw-${i} }
    subnets: [{ name: only-${i}, cidr: 10.${i}.0.0/24, az: ${i < 3 ? 'us-east-1' : 'eu-west-1'}a, routeTable: main }]
    routeTables: [{ name: main, main: true, routes: [{ to: 0.0.0.0/0, via: igw-${i} }] }]`,
  )
  .join('\n')}
`,
});

const texts = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map((match) => match[1]!);
const places = (world: World): ReadonlyMap<string, Block> =>
  new Map([...absolute(sheetOf(world))].map((block) => [block.id, block]));

describe('a map is one self-contained document', () => {
  test.each(shipped)(
    '%s: well-formed, the same bytes every time, with title and description',
    async (name) => {
      const svg = await renderMap(loadWorld(name));
      expect(xmlFault(svg)).toBeUndefined();
      expect(await renderMap(loadWorld(name))).toBe(svg);
      expect(svg).toMatch(/<title id="title">[^<]+<\/title><desc id="desc">[^<]+<\/desc>/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity|href/);
      expect(svg).toContain('@media (prefers-color-scheme: dark)');
    },
  );

  test('names that look like markup stay text', async () => {
    const world = loadWorld('two-nodes');
    const odd = '<b>&"bold"</b> \u0007';
    const svg = await renderMap({
      ...world,
      topology: {
        ...world.topology,
        name: odd,
        vpcs: world.topology.vpcs.map((vpc) => ({ ...vpc, name: odd })),
      },
      cluster: {
        ...world.cluster!,
        pods: world.cluster!.pods.map((pod) => ({ ...pod, reasons: [odd] })),
        nodes: world.cluster!.nodes.map((node) => ({ ...node, instanceType: odd })),
      },
    });
    expect(xmlFault(svg)).toBeUndefined();
    expect(svg).toContain('&lt;b&gt;&amp;"bold"&lt;/b&gt; \ufffd');
  });
});

describe('nothing lies on anything else', () => {
  test.each(shipped)('%s', (name) => {
    expect(layoutFaults(sheetOf(loadWorld(name)))).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5, 6])('a cluster in %i zones, one NAT gateway for all of them', (zones) => {
    const world = worldOfSize({
      zones,
      nodes: 2 * zones,
      services: 12,
      podsPerService: zones,
      balancers: 8,
      instances: 9 * zones,
      natPerZone: false,
    });
    expect(layoutFaults(sheetOf(world))).toEqual([]);
  });

  test('VPCs side by side, and in two regions', () => {
    expect(layoutFaults(sheetOf(several))).toEqual([]);
    const at = places(several);
    expect(at.get('vpc/vpc-1')!.y).toBe(at.get('vpc/vpc-0')!.y);
    expect(at.get('vpc/vpc-3')!.y).toBeGreaterThan(at.get('region/us-east-1')!.height);
  });

  test('a topology with a VPC that has no subnet', () => {
    const world = worldOf({
      'vpcsim.yaml':
        'apiVersion: vpcsim/v1\nkind: Topology\nmetadata: { name: bare }\nvpcs: [{ name: main, region: us-east-1, cidrs: [10.0.0.0/16], subnets: [] }]\n',
    });
    expect(layoutFaults(sheetOf(world))).toEqual([]);
  });
});

describe('everything stands where it belongs', () => {
  test('an internet gateway stands on the border of its VPC', () => {
    const at = places(loadWorld('day'));
    const [gateway, vpc] = [at.get('gateway/igw')!, at.get('vpc/main')!];
    expect(gateway.x + gateway.width / 2).toBe(vpc.x);
  });

  test('zones are columns, and the public subnet of a zone is above the private one', () => {
    const at = places(loadWorld('day-private'));
    expect(at.get('subnet/day-a')!.y).toBe(at.get('subnet/day-b')!.y);
    expect(at.get('subnet/day-b')!.x).toBeGreaterThan(at.get('subnet/day-a')!.x);
    expect(at.get('subnet/private-a')!.y).toBeGreaterThan(at.get('subnet/day-a')!.y);
  });

  test('every subnet with a route to a gateway has a line, and one of them carries the arrow head', () => {
    const lines = [...absolute(sheetOf(loadWorld('day-private')))].flatMap((block) => block.lines);
    expect(lines.map(({ tip }) => tip).sort()).toEqual([
      'internet gateway igw to the internet',
      'subnet day-a to gateway/igw',
      'subnet day-b to gateway/igw',
      'subnet private-a to nat/nat-a',
      'subnet private-b to nat/nat-a',
    ]);
    expect(lines.filter(({ look, ends }) => look === 'nat' && ends)).toHaveLength(1);
  });

  test('a subnet says how full it is, and by which table and network ACL its packets go', async () => {
    const said = texts(await renderMap(loadWorld('faults')));
    expect(said).toContain('7 used, 4 free');
    expect(said).toContain('route table apps · NACL default');
  });

  test('an interface shows its own address, those of pods and the warm ones', () => {
    const eni = places(loadWorld('day')).get('eni/ip-10-1-0-5.ec2.internal/1')!;
    expect(eni.marks.flatMap((mark) => (mark.kind === 'rect' ? [mark.look] : []))).toEqual([
      'cell cell-primary',
      'cell cell-pod',
      'cell cell-warm',
      'cell cell-warm',
    ]);
  });

  test('pods without an address are listed with the reason, those that wait alike together', async () => {
    const said = texts(await renderMap(loadWorld('faults')));
    expect(said).toContain('8 pods without an address');
    expect(said).toContain('ContainerCreating · default/crowd-5 to crowd-11 (7 pods) · on starved');
    expect(said).toContain('Pending · default/waiting-0');
    expect(said.join(' ')).toContain('1 Too many pods');
  });

  test('the legend names only what is on the sheet', async () => {
    expect(texts(await renderMap(loadWorld('day-private')))).toContain('route to a NAT gateway');
    const said = texts(await renderMap(loadWorld('two-nodes')));
    expect(said).not.toContain('route to a NAT gateway');
    expect(said).not.toContain('public subnet');
  });
});

describe('large clusters stay readable', () => {
  test('200 pods and 40 Services in three zones fit the reference width', async () => {
    const svg = await renderMap(large);
    expect(xmlFault(svg)).toBeUndefined();
    expect(layoutFaults(sheetOf(large))).toEqual([]);
    expect(sheetOf(large).width).toBeLessThanOrEqual(1280);
    expect(svg.length).toBeLessThan(300_000);
  });

  test('pods of a crowded node become counts', async () => {
    const said = texts(await renderMap(large));
    expect(said).toContain('by namespace');
    expect(said.filter((text) => /^team-0 ×\d+$/.test(text))).toHaveLength(12);
  });

  test('more than eight nodes in a subnet become one entry for their group', async () => {
    const world = worldOfSize({
      zones: 2,
      nodes: 24,
      services: 10,
      podsPerService: 10,
      balancers: 0,
      instances: 0,
      natPerZone: false,
    });
    expect(layoutFaults(sheetOf(world))).toEqual([]);
    const said = texts(await renderMap(world));
    expect(said.filter((text) => text === '12 nodes, group workers')).toHaveLength(2);
  });

  test('more than six load balancer nodes in a subnet become a count', async () => {
    const world = worldOfSize({
      zones: 1,
      nodes: 1,
      services: 9,
      podsPerService: 1,
      balancers: 9,
      instances: 0,
      natPerZone: false,
    });
    expect(texts(await renderMap(world))).toContain('9 NLB nodes');
  });
});
