/** The arithmetic of a plan as comments of its topology file. */
import { type Cidr, formatCidr, sizeOf } from '../../addressing/cidr.ts';
import { zonesOf } from '../../analysis/plan/demand.ts';
import { count } from '../../analysis/plan/peak.ts';
import type { AddressPlan, PlannedSubnet } from '../../analysis/plan/plan.ts';
import { RESERVED_ADDRESSES } from '../../analysis/plan/subnet-size.ts';
import { wrap } from '../text/lines.ts';

const WIDTH = 104;

export function header({ demand, peak, zone, slices }: AddressPlan): string[] {
  const zones = zonesOf(demand);
  const mode = [
    ...(demand.env.prefixDelegation ? ['prefix delegation'] : []),
    ...(demand.env.customNetworking ? ['custom networking'] : []),
  ];
  return [
    ...comment(
      `${count(demand.nodes)} nodes of type ${demand.type.name} and ${count(demand.pods)} pods in ${zones.length} zones${mode.length > 0 ? `, ${mode.join(' and ')}` : ''}`,
    ),
    '#',
    ...comment(`nodes: ${peak.because.nodes}`),
    ...comment(`pods: ${peak.because.pods}`),
    ...comment(`interfaces: up to ${count(zone.enis)} in a zone, of ${count(demand.eniQuota)} in the quota`),
    ...(slices.length === 0
      ? comment('zones: the subnets are packed, the largest first; slices for the zones would be too small')
      : comment(`zones: ${zones.map((az, index) => `${az} ${formatCidr(slices[index]!)}`).join(', ')}`)),
  ];
}

/** In full for the first zone; the others are alike. */
export function subnetComment({ subnets }: AddressPlan, subnet: PlannedSubnet): string[] {
  const first = subnets.find(({ kind }) => kind === subnet.kind)!;
  const sum = `${count(subnet.needed)} of ${count(subnet.usable)} addresses`;
  if (first !== subnet) return comment(`${sum}, as ${first.name}`);
  const rows = [
    ...subnet.uses.map((use) => ({
      number: use.prefixes > 0 ? `${count(use.prefixes)} x 16` : count(use.addresses),
      text: `${use.what}: ${use.because}`,
    })),
    { number: count(subnet.usable - subnet.needed), text: 'free' },
    { number: count(RESERVED_ADDRESSES), text: 'kept by AWS' },
  ];
  const width = Math.max(...rows.map(({ number }) => number.length));
  return [
    ...comment(`${sum}:`),
    ...rows.flatMap(({ number, text }) =>
      wrap(text, WIDTH - width - 6).map(
        (line, index) => `#   ${(index === 0 ? number : '').padStart(width)}  ${line}`,
      ),
    ),
  ];
}

export function spaceLeft({ free }: AddressPlan): string[] {
  if (free.length === 0) return comment('no block of the VPC is left');
  return comment(
    `left for more subnets: ${count(free.reduce((sum, block) => sum + sizeOf(block), 0))} addresses in ${ranges(free)}`,
  );
}

/** Blocks that lie side by side and make a larger one are told as that one. */
function ranges(blocks: readonly Cidr[]): string {
  const joined: Cidr[] = [];
  for (const block of blocks) {
    joined.push(block);
    for (;;) {
      const [a, b] = joined.slice(-2);
      if (!a || !b || a.length !== b.length || (a.base ^ b.base) !== sizeOf(a) || (a.base & sizeOf(a)) !== 0)
        break;
      joined.splice(-2, 2, { base: a.base, length: a.length - 1 });
    }
  }
  const largest = [...joined].sort((a, b) => a.length - b.length).slice(0, 8);
  const rest = joined.length - largest.length;
  return `${joined
    .filter((block) => largest.includes(block))
    .map(formatCidr)
    .join(', ')}${rest > 0 ? ` and ${rest} smaller` : ''}`;
}

function comment(text: string): string[] {
  return wrap(text, WIDTH).map((line) => `# ${line}`);
}
