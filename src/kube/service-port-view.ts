/** A service port as one node sees it: which chains it has there and which of them traffic is sent to (kube-proxy
 *  iptables/proxier.go syncProxyRules). */
import { inRange } from './address-family.ts';
import { servicePortChain } from './chain-names.ts';
import {
  choiceDependsOnNode,
  choiceKeyOf,
  chooseEndpoints,
  type EndpointChoice,
  isExternallyAccessible,
  type NodeView,
} from './endpoint-choice.ts';
import type { ProxyServicePort } from './service-port.ts';

export interface ServicePortView {
  readonly port: ProxyServicePort;
  readonly endpoints: EndpointChoice;
  /** Target of traffic to the ClusterIP; undefined where no endpoint may take it. */
  readonly internalChain: string | undefined;
  /** Target of traffic from outside, once marked; undefined likewise. */
  readonly externalChain: string | undefined;
  readonly clusterChain: string;
  readonly localChain: string;
  /** Entry of external traffic; it is there although no endpoint is local, for traffic of the node itself. */
  readonly entryChain: string | undefined;
  /** Entry of load balancer addresses with source ranges. */
  readonly firewallChain: string | undefined;
  /** A source range holds the node itself, which may then reach the load balancer's address on the node. */
  readonly nodeInSourceRanges: boolean;
}

export function viewServicePort(port: ProxyServicePort, node: NodeView): ServicePortView {
  const endpoints = chooseEndpoints(port, node);
  const clusterChain = servicePortChain('SVC', port.hash);
  const localChain = servicePortChain('SVL', port.hash);
  const target = (onlyLocal: boolean) => {
    if (!endpoints.hasEndpoints || (onlyLocal && !endpoints.local?.length)) return undefined;
    return onlyLocal ? localChain : clusterChain;
  };
  const reached = endpoints.hasEndpoints && isExternallyAccessible(port);
  return {
    port,
    endpoints,
    internalChain: target(port.internalLocal),
    externalChain: target(port.externalLocal),
    clusterChain,
    localChain,
    entryChain: reached ? servicePortChain('EXT', port.hash) : undefined,
    firewallChain:
      endpoints.hasEndpoints && hasFirewall(port) ? servicePortChain('FW', port.hash) : undefined,
    nodeInSourceRanges: nodeInSourceRanges(port, node),
  };
}

function hasFirewall({ loadBalancerIPs, sourceRanges }: ProxyServicePort): boolean {
  return loadBalancerIPs.length > 0 && sourceRanges.length > 0;
}

function nodeInSourceRanges(port: ProxyServicePort, node: NodeView): boolean {
  return hasFirewall(port) && port.sourceRanges.some((range) => inRange(range, node.primaryAddress));
}

/** Whether nodes can differ in the rules of this service port. */
export function dependsOnNode(port: ProxyServicePort): boolean {
  return choiceDependsOnNode(port) || hasFirewall(port);
}

/** A key that is equal for nodes with the same rules for this service port. */
export function viewKeyOf(port: ProxyServicePort): (node: NodeView) => string {
  const choiceKey = choiceKeyOf(port);
  if (!hasFirewall(port)) return choiceKey;
  return (node) => choiceKey(node) + (nodeInSourceRanges(port, node) ? ' inside' : '');
}
