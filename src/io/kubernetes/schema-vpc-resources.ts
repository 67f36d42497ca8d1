/** Custom resources of the VPC CNI (crd.k8s.amazonaws.com/v1alpha1) and of the VPC resource controller
 *  (vpcresources.k8s.aws/v1beta1). */
import * as z from 'zod';
import { header, labelSelector } from './schema-common.ts';

const status = z.unknown().optional();

export const eniConfig = z.strictObject({
  ...header,
  spec: z
    .strictObject({ subnet: z.string(), securityGroups: z.array(z.string()).optional() })
    .describe('the specification of an ENIConfig {subnet, securityGroups}'),
  status,
});

export const securityGroupPolicy = z.strictObject({
  ...header,
  spec: z
    .strictObject({
      podSelector: labelSelector.optional(),
      serviceAccountSelector: labelSelector.optional(),
      securityGroups: z
        .strictObject({ groupIds: z.array(z.string()).min(1).optional() })
        .describe('{groupIds}, a list of security groups')
        .optional(),
    })
    .describe('the specification of a SecurityGroupPolicy'),
  status,
});
