/** Load balancers by the names people use: a rule's host, the DNS name, or the balancer's own name. */
import { formatIpv4 } from '../addressing/ip.ts';
import { suggestion } from '../base/nearest.ts';
import { type Found, found, missing } from './found.ts';
import type { Target } from './target.ts';
import type { LoadBalancerState, World } from './world.ts';

/** The load balancer that people reach under `host`, or the one they insist on. */
export function balancerFor(
  world: World,
  host: string,
  via: string | undefined,
): Found<LoadBalancerState | undefined> {
  if (via !== undefined) {
    const named = world.loadBalancers.find(({ name, dnsName, for: owner }) =>
      [name, dnsName, owner].includes(via.toLowerCase()),
    );
    if (named) return found(named);
    return missing(
      'usage/unknown-name',
      `no load balancer "${via}"`,
      suggestion(
        via,
        world.loadBalancers.map(({ name }) => name),
      ),
    );
  }
  const fits = world.loadBalancers.filter(
    ({ dnsName, hosts }) => dnsName === host || hosts.some((pattern) => hostMatches(pattern, host)),
  );
  const exact = fits.filter(({ dnsName, hosts }) => dnsName === host || hosts.includes(host));
  const best = exact.length > 0 ? exact : fits;
  if (best.length > 1)
    return missing(
      'usage/ambiguous-host',
      `${best.length} load balancers answer for ${host}`,
      `--via ${best.map(({ name }) => name).join(' or --via ')}`,
    );
  return found(best[0]);
}

function hostMatches(pattern: string, host: string): boolean {
  if (!pattern.includes('*')) return pattern === host;
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`).test(host);
}

export function balancerAddresses(balancer: LoadBalancerState): Target['addresses'] {
  const { nodes } = balancer;
  return nodes.map((node) => {
    const address = node.publicAddress ?? node.address;
    return {
      address,
      weight: 1 / nodes.length,
      label: `${balancer.kind}/${balancer.name} ${formatIpv4(address)} (${node.az})`,
    };
  });
}
