/** EC2 instance types and their limits on network interfaces, as the VPC CNI knows them. */
import { nearest } from '../base/nearest.ts';
import { ENI_LIMITS } from './data/eni-limits.ts';

export interface InstanceType {
  readonly name: string;
  /** Of the default network card: what the CNI and max-pods use. */
  readonly maxEnis: number;
  readonly ipv4PerEni: number;
  readonly networkCards: number;
  /** Of all network cards together. */
  readonly totalEnis: number;
  /** Nitro or bare metal takes prefixes; EC2 names no hypervisor for bare metal. */
  readonly hypervisor: 'nitro' | 'xen' | 'unknown';
  readonly bareMetal: boolean;
  /** Undefined where the sources have none. */
  readonly vcpus: number | undefined;
  /** As advertised. Undefined where the sources have none. */
  readonly memoryMiB: number | undefined;
  /** Branch ENIs for security groups for pods; 0 where the type takes no trunk, undefined where unknown. */
  readonly branchEnis: number | undefined;
  /** Only Karpenter's table lists it: the CNI asks EC2. */
  readonly missingInCni: boolean;
}

/** Undefined where there is no such type. */
export type InstanceTypeLookup = (name: string) => InstanceType | undefined;

/** The types of a topology: those it describes itself go before those of the table. */
export function instanceTypesWith(described: readonly InstanceType[]): InstanceTypeLookup {
  const own = new Map(described.map((type) => [type.name, type]));
  return (name) => own.get(name) ?? instanceType(name);
}

const HYPERVISORS = { n: 'nitro', x: 'xen', u: 'unknown' } as const;

let lines: ReadonlyMap<string, string> | undefined;
const NONE: ReadonlyMap<string, InstanceType> = new Map();
const read = new Map<string, ReadonlyMap<string, InstanceType>>();

/** All types by name, in the order of their names. */
export function instanceTypes(): ReadonlyMap<string, InstanceType> {
  return new Map([...families().keys()].flatMap((name) => [...familyOf(name)]));
}

/** Undefined where there is no such type. Only its own family is read from the data: a run meets few of them. */
export function instanceType(name: string): InstanceType | undefined {
  const [family] = name.split('.', 1);
  return familyOf(family!).get(name);
}

/** Known names close to one that is not known; `described` are known beside those of the table. */
export function similarInstanceTypes(name: string, described: readonly InstanceType[] = []): string[] {
  return nearest(name, new Set([...described.map((type) => type.name), ...instanceTypes().keys()]));
}

/** The types of each family as the data has them, by the family's name. */
function families(): ReadonlyMap<string, string> {
  lines ??= new Map(
    ENI_LIMITS.trim()
      .split('\n')
      .map((line) => {
        const space = line.indexOf(' ');
        return [line.slice(0, space), line.slice(space + 1)];
      }),
  );
  return lines;
}

function familyOf(family: string): ReadonlyMap<string, InstanceType> {
  const known = read.get(family);
  if (known) return known;
  const line = families().get(family);
  if (line === undefined) return NONE;
  const types = line.split(' ').map((text) => readType(family, text.split(':')));
  const byName = new Map(types.map((type) => [type.name, type]));
  read.set(family, byName);
  return byName;
}

function readType(family: string, fields: readonly string[]): InstanceType {
  const [size, enis, addresses, cards, machine, vcpus, branches, only, memory] = fields;
  const perCard = cards!.split('+').map(Number);
  const count = perCard.length === 1 ? perCard[0]! : perCard.length;
  return {
    name: `${family}.${size}`,
    maxEnis: Number(enis),
    ipv4PerEni: Number(addresses),
    networkCards: count,
    totalEnis: perCard.length === 1 ? Number(enis) * count : perCard.reduce((sum, each) => sum + each, 0),
    hypervisor: HYPERVISORS[machine![0] as keyof typeof HYPERVISORS], // the data has no other letter
    bareMetal: machine!.endsWith('m'),
    vcpus: vcpus === '?' ? undefined : Number(vcpus),
    memoryMiB: memory ? Number(memory) : undefined,
    branchEnis: branches === '?' ? undefined : branches === '-' ? 0 : Number(branches),
    missingInCni: only === 'k',
  };
}
