/** Links on the map: a card for each beside the VPCs it joins, and lines that lead there. */
import { describe, expect, test } from 'vitest';
import { absolute, type Block } from '../../src/render/map/block.ts';
import { sheetOf } from '../../src/render/map/sheet.ts';
import type { World } from '../../src/world/world.ts';
import { loadWorld, worldOf } from '../support/worlds.ts';
import { layoutFaults } from './map-faults.ts';

const blocks = (world: World): ReadonlyMap<string, Block> =>
  new Map([...absolute(sheetOf(world))].map((block) => [block.id, block]));
const tips = (world: World): string[] =>
  [...absolute(sheetOf(world))].flatMap(({ lines }) => lines.map(({ tip, look }) => `${look}: ${tip}`));

describe('hub', () => {
  const world = loadWorld('hub');

  test('the transit gateway and the peering stand in the Region, right of the VPCs', () => {
    const places = blocks(world);
    const edge = Math.max(
      ...['shop', 'data', 'egress'].map((name) => {
        const { x, width } = places.get(`vpc/${name}`)!;
        return x + width;
      }),
    );
    for (const card of ['transit-gateway/tgw', 'vpc-peering/shop-data/us-east-1']) {
      expect(places.get(card)!.x).toBeGreaterThan(edge);
      expect(places.get('region/us-east-1')!.children.map(({ id }) => id)).toContain(card);
    }
    expect(places.get('on-premises/dc')!.x).toBeGreaterThan(places.get('transit-gateway/tgw')!.x);
  });

  test('each attachment, each peer and each connection has its line', () => {
    const lines = tips(world);
    expect(lines.filter((tip) => tip.startsWith('link: attachment'))).toHaveLength(3);
    expect(lines.filter((tip) => tip.startsWith('link: VPC peering shop-data'))).toHaveLength(2);
    expect(lines).toContain('vpn: VPN connection dc-vpn from tgw to dc, up');
  });
});

test('a connection that is down looks it', () => {
  expect(tips(loadWorld('branch', 'direct-connect-down'))).toContain(
    'vpn-down: Direct Connect dx from vgw to office, down',
  );
});

test('two Regions: gateways that are peered are wired, a peering has a card in each', () => {
  const regions = ['us-east-1', 'eu-west-1'];
  const world = worldOf({
    'vpcsim.yaml': `apiVersion: vpcsim/v1
kind: Topology
metadata: { name: regions }
vpcs:
${[0, 1, 2, 3, 4, 5]
  .map(
    (i) => `  - name: vpc-${i}
    region: ${regions[i % 2]}
    cidrs: [10.${i}.0.0/16]
    subnets: [{ name: only-${i}, cidr: 10.${i}.0.0/24, az: ${regions[i % 2]}a }]`,
  )
  .join('\n')}
peerings:
  - { name: across, requester: vpc-0, accepter: vpc-1 }
  - { name: foreign, requester: vpc-2, accepter: { cidrs: [10.99.0.0/16] } }
transitGateways:
${[0, 1]
  .map(
    (r) => `  - name: tgw-${r}
    region: ${regions[r]}
    routeTables: [{ name: rt, routes: [] }]
    attachments:
${[r, r + 2, r + 4].map((i) => `      - { name: att-${i}, vpc: vpc-${i}, subnets: [only-${i}], association: rt }`).join('\n')}
      - { name: peer-${r}, transitGateway: tgw-${1 - r}, association: rt }`,
  )
  .join('\n')}
`,
  });
  expect(layoutFaults(sheetOf(world))).toEqual([]);
  const lines = tips(world);
  expect(lines).toContain('link: peering of transit gateways tgw-0 and tgw-1');
  expect(lines).toContain('link: VPC peering across from us-east-1 to eu-west-1');
  expect([...blocks(world).keys()].filter((id) => id.startsWith('vpc-peering/'))).toEqual([
    'vpc-peering/across/us-east-1',
    'vpc-peering/foreign/us-east-1',
    'vpc-peering/across/eu-west-1',
  ]);
});
