/** Makes the machines outside AWS: those on the internet and those of on-premises networks. */
import { outsideHost } from '../vpc/outside-host.ts';
import type { Roster } from './roster.ts';
import type { HostSpec } from './topology.ts';

/** `network` is the index of what carries their packets, which get there by `port`. */
export function wireOutsideHosts(
  hosts: readonly HostSpec[],
  network: number,
  port: number,
  roster: Roster,
): void {
  for (const host of hosts)
    roster.place(outsideHost, {
      index: roster.index('host', host.name),
      kind: 'host',
      id: host.name,
      name: host.name,
      origin: host.origin,
      address: host.address,
      network,
      networkPort: port,
      listening: host.listen.map(({ protocol, port }) => ({
        protocol,
        port,
        by: `listen of host ${host.name}`,
      })),
    });
}
