/** Stratum: what the AWS Load Balancer Controller makes of Ingresses and Services, with addresses: load balancer nodes
 *  as interfaces, managed security groups, and the rules added to the targets' groups. */
import type { Ipv4 } from '../addressing/ip.ts';
import { planLoadBalancers } from '../elb/controller.ts';
import type { ControllerOutput, LoadBalancerPlan, ManagedGroup } from '../elb/plan.ts';
import type { SecurityGroupInput } from '../vpc/security-group.ts';
import type { TargetGroup } from '../vpc/target-group.ts';
import type { AddressBook } from './address-book.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type { EniPlan } from './eni-plan.ts';
import type { SizedNode } from './placement.ts';
import type { Addressed } from './pod-addresses.ts';
import type { PublicAddresses } from './public-addresses.ts';
import { publicSubnets } from './route-tables.ts';
import type { Served } from './services.ts';
import type { Topology } from './topology.ts';
import type { VpcSpec } from './vpc-spec.ts';

export interface BalancedNode {
  readonly az: string;
  readonly subnet: string;
  readonly eni: EniPlan;
  readonly address: Ipv4;
  readonly publicAddress: Ipv4 | undefined;
}

/** What a load balancer is, whether a controller planned it or the topology gives it. */
export interface BalancerModel
  extends Pick<
    LoadBalancerPlan,
    | 'kind'
    | 'name'
    | 'scheme'
    | 'dnsName'
    | 'hosts'
    | 'of'
    | 'securityGroups'
    | 'crossZone'
    | 'listeners'
    | 'notModelled'
    | 'origin'
  > {
  readonly targetGroups: readonly (TargetGroup & { readonly notModelled: readonly string[] })[];
}

export interface Balanced {
  readonly plan: BalancerModel;
  readonly nodes: readonly BalancedNode[];
}

const INGRESS_GROUP = 'alb.ingress.kubernetes.io/group.name';

/** What is served by a load balancer that the topology gives gets no other. */
export function planBalancers(
  topology: Topology,
  cluster: ClusterSpec,
  vpc: VpcSpec,
  book: AddressBook,
  nodes: readonly SizedNode[],
  { pods, pools }: Addressed,
  served: Served,
): ControllerOutput {
  const open = publicSubnets(vpc);
  const given = new Set(vpc.loadBalancers.map((spec) => spec.for));
  const ingresses = topology.objects.ingresses.filter(
    ({ metadata: { namespace, name, annotations } }) =>
      !given.has(`ingress/${namespace}/${name}`) && !given.has(`ingress/${annotations[INGRESS_GROUP]}`),
  );
  const services = served.services.filter(
    ({ metadata: { namespace, name } }) => !given.has(`service/${namespace}/${name}`),
  );
  // Pods are targets: of hundreds of thousands no list is made where nothing balances.
  const balances = ingresses.length > 0 || services.some(({ type }) => type === 'LoadBalancer');
  return planLoadBalancers({
    clusterName: cluster.name,
    region: vpc.region,
    vpcCidrs: vpc.cidrs,
    controller: cluster.loadBalancerController,
    ingresses,
    ingressClasses: topology.objects.ingressClasses,
    services,
    endpointSlices: balances ? served.slices : [],
    pods: (balances ? pods : []).flatMap(({ id, node, address, ready, eni, branch }) =>
      node && address !== undefined
        ? [
            {
              pod: id,
              node: node.name,
              az: node.zone,
              containersReady: ready,
              securityGroups:
                branch?.securityGroups ??
                pools.get(node.name)?.enis[eni ?? 0]?.securityGroups ??
                node.securityGroups,
            },
          ]
        : [],
    ),
    nodes: nodes.map(({ name, address, zone, labels, taints, securityGroups }) => ({
      name,
      address,
      az: zone,
      ready: true,
      labels,
      taints,
      securityGroups,
    })),
    subnets: vpc.subnets.map((subnet) => ({
      name: subnet.name,
      cidr: subnet.cidr,
      az: subnet.az,
      tags: subnet.tags,
      public: open.has(subnet.name),
      freeAddresses: book.freeIn(subnet.name),
    })),
    securityGroups: vpc.securityGroups.map(({ name, tags }) => ({ name, tags })),
    locate: topology.locate,
  });
}

/** Gives the nodes of the planned load balancers their interfaces; those of internet-facing ones have public addresses. */
export function addressBalancers(
  plans: readonly LoadBalancerPlan[],
  vpc: VpcSpec,
  book: AddressBook,
  publicAddresses: PublicAddresses,
): Balanced[] {
  return plans.map((plan) => ({
    plan,
    nodes: plan.nodes.flatMap((node): BalancedNode[] => {
      const address = book.claim(node.subnet, node.address);
      if (address === undefined) return [];
      const publicAddress = plan.scheme === 'internet-facing' ? publicAddresses.next() : undefined;
      const id = `${plan.name}/${node.az}`;
      const eni: EniPlan = {
        id,
        vpc: vpc.name,
        subnet: node.subnet,
        az: node.az,
        host: { kind: plan.kind, id, port: 0 },
        addresses: [{ address, use: 'load-balancer' }],
        prefixes: [],
        publicAddress,
        securityGroups: plan.securityGroups.length > 0 ? plan.securityGroups : null,
        sourceDestCheck: false,
        owner: `${plan.kind}/${plan.name}`,
        origin: plan.origin,
      };
      return [{ az: node.az, subnet: node.subnet, eni, address, publicAddress }];
    }),
  }));
}

/** The VPC's groups, the controller's own, and the rules it added to the targets' groups. */
export function groupsWith(vpc: VpcSpec, output: ControllerOutput | undefined): SecurityGroupInput[] {
  const managed: ManagedGroup[] = (output?.plans ?? []).flatMap(({ frontendGroup }) => frontendGroup ?? []);
  if (output?.backendGroup) managed.push(output.backendGroup);
  const extended = vpc.securityGroups.map((group): SecurityGroupInput => {
    const added = (output?.targetRules ?? []).filter((rule) => rule.group === group.name);
    return added.length === 0 ? group : { ...group, ingress: [...group.ingress, ...added] };
  });
  return [...extended, ...managed];
}
