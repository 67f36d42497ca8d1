/** SecurityGroupPolicies: which pods get branch ENIs. One that lacks selectors or groups is passed over by the VPC
 *  resource controller (filterPodSecurityGroups) without a word to the user. */
import type { SecurityGroupPolicy } from '../../api/objects.ts';
import type { Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { readMetadata, readSelector } from './metadata.ts';
import { securityGroupPolicy } from './schema-vpc-resources.ts';

export function readSecurityGroupPolicy(
  reading: Reading,
  value: Record<string, unknown>,
): SecurityGroupPolicy | undefined {
  const written = conform(reading, securityGroupPolicy, value, 'k8s');
  const metadata =
    written && readMetadata(reading, written.metadata, { namespaced: true, names: 'subdomain' });
  if (!metadata) return undefined;
  const { podSelector, serviceAccountSelector, securityGroups } = written.spec;
  const groupIds = securityGroups?.groupIds ?? [];
  const lacks =
    !podSelector && !serviceAccountSelector ? 'selector' : groupIds.length === 0 ? 'groups' : undefined;
  if (lacks !== undefined && !reading.isCut(written.spec))
    reading.warn(reading.of(written.spec), {
      code: 'eks/policy-without-effect',
      message: `SecurityGroupPolicy ${metadata.namespace}/${metadata.name} has no ${lacks} and is passed over`,
      hint:
        lacks === 'selector'
          ? 'write podSelector or serviceAccountSelector; {} matches all of the namespace'
          : 'write securityGroups: {groupIds: [...]}',
    });
  return {
    kind: 'SecurityGroupPolicy',
    metadata,
    ...(podSelector && { podSelector: readSelector(reading, podSelector) }),
    ...(serviceAccountSelector && { serviceAccountSelector: readSelector(reading, serviceAccountSelector) }),
    groupIds,
    origin: reading.of(value),
  };
}
