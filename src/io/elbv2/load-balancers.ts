/** `aws elbv2 describe-load-balancers` with what belongs to each (Elastic Load Balancing API, version 2015-12-01), as
 *  `vpcs[].loadBalancers` of the topology file. */
import { type Account, all, byVpc, has, leftOut, made, nowhere } from '../aws/account.ts';
import { originOf, part, parts, pathOf, type Resource, text, texts } from '../aws/resource.ts';
import { attributesOf } from './attributes.ts';
import { listenersOf } from './listeners.ts';
import { targetGroupsOf } from './target-groups.ts';

type Value = Record<string, unknown>;

const kinds: Readonly<Record<string, string>> = { application: 'app', network: 'net' };

/** VPC -> its load balancers; `instances` are those that the dumps describe. Classic and Gateway Load Balancers are left out by name. */
export function loadBalancersOf(
  account: Account,
  instances: ReadonlySet<string>,
): ReadonlyMap<string, readonly Value[]> {
  const interfaces = balancerInterfaces(account);
  const found = new Map<string, readonly Value[]>();
  for (const [vpc, balancers] of byVpc(account, 'LoadBalancers'))
    found.set(
      vpc,
      balancers.flatMap(
        (each): Value | readonly Value[] => loadBalancerOf(account, each, interfaces, instances) ?? [],
      ),
    );
  return found;
}

function loadBalancerOf(
  account: Account,
  balancer: Resource,
  interfaces: ReadonlyMap<string, readonly Resource[]>,
  instances: ReadonlySet<string>,
): Value | undefined {
  const type = text(balancer, 'Type') ?? '';
  const arn = text(balancer, 'LoadBalancerArn') ?? '';
  if (!Object.hasOwn(kinds, type)) {
    leftOut(
      account,
      balancer,
      `a load balancer of type ${type || 'unknown'} is not modelled, and is left out`,
    );
    return undefined;
  }
  const attributes = attributesOf(account, 'LoadBalancerAttributes', arn);
  const crossZone = attributes['load_balancing.cross_zone.enabled'];
  const state = text(part(balancer, 'State'), 'Code');
  const groups = texts(balancer, 'SecurityGroups').filter((group) => {
    const known = has(account, 'SecurityGroups', group);
    if (!known) nowhere(account, balancer, `security group ${group}`, 'the group is taken to admit nothing');
    return known;
  });
  return made(account, balancer, {
    name: text(balancer, 'LoadBalancerName'),
    type,
    scheme: text(balancer, 'Scheme') === 'internal' ? 'internal' : 'internet-facing',
    dnsName: text(balancer, 'DNSName'),
    state: state === 'active' ? undefined : state,
    subnets: nodesOf(account, balancer, interfaces.get(balancerId(balancer)) ?? []),
    securityGroups: groups,
    crossZone: crossZone === undefined ? undefined : crossZone === 'true',
    listeners: listenersOf(account, arn, type === 'application'),
    targetGroups: targetGroupsOf(account, arn, instances),
    for: objectOf(account, arn),
  });
}

/** "app/web/50dc6c495c0c9188", which ARNs end with and descriptions of interfaces too. */
export function balancerId(balancer: Resource): string {
  const arn = text(balancer, 'LoadBalancerArn') ?? '';
  return /loadbalancer\/(.*)$/.exec(arn)?.[1] ?? arn;
}

/** Interfaces of load balancer nodes, by what their descriptions say: "ELB net/NAME/ID". */
function balancerInterfaces(account: Account): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const eni of all(account, 'NetworkInterfaces')) {
    const id = balancerOf(eni);
    if (id !== undefined) found.set(id, [...(found.get(id) ?? []), eni]);
  }
  return found;
}

/** The load balancer that an interface is a node of: "app/NAME/ID"; undefined where it is none. */
export function balancerOf(eni: Resource): string | undefined {
  return /^ELB ((?:app|net)\/.+)$/.exec(text(eni, 'Description') ?? '')?.[1];
}

/** One for each interface; for a zone whose interface is not described what the load balancer itself says. */
function nodesOf(account: Account, balancer: Resource, enis: readonly Resource[]): readonly Value[] {
  return parts(balancer, 'AvailabilityZones').flatMap((zone): Value[] => {
    const subnet = text(zone, 'SubnetId');
    if (!has(account, 'Subnets', subnet)) {
      nowhere(account, zone, `subnet ${subnet}`, 'the load balancer has no node there');
      return [];
    }
    const own = enis.filter((eni) => text(eni, 'SubnetId') === subnet);
    if (own.length > 0)
      return own.map((eni) =>
        made(account, eni, {
          subnet,
          interface: text(eni, 'NetworkInterfaceId'),
          address: text(eni, 'PrivateIpAddress'),
          publicAddress: text(part(eni, 'Association'), 'PublicIp'),
        }),
      );
    const given = parts(zone, 'LoadBalancerAddresses')[0];
    const address = text(given, 'PrivateIPv4Address');
    if (address === undefined)
      account.reading.warn(originOf(zone), {
        code: 'aws/not-described',
        message: `${pathOf(zone)}: no file describes the network interface of this node: its address is the model's`,
      });
    return [made(account, zone, { subnet, address, publicAddress: text(given, 'IpAddress') })];
  });
}

const STACK_TAGS = { 'ingress.k8s.aws/stack': 'ingress', 'service.k8s.aws/stack': 'service' } as const;

/** The object of a cluster that it was made for, by the tags of the AWS Load Balancer Controller. */
function objectOf(account: Account, arn: string): string | undefined {
  const tags = all(account, 'TagDescriptions').find((each) => text(each, 'ResourceArn') === arn);
  for (const tag of tags ? parts(tags, 'Tags') : []) {
    const [key, value] = [text(tag, 'Key') ?? '', text(tag, 'Value')];
    if (value !== undefined && Object.hasOwn(STACK_TAGS, key))
      return `${STACK_TAGS[key as keyof typeof STACK_TAGS]}/${value}`;
  }
  return undefined;
}
