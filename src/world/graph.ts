/** The topology as a graph: which subnet's packets may go to which gateway, and on from there. What routes alone can
 *  show is found here, before any packet: a NAT gateway behind itself, a subnet that no route leads out of. */
import { DirectedGraph } from 'graphology';
import { formatCidr } from '../addressing/cidr.ts';
import type { Issue } from '../base/issue.ts';
import type { Locate } from '../base/origin.ts';
import { tableOf } from './route-tables.ts';
import type { VpcSpec } from './vpc-spec.ts';

/** Nodes are `subnet/NAME`, `nat/NAME`, `gateway/NAME`, `internet`; an edge is a route that leads there. */
export function routeGraph(vpc: VpcSpec): DirectedGraph {
  const graph = new DirectedGraph();
  graph.addNode('internet');
  for (const subnet of vpc.subnets) graph.addNode(`subnet/${subnet.name}`);
  for (const nat of vpc.natGateways) graph.addNode(`nat/${nat.name}`);
  if (vpc.internetGateway) graph.mergeEdge(`gateway/${vpc.internetGateway.name}`, 'internet');
  for (const nat of vpc.natGateways) {
    if (nat.subnet !== undefined) graph.mergeEdge(`nat/${nat.name}`, `subnet/${nat.subnet}`);
    else if (vpc.internetGateway) graph.mergeEdge(`nat/${nat.name}`, `gateway/${vpc.internetGateway.name}`);
  }
  for (const subnet of vpc.subnets)
    for (const { to, via } of tableOf(vpc, subnet).routes) {
      const target = vpc.natGateways.some(({ name }) => name === via)
        ? `nat/${via}`
        : vpc.internetGateway?.name === via
          ? `gateway/${via}`
          : undefined;
      if (target) graph.mergeEdge(`subnet/${subnet.name}`, target, { to: formatCidr(to) });
    }
  return graph;
}

/** What the routes of a VPC make impossible. */
export function routeWarnings(vpc: VpcSpec, locate: Locate): Issue[] {
  const graph = routeGraph(vpc);
  return vpc.natGateways.flatMap((nat): Issue[] => {
    const at = locate(nat.origin);
    if (graph.hasEdge(`subnet/${nat.subnet}`, `nat/${nat.name}`))
      return [
        {
          severity: 'warning',
          code: 'route/nat-behind-itself',
          at,
          message: `NAT gateway ${nat.name} sits in subnet ${nat.subnet}, whose route table sends packets back to it: they circle`,
          hint: 'put it in a subnet whose default route is the internet gateway',
        },
      ];
    if (
      nat.subnet !== undefined &&
      nat.connectivity === 'public' &&
      !reaches(graph, `nat/${nat.name}`, 'internet')
    )
      return [
        {
          severity: 'warning',
          code: 'route/nat-without-internet',
          at,
          message: `public NAT gateway ${nat.name}: no route leads from its subnet ${nat.subnet} to an internet gateway`,
        },
      ];
    return [];
  });
}

function reaches(graph: DirectedGraph, from: string, to: string): boolean {
  const seen = new Set([from]);
  const queue = [from];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (node === to) return true;
    for (const next of graph.outNeighbors(node))
      if (!seen.has(next)) {
        seen.add(next);
        queue.push(next);
      }
  }
  return false;
}
