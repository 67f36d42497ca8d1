/** How many pods the nodes of a topology take: as EKS sets it in node groups, as AL2023 sets it elsewhere. */
import { expect, test } from 'vitest';
import { planSites } from '../../src/world/sites.ts';
import { good, HEAD } from '../io/input.ts';

/** The node of the group, and the node by itself. */
function maxPods(type: string, env: string): number[] {
  const topology = good(`${HEAD}vpcs:
  - name: v
    cidrs: [10.1.0.0/16]
    subnets: [{name: a, cidr: 10.1.0.0/20, az: us-east-1a}, {name: b, cidr: 10.1.16.0/20, az: us-east-1b}]
cluster:
  cni: {env: {${env}}}
  nodeGroups: [{name: g, instanceType: ${type}, desired: 1}]
  nodes: [{name: n, instanceType: ${type}, subnet: a}]
`);
  const nodes = planSites(topology)[0]!.cluster!.nodes;
  const of = (grouped: boolean) => nodes.find(({ group }) => (group !== undefined) === grouped)!;
  return [of(true), of(false)].map(({ allocatable }) => allocatable.pods);
}

test.each([
  ['m5.large', '', 29, 29], // 3 x 9 + 2
  ['m5.large', 'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: "true"', 20, 29], // 2 x 9 + 2
  ['m5.large', 'MAX_ENI: 2', 20, 29],
  ['m5.large', 'ENABLE_PREFIX_DELEGATION: "true"', 110, 29],
  ['c5.4xlarge', '', 110, 234], // 8 x 29 + 2
  ['m5.24xlarge', '', 250, 737], // 15 x 49 + 2
])('%s with {%s}: %i in a managed node group, %i by itself', (type, env, grouped, alone) => {
  expect(maxPods(type, env)).toEqual([grouped, alone]);
});
