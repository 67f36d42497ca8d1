/** Every shipped topology with its variants, and flows through each: those it expects, and some that reach further. */
import { readdirSync } from 'node:fs';
import { formatIpv4 } from '../../src/addressing/ip.ts';
import type { Flow } from '../../src/world/flow.ts';
import type { World } from '../../src/world/world.ts';
import { loadWorld } from './worlds.ts';

export const shippedNames: readonly string[] = readdirSync(new URL('../../topologies', import.meta.url))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length))
  .sort();

export interface Shipped {
  /** "day", "day (one-subnet-cut-off)". */
  readonly title: string;
  readonly world: World;
  readonly flows: readonly Flow[];
}

export const shipped: readonly Shipped[] = shippedNames.flatMap((name) => {
  const { variants } = loadWorld(name).topology;
  return [undefined, ...variants].map((variant) => {
    const world = loadWorld(name, variant);
    return {
      title: variant === undefined ? name : `${name} (${variant})`,
      world,
      flows: [...world.topology.expectations.map(flowOf), ...fromOutside(world)],
    };
  });
});

/** What an expectation asks, without what it expects. */
function flowOf(asked: Flow): Flow {
  const { from, to, protocol, port, sourcePort, ttl, strictListen, oneWay } = asked;
  const { via, method, headers, sourceIp, seenClient, uid, gid, size, df } = asked;
  return {
    ...{ from, to, protocol, port, sourcePort, ttl, strictListen, oneWay },
    ...{ via, method, headers, sourceIp, seenClient, uid, gid, size, df },
  };
}

/** The internet asks each load balancer by its DNS name, and the API server's public endpoint. */
function fromOutside(world: World): Flow[] {
  const balancers = world.loadBalancers.map(({ dnsName, listeners }) => `${dnsName}:${listeners[0]!.port}`);
  const endpoint = world.devices.find(({ kind }) => kind === 'eks-api-endpoint');
  const api = endpoint && 'address' in endpoint ? [`${formatIpv4(endpoint.address as number)}:443`] : [];
  return [...balancers, ...api].map((to) => ({ from: 'internet', to }));
}
