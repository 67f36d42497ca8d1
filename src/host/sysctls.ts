/** The sysctls that decide about packets, with the values that the model takes where a host sets none. `vpcsim lab`
 *  writes every one of them, so that its namespaces do not inherit what the machine happens to have
 *  (kernel Documentation/networking/ip-sysctl.rst). */
import { isIpv6 } from '../addressing/ip6.ts';
import type { LinuxHost } from './linux-record.ts';

/** net.ipv4.conf.{all,default,INTERFACE}.NAME. */
const interfaceSettings: Readonly<Record<string, string>> = {
  rp_filter: '0',
  route_localnet: '0',
  accept_local: '0',
  src_valid_mark: '0',
  // Redirects would change the routes of hosts behind the model's back.
  accept_redirects: '0',
  secure_redirects: '0',
  send_redirects: '0',
  proxy_arp: '0',
  arp_ignore: '0',
  arp_filter: '0',
};

/** Of the whole namespace. Rate limits would lose ICMP errors that the model sends. */
const hostSettings: Readonly<Record<string, string>> = {
  'net.ipv4.icmp_ratelimit': '0',
  'net.ipv4.icmp_ratemask': '0',
  'net.ipv4.icmp_msgs_per_sec': '100000000',
  'net.ipv4.icmp_msgs_burst': '100000000',
  'net.ipv4.icmp_errors_use_inbound_ifaddr': '0',
  'net.ipv4.icmp_echo_ignore_all': '0',
  'net.ipv4.ip_default_ttl': '64',
  'net.ipv4.ip_forward_update_priority': '1',
  'net.ipv4.fwmark_reflect': '0',
  'net.ipv4.tcp_fwmark_accept': '0',
  'net.ipv4.tcp_syncookies': '0',
  'net.netfilter.nf_conntrack_tcp_be_liberal': '0',
  'net.netfilter.nf_conntrack_tcp_loose': '1',
};

/** Every sysctl of a host, in the order they are to be written: a setting of `all` comes before those of interfaces,
 *  and ip_forward first, because it resets others. Names with `/` between the parts, as below /proc/sys. */
export function sysctlsOf(
  host: Pick<LinuxHost, 'interfaces' | 'forwarding' | 'sysctls'>,
): readonly (readonly [name: string, value: string])[] {
  const settings = new Map<string, string>([['net/ipv4/ip_forward', host.forwarding === true ? '1' : '0']]);
  const names = ['all', 'default', ...host.interfaces.map(({ name }) => name)];
  for (const name of names)
    for (const [key, value] of Object.entries(interfaceSettings))
      settings.set(`net/ipv4/conf/${name}/${key}`, value);
  for (const [name, value] of Object.entries(hostSettings)) settings.set(pathOf(name), value);
  // Without addresses of its own IPv6 would only chat with its neighbours.
  const usesIpv6 = host.interfaces.some(({ addresses }) => addresses.some(isIpv6));
  settings.set('net/ipv6/conf/all/disable_ipv6', usesIpv6 ? '0' : '1');
  for (const [name, value] of Object.entries(host.sysctls)) settings.set(pathOf(name), value);
  return [...settings];
}

/** sysctl(8): with a dot first, dots separate and a slash stands for a dot inside a name; else the other way round. */
function pathOf(name: string): string {
  const separator = /[./]/.exec(name)?.[0];
  if (separator !== '.') return name;
  return name.replace(/[./]/g, (character) => (character === '.' ? '/' : '.'));
}
