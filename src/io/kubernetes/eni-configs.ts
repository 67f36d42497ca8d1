/** ENIConfigs: subnet and security groups of pods under custom networking. */
import type { EniConfig } from '../../api/objects.ts';
import type { Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { readMetadata } from './metadata.ts';
import { eniConfig } from './schema-vpc-resources.ts';

export function readEniConfig(reading: Reading, value: Record<string, unknown>): EniConfig | undefined {
  const written = conform(reading, eniConfig, value, 'k8s');
  const metadata =
    written && readMetadata(reading, written.metadata, { namespaced: false, names: 'subdomain' });
  if (!metadata) return undefined;
  const { subnet, securityGroups = [] } = written.spec;
  return { kind: 'ENIConfig', metadata, subnet, securityGroups, origin: reading.of(value) };
}
