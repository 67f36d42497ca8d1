/** Which listeners an NLB gets (model_build_listener.go of pkg/service): one per Service port; TLS where certificates
 *  are named; TCP and UDP of one port number only together, as TCP_UDP, and only where an annotation asks for it. */
import type { Service, ServicePort } from '../api/objects.ts';
import { find, flag, list, refuseValue, serviceAnnotations, text } from './annotations.ts';
import type { Findings } from './findings.ts';

export interface NlbListen {
  readonly port: ServicePort;
  readonly protocol: 'TCP' | 'UDP' | 'TCP_UDP' | 'TLS';
  readonly targetProtocol: 'TCP' | 'UDP' | 'TCP_UDP' | 'TLS';
  readonly certificates: readonly string[];
}

/** Sorted by port. */
export function nlbListens(service: Service, findings: Findings): NlbListen[] {
  const where = serviceAnnotations(service);
  const certificates = list(where, 'aws-load-balancer-ssl-cert') ?? [];
  const tlsPorts = tlsPortsOf(service, findings);
  const result: NlbListen[] = [];
  for (const [port, protocol] of mergedPorts(service, findings)) {
    const named = tlsPorts.length === 0 || tlsPorts.includes(port.name) || tlsPorts.includes(`${port.port}`);
    if (protocol === 'TCP' && certificates.length > 0 && named) {
      const encrypts = text(where, 'aws-load-balancer-backend-protocol') === 'ssl';
      result.push({ port, protocol: 'TLS', targetProtocol: encrypts ? 'TLS' : 'TCP', certificates });
    } else result.push({ port, protocol, targetProtocol: protocol, certificates: [] });
  }
  return result.sort((a, b) => a.port.port - b.port.port);
}

function mergedPorts(
  service: Service,
  findings: Findings,
): (readonly [ServicePort, 'TCP' | 'UDP' | 'TCP_UDP'])[] {
  const merges =
    flag(serviceAnnotations(service), 'aws-load-balancer-enable-tcp-udp-listener', findings) ?? false;
  const byNumber = new Map<number, ServicePort[]>();
  for (const port of service.ports) byNumber.set(port.port, [...(byNumber.get(port.port) ?? []), port]);
  const result: (readonly [ServicePort, 'TCP' | 'UDP' | 'TCP_UDP'])[] = [];
  for (const [number, ports] of byNumber) {
    const first = ports[0]!;
    if (ports.some(({ protocol }) => protocol === 'SCTP'))
      findings.refuse(
        'elb/service-port',
        service,
        `port ${number}: a Network Load Balancer does not carry SCTP`,
      );
    else if (ports.length === 1) result.push([first, first.protocol === 'UDP' ? 'UDP' : 'TCP']);
    else if (merges) result.push([first, 'TCP_UDP']);
    else
      findings.refuse(
        'elb/service-port',
        service,
        `port ${number} is listed for TCP and UDP, which would be two listeners on one port`,
        'set service.beta.kubernetes.io/aws-load-balancer-enable-tcp-udp-listener: "true"',
      );
  }
  return result;
}

function tlsPortsOf(service: Service, findings: Findings): string[] {
  const where = serviceAnnotations(service);
  const found = find(where, 'aws-load-balancer-ssl-ports');
  const ports = list(where, 'aws-load-balancer-ssl-ports') ?? [];
  const known = new Set(service.ports.flatMap((port) => [port.name, `${port.port}`]));
  const unused = ports.filter((port) => !known.has(port));
  if (found && unused.length > 0)
    refuseValue(found, findings, `Unused port in ssl-ports annotation [${unused.join(' ')}]`);
  return ports;
}
