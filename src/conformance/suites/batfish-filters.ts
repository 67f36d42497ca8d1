/** Which filters judged on a path, and what decided, in Batfish's words. */
import type { Hop, Trace, World } from '../../index.ts';
import type { Decision, Filter } from './batfish-format.ts';
import { nodeOf, walked } from './batfish-path.ts';

const filterAt: Readonly<Record<string, Pick<Filter, 'kind' | 'direction'>>> = {
  'security group in': { kind: 'securityGroup', direction: 'ingress' },
  'security group out': { kind: 'securityGroup', direction: 'egress' },
  'network ACL in': { kind: 'networkAcl', direction: 'ingress' },
  'network ACL out': { kind: 'networkAcl', direction: 'egress' },
};

/** Every filter that is expected judged, where it is expected; and no network ACL beside those. */
export function filterDifferences(
  world: World,
  hops: readonly Hop[],
  expected: readonly Filter[],
  nodes: readonly string[],
): string[] {
  const judged = judgments(world, hops);
  const textOf = ({ kind, direction, eni, id, result }: Judgment) =>
    `${kind} ${direction} of ${eni ?? id}: ${result}`;
  const wanted = expected.map((one) => ({ ...one, node: nodes[one.hop] }));
  const missing = wanted.filter((one) => !judged.some((each) => isSame(each, one)));
  const extra = judged.filter(
    (each) => each.kind === 'networkAcl' && !wanted.some((one) => isSame(each, one)),
  );
  return [
    ...missing.map((one) => `missing: ${textOf(one)} at ${one.node}`),
    ...extra.map((one) => `not expected: ${textOf(one)} at ${one.node}`),
  ];
}

interface Judgment extends Omit<Filter, 'hop'> {
  /** Where Batfish has it: the subnet of a network ACL, the host behind an interface. */
  readonly node: string | undefined;
}

function isSame(a: Judgment, b: Judgment): boolean {
  return (
    a.kind === b.kind &&
    a.direction === b.direction &&
    a.result === b.result &&
    a.node === b.node &&
    a.eni === b.eni &&
    a.id === b.id
  );
}

function judgments(world: World, hops: readonly Hop[]): Judgment[] {
  return walked(hops).flatMap((hop) =>
    hop.steps.flatMap(({ stage, verdict }): Judgment[] => {
      const filter = filterAt[stage];
      if (filter === undefined || verdict === 'skipped') return [];
      const result = verdict === 'denied' ? 'deny' : 'permit';
      const { kind, id } = hop.device;
      return kind === 'eni'
        ? [{ ...filter, result, eni: id, node: nodeOf(world, hop) }]
        : [{ ...filter, result, id: networkAclOf(world, id), node: id }];
    }),
  );
}

function networkAclOf({ subnets }: World, subnet: string): string {
  return subnets.find(({ name }) => name === subnet)?.networkAcl ?? '';
}

/** How our devices are called whose denials Batfish's components make. */
const components: Readonly<Record<string, readonly string[]>> = {
  securityGroup: ['eni'],
  networkAcl: ['subnet'],
  routeTable: ['vpc-router'],
  vpcRouter: ['vpc-router'],
  subnet: ['vpc-router', 'subnet', 'eni'],
  internet: ['internet'],
  internetGateway: ['internet-gateway'],
  natGateway: ['nat-gateway'],
  // The router asks in which zones the attachment stands.
  transitGatewayAttachment: ['tgw-attachment', 'vpc-router'],
  transitGateway: ['transit-gateway'],
  loadBalancer: ['nlb', 'alb'],
};

/** Whether the first blocker is at this component, names it, and judges in this direction. */
export function decisionDifferences(
  { blockers, paths }: Trace,
  { component, id, direction }: Decision,
): string[] {
  const [blocker] = blockers;
  if (blocker === undefined) return [`nothing blocks, expected ${component} ${id ?? ''}`];
  const text = [blocker.device, blocker.because, blocker.rule, blocker.nearest, blocker.fix].join(' ');
  const hop = paths.flatMap((path) => [...path.hops, ...path.reply.hops]).find(({ n }) => n === blocker.hop);
  const filter = hop?.steps.find(({ verdict }) => verdict === 'denied')?.stage ?? '';
  return components[component]?.includes(blocker.device.split('/')[0]!) &&
    text.includes(id ?? '') &&
    (direction === undefined || filterAt[filter]?.direction === direction)
    ? []
    : [
        `decided by ${blocker.device} ${blocker.code} (${blocker.because})`,
        `expected ${component} ${id ?? ''} ${direction ?? ''}`.trim(),
      ];
}
