/** Which ENIConfig is a node's (amazon-vpc-cni-k8s pkg/eniconfig GetNodeSpecificENIConfigName). Annotations of nodes are
 *  not part of a topology, so labels decide. */
import type { CniEnvironment } from './environment.ts';

type Labels = Readonly<Record<string, string>>;

/** A label of other controllers, which wins over what the environment names. */
const EXTERNAL_LABEL = 'vpc.amazonaws.com/externalEniConfig';

/** The name of the ENIConfig of a node with these labels, whether or not there is one of that name. */
export function eniConfigName(labels: Labels, { eniConfig }: Pick<CniEnvironment, 'eniConfig'>): string {
  return labels[EXTERNAL_LABEL] ?? labels[eniConfig.label] ?? 'default';
}
