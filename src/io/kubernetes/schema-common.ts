/** Parts that several Kubernetes kinds share (apimachinery meta/v1). */
import * as z from 'zod';
import { accepted } from '../accepted.ts';

export const texts = z.record(z.string(), z.string()).describe('a map of texts');
export const port = z.int().min(1).max(65535).describe('a port from 1 to 65535');
export const intOrText = z.union([z.int(), z.string()]).describe('a number or a name');
export const protocol = z.enum(['TCP', 'UDP', 'SCTP']);

export const metadata = z
  .strictObject({
    name: z.string().optional(),
    namespace: z.string().optional(),
    labels: texts.optional(),
    annotations: texts.optional(),
    ownerReferences: z
      .array(z.looseObject({ kind: z.string(), name: z.string(), controller: z.boolean().optional() }))
      .optional(),
    ...accepted(
      'generateName',
      'selfLink',
      'uid',
      'resourceVersion',
      'generation',
      'creationTimestamp',
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
      'finalizers',
      'managedFields',
      'clusterName',
    ),
  })
  .describe('the metadata of the object');

export const selectorExpression = z.strictObject({
  key: z.string(),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']),
  values: z.array(z.string()).optional(),
});

export const labelSelector = z
  .strictObject({ matchLabels: texts.optional(), matchExpressions: z.array(selectorExpression).optional() })
  .describe('a label selector {matchLabels, matchExpressions}');

/** Every object has these. */
export const header = { apiVersion: z.string(), kind: z.string(), metadata };

export type MetadataFile = z.infer<typeof metadata>;
export type LabelSelectorFile = z.infer<typeof labelSelector>;
