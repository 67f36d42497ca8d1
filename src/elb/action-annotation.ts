/** The JSON of `actions.<name>` (config_types.go of the controller). */
import * as z from 'zod';
import { lowerCaseKeys } from './annotations.ts';

const name = z.string();
const servicePort = z.union([z.number().int(), z.string()]);

const target = z
  .object({
    servicename: name.nullish(),
    serviceport: servicePort.nullish(),
    targetgrouparn: name.nullish(),
    targetgroupname: name.nullish(),
    weight: z.number().int().min(0).max(999).nullish(),
  })
  .refine((each) => (each.servicename != null) !== ((each.targetgrouparn ?? each.targetgroupname) != null), {
    message: 'exactly one of serviceName and targetGroupARN/targetGroupName is needed',
  })
  .refine((each) => each.servicename == null || each.serviceport != null, { message: 'missing servicePort' });

const forwardConfig = z
  .object({
    targetgroups: z.array(target).min(1),
    targetgroupstickinessconfig: z.object({ enabled: z.boolean().nullish() }).nullish(),
  })
  .refine((each) => each.targetgroups.length === 1 || each.targetgroups.every((one) => one.weight != null), {
    message: 'weight must be set when route to multiple target groups',
  });

const forward = z
  .object({
    type: z.literal('forward'),
    targetgrouparn: name.nullish(),
    targetgroupname: name.nullish(),
    forwardconfig: forwardConfig.nullish(),
  })
  .refine(
    (each) => (each.forwardconfig != null) !== ((each.targetgrouparn ?? each.targetgroupname) != null),
    {
      message: 'exactly one of forwardConfig and targetGroupARN/targetGroupName is needed',
    },
  );

const redirect = z.object({
  type: z.literal('redirect'),
  redirectconfig: z.object({
    host: name.nullish(),
    path: name.nullish(),
    port: name.nullish(),
    protocol: name.nullish(),
    query: name.nullish(),
    statuscode: z.enum(['HTTP_301', 'HTTP_302']),
  }),
});

const fixedResponse = z.object({
  type: z.literal('fixed-response'),
  fixedresponseconfig: z.object({
    contenttype: name.nullish(),
    messagebody: name.nullish(),
    statuscode: z.string().regex(/^[245]\d\d$/, 'statusCode is 2XX, 4XX or 5XX, as text'),
  }),
});

/** One action: where the requests of a rule go. */
export const actionShape = z.preprocess(
  lowerCaseKeys,
  z.discriminatedUnion('type', [forward, redirect, fixedResponse]),
);

export type ActionAnnotation = z.infer<typeof actionShape>;
export type ActionTarget = z.infer<typeof target>;
