/** Listeners of an ALB (computeIngressListenPorts, mergeListenPortConfigs, buildSSLRedirectConfig): the ports of every
 *  member of the group, merged by port. HTTP 80 by default, HTTPS 443 where a certificate is given. */
import * as z from 'zod';
import { type Cidr, compareCidr, formatCidr } from '../addressing/cidr.ts';
import type { Ingress } from '../api/objects.ts';
import { find, ingressAnnotations, integer, json, list, refuseValue } from './annotations.ts';
import { cidrOrNetwork } from './cidr-text.ts';
import type { Findings } from './findings.ts';
import type { IngressGroup } from './ingress-group.ts';

export interface ListenPort {
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** In group order. */
  readonly members: readonly Ingress[];
  readonly certificates: readonly string[];
  /** Who may connect, where the frontend group is a managed one. */
  readonly inbound: readonly Cidr[];
}

type Protocol = ListenPort['protocol'];

const listenPortsShape = z
  .array(z.record(z.string(), z.number().int()))
  .min(1, 'empty listen-ports configuration');

const EVERYONE: Cidr = { base: 0, length: 0 };

/** Sorted by port. */
export function listenPorts(group: IngressGroup, findings: Findings): ListenPort[] {
  const merged = new Map<
    number,
    { protocol: Protocol; members: Ingress[]; certificates: string[]; inbound?: Cidr[] }
  >();
  for (const ingress of group.members) {
    const inbound = inboundCidrs(ingress, findings);
    const certificates = list(ingressAnnotations(ingress), 'certificate-arn') ?? [];
    for (const [port, protocol] of portsOf(ingress, certificates.length > 0, findings)) {
      const known = merged.get(port);
      if (known && known.protocol !== protocol)
        findings.refuse(
          'elb/group-conflict',
          ingress,
          `failed to merge listenPort config for port: ${port}: conflicting protocol: ${known.protocol} | ${protocol}`,
        );
      if (known?.inbound && inbound && text(known.inbound) !== text(inbound))
        findings.refuse(
          'elb/group-conflict',
          ingress,
          `failed to merge listenPort config for port: ${port}: conflicting inbound-cidrs: ${text(known.inbound)} | ${text(inbound)}`,
        );
      const entry = known ?? { protocol, members: [], certificates: [] };
      entry.members.push(ingress);
      if (inbound) entry.inbound = inbound;
      if (protocol === 'HTTPS') entry.certificates.push(...certificatesOf(ingress, certificates, findings));
      merged.set(port, entry);
    }
  }
  return [...merged]
    .sort(([a], [b]) => a - b)
    .map(([port, { protocol, members, certificates, inbound }]) => ({
      port,
      protocol,
      members,
      certificates: [...new Set(certificates)],
      inbound: inbound ?? (group.members.some(hasPrefixLists) ? [] : [EVERYONE]),
    }));
}

function portsOf(ingress: Ingress, preferTls: boolean, findings: Findings): Map<number, Protocol> {
  const where = ingressAnnotations(ingress);
  const found = find(where, 'listen-ports');
  if (!found) return new Map([preferTls ? [443, 'HTTPS'] : [80, 'HTTP']]);
  const ports = new Map<number, Protocol>();
  for (const entry of json(where, 'listen-ports', listenPortsShape, findings) ?? [])
    for (const [protocol, port] of Object.entries(entry)) {
      if (protocol !== 'HTTP' && protocol !== 'HTTPS')
        refuseValue(found, findings, `listen protocol must be within [HTTP, HTTPS]: ${protocol}`);
      else if (port < 1 || port > 65535)
        refuseValue(found, findings, `listen port must be within [1, 65535]: ${port}`);
      else ports.set(port, protocol);
    }
  return ports;
}

/** Those of the annotation; without one the controller looks in ACM for certificates of the hosts. */
function certificatesOf(ingress: Ingress, given: readonly string[], findings: Findings): readonly string[] {
  if (given.length > 0) return given;
  const hosts = new Set([
    ...ingress.rules.map(({ host }) => host),
    ...ingress.tls.flatMap((entry) => entry.hosts),
  ]);
  hosts.delete('');
  if (hosts.size === 0) {
    findings.refuse(
      'elb/certificate',
      ingress,
      'an HTTPS listener needs a certificate: none is named and there is no host to look one up for',
      'set alb.ingress.kubernetes.io/certificate-arn',
    );
    return [];
  }
  const names = [...hosts].sort();
  findings.warn(
    'elb/certificate',
    ingress,
    `no certificate-arn: the controller looks in ACM for certificates of ${names.join(', ')}; taken to exist`,
  );
  return names.map((host) => `acm certificate of ${host}`);
}

function inboundCidrs(ingress: Ingress, findings: Findings): Cidr[] | undefined {
  const where = ingressAnnotations(ingress);
  const words = list(where, 'inbound-cidrs');
  const found = find(where, 'inbound-cidrs');
  if (!words || !found || words.length === 0) return undefined;
  const blocks: Cidr[] = [];
  for (const word of words) {
    const block = cidrOrNetwork(word);
    if (block) blocks.push(block);
    else if (!word.includes(':')) refuseValue(found, findings, `invalid CIDR address: ${word}`);
  }
  return blocks.sort(compareCidr);
}

function text(blocks: readonly Cidr[]): string {
  return blocks.map(formatCidr).join(',');
}

function hasPrefixLists(ingress: Ingress): boolean {
  return find(ingressAnnotations(ingress), 'security-group-prefix-lists') !== undefined;
}

/** The HTTPS port that every HTTP listener redirects to; undefined without annotation ssl-redirect. */
export function sslRedirectPort(
  group: IngressGroup,
  ports: readonly ListenPort[],
  findings: Findings,
): number | undefined {
  let chosen: number | undefined;
  for (const ingress of group.members) {
    const port = integer(ingressAnnotations(ingress), 'ssl-redirect', findings);
    if (port === undefined) continue;
    if (chosen !== undefined && chosen !== port)
      findings.refuse('elb/group-conflict', ingress, `conflicting sslRedirect port: ${chosen} | ${port}`);
    chosen = port;
    const listener = ports.find((each) => each.port === port);
    if (listener?.protocol !== 'HTTPS')
      findings.refuse(
        'elb/annotation',
        ingress,
        listener
          ? `listener protocol non-SSL for SSLRedirect port: ${port}`
          : `listener does not exist for SSLRedirect port: ${port}`,
        'list the port in listen-ports as HTTPS',
      );
  }
  return chosen;
}
