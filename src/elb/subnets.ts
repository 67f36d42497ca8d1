/** Which subnets a load balancer gets: named ones, or discovery (ResolveViaDiscovery): role tag, or public/private by
 *  route table when no subnet has the tag; without those of other clusters and those with fewer than 8 free addresses;
 *  one per zone. Every subnet gets the reason why it was taken or not. */
import type { KubeObject } from '../api/objects.ts';
import { suggestion } from '../base/nearest.ts';
import type { Findings } from './findings.ts';
import type { ControllerInput, SubnetInfo } from './input.ts';
import type { Scheme, SubnetVerdict } from './plan.ts';

const ROLE_TAG: Readonly<Record<Scheme, string>> = {
  'internet-facing': 'kubernetes.io/role/elb',
  internal: 'kubernetes.io/role/internal-elb',
};

/** AWS asks for 8 free addresses in every subnet of an ALB or NLB. */
const LEAST_FREE = 8;

/** Zones that each kind needs at least (outside local zones and Outposts, which are not modelled). */
const LEAST_ZONES = { alb: 2, nlb: 1 } as const;

const CLUSTER_TAG = 'kubernetes.io/cluster/';

interface SubnetRequest {
  readonly kind: 'alb' | 'nlb';
  readonly scheme: Scheme;
  /** Names or values of the Name tag, as an annotation lists them; absent for discovery. */
  readonly named?: readonly string[] | undefined;
  /** The object that the findings are about. */
  readonly owner: KubeObject;
}

interface SubnetResult {
  /** Sorted by zone. */
  readonly chosen: readonly SubnetInfo[];
  readonly verdicts: readonly SubnetVerdict[];
}

export function chooseSubnets(
  input: ControllerInput,
  request: SubnetRequest,
  findings: Findings,
): SubnetResult {
  const result = request.named
    ? named(input, request, request.named, findings)
    : discovered(input, request, findings);
  const needed = LEAST_ZONES[request.kind];
  if (result.chosen.length > 0 && result.chosen.length < needed)
    refuse(
      request,
      findings,
      `subnets count less than minimal required count: ${result.chosen.length} < ${needed}`,
      explain(result.verdicts),
    );
  if (request.scheme === 'internet-facing') warnPrivate(result.chosen, request, findings);
  return result;
}

function named(
  input: ControllerInput,
  request: SubnetRequest,
  wanted: readonly string[],
  findings: Findings,
): SubnetResult {
  const chosen: SubnetInfo[] = [];
  for (const word of wanted) {
    const subnet = input.subnets.find(
      (each) => !chosen.includes(each) && (each.name === word || each.tags.Name === word),
    );
    if (subnet) chosen.push(subnet);
    else
      refuse(
        request,
        findings,
        `couldn't find all subnets, missing: ${word}`,
        suggestion(
          word,
          input.subnets.map((each) => each.name),
        ),
      );
  }
  if (wanted.length === 0) refuse(request, findings, 'unable to resolve at least one subnet');
  for (const [az, subnets] of byZone(chosen))
    if (subnets.length > 1)
      refuse(
        request,
        findings,
        `multiple subnets in same Availability Zone ${az}: ${subnets.map((each) => each.name).join(', ')}`,
      );
  for (const subnet of chosen)
    if (subnet.freeAddresses < LEAST_FREE)
      refuse(
        request,
        findings,
        `not enough IP space available in ${subnet.name}: ${subnet.freeAddresses} free, ELB requires at least ${LEAST_FREE}`,
      );
  return {
    chosen: sorted(chosen),
    verdicts: verdicts(input, (subnet) =>
      chosen.includes(subnet)
        ? [true, 'named by annotation']
        : [false, 'not named by the subnets annotation'],
    ),
  };
}

function discovered(input: ControllerInput, request: SubnetRequest, findings: Findings): SubnetResult {
  const tag = ROLE_TAG[request.scheme];
  const tagged = input.subnets.filter((subnet) => hasRole(subnet, tag));
  const wantPublic = request.scheme === 'internet-facing';
  const candidates =
    tagged.length > 0 ? tagged : input.subnets.filter((subnet) => subnet.public === wantPublic);
  const foreign = candidates.filter((subnet) => !eligible(subnet, input.clusterName));
  const full = candidates.filter((subnet) => !foreign.includes(subnet) && subnet.freeAddresses < LEAST_FREE);
  const fit = candidates.filter((subnet) => !foreign.includes(subnet) && !full.includes(subnet));
  const own = CLUSTER_TAG + input.clusterName;
  const chosen: SubnetInfo[] = [];
  for (const subnets of byZone(fit).values()) {
    const best = [...subnets].sort(
      (a, b) => Number(own in b.tags) - Number(own in a.tags) || (a.name < b.name ? -1 : 1),
    )[0];
    if (best) chosen.push(best);
  }
  const wording = (subnet: SubnetInfo): [boolean, string] => {
    if (!candidates.includes(subnet))
      return [false, tagged.length > 0 ? `no tag ${tag}` : kindMismatch(wantPublic)];
    if (foreign.includes(subnet))
      return [false, `tagged for other clusters only: ${otherClusters(subnet).join(', ')}`];
    if (full.includes(subnet))
      return [false, `${subnet.freeAddresses} free addresses, at least ${LEAST_FREE} needed`];
    const why = tagged.length > 0 ? `tag ${tag}` : `${wantPublic ? 'public' : 'private'} by its route table`;
    if (chosen.includes(subnet)) return [true, why];
    const winner = chosen.find((each) => each.az === subnet.az)?.name ?? '';
    return [false, `${winner} was taken for ${subnet.az}: own cluster tag first, then lowest id`];
  };
  const result = { chosen: sorted(chosen), verdicts: verdicts(input, wording) };
  if (chosen.length === 0)
    refuse(
      request,
      findings,
      `couldn't auto-discover subnets: unable to resolve at least one subnet. Evaluated ${candidates.length} subnets: ` +
        `${foreign.length} are tagged for other clusters, and ${full.length} have insufficient available IP addresses`,
      explain(result.verdicts) || `tag subnets with ${tag}=1`,
    );
  return result;
}

function hasRole(subnet: SubnetInfo, tag: string): boolean {
  const value = subnet.tags[tag];
  return value === '' || value === '1';
}

/** Without any cluster tag, or with this cluster's. */
function eligible(subnet: SubnetInfo, cluster: string): boolean {
  return CLUSTER_TAG + cluster in subnet.tags || otherClusters(subnet).length === 0;
}

function otherClusters(subnet: SubnetInfo): string[] {
  return Object.keys(subnet.tags)
    .filter((key) => key.startsWith(CLUSTER_TAG))
    .map((key) => key.slice(CLUSTER_TAG.length))
    .sort();
}

function kindMismatch(wantPublic: boolean): string {
  return wantPublic
    ? 'private: its route table has no route to an internet gateway'
    : 'public: its route table has a route to an internet gateway';
}

function warnPrivate(chosen: readonly SubnetInfo[], request: SubnetRequest, findings: Findings): void {
  for (const subnet of chosen)
    if (!subnet.public)
      findings.warn(
        'elb/private-subnet',
        request.owner,
        `internet-facing, but subnet ${subnet.name} has no route to an internet gateway: clients that use its ${subnet.az} address time out`,
        `give ${subnet.name} a route 0.0.0.0/0 to the internet gateway, or take a public subnet`,
      );
}

function byZone(subnets: readonly SubnetInfo[]): Map<string, SubnetInfo[]> {
  const zones = new Map<string, SubnetInfo[]>();
  for (const subnet of subnets) zones.set(subnet.az, [...(zones.get(subnet.az) ?? []), subnet]);
  return zones;
}

function sorted(subnets: readonly SubnetInfo[]): SubnetInfo[] {
  return [...subnets].sort((a, b) => (a.az === b.az ? 0 : a.az < b.az ? -1 : 1));
}

function verdicts(
  input: ControllerInput,
  judge: (subnet: SubnetInfo) => readonly [boolean, string],
): readonly SubnetVerdict[] {
  return [...input.subnets]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((subnet) => {
      const [chosen, reason] = judge(subnet);
      return { subnet: subnet.name, az: subnet.az, chosen, reason };
    });
}

function explain(all: readonly SubnetVerdict[]): string {
  return all
    .map((each) => `${each.subnet} (${each.az}): ${each.chosen ? 'taken, ' : ''}${each.reason}`)
    .join('; ');
}

function refuse(request: SubnetRequest, findings: Findings, message: string, hint?: string): void {
  findings.refuse('elb/subnets', request.owner, message, hint);
}
