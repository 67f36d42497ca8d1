/** What `aws ec2 describe-instance-types` prints, as JSON or YAML: limits of types that the shipped table lacks or has
 *  otherwise (EC2 API reference, InstanceTypeInfo and NetworkInfo). It says nothing of trunks and branch ENIs: those
 *  of the table are kept. */
import * as z from 'zod';
import type { Origin } from '../../base/origin.ts';
import { type InstanceType, instanceType } from '../../cni/instance-types.ts';
import type { Files } from '../files.ts';
import type { Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { parseYaml } from '../yaml/document.ts';

/** All types of a Region are some 6 MB. */
const MAX_BYTES = 64 * 1024 * 1024;

const count = z.int().min(0).max(1_000_000_000);

const described = z
  .looseObject({
    InstanceType: z.string().describe('the name of the type'),
    /** Absent on bare metal. */
    Hypervisor: z.string().nullable().optional(),
    BareMetal: z.boolean().optional(),
    VCpuInfo: z.looseObject({ DefaultVCpus: count.optional() }).optional(),
    MemoryInfo: z.looseObject({ SizeInMiB: count.optional() }).optional(),
    NetworkInfo: z
      .looseObject({
        MaximumNetworkInterfaces: count.describe('how many ENIs the type takes'),
        Ipv4AddressesPerInterface: count.min(1).describe('how many addresses an ENI takes'),
        DefaultNetworkCardIndex: count.optional(),
        NetworkCards: z
          .array(z.looseObject({ MaximumNetworkInterfaces: count.describe('how many ENIs the card takes') }))
          .optional(),
      })
      .describe('what EC2 says of its network'),
  })
  .describe('an instance type');

const output = z.looseObject({
  InstanceTypes: z.array(described).describe('the list that aws ec2 describe-instance-types prints'),
});

type Described = z.infer<typeof described>;

/** The types of a file; `from` is what names it. What is wrong with the file is an issue of the reading. */
export function describedTypes(
  reading: Reading,
  files: Files,
  path: string,
  from?: Origin,
): readonly InstanceType[] {
  const text = files.text(path, from, MAX_BYTES);
  if (text === undefined) return [];
  const found = asJson(text) ?? withPlaces(reading, files, path, text, from);
  return (found?.InstanceTypes ?? []).map(typeOf);
}

/** Undefined where anything is amiss: then it is worth the time to find out where. */
function asJson(text: string): z.infer<typeof output> | undefined {
  try {
    return output.safeParse(JSON.parse(text), { jitless: true }).data;
  } catch {
    return undefined;
  }
}

/** The same through the YAML parser, which keeps the place of every value and is slow on a file of this size. */
function withPlaces(
  reading: Reading,
  files: Files,
  path: string,
  text: string,
  from: Origin | undefined,
): z.infer<typeof output> | undefined {
  if (/^\s*[{[]/.test(text)) {
    const slip = parseYaml(path, text).issues.find(({ severity }) => severity === 'error');
    // One that is cut off has as many slips as it has open brackets, in words of YAML.
    if (slip) {
      const message = `${path} is not well-formed JSON`;
      reading.add({ severity: 'error', code: 'ec2/syntax', at: slip.at, message });
      return undefined;
    }
  }
  const [document] = files.load(path, from);
  return document && conform(reading, output, document.value, 'ec2');
}

/** The limits of the default network card, as the CNI and nodeadm take them. */
function typeOf(type: Described): InstanceType {
  const { InstanceType: name, NetworkInfo: network, BareMetal: bareMetal = false, Hypervisor } = type;
  const cards = network.NetworkCards ?? [];
  const card = cards[network.DefaultNetworkCardIndex ?? 0];
  const known = instanceType(name);
  return {
    name,
    maxEnis: card?.MaximumNetworkInterfaces ?? network.MaximumNetworkInterfaces,
    ipv4PerEni: network.Ipv4AddressesPerInterface,
    networkCards: Math.max(1, cards.length),
    totalEnis:
      cards.reduce((sum, each) => sum + each.MaximumNetworkInterfaces, 0) || network.MaximumNetworkInterfaces,
    hypervisor: Hypervisor === 'nitro' || Hypervisor === 'xen' ? Hypervisor : 'unknown',
    bareMetal,
    vcpus: type.VCpuInfo?.DefaultVCpus,
    memoryMiB: type.MemoryInfo?.SizeInMiB,
    branchEnis: known?.branchEnis,
    missingInCni: known?.missingInCni ?? true,
  };
}
