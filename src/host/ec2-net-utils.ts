/** Routing of an EC2 instance with several network interfaces, as Amazon Linux 2023 sets it up (amazon-ec2-net-utils
 *  lib/lib.sh: create_if_overrides, create_rules, create_ipv4_aliases): the first interface uses the main table, each
 *  further one a table of its own, which rules ask for what comes from its addresses and prefixes. */
import { addressAt, type Cidr } from '../addressing/cidr.ts';
import type { Ipv4 } from '../addressing/ip.ts';
import { defaulted } from '../base/origin.ts';
import type { IpRoute, IpRule } from './rules.ts';

export interface NetworkInterface {
  /** "ens5". */
  readonly name: string;
  /** Device number; 0 is the primary interface. */
  readonly device: number;
  /** The primary one first; all of them are configured on the interface. */
  readonly addresses: readonly Ipv4[];
  /** Delegated blocks, of which no address is configured. */
  readonly prefixes: readonly Cidr[];
  readonly subnet: Cidr;
}

/** `rule_base`: priority and table of device 1 are 10001. */
const RULE_BASE = 10_000;

/** What other systems do (Amazon Linux 2, Ubuntu, Windows) is taken to come to the same. */
const ORIGIN = defaulted('Amazon Linux', 'routing of several network interfaces');
const ONE_INTERFACE = defaulted('Linux', 'routes of a host with one interface');

const everywhere: Cidr = { base: 0, length: 0 };

/** `ip rule` beside the kernel's own. */
export function interfaceRules(interfaces: readonly NetworkInterface[]): IpRule[] {
  return interfaces.flatMap(({ device, addresses, prefixes }) =>
    device === 0
      ? []
      : [...addresses.map((base) => ({ base, length: 32 })), ...prefixes].map(
          (from): IpRule => ({
            priority: RULE_BASE + device,
            from,
            table: String(RULE_BASE + device),
            origin: ORIGIN,
          }),
        ),
  );
}

/** `ip route` of all tables but local. */
export function interfaceRoutes(interfaces: readonly NetworkInterface[]): IpRoute[] {
  const origin = interfaces.length > 1 ? ORIGIN : ONE_INTERFACE;
  return interfaces.flatMap(({ name: dev, device, addresses, subnet }): IpRoute[] => {
    const table = device === 0 ? 'main' : String(RULE_BASE + device);
    return [
      { table, to: everywhere, via: addressAt(subnet, 1), dev, origin },
      { table, to: subnet, scope: 'link', src: addresses[0]!, dev, origin },
    ];
  });
}
