/** Options of `vpcsim capacity --plan`, and what is taken where one is not given. */
import type { Argv } from 'yargs';
import type { PlanRequest } from '../analysis/plan/demand.ts';

export interface PlanArgs {
  readonly nodes?: readonly string[];
  readonly pods?: string;
  readonly zones?: string;
  readonly region?: string;
  readonly instanceType?: string;
  readonly maxPods?: string;
  readonly prefixDelegation?: boolean;
  readonly customNetworking?: boolean;
  readonly cni?: readonly string[];
  readonly vpcCidr?: readonly string[];
  readonly podCidr?: readonly string[];
  readonly serviceCidr?: string;
  readonly margin?: string;
  readonly surge?: string;
  readonly access?: PlanRequest['access'];
  readonly loadBalancers?: string;
  readonly internalLoadBalancers?: string;
  readonly surviveZoneLoss?: boolean;
  readonly eniQuota?: string;
}

/** What is taken where nothing is written. */
export const planDefaults = {
  zones: 3,
  region: 'us-east-1',
  instanceType: 'm5.large',
  vpcCidr: '10.0.0.0/16',
  podCidr: '100.64.0.0/16',
  margin: '30%',
  surge: '50%',
  access: 'private',
  loadBalancers: 1,
  eniQuota: 5000,
} as const;

/** Options that may be given several times, as yargs calls them. */
export const planLists: readonly string[] = ['nodes', 'cni', 'vpc-cidr', 'vpcCidr', 'pod-cidr', 'podCidr'];

/** Options that mean nothing without `--plan`. */
export const planOnly: readonly string[] = [
  'pods',
  'zones',
  'region',
  'instance-type',
  'max-pods',
  'prefix-delegation',
  'custom-networking',
  'cni',
  'vpc-cidr',
  'pod-cidr',
  'service-cidr',
  'margin',
  'surge',
  'access',
  'load-balancers',
  'internal-load-balancers',
  'survive-zone-loss',
  'eni-quota',
];

/** What only `--plan` takes, beside `--nodes`. */
export function planOptions<T>(argv: Argv<T>): Argv<T> {
  const text = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;
  const list = (describe: string) => ({ type: 'string', array: true, nargs: 1, describe }) as const;
  const flag = (describe: string) => ({ type: 'boolean', describe }) as const;
  return argv
    .option('plan', flag('the other way: lay out a network for --nodes and --pods, as a topology file'))
    .option('pods', text('plan: pods with an address of their own, without CoreDNS'))
    .option('zones', text(`plan: Availability Zones, 2 to 6 (default ${planDefaults.zones})`))
    .option('region', text(`plan: Region (default ${planDefaults.region})`))
    .option('instance-type', text(`plan: type of the nodes (default ${planDefaults.instanceType})`))
    .option('max-pods', text("plan: the kubelet's maxPods (default: what a managed node group sets)"))
    .option('prefix-delegation', flag('plan: nodes take /28 prefixes'))
    .option('custom-networking', flag('plan: pods have subnets of their own'))
    .option(
      'cni',
      list('plan: NAME=VALUE, a setting of the VPC CNI such as WARM_IP_TARGET=5; may be repeated'),
    )
    .option(
      'vpc-cidr',
      list(
        `plan: a block of the VPC, the primary one first; may be repeated (default ${planDefaults.vpcCidr})`,
      ),
    )
    .option(
      'pod-cidr',
      list(
        `plan: a block for pods under custom networking; may be repeated (default ${planDefaults.podCidr})`,
      ),
    )
    .option('service-cidr', text('plan: addresses of Services (default: what EKS takes)'))
    .option(
      'margin',
      text(`plan: growth of nodes and pods to leave room for (default ${planDefaults.margin})`),
    )
    .option(
      'surge',
      text(
        `plan: pods that hold addresses twice while Deployments roll, maxSurge and maxUnavailable together (default ${planDefaults.surge})`,
      ),
    )
    .option('access', {
      choices: ['private', 'public', 'isolated'] as const,
      describe:
        'plan: nodes behind NAT gateways (default), with public addresses, or with VPC endpoints and no internet',
    })
    .option(
      'load-balancers',
      text(`plan: internet-facing Application Load Balancers (default ${planDefaults.loadBalancers})`),
    )
    .option('internal-load-balancers', text('plan: internal ones (default 0)'))
    .option('survive-zone-loss', flag('plan: the other zones take the nodes and pods of one that is lost'))
    .option(
      'eni-quota',
      text(`plan: network interfaces the account may have in a zone (default ${planDefaults.eniQuota})`),
    ) as Argv<T>;
}
