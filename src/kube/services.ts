/** ClusterIPs and NodePorts: written ones first, then one for each Service that needs one, by namespace and name.
 *  A Service that asks for what it cannot have is rejected, as the API server would. */
import { addressAt, type Cidr, contains, formatCidr, sizeOf } from '../addressing/cidr.ts';
import { formatIpv4, parseIpv4 } from '../addressing/ip.ts';
import type { Service, ServicePort } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import type { Locate } from '../base/origin.ts';
import { BandedPool, type ClaimFault, staticBand } from './banded-pool.ts';
import { byName } from './order.ts';

/** kube-apiserver --service-node-port-range, its default. */
const NODE_PORT_RANGE = [30_000, 32_767] as const;

export interface AllocatedServices {
  /** Accepted ones by name, with addresses and NodePorts filled in. */
  readonly services: readonly Service[];
  readonly issues: readonly Issue[];
}

export interface ServiceAllocation {
  readonly services: readonly Service[];
  readonly serviceCidr: Cidr;
  /** Of ServiceCIDR objects: addresses are taken from them as they are written, none is given out. */
  readonly furtherRanges?: readonly Cidr[];
  /** First and last; 30000 to 32767 where absent. */
  readonly nodePortRange?: readonly [number, number];
  readonly locate?: Locate;
}

/** Fills in what the API server allocates. */
export function allocateServices({
  services,
  serviceCidr,
  furtherRanges = [],
  nodePortRange = NODE_PORT_RANGE,
  locate,
}: ServiceAllocation): AllocatedServices {
  const addresses = addressPool(serviceCidr);
  const pools = {
    addresses,
    furtherRanges,
    taken: new Set<number>(),
    nodePorts: nodePortPool(nodePortRange),
    nodePortRange,
    serviceCidr,
  };
  const issues: Issue[] = [];
  const accepted: Service[] = [];
  for (const service of [...services].sort(byName)) {
    const fault = claimWritten(service, pools);
    if (fault) issues.push(issue(service, fault, locate));
    else accepted.push(service);
  }
  const filled: Service[] = [];
  for (const service of accepted) {
    const { value, fault } = fill(service, pools);
    filled.push(value);
    if (fault) issues.push(issue(service, fault, locate));
  }
  return { services: filled, issues };
}

interface Pools {
  readonly addresses: BandedPool;
  readonly furtherRanges: readonly Cidr[];
  /** Addresses of the further ranges. */
  readonly taken: Set<number>;
  readonly nodePorts: BandedPool;
  readonly nodePortRange: readonly [number, number];
  readonly serviceCidr: Cidr;
}

interface Fault {
  readonly code: string;
  readonly message: string;
}

/** Neither the network address nor the broadcast address is ever used. */
function addressPool(cidr: Cidr): BandedPool {
  return new BandedPool(sizeOf(cidr) - 2, staticBand(sizeOf(cidr), 16, 256));
}

function nodePortPool([first, last]: readonly [number, number]): BandedPool {
  const size = last - first + 1;
  return new BandedPool(size, staticBand(size, 32, 128));
}

function claimWritten(service: Service, pools: Pools): Fault | undefined {
  if (hasClusterIp(service) && service.clusterIP !== undefined) {
    // The range of IPv6 is not modelled: an address of it is taken as it is written.
    if (service.clusterIP.includes(':')) return claimNodePorts(service, pools);
    const address = parseIpv4(service.clusterIP);
    const fault = claimAddress(address, pools);
    if (fault) return addressFault(service.clusterIP, fault, pools.serviceCidr);
  }
  return claimNodePorts(service, pools);
}

function claimAddress(address: number | undefined, pools: Pools): ClaimFault | undefined {
  const { addresses, serviceCidr, furtherRanges, taken } = pools;
  if (address === undefined) return 'out of range';
  if (contains(serviceCidr, address) || !furtherRanges.some((range) => contains(range, address)))
    return addresses.claim(((address - serviceCidr.base) >>> 0) - 1);
  if (taken.has(address)) return 'already allocated';
  taken.add(address);
  return undefined;
}

function claimNodePorts(service: Service, pools: Pools): Fault | undefined {
  for (const port of writtenNodePorts(service)) {
    const fault = pools.nodePorts.claim(port - pools.nodePortRange[0]);
    if (fault) return nodePortFault(port, fault, pools.nodePortRange);
  }
  return undefined;
}

/** One claim for a number that several protocols of the Service share. */
function writtenNodePorts(service: Service): Set<number> {
  const ports = hasNodePorts(service) ? service.ports.flatMap(({ nodePort }) => nodePort || []) : [];
  if (needsHealthCheck(service) && service.healthCheckNodePort) ports.push(service.healthCheckNodePort);
  return new Set(ports);
}

function fill(service: Service, pools: Pools): { readonly value: Service; readonly fault?: Fault } {
  let full: Fault | undefined;
  const take = (pool: BandedPool, fault: Fault): number | undefined => {
    const number = pool.take();
    if (number === undefined) full = fault;
    return number;
  };
  let { clusterIP, healthCheckNodePort } = service;
  if (hasClusterIp(service) && clusterIP === undefined) {
    const number = take(pools.addresses, noAddress(pools.serviceCidr));
    if (number !== undefined) clusterIP = formatIpv4(addressAt(pools.serviceCidr, number + 1));
  }
  const nodePort = () => {
    const number = take(pools.nodePorts, NO_NODE_PORT);
    return number === undefined ? undefined : number + pools.nodePortRange[0];
  };
  const ports = hasNodePorts(service) ? withNodePorts(service, nodePort) : service.ports;
  if (needsHealthCheck(service)) healthCheckNodePort ||= nodePort();
  const value = { ...service, clusterIP, ports, healthCheckNodePort };
  return full ? { value, fault: full } : { value };
}

/** Ports with the same number in different protocols share a NodePort. */
function withNodePorts(service: Service, allocate: () => number | undefined): ServicePort[] {
  const mayAllocate = service.type === 'NodePort' || service.allocateLoadBalancerNodePorts;
  const byPort = new Map<number, number | undefined>();
  return service.ports.map((port) => {
    let nodePort = port.nodePort || byPort.get(port.port);
    if (!nodePort && mayAllocate) nodePort = allocate();
    byPort.set(port.port, nodePort);
    return { ...port, nodePort };
  });
}

function hasClusterIp({ type, clusterIP }: Service): boolean {
  return type !== 'ExternalName' && clusterIP !== 'None';
}

function hasNodePorts({ type }: Service): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}

function needsHealthCheck({ type, externalTrafficPolicy }: Service): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
}

function addressFault(address: string, fault: ClaimFault, cidr: Cidr): Fault {
  return fault === 'out of range'
    ? {
        code: 'service/cluster-ip-out-of-range',
        message: `failed to allocate IP ${address}: the provided IP is not in the valid range. The range of valid IPs is ${formatCidr(cidr)}`,
      }
    : {
        code: 'service/cluster-ip-in-use',
        message: `failed to allocate IP ${address}: provided IP is already allocated`,
      };
}

function nodePortFault(port: number, fault: ClaimFault, [first, last]: readonly [number, number]): Fault {
  return fault === 'out of range'
    ? {
        code: 'service/node-port-out-of-range',
        message: `nodePort ${port}: provided port is not in the valid range. The range of valid ports is ${first}-${last}`,
      }
    : {
        code: 'service/node-port-in-use',
        message: `nodePort ${port}: provided port is already allocated`,
      };
}

function noAddress(cidr: Cidr): Fault {
  return { code: 'service/no-cluster-ip-left', message: `the service range ${formatCidr(cidr)} is full` };
}

const NO_NODE_PORT: Fault = { code: 'service/no-node-port-left', message: 'the NodePort range is full' };

function issue(service: Service, fault: Fault, locate: Locate | undefined): Issue {
  const { namespace, name } = service.metadata;
  return {
    severity: 'error',
    code: fault.code,
    at: locate?.(service.origin),
    message: `Service ${namespace}/${name}: ${fault.message}`,
  };
}
