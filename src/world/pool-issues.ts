/** What nodes' pools will not do as they are told: targets that no node of a type can meet, a mode that its type does not
 *  have, subnets that have too little for them. Each is said once, as the CNI would log it on each node. */
import { contains } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import type { Issue } from '../base/issue.ts';
import type { Locate, Origin } from '../base/origin.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import type { InstanceTypeLookup } from '../cni/instance-types.ts';
import type { IpPoolPlan } from '../cni/pool-plan.ts';
import { poolShape, takesPrefixes } from '../cni/pool-shape.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type { SizedNode } from './placement.ts';
import type { VpcSpec } from './vpc-spec.ts';

export interface PoolIssuesInput {
  readonly cluster: ClusterSpec;
  readonly vpc: VpcSpec;
  readonly env: CniEnvironment;
  readonly nodes: readonly SizedNode[];
  readonly pools: ReadonlyMap<string, IpPoolPlan>;
  readonly typeOf: InstanceTypeLookup;
  readonly locate: Locate;
}

export function poolIssues(input: PoolIssuesInput): Issue[] {
  const { nodes, cluster, locate } = input;
  const kinds = new Map<string, SizedNode>();
  for (const node of nodes) kinds.set(`${node.instanceType} ${node.allocatable.pods}`, node);
  const said = new Map<string, Issue>();
  for (const node of kinds.values())
    for (const { code, message, hint, setting } of settingFaults(node, input)) {
      const at = locate(setting === undefined ? node.origin : settingOf(cluster.origin, setting));
      said.set(message, { severity: 'warning', code, at, message, hint });
    }
  return [...said.values(), ...shortSubnets(input), ...obstacles(input), ...strayPins(input)];
}

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Variable of aws-node that says so; the node's own lines where absent. */
  readonly setting?: string;
}

function settingFaults({ instanceType, allocatable }: SizedNode, { env, typeOf }: PoolIssuesInput): Fault[] {
  const type = typeOf(instanceType);
  if (!type) return [];
  const shape = poolShape(type, env);
  const most = shape.podEnis * shape.slots * shape.perSlot;
  const faults: Fault[] = [];
  if (env.prefixDelegation && !takesPrefixes(type))
    faults.push({
      code: 'cni/no-prefix-delegation',
      message: `Prefix delegation is not supported on non-nitro instance ${instanceType} hence falling back to default (secondary IP) mode`,
    });
  if (shape.podEnis <= 0) {
    const kept = shape.trunk ? 'the primary one and the trunk carry' : 'the primary one carries';
    faults.push({
      code: 'cni/no-eni-for-pods',
      message: `custom networking leaves no ENI for pods on ${instanceType}, which has at most ${counted(shape.maxEnis, 'ENI')}: ${kept} none`,
      hint: env.maxEni > 0 ? 'raise MAX_ENI' : 'take a type with more ENIs',
      setting: env.maxEni > 0 ? 'MAX_ENI' : 'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG',
    });
    return faults;
  }
  const targets = [
    ['WARM_IP_TARGET', env.warmIpTarget],
    ['MINIMUM_IP_TARGET', env.minimumIpTarget],
  ] as const;
  for (const [setting, target] of targets) {
    if (target > most)
      faults.push({
        code: 'cni/target-out-of-reach',
        message: `${setting}=${target} is out of reach: the ENIs of ${instanceType} hold at most ${most} addresses for pods`,
        setting,
      });
    else if (target > allocatable.pods)
      faults.push({
        code: 'cni/target-out-of-reach',
        message: `${setting}=${target} is more than the ${allocatable.pods} pods of ${instanceType}: the pool stops growing there`,
        setting,
      });
  }
  if (env.warmIpTarget === 0 && env.minimumIpTarget > 0)
    faults.push({
      code: 'cni/pool-never-grows',
      message: `MINIMUM_IP_TARGET=${env.minimumIpTarget} without WARM_IP_TARGET: the pool never grows for pods beyond it`,
      hint: 'set WARM_IP_TARGET too',
      setting: 'MINIMUM_IP_TARGET',
    });
  return faults;
}

function settingOf(cluster: Origin, name: string): Origin {
  return cluster.from === 'written'
    ? { ...cluster, pointer: [...cluster.pointer, 'cni', 'env', name] }
    : cluster;
}

/** Subnets that refused nodes on which pods now wait, each with all that EC2 said. */
function shortSubnets({ nodes, pools, vpc, locate }: PoolIssuesInput): Issue[] {
  const short = new Map<string, { readonly answers: Map<string, string>; nodes: number; pods: number }>();
  for (const { name } of nodes) {
    const { failures, waiting } = pools.get(name)!;
    if (waiting.length === 0) continue;
    for (const subnet of new Set(failures.map((failure) => failure.subnet))) {
      const entry = short.get(subnet) ?? { answers: new Map(), nodes: 0, pods: 0 };
      for (const failure of failures)
        if (failure.subnet === subnet) entry.answers.set(failure.code, failure.message);
      entry.nodes++;
      entry.pods += waiting.length;
      short.set(subnet, entry);
    }
  }
  return [...short].map(([name, { answers, nodes: count, pods }]) => {
    const subnet = vpc.subnets.find((each) => each.name === name)!;
    const words = [...answers].map(([code, message]) => `${code}: ${message.replace(/\.$/, '')}`).join('; ');
    return {
      severity: 'warning',
      code: 'cni/subnet-short',
      at: locate(subnet.origin),
      message: `${counted(pods, 'pod')} on ${counted(count, 'node')} ${pods === 1 ? 'gets' : 'get'} no address: subnet ${name} answers ${words}`,
      hint: answers.has('InsufficientCidrBlocks')
        ? 'a prefix is sixteen free addresses in a row from a multiple of sixteen; a reservation of type prefix keeps some together'
        : undefined,
    };
  });
}

/** Nodes that cannot even ask for an interface, outside of custom networking, whose ENIConfigs are looked at apart. */
function obstacles({ nodes, pools, env, locate }: PoolIssuesInput): Issue[] {
  if (env.customNetworking) return [];
  const found = new Map<string, Issue>();
  for (const { name, subnet } of nodes) {
    const { obstacle, waiting } = pools.get(name)!;
    if (obstacle === undefined || waiting.length === 0) continue;
    const message = `pods of nodes in subnet ${subnet.name} get no address: ${obstacle}`;
    found.set(message, { severity: 'warning', code: 'cni/no-subnet', at: locate(subnet.origin), message });
  }
  return [...found.values()];
}

/** Pods with an address that no interface of their node can have. */
function strayPins({ cluster, nodes, pools, vpc, locate }: PoolIssuesInput): Issue[] {
  const waitsOn = new Map<string, string>();
  for (const { name } of nodes) for (const { pod } of pools.get(name)!.waiting) waitsOn.set(pod, name);
  return cluster.placements.flatMap(({ pod, address, origin }): Issue[] => {
    const node = waitsOn.get(pod);
    if (address === undefined || node === undefined) return [];
    const own = new Set(pools.get(node)!.enis.map(({ subnet }) => subnet));
    const place = vpc.subnets.find(({ cidr }) => contains(cidr, address));
    if (place && own.has(place.name)) return [];
    const subnets = [...own].join(', ');
    return [
      {
        severity: 'warning',
        code: 'cni/address-elsewhere',
        at: locate(origin),
        message: `pod ${pod} waits for ${formatIpv4(address)}, which no interface of node ${node} can have: they stand in ${subnets}`,
      },
    ];
  });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
