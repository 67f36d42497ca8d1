import { describe, expect, test } from 'vitest';
import { buildWorld } from '../../src/world/build.ts';
import { changedWorld, withSecurityGroup } from '../../src/world/change.ts';
import type { World } from '../../src/world/world.ts';
import { loadWorld, traceOf } from '../support/worlds.ts';

const closed = withSecurityGroup('main', 'nodes', (group) => ({ ...group, ingress: [] }));

function after(world: World, change: typeof closed): World {
  const changed = changedWorld(world, change);
  if (!changed.ok) throw new Error(JSON.stringify(changed.issues));
  return changed.value;
}

describe('a world with one security group changed', () => {
  const before = loadWorld('two-nodes');
  const changed = after(before, closed);

  test('gives other answers, and leaves the world before as it was', () => {
    expect(traceOf(changed, 'node/node-1', '10.0.2.34:10250')).toMatchObject({ verdict: 'unreachable' });
    expect(traceOf(before, 'node/node-1', '10.0.2.34:10250')).toMatchObject({ verdict: 'reachable' });
  });

  test('is the world that would be built anew', () => {
    const anew = buildWorld(changed.topology);
    if (!anew.ok) throw new Error('not built');
    const flow = ['pod/default/p1', 'pod/default/p3:8080'] as const;
    expect(traceOf(changed, ...flow)).toEqual(traceOf(anew.value, ...flow));
    const names = (world: World) => world.devices.map(({ kind, id }) => `${kind}/${id}`);
    expect(names(changed)).toEqual(names(anew.value));
  });

  test('computes that group anew and nothing else', () => {
    expect(changed.strata.computed).toBe(1);
  });

  test('shares nodes, pods and rules with the world before', () => {
    const node = before.indexOf.get('node/node-1')!;
    expect(changed.devices[node]).toBe(before.devices[node]);
    expect(changed.cluster).toBe(before.cluster);
  });
});
