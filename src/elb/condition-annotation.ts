/** The JSON of `conditions.<name>` (RuleCondition of the controller), which is AND-ed to host and path of the rule. */
import * as z from 'zod';
import { compareCidr } from '../addressing/cidr.ts';
import type { Ingress } from '../api/objects.ts';
import { ingressAnnotations, json, lowerCaseKeys } from './annotations.ts';
import { cidrOrNetwork } from './cidr-text.ts';
import type { Findings } from './findings.ts';
import type { ConditionPlan } from './plan.ts';

const values = z.array(z.string());

const globs = z
  .object({ values: values.default([]), regexvalues: values.default([]) })
  .refine((each) => each.values.length > 0 !== each.regexvalues.length > 0, {
    message: 'precisely one of values and regexValues can be specified',
  });

const header = z
  .object({ httpheadername: z.string(), values: values.default([]), regexvalues: values.default([]) })
  .refine((each) => each.values.length > 0 !== each.regexvalues.length > 0, {
    message: 'precisely one of values and regexValues can be specified',
  });

const some = z.object({ values: values.min(1, 'values cannot be empty') });

const query = z.object({
  values: z
    .array(z.object({ key: z.string().nullish(), value: z.string().min(1, 'value cannot be empty') }))
    .min(1),
});

const conditionsShape = z.preprocess(
  lowerCaseKeys,
  z.array(
    z.discriminatedUnion('field', [
      z.object({ field: z.literal('host-header'), hostheaderconfig: globs }),
      z.object({ field: z.literal('path-pattern'), pathpatternconfig: globs }),
      z.object({ field: z.literal('http-header'), httpheaderconfig: header }),
      z.object({ field: z.literal('http-request-method'), httprequestmethodconfig: some }),
      z.object({ field: z.literal('query-string'), querystringconfig: query }),
      z.object({ field: z.literal('source-ip'), sourceipconfig: some }),
    ]),
  ),
);

/** The conditions an Ingress adds to the rules of its backend `name`. */
export function backendConditions(ingress: Ingress, name: string, findings: Findings): ConditionPlan[] {
  const parsed = json(ingressAnnotations(ingress), `conditions.${name}`, conditionsShape, findings);
  return (parsed ?? []).map(toCondition);
}

function toCondition(condition: z.infer<typeof conditionsShape>[number]): ConditionPlan {
  switch (condition.field) {
    case 'host-header':
      return { field: 'host-header', ...globsOrRegex(condition.hostheaderconfig) };
    case 'path-pattern':
      return { field: 'path-pattern', ...globsOrRegex(condition.pathpatternconfig) };
    case 'http-header': {
      const { httpheadername, ...values } = condition.httpheaderconfig;
      return { field: 'http-header', name: httpheadername.toLowerCase(), ...globsOrRegex(values) };
    }
    case 'http-request-method':
      return { field: 'http-request-method', values: condition.httprequestmethodconfig.values };
    case 'query-string':
      return {
        field: 'query-string',
        values: condition.querystringconfig.values.map(({ key, value }) => ({
          key: key ?? undefined,
          value,
        })),
      };
    case 'source-ip': {
      // IPv6 blocks match no packet of the IPv4 model.
      const blocks = condition.sourceipconfig.values
        .map(cidrOrNetwork)
        .filter((block) => block !== undefined);
      return { field: 'source-ip', values: blocks.sort(compareCidr) };
    }
  }
}

function globsOrRegex({ values, regexvalues }: { values: string[]; regexvalues: string[] }): {
  values: string[];
  regex: boolean;
} {
  return regexvalues.length > 0 ? { values: regexvalues, regex: true } : { values, regex: false };
}
