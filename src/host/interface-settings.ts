/** What sysctls say of each interface (ip-sysctl: net.ipv4.conf). */
import { alike } from './alike.ts';
import type { InterfaceSettings } from './linux-record.ts';

type Sysctls = Readonly<Record<string, string>>;

/** The last answer: hosts are made one like the other, and a packet finds what they share close by. */
let last: { readonly key: string; readonly settings: readonly InterfaceSettings[] } | undefined;

/** The settings of interfaces by their names. `forwarding` is net.ipv4.ip_forward. */
export function interfaceSettings(
  names: readonly string[],
  sysctls: Sysctls,
  forwarding: boolean,
): readonly InterfaceSettings[] {
  const key = JSON.stringify([names, sysctls, forwarding]);
  if (last?.key !== key)
    last = {
      key,
      settings: names.map((name) => alike('settings', settingsOf(name, sysctls, forwarding), sameSettings)),
    };
  return last.settings;
}

function settingsOf(name: string, sysctls: Sysctls, forwarding: boolean): InterfaceSettings {
  const written = (of: string, key: string): number | undefined => {
    const value = sysctls[`net.ipv4.conf.${of}.${key}`] ?? sysctls[`net/ipv4/conf/${of}/${key}`];
    return value === undefined ? undefined : Number(value);
  };
  const highest = (key: string): number => Math.max(written('all', key) ?? 0, written(name, key) ?? 0);
  return {
    reversePathFilter: Math.min(2, highest('rp_filter')) as 0 | 1 | 2,
    routeLocalnet: highest('route_localnet') > 0,
    acceptLocal: highest('accept_local') > 0,
    sourceMark: highest('src_valid_mark') > 0,
    sendRedirects: highest('send_redirects') > 0,
    forwards: (written(name, 'forwarding') ?? written('all', 'forwarding') ?? Number(forwarding)) > 0,
  };
}

function sameSettings(one: InterfaceSettings, other: InterfaceSettings): boolean {
  return (
    one.reversePathFilter === other.reversePathFilter &&
    one.routeLocalnet === other.routeLocalnet &&
    one.acceptLocal === other.acceptLocal &&
    one.sourceMark === other.sourceMark &&
    one.sendRedirects === other.sendRedirects &&
    one.forwards === other.forwards
  );
}

/** IPv6 has no rp_filter of its own, and no route_localnet. */
export function settingsForIpv6(
  settings: readonly InterfaceSettings[],
  forwarding: boolean,
): readonly InterfaceSettings[] {
  return settings.map((one) => ({
    ...one,
    reversePathFilter: 0,
    routeLocalnet: false,
    forwards: forwarding,
  }));
}
