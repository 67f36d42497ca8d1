/** `vpcsim get nodes|enis|addresses`: who holds which address. */
import { expect, test } from 'vitest';
import { listingKinds } from '../../src/analysis/listings.ts';
import type { World } from '../../src/world/world.ts';
import { loadWorld } from '../support/worlds.ts';
import { CUSTOM, ENI_CONFIG, PREFIXES, poolWorld } from './pool-world.ts';

/** The rows of a listing whose first column begins so, by column. */
function listed(world: World, kind: string, first: string): Record<string, string>[] {
  const { columns, rows, below } = listingKinds.find(({ names }) => names.includes(kind))!.list(world);
  return rows.flatMap((row, place) => {
    const entry = Object.fromEntries(columns.map((column, index) => [column, row[index]!]));
    return row[0]!.startsWith(first)
      ? [{ ...entry, ...(below && { [below.column]: below.cells[place]! }) }]
      : [];
  });
}

test('a node: ENIs of those it may have, addresses that pods have of those it holds, and why it holds so many', () => {
  expect(listed(poolWorld({ before: 9 }), 'nodes', 'n1')).toMatchObject([
    {
      ENIS: '3/3',
      ADDRESSES: '10/27',
      PODS: '12',
      'MAX-PODS': '29',
      POOL: 'WARM_ENI_TARGET=1: 10 pods at 9 addresses an ENI ask for 3 ENIs',
    },
  ]);
});

test('an interface: card and device, subnet, groups, and how many of its addresses pods have', () => {
  const world = poolWorld({ env: `${CUSTOM}, ${PREFIXES}`, manifests: ENI_CONFIG });
  expect(listed(world, 'enis', 'n1')).toMatchObject([
    { ENI: 'n1', DEVICE: '0.0', SUBNET: 'nodes', PODS: '0', WARM: '0', PREFIXES: '-' },
    {
      ENI: 'n1/1',
      DEVICE: '0.1',
      SUBNET: 'pods',
      PODS: '1',
      WARM: '31',
      PREFIXES: '2',
      'SECURITY-GROUPS': 'pods',
    },
  ]);
});

test('the trunk and the branch of a pod are told from other interfaces', () => {
  const world = loadWorld('failures/10-node-local-dns');
  expect(listed(world, 'enis', 'worker/').map(({ ENI, DEVICE, OWNER }) => [ENI, DEVICE, OWNER])).toEqual([
    ['worker/2', '0.2 trunk', 'node'],
    ['worker/vlan.1', 'vlan 1', 'pod/default/app'],
  ]);
});

test('addresses in order: a prefix with how many of its sixteen pods have, unused ones in one row, what others occupy', () => {
  const world = loadWorld('failures/26-fragmented-subnet', 'fixed');
  expect(listed(world, 'addresses', '10.26.0.').map((row) => Object.values(row).join(' '))).toEqual([
    '10.26.0.4-7 occupied nodes - - Lambda',
    '10.26.0.8-15 occupied nodes - - Lambda',
    '10.26.0.16 pod nodes worker 10.26.0.16/28 1/16 pod/default/app',
    '10.26.0.17-31 warm nodes worker 10.26.0.16/28 1/16 -',
    '10.26.0.32 control-plane nodes eks-26-fragmented-subnet-1 - -',
    '10.26.0.33 node nodes worker - -',
    '10.26.0.40 occupied nodes - - RDS',
  ]);
});
