/** What the routes of an imported topology lead to: a target that nobody described is `unknown/ID`. */
import type { Origin } from '../../base/origin.ts';
import type { Reading } from '../reading.ts';

interface Named {
  readonly name: string;
}

/** As far as routes go. */
export interface RoutedValue {
  readonly peerings?: readonly Named[];
  readonly transitGateways?: readonly Named[];
  readonly instances?: readonly (Named & { readonly interfaces?: readonly Named[] })[];
  readonly vpcs: readonly {
    readonly internetGateway?: Named;
    readonly egressOnlyInternetGateway?: Named;
    readonly vpnGateway?: Named;
    readonly natGateways: readonly Named[];
    readonly endpoints?: readonly Named[];
    readonly interfaces?: readonly Named[];
    readonly routeTables: readonly { readonly routes: readonly { via: string }[] }[];
  }[];
}

export function settleTargets(reading: Reading, value: RoutedValue): void {
  const { peerings = [], transitGateways = [], instances = [], vpcs } = value;
  const machines = instances.flatMap((each) => [each, ...(each.interfaces ?? [])]);
  const shared = new Set([...peerings, ...transitGateways, ...machines].map(({ name }) => name));
  for (const vpc of vpcs) {
    const { natGateways, endpoints, interfaces } = vpc;
    const gateways = [vpc.internetGateway, vpc.egressOnlyInternetGateway, vpc.vpnGateway];
    const lists = [natGateways, endpoints ?? [], interfaces ?? []].flat();
    const own = new Set([...gateways, ...lists].map((each) => each?.name));
    for (const route of vpc.routeTables.flatMap(({ routes }) => routes)) {
      const { via } = route;
      if (own.has(via) || shared.has(via) || via === 'blackhole' || via.startsWith('unknown/')) continue;
      const at = reading.of(route);
      const message = `${pathIn(at)}: no file describes ${via}: what its packets meet is undetermined`;
      reading.warn(at, { code: 'aws/not-described', message });
      route.via = `unknown/${via}`;
    }
  }
}

function pathIn(at: Origin): string {
  if (at.from !== 'written') return 'a route';
  return at.pointer
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}
