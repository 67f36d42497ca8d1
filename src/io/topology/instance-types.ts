/** Instance types that the input describes itself: on the command line, under `instanceTypes`, or in the file that
 *  `instanceTypesFile` names. The first of these that knows a type wins, and all of them over the shipped table. */
import { type InstanceType, instanceType } from '../../cni/instance-types.ts';
import type { InstanceTypeFile, TopologyFile } from '../../world/schema.ts';
import { describedTypes } from '../ec2/instance-types.ts';
import type { Files } from '../files.ts';
import { folderOf, resolvePath } from '../paths.ts';
import type { Reading } from '../reading.ts';
import { checkUnique } from './names.ts';

/** `given` is the path that the command line names. */
export function readInstanceTypes(
  reading: Reading,
  files: Files,
  file: TopologyFile,
  given: string | undefined,
): readonly InstanceType[] {
  checkUnique(reading, ['instance type', file.instanceTypes]);
  const written = (file.instanceTypes ?? []).map(typeOf);
  const all = [
    ...(given === undefined ? [] : describedTypes(reading, files, given)),
    ...written,
    ...namedFile(reading, files, file),
  ];
  const byName = new Map<string, InstanceType>();
  for (const type of all) if (!byName.has(type.name)) byName.set(type.name, type);
  return [...byName.values()];
}

function namedFile(reading: Reading, files: Files, file: TopologyFile): readonly InstanceType[] {
  if (file.instanceTypesFile === undefined) return [];
  const from = reading.of(file, 'instanceTypesFile');
  const base = folderOf(reading.sources.fileOf(from) ?? '.');
  return describedTypes(reading, files, resolvePath(base, file.instanceTypesFile), from);
}

function typeOf(written: InstanceTypeFile): InstanceType {
  const { name, maxEnis, ipv4PerEni, networkCards = 1, bareMetal = false, vcpus, memoryMiB } = written;
  return {
    name,
    maxEnis,
    ipv4PerEni,
    networkCards,
    totalEnis: maxEnis * networkCards,
    hypervisor: written.hypervisor ?? (bareMetal ? 'unknown' : 'nitro'),
    bareMetal,
    vcpus,
    memoryMiB,
    branchEnis: written.branchEnis,
    missingInCni: instanceType(name)?.missingInCni ?? true,
  };
}
