/** EC2 instance types and their limits on network interfaces, as the VPC CNI knows them. */
import { nearest } from '../base/nearest.ts';
import { ENI_LIMITS } from './data/eni-limits.ts';

export interface InstanceType {
  readonly name: string;
  /** Of the default network card: what the CNI and max-pods use. */
  readonly maxEnis: number;
  readonly ipv4PerEni: number;
  readonly networkCards: number;
  readonly hypervisor: 'nitro' | 'xen' | 'unknown';
  readonly bareMetal: boolean;
  /** Undefined where the sources have none. */
  readonly vcpus: number | undefined;
  /** Branch ENIs for security groups for pods; 0 where the type takes no trunk, undefined where unknown. */
  readonly branchEnis: number | undefined;
  /** Only Karpenter's table lists it: the CNI asks EC2. */
  readonly missingInCni: boolean;
}

const HYPERVISORS = { n: 'nitro', x: 'xen', u: 'unknown' } as const;

let table: ReadonlyMap<string, InstanceType> | undefined;

/** All types by name, in the order of their names. Read from the data on first use. */
export function instanceTypes(): ReadonlyMap<string, InstanceType> {
  table ??= new Map(readTable());
  return table;
}

export function instanceType(name: string): InstanceType | undefined {
  return instanceTypes().get(name);
}

/** Known names close to one that is not known. */
export function similarInstanceTypes(name: string): string[] {
  return nearest(name, instanceTypes().keys());
}

function* readTable(): Generator<[string, InstanceType]> {
  for (const line of ENI_LIMITS.trim().split('\n')) {
    const [family, ...types] = line.split(' ');
    for (const text of types) {
      const type = readType(family!, text.split(':'));
      yield [type.name, type];
    }
  }
}

function readType(family: string, fields: readonly string[]): InstanceType {
  const [size, enis, addresses, cards, machine, vcpus, branches, only] = fields;
  return {
    name: `${family}.${size}`,
    maxEnis: Number(enis),
    ipv4PerEni: Number(addresses),
    networkCards: Number(cards),
    hypervisor: HYPERVISORS[machine![0] as keyof typeof HYPERVISORS], // the data has no other letter
    bareMetal: machine!.endsWith('m'),
    vcpus: vcpus === '?' ? undefined : Number(vcpus),
    branchEnis: branches === '?' ? undefined : branches === '-' ? 0 : Number(branches),
    missingInCni: only === 'k',
  };
}
