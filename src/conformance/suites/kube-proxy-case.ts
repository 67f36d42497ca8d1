/** Cases that need no more than a node, a Service and its endpoints. */
import type { Scenario } from './kube-proxy-format.ts';
import type { Case } from './kube-proxy-world.ts';

export const NODE = 'test-node';

type CaseService = Scenario['services'][number];
type CaseEndpoint = Scenario['endpoints'][number];

/** A node, and what else is given. */
export function plainCase(
  services: readonly CaseService[],
  endpoints: readonly CaseEndpoint[],
  nodeLabels: Readonly<Record<string, string>> = {},
): Case {
  return {
    proxy: {
      nodeName: NODE,
      nodeIPs: ['192.168.0.2'],
      primaryNodeIP: '192.168.0.2',
      family: 'IPv4',
      detectLocal: { mode: 'none' },
      masqueradeAll: false,
      localhostNodePorts: true,
      nodePortAddresses: null,
      serviceCIDRs: [],
      nodeLabels: { ...nodeLabels },
    },
    services,
    endpoints,
  };
}

/** A Service with one port 80, which has this name. */
export function plainService(namespace: string, name: string, portName: string): CaseService {
  return {
    namespace,
    name,
    type: 'ClusterIP',
    clusterIP: '172.30.0.41',
    ports: [{ name: portName, port: 80, protocol: 'TCP' }],
    externalIPs: [],
    lbIngress: [],
    externalTrafficPolicy: 'Cluster',
    internalTrafficPolicy: 'Cluster',
    sessionAffinity: 'None',
    loadBalancerSourceRanges: [],
    healthCheckNodePort: 0,
  };
}

/** A ready endpoint of it at "ip:port". */
export function plainEndpoint({ namespace, name, ports }: CaseService, address: string): CaseEndpoint {
  const colon = address.lastIndexOf(':');
  return {
    service: `${namespace}/${name}`,
    ip: address.slice(0, colon).replace(/^\[|\]$/g, ''),
    ports: { [ports[0]!.name]: Number(address.slice(colon + 1)) },
    node: null,
    ready: true,
    serving: true,
    terminating: false,
    zoneHints: [],
    nodeHints: [],
  };
}
