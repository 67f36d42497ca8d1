/** What a Service is to a sender: its ClusterIP, its endpoints when headless, its load balancer from outside. */
import { formatIpv4, parseAddress } from '../addressing/ip.ts';
import type { Service, ServicePort } from '../api/objects.ts';
import { suggestion } from '../base/nearest.ts';
import { parseProtocol, TCP } from '../packet/protocol.ts';
import { balancerAddresses } from './balancer-names.ts';
import { type Found, found, missing } from './found.ts';
import { portNumber } from './ports.ts';
import type { Sender } from './sender.ts';
import type { Target } from './target.ts';
import type { Word } from './words.ts';
import type { World } from './world.ts';

export function toService(
  world: World,
  word: Word & { is: 'object' },
  from: Sender,
  options: { readonly protocol?: number | undefined },
): Found<Target> {
  const services = world.cluster?.services ?? [];
  const service = services.find(
    ({ metadata }) => metadata.namespace === word.namespace && metadata.name === word.name,
  );
  if (!service) {
    const names = services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    return missing(
      'usage/unknown-name',
      `no Service ${word.namespace}/${word.name}`,
      suggestion(`${word.namespace}/${word.name}`, names),
    );
  }
  return serviceTarget(world, service, word.port, from, options.protocol);
}

export function serviceTarget(
  world: World,
  service: Service,
  portText: string | undefined,
  from: Sender,
  protocol: number | undefined,
): Found<Target> {
  const id = `${service.metadata.namespace}/${service.metadata.name}`;
  const label = `svc/${id}`;
  if (service.type === 'ExternalName')
    return missing(
      'usage/external-name',
      `${label} is an ExternalName for ${service.externalName}: it has no address`,
      `trace to ${service.externalName}`,
    );
  const chosen = servicePort(service, portText, protocol);
  if (!chosen.ok) return chosen;
  const { port, protocol: portProtocol } = chosen.value;
  const balancer = from.outside
    ? world.loadBalancers.find((candidate) => candidate.for === `service/${id}`)
    : undefined;
  if (balancer) return found({ addresses: balancerAddresses(balancer), port, protocol: portProtocol, label });
  if (service.clusterIP === 'None') return endpointsOf(world, service, id, port, portProtocol);
  if (world.devices[from.device]?.kind === 'eks-control-plane') {
    // Aggregated APIs and webhooks are dialled at their pods: EKS's API server has no kube-proxy rules.
    const pods = endpointsOf(world, service, id, port, portProtocol);
    const remark = `the API server dials the pods behind ${label} at their own port, not its ClusterIP`;
    return pods.ok ? found({ ...pods.value, remark }) : pods;
  }
  const address = parseAddress(service.clusterIP ?? '');
  if (address === undefined) return missing('usage/no-address', `${label} has no ClusterIP`);
  return found({ addresses: [{ address, weight: 1, label: '' }], port, protocol: portProtocol, label });
}

/** The ready endpoints of a Service, at the targetPort: what DNS answers for a headless one. */
function endpointsOf(
  world: World,
  service: Service,
  id: string,
  port: number,
  protocol: number | undefined,
): Found<Target> {
  const label = `svc/${id}`;
  const slices = (world.cluster?.slices ?? []).filter(
    (slice) =>
      slice.service === service.metadata.name && slice.metadata.namespace === service.metadata.namespace,
  );
  const ready = slices.flatMap((slice) =>
    slice.endpoints.filter((endpoint) => endpoint.ready).flatMap((endpoint) => endpoint.addresses),
  );
  const addresses = ready.map(parseAddress).filter((address) => address !== undefined);
  if (addresses.length === 0)
    return missing(
      'usage/no-endpoints',
      service.clusterIP === 'None'
        ? `${label} is headless and has no ready endpoint: its name does not resolve`
        : `${label} has no ready endpoint`,
    );
  const name = service.ports.find((candidate) => candidate.port === port)?.name ?? '';
  const real =
    slices.flatMap((slice) => slice.ports).find((candidate) => candidate.name === name)?.port ?? port;
  return found({
    addresses: addresses.map((address) => ({
      address,
      weight: 1 / addresses.length,
      label: `${id} ${formatIpv4(address)}`,
    })),
    port: real,
    protocol,
    label,
  });
}

function servicePort(
  service: Service,
  text: string | undefined,
  protocol: number | undefined,
): Found<{ port: number; protocol?: number | undefined }> {
  const id = `svc/${service.metadata.namespace}/${service.metadata.name}`;
  const describe = (port: ServicePort): string =>
    `${port.port}${port.name ? ` (${port.name})` : ''}/${port.protocol.toLowerCase()}`;
  const protocolOf = (port: ServicePort): number => parseProtocol(port.protocol) ?? TCP;
  const fits = (port: ServicePort): boolean => protocol === undefined || protocolOf(port) === protocol;
  if (text === undefined) {
    const candidates = service.ports.filter(fits);
    if (candidates.length === 1)
      return found({ port: candidates[0]!.port, protocol: protocolOf(candidates[0]!) });
    return missing(
      'usage/no-port',
      `${id} has ${service.ports.length} ports: say which`,
      service.ports.map(describe).join(', '),
    );
  }
  const number = portNumber(text);
  if (!Number.isNaN(number)) {
    const named =
      service.ports.find((port) => port.port === number && fits(port)) ??
      service.ports.find((port) => port.port === number);
    return found({ port: number, protocol: named ? protocolOf(named) : undefined });
  }
  const named = service.ports.find((port) => port.name === text);
  if (named) return found({ port: named.port, protocol: protocolOf(named) });
  return missing(
    'usage/unknown-port',
    `${id} has no port named "${text}"`,
    suggestion(
      text,
      service.ports.map((port) => port.name).filter((name) => name !== ''),
    ),
  );
}
