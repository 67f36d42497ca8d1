/** The rules by which a service port is entered: its lines in the chains that all services share, in the order in
 *  which kube-proxy writes them. */
import type { RuleLine } from '../host/rules.ts';
import { single } from './address-family.ts';
import { type KubeProxyConfig, servesLoopback } from './kube-proxy-config.ts';
import { nfacct } from './kube-proxy-static.ts';
import { comment, type RuleParts, ruleText } from './rule-text.ts';
import type { ProxyServicePort } from './service-port.ts';
import type { ServicePortView } from './service-port-view.ts';

export interface ServicePortEntries {
  readonly natServices: readonly RuleLine[];
  readonly natNodePorts: readonly RuleLine[];
  readonly filterServices: readonly RuleLine[];
  readonly filterExternal: readonly RuleLine[];
  readonly filterNodePorts: readonly RuleLine[];
  readonly filterFirewall: readonly RuleLine[];
}

type Writable = { readonly [K in keyof ServicePortEntries]: RuleLine[] };

export function servicePortEntries(view: ServicePortView, config: KubeProxyConfig): ServicePortEntries {
  const lines: Writable = {
    natServices: [],
    natNodePorts: [],
    filterServices: [],
    filterExternal: [],
    filterNodePorts: [],
    filterFirewall: [],
  };
  clusterIp(view, lines);
  for (const address of view.port.externalIPs) externalIp(view, address, lines);
  for (const address of view.port.loadBalancerIPs) loadBalancerIp(view, address, lines);
  if (view.port.nodePort !== 0) nodePort(view, config, lines);
  if (view.port.healthCheckNodePort !== 0) healthCheck(view.port, lines);
  return lines;
}

function clusterIp({ port, internalChain, endpoints }: ServicePortView, lines: Writable): void {
  const { clusterIP, name } = port;
  if (internalChain) {
    lines.natServices.push(
      line('KUBE-SERVICES', port, toAddress(port, clusterIP, `${name} cluster IP`, internalChain)),
    );
  } else {
    const { why, target } = refusal(port, endpoints.hasEndpoints);
    lines.filterServices.push(line('KUBE-SERVICES', port, toAddress(port, clusterIP, why, target)));
  }
}

function externalIp(
  { port, entryChain, externalChain, endpoints }: ServicePortView,
  address: string,
  lines: Writable,
) {
  if (entryChain)
    lines.natServices.push(
      line('KUBE-SERVICES', port, toAddress(port, address, `${port.name} external IP`, entryChain)),
    );
  if (!externalChain) refuseExternal(port, address, endpoints.hasEndpoints, lines);
}

function loadBalancerIp(view: ServicePortView, address: string, lines: Writable): void {
  const { port, entryChain, firewallChain, externalChain, endpoints } = view;
  const entry = firewallChain ?? entryChain;
  if (entry)
    lines.natServices.push(
      line('KUBE-SERVICES', port, toAddress(port, address, `${port.name} loadbalancer IP`, entry)),
    );
  if (firewallChain) {
    const why = `${port.name} traffic not accepted by ${firewallChain}`;
    lines.filterFirewall.push(line('KUBE-PROXY-FIREWALL', port, toAddress(port, address, why, 'DROP')));
  }
  if (!externalChain) refuseExternal(port, address, endpoints.hasEndpoints, lines);
}

function refuseExternal(
  port: ProxyServicePort,
  address: string,
  hasEndpoints: boolean,
  lines: Writable,
): void {
  const { why, target } = refusal(port, hasEndpoints);
  lines.filterExternal.push(line('KUBE-EXTERNAL-SERVICES', port, toAddress(port, address, why, target)));
}

function nodePort(
  { port, entryChain, externalChain, endpoints }: ServicePortView,
  config: KubeProxyConfig,
  lines: Writable,
): void {
  const { name, protocol } = port;
  const ports = `-m ${protocol} --dport ${port.nodePort}`;
  // Only to count: the next rule would take these packets too.
  if (entryChain && config.nfacct && servesLoopback(config)) {
    const matches = [comment(name), ports, nfacct('localhost_nps_accepted_pkts')];
    lines.natNodePorts.push(
      line('KUBE-NODEPORTS', port, { destination: '127.0.0.0/8', protocol, matches, target: entryChain }),
    );
  }
  if (entryChain)
    lines.natNodePorts.push(
      line('KUBE-NODEPORTS', port, { protocol, matches: [comment(name), ports], target: entryChain }),
    );
  if (!externalChain) {
    const { why, target } = refusal(port, endpoints.hasEndpoints);
    const matches = [comment(why), '-m addrtype --dst-type LOCAL', ports];
    lines.filterExternal.push(line('KUBE-EXTERNAL-SERVICES', port, { protocol, matches, target }));
  }
}

function healthCheck(port: ProxyServicePort, lines: Writable): void {
  const matches = [
    comment(`${port.name} health check node port`),
    `-m tcp --dport ${port.healthCheckNodePort}`,
  ];
  lines.filterNodePorts.push(line('KUBE-NODEPORTS', port, { protocol: 'tcp', matches, target: 'ACCEPT' }));
}

/** The match of a service port on one of its addresses. */
export function toAddress(port: ProxyServicePort, address: string, why: string, target: string): RuleParts {
  const { protocol } = port;
  const matches = [comment(why), `-m ${protocol} --dport ${port.port}`];
  return { destination: single(address), protocol, matches, target };
}

/** Rejected where nothing serves at all, dropped where a Local policy keeps this node from it. */
function refusal(
  port: ProxyServicePort,
  hasEndpoints: boolean,
): { readonly why: string; readonly target: string } {
  if (hasEndpoints) return { why: `${port.name} has no local endpoints`, target: 'DROP' };
  const unreachable = port.clusterIP.includes(':') ? 'icmp6-port-unreachable' : 'icmp-port-unreachable';
  return { why: `${port.name} has no endpoints`, target: `REJECT --reject-with ${unreachable}` };
}

function line(chain: string, port: ProxyServicePort, parts: RuleParts): RuleLine {
  return { text: ruleText(chain, parts), origin: port.origin };
}
