/** What stands in a subnet beside nodes: NAT gateways, load balancer nodes, interfaces of the EKS control plane,
 *  instances. Many of one kind become one card with a count. */
import { formatIpv4 } from '../../addressing/ip.ts';
import type { EniState, World } from '../../world/world.ts';
import { groupBy } from './pods.ts';

/** More of one kind in one subnet than these become a count. */
const MOST_OF_A_KIND = 6;

export interface CardView {
  readonly id: string;
  readonly subnet: string;
  readonly kind: string;
  /** From long to short. */
  readonly titles: readonly string[];
  /** Addresses, the private one first. */
  readonly addresses: readonly string[];
  readonly tip: string;
}

/** Kinds in the order in which they are drawn, with the words for one and for many. */
const kinds: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'nat-gateway': ['NAT gateway', 'NAT gateways'],
  alb: ['ALB', 'ALB nodes'],
  nlb: ['NLB', 'NLB nodes'],
  endpoint: ['endpoint', 'endpoint interfaces'],
  'eks-control-plane': ['EKS control plane', 'EKS control plane ENIs'],
  instance: ['instance', 'instances'],
  'aws-managed': ['service', 'interfaces of services'],
};
const order = Object.keys(kinds);
/** Kinds that are not in the list come last. */
const rank = (kind: string): number => (order.includes(kind) ? order.indexOf(kind) : order.length);

export function cardsOf(world: World): CardView[] {
  const servedBy = new Map(world.loadBalancers.map((balancer) => [balancer.name, balancer]));
  return world.enis
    .filter(({ owner, branch }) => !owner.startsWith('node/') && branch === undefined)
    .map((eni): CardView => {
      const slash = eni.owner.indexOf('/');
      const [kind, name] = [eni.owner.slice(0, slash), eni.owner.slice(slash + 1)];
      const balancer = kind === 'alb' || kind === 'nlb' ? servedBy.get(name) : undefined;
      const word = kinds[kind]?.[0] ?? kind;
      return {
        id: kind === 'nat-gateway' ? `nat/${name}` : `card/${eni.id}`,
        subnet: eni.subnet,
        kind,
        titles: titlesOf(kind, word, name, balancer?.for),
        addresses: [
          ...eni.addresses.slice(0, 1).map(({ address }) => formatIpv4(address)),
          ...(eni.publicAddress === undefined ? [] : [formatIpv4(eni.publicAddress)]),
        ],
        tip: tipOf(eni, word, name, balancer?.for, balancer?.scheme),
      };
    })
    .sort((a, b) => rank(a.kind) - rank(b.kind));
}

/** What it is and what people know it by: a load balancer by the object it was made for. */
function titlesOf(kind: string, word: string, name: string, made: string | undefined): string[] {
  if (kind === 'instance') return [name];
  if (kind === 'eks-control-plane') return [word, 'control plane', 'EKS'];
  if (made === undefined) return [`${word} ${name}`, kind === 'nat-gateway' ? `NAT ${name}` : name];
  const [, namespace, object] = made.split('/');
  return [`${word} ${namespace}/${object}`, `${word} ${object}`];
}

function tipOf(
  eni: EniState,
  word: string,
  name: string,
  made: string | undefined,
  scheme: string | undefined,
): string {
  return [
    `${word} ${name}`,
    ...(made === undefined ? [] : [`${scheme}, for ${made}`]),
    `eni/${eni.id} ${eni.addresses.map(({ address }) => formatIpv4(address)).join(' ')}`,
    ...(eni.publicAddress === undefined ? [] : [`public ${formatIpv4(eni.publicAddress)}`]),
    ...(eni.securityGroups.length === 0 ? [] : [`security groups ${eni.securityGroups.join(', ')}`]),
    ...(eni.sourceDestCheck || !eni.owner.startsWith('instance/') ? [] : ['source/destination check off']),
  ].join('\n');
}

/** NAT gateways stay single: routes lead to them. */
export function collapsed(cards: readonly CardView[]): CardView[] {
  return [...groupBy(cards, ({ kind }) => kind)].flatMap(([kind, some]) =>
    kind === 'nat-gateway' || some.length <= MOST_OF_A_KIND
      ? some
      : [
          {
            ...some[0]!,
            id: `${some[0]!.id} and others`,
            titles: [`${some.length} ${kinds[kind]?.[1] ?? kind}`],
            addresses: [`${some[0]!.addresses[0] ?? ''} …`],
            tip: some.map(({ titles, addresses }) => `${titles[0]} ${addresses.join(' ')}`).join('\n'),
          },
        ],
  );
}
