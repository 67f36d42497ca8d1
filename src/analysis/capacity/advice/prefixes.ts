/** Advice on /28 prefixes: to use them, and to keep blocks whole for them. */
import { takesPrefixes } from '../../../cni/pool-shape.ts';
import type { CapacityModel } from '../model.ts';
import { nodeShapes } from '../node-shape.ts';
import type { SubnetCapacity } from '../report.ts';
import { counted } from '../stops.ts';
import { type Candidate, effectOf, numbersOf } from './candidate.ts';
import { type Metrics, metricsOf } from './metrics.ts';
import { variantOf } from './variant.ts';
import { changesOf } from './warm-targets.ts';

/** Where the ENIs set how many pods a node takes, prefixes let it take more. */
export function prefixDelegationAdvice(model: CapacityModel, before: Metrics): Candidate[] {
  if (model.cluster.env.prefixDelegation) return [];
  const shapeOf = nodeShapes(model.fleet.around);
  if (![...model.fleet.members.values()].every(({ node }) => takesPrefixes(shapeOf(node).type))) return [];
  const variables = { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' };
  const after = metricsOf(variantOf(model, { env: variables }));
  if (after.pods <= before.pods || after.withoutAddress > before.withoutAddress) return [];
  return [
    {
      kind: 'prefix-delegation',
      title: 'switch on prefix delegation: a slot of an ENI holds 16 addresses in place of one',
      changes: changesOf(model, variables),
      numbers: numbersOf(before, after),
      costs: [
        'only new nodes have the higher maxPods: the node groups are replaced',
        'every prefix takes a whole aligned /28, and a subnet that is fragmented has none: reserve blocks for prefixes',
        'one pod holds its whole /28; CPU and memory then set how many pods a node takes',
      ],
      effect: effectOf(before, after),
    },
  ];
}

/** Subnets that prefixes come from, without a reservation, and with blocks that single addresses touch. */
export function reservationAdvice(model: CapacityModel, subnets: readonly SubnetCapacity[]): Candidate[] {
  if (!model.cluster.env.prefixDelegation) return [];
  const used = new Set(
    [...model.fleet.members.values()].map(
      ({ node, held }) =>
        held?.further ?? model.fleet.around.podSubnets.get(node.subnet.name) ?? node.subnet.name,
    ),
  );
  return subnets.flatMap(({ name, vpc, prefixes, free }): Candidate[] => {
    const { reservation } = prefixes;
    // Where blocks are whole, single addresses have not done harm yet.
    const isBroken = prefixes.free === 0 || prefixes.stranded > free / 2;
    if (!used.has(name) || vpc !== model.cluster.vpc.name || !reservation || !isBroken) return [];
    return [
      {
        kind: 'prefix-reservation',
        title: `reserve ${reservation.cidr} of subnet ${name} for prefixes: single addresses no longer break its blocks`,
        changes: [
          {
            where: `vpcs.${vpc}.subnets.${name}.reservations`,
            from: null,
            to: `{ cidr: ${reservation.cidr}, type: prefix }`,
          },
        ],
        numbers: [
          {
            what: `whole /28 blocks of ${name} that single addresses cannot touch`,
            before: 0,
            after: reservation.usable,
          },
          { what: 'the same once what touches them has gone', before: 0, after: reservation.later },
        ].filter((one) => one.before !== one.after),
        costs: [
          `${reservation.blocks * 16} addresses are no longer there for nodes, ENIs and load balancers (${free} are free)`,
          ...(reservation.taken > 0
            ? [
                `what holds ${counted(reservation.taken, 'address')} of it has to go: nodes are replaced, others move`,
              ]
            : []),
        ],
        effect: (prefixes.free === 0 ? 1000 : 1) * reservation.later,
      },
    ];
  });
}
