/** Peaks of what AWS puts into subnets beside nodes: the control plane on an upgrade, load balancers under load; and
 *  addresses that rest. */
import { rolloutOf } from '../../kube/rollout.ts';
import { SubnetCounts } from './counts.ts';
import { type CapacityModel, freeIn, outcomeOf } from './model.ts';
import { peakOf } from './peak.ts';
import type { Peak } from './report.ts';
import { counted } from './stops.ts';

/** Free addresses that EKS asks for in the cluster's subnets before it updates the control plane ("Update existing
 *  cluster to new Kubernetes version"). */
const UPGRADE_ADDRESSES = 5;

/** An Application Load Balancer grows to so many addresses over all its subnets, and wants so many free in each
 *  ("Subnets for your load balancer"). */
const ALB_ADDRESSES = 100;
const BALANCER_FREE = 8;

/** So many load balancers have a line of their own. */
const MOST_BALANCERS = 20;

/** The VPC resource controller deletes branch ENIs so long after their pods (branch-eni-cooldown). */
const BRANCH_COOLDOWN_SECONDS = 60;

export function edgePeaks(model: CapacityModel): Peak[] {
  return [controlPlaneUpgrade(model), ...balancerGrowth(model), ...cooldowns(model)];
}

/** EKS does not say which of the subnets it takes: each with a control plane ENI must do. */
function controlPlaneUpgrade(model: CapacityModel): Peak {
  const { spec, controlPlane } = model.cluster;
  const subnets = [...new Set(controlPlane.map(({ subnet }) => subnet))].map((name) => {
    const free = freeIn(model, name);
    return {
      subnet: name,
      extra: [{ use: 'control-plane' as const, addresses: UPGRADE_ADDRESSES }],
      addresses: UPGRADE_ADDRESSES,
      free,
      short: Math.max(0, UPGRADE_ADDRESSES - free),
    };
  });
  const short = subnets.filter((one) => one.short > 0);
  return {
    kind: 'control-plane-upgrade',
    of: `cluster/${spec.name}`,
    fits: short.length === 0,
    addresses: UPGRADE_ADDRESSES,
    seconds: null,
    nodes: 0,
    pods: { extra: 0, unschedulable: 0, withoutAddress: 0 },
    subnets,
    stops: short.map(({ subnet, free }) => ({
      kind: 'subnet-addresses',
      at: `subnet/${subnet}`,
      message: `subnet ${subnet} has ${counted(free, 'free address')} of the ${UPGRADE_ADDRESSES} that an upgrade of the control plane may ask for`,
    })),
    because: [`EKS asks for up to ${UPGRADE_ADDRESSES} free addresses in the cluster's subnets`],
  };
}

function balancerGrowth(model: CapacityModel): Peak[] {
  return model.cluster.balancers
    .filter(({ plan, nodes }) => plan.kind === 'alb' && nodes.length > 0)
    .slice(0, MOST_BALANCERS)
    .map(({ plan, nodes }) => {
      const besides = new SubnetCounts();
      const more = ALB_ADDRESSES - nodes.length;
      nodes.forEach(({ subnet }, i) => {
        const share = Math.floor(more / nodes.length) + (i < more % nodes.length ? 1 : 0);
        besides.add(subnet, 'load-balancer', Math.min(share, freeIn(model, subnet)));
      });
      const tight = nodes.filter(({ subnet }) => freeIn(model, subnet) < BALANCER_FREE);
      const peak = peakOf(model, {
        kind: 'load-balancer-growth',
        of: `alb/${plan.name}`,
        outcome: outcomeOf(model, model.fleet, besides),
        because: [`to ${ALB_ADDRESSES} addresses at most`],
      });
      const stops = tight.map(({ subnet }) => ({
        kind: 'subnet-addresses' as const,
        at: `subnet/${subnet}`,
        message: `subnet ${subnet} has ${counted(freeIn(model, subnet), 'free address')}; a load balancer wants ${BALANCER_FREE} in each of its subnets`,
      }));
      return { ...peak, fits: peak.fits && stops.length === 0, stops: [...peak.stops, ...stops] };
    });
}

/** Addresses and branch ENIs that rest after the first old pods of all rolling updates have ended. */
function cooldowns(model: CapacityModel): Peak[] {
  const { workloads, env, spec, pools } = model.cluster;
  const ended = workloads
    .filter(({ kind, template }) => kind === 'Deployment' && !template.spec.hostNetwork)
    .reduce((sum, deployment) => sum + rolloutOf(deployment).unavailable, 0);
  const branches = [...pools.values()].reduce((sum, pool) => sum + pool.branches.length, 0);
  const rest = (
    kind: 'cooldown' | 'branch-cooldown',
    addresses: number,
    seconds: number,
    why: string,
  ): Peak => ({
    kind,
    of: `cluster/${spec.name}`,
    fits: true,
    addresses,
    seconds,
    nodes: 0,
    pods: { extra: 0, unschedulable: 0, withoutAddress: 0 },
    subnets: [],
    stops: [],
    because: [why],
  });
  return [
    rest(
      'cooldown',
      ended,
      env.cooldownSeconds,
      `those of the first pods to end as all Deployments are updated rest ${env.cooldownSeconds} s (IP_COOLDOWN_PERIOD)`,
    ),
    ...(branches > 0
      ? [
          rest(
            'branch-cooldown',
            branches,
            BRANCH_COOLDOWN_SECONDS,
            `they are deleted ${BRANCH_COOLDOWN_SECONDS} s after their pods and count until then: all of them, if their pods restart at once`,
          ),
        ]
      : []),
  ];
}
