/** Options of instance metadata ("Configure instance metadata options for new instances", Amazon EC2 guide). */
import type { MetadataOptions } from '../../vpc/instance-metadata.ts';
import type { Reading } from '../reading.ts';

interface Defaults extends MetadataOptions {
  readonly by: string;
}

/** EKS's own launch template for managed node groups of Amazon Linux 2023 ("Upgrade from Amazon Linux 2 to Amazon Linux
 *  2023", Amazon EKS guide). */
export const NODE_METADATA: Defaults = { hopLimit: 1, tokens: 'required', by: 'EKS' };

/** The AMIs of Amazon Linux 2023 ("IMDSv2", Amazon Linux 2023 guide). */
export const INSTANCE_METADATA: Defaults = { hopLimit: 2, tokens: 'required', by: 'AWS' };

export function readMetadata(
  reading: Reading,
  path: string,
  written: { readonly [K in keyof MetadataOptions]?: MetadataOptions[K] | undefined } | undefined,
  { hopLimit, tokens, by }: Defaults,
): MetadataOptions {
  return {
    hopLimit: written?.hopLimit ?? reading.fill(`${path}.metadata.hopLimit`, hopLimit, by),
    tokens: written?.tokens ?? reading.fill(`${path}.metadata.tokens`, tokens, by),
  };
}
