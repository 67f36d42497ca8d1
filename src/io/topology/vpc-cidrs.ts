/** Which blocks a VPC may have (VPC guide, "VPC CIDR blocks"): /16 to /28, disjoint, not link-local, and only
 *  certain ranges beside each other. */
import { type Cidr, cidr, covers, formatCidr, overlaps } from '../../addressing/cidr.ts';
import type { VpcFile } from '../../world/schema-vpc.ts';
import type { Reading } from '../reading.ts';
import { readCidr } from './values.ts';

const ten = cidr('10.0.0.0/8');
const oneSevenTwo = cidr('172.16.0.0/12');
const oneNineTwo = cidr('192.168.0.0/16');
const oneNineEight = cidr('198.19.0.0/16');
const linkLocal = cidr('169.254.0.0/16');
const docker = cidr('172.17.0.0/16');
const privateBlocks = [ten, oneSevenTwo, oneNineTwo];

/** Range of the blocks a VPC has -> what may not be added ("IPv4 CIDR block association restrictions"). */
const refusedBeside: readonly (readonly [Cidr, readonly Cidr[]])[] = [
  [ten, [oneSevenTwo, oneNineTwo, oneNineEight]],
  [oneSevenTwo, [ten, oneNineTwo, cidr('172.31.0.0/16'), oneNineEight]],
  [oneNineTwo, [ten, oneSevenTwo, oneNineEight]],
  [oneNineEight, privateBlocks],
];

/** The blocks that can be had; `complete` where that is all of them. */
export function readVpcCidrs(
  reading: Reading,
  vpc: VpcFile,
): { readonly cidrs: readonly Cidr[]; readonly complete: boolean } {
  const blocks: Cidr[] = [];
  for (const [index, text] of vpc.cidrs.entries()) {
    const block = readCidr(reading, vpc.cidrs, index, text);
    if (block === undefined) continue;
    const fault = faultOf(block, blocks);
    const at = reading.of(vpc.cidrs, index);
    if (fault) {
      reading.error(at, fault);
      continue;
    }
    if (overlaps(block, docker)) {
      const message = `${text} clashes with the bridge of Docker, ${formatCidr(docker)}, on hosts that run it`;
      reading.warn(at, { code: 'cidr/docker-bridge', message });
    }
    blocks.push(block);
  }
  return { cidrs: blocks, complete: blocks.length === vpc.cidrs.length };
}

function faultOf(block: Cidr, earlier: readonly Cidr[]) {
  const text = formatCidr(block);
  if (block.length < 16 || block.length > 28)
    return { code: 'cidr/size', message: `${text} is a /${block.length}; a VPC block is a /16 to a /28` };
  if (overlaps(block, linkLocal))
    return {
      code: 'cidr/reserved',
      message: `${text} lies in the link-local range ${formatCidr(linkLocal)}`,
    };
  const clash = earlier.find((other) => overlaps(block, other));
  if (clash)
    return {
      code: 'cidr/overlap',
      message: `${text} overlaps ${formatCidr(clash)}, another block of the VPC`,
    };
  for (const other of earlier) {
    if (!mayJoin(other, block))
      return {
        code: 'cidr/not-associable',
        message: `AWS refuses ${text} in a VPC that has ${formatCidr(other)}`,
        hint: 'add blocks of the same private range, of 100.64.0.0/10, or public ones',
      };
  }
  return undefined;
}

/** Whether AWS adds a block to a VPC that has another ("IPv4 CIDR block association restrictions"). */
export function mayJoin(present: Cidr, added: Cidr): boolean {
  const row = refusedBeside.find(([range]) => covers(range, present));
  const refused = row ? row[1] : [...privateBlocks, oneNineEight];
  if (refused.some((range) => covers(range, added))) return false;
  return !(covers(cidr('10.0.0.0/15'), present) && covers(cidr('10.0.0.0/16'), added));
}
