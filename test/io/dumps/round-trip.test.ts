/** A node that is given its own rules, routes and ip rules as a dump behaves as before. */
import { expect, test } from 'vitest';
import type { LinuxHost } from '../../../src/host/linux-record.ts';
import { printIpRoute, printIpRule } from '../../../src/host/routing/routing-text.ts';
import { saveText } from '../../../src/host/save/iptables.ts';
import { nftText } from '../../../src/host/save/nft.ts';
import { readHostDump } from '../../../src/io/dumps/host-dump.ts';
import { renderWire } from '../../../src/render/wire.ts';
import { buildWorld } from '../../../src/world/build.ts';
import type { World } from '../../../src/world/world.ts';
import { shipped } from '../../support/shipped.ts';
import { traceOf } from '../../support/worlds.ts';

/** The world with dumps of its own nodes in place of what is written for them. */
function withOwnDumps(world: World): World {
  const { topology, cluster, devices } = world;
  const nodeRules = cluster!.nodes.map(({ name, rules, device }) => {
    const tables = [...rules.shared, ...rules.own];
    const { routing } = devices[device] as LinuxHost;
    const text = [
      saveText(tables),
      nftText(tables),
      ...routing.rules.map((rule) => `${printIpRule(rule)}\n`),
      ...routing.routes.map((route) => `${printIpRoute(route)} table ${route.table}\n`),
    ].join('');
    const { dump, issues } = readHostDump([{ file: name, text }]);
    expect(issues).toEqual([]);
    return { name, dump, origin: topology.cluster!.origin };
  });
  const built = buildWorld({ ...topology, cluster: { ...topology.cluster!, nodeRules } });
  if (!built.ok) throw new Error(JSON.stringify(built.issues));
  return built.value;
}

const cases = shipped.filter(({ world }) => world.topology.cluster?.nodeRules.length === 0);

test.each(cases)('$title', ({ world, flows }) => {
  const dumped = withOwnDumps(world);
  for (const { from, to, ...more } of flows)
    expect(renderWire(traceOf(dumped, from, to, more))).toBe(renderWire(traceOf(world, from, to, more)));
});
