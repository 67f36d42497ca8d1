/** The cap that AWS recommends, and that managed node groups enforce: 110 pods, which is what Kubernetes is tested for,
 *  and 250 beyond 30 vCPUs (EKS user guide, "Choose an optimal Amazon EC2 node instance type"). Its script tests for
 *  more than 30; where the number of vCPUs is not known, as it is to the script on some types, the lower cap. */
import type { InstanceType } from '../instance-types.ts';
import type { Limit } from './rule-set.ts';

const LOW = 110;
const HIGH = 250;
const MANY_VCPUS = 30;

export function recommendedCap({ vcpus }: Pick<InstanceType, 'vcpus'>): Limit {
  const high = vcpus !== undefined && vcpus > MANY_VCPUS;
  const pods = high ? HIGH : LOW;
  const size = vcpus === undefined ? 'how many it has is not known' : `it has ${vcpus}`;
  const rule = high ? `more than ${MANY_VCPUS} vCPUs` : `up to ${MANY_VCPUS} vCPUs`;
  return { what: 'cap', pods, because: `at most ${pods} with ${rule} (${size})` };
}
