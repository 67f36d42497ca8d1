/** Suite `max-pods`: how many pods a node of an instance type takes, against numbers that others published or that were
 *  worked out by hand from the sources of each component. It asks what `vpcsim max-pods` asks. */
import * as z from 'zod';
import {
  instanceType,
  type MaxPodsOptions,
  maxPodsRow,
  type RuleSetName,
  reportMaxPods,
} from '../../index.ts';
import { readCases } from '../cases-file.ts';
import type { Suite } from '../suite.ts';

/** The project's own cases, from the folder where npm runs scripts. */
const DEFAULT_CASES = 'test/conformance/max-pods-cases.json';

const count = z.int().min(0);
const ruleSet: z.ZodType<RuleSetName> = z.enum([
  'cni',
  'nodeadm',
  'karpenter',
  'managed-node-group',
  'al2-script',
]);

const options = z.strictObject({
  /** Whose rules; absent: the sum of the settings, without a cap. */
  as: ruleSet.optional(),
  prefixDelegation: z.boolean().optional(),
  customNetworking: z.boolean().optional(),
  maxENI: count.optional(),
  securityGroupsForPods: z.boolean().optional(),
  ipv6: z.boolean().optional(),
  cniVersion: z.string().optional(),
  reservedENIs: count.optional(),
  efaOnlyInterfaces: count.optional(),
  podsPerCore: count.optional(),
  /** Of the kubelet's configuration. */
  maxPods: count.optional(),
  maxPodsExpression: z.string().optional(),
  showMaxAllowed: z.boolean().optional(),
});

const cases = z.array(
  z.strictObject({
    instanceType: z.string(),
    maxPods: z.int(),
    /** With AWS's cap. */
    recommended: z.int().optional(),
    options: options.optional(),
    /** Where the number comes from; for people. */
    why: z.string().optional(),
  }),
);

type Case = z.infer<typeof cases>[number];

export const maxPods: Suite = {
  name: 'max-pods',
  summary: 'pods that a node takes, by instance type, settings and rule set',
  options: {},
  run({ cases: path = DEFAULT_CASES }, report) {
    for (const one of readCases(path, cases)) {
      const id = idOf(one);
      if (report.wants(id)) report.ran(id, differences(one));
    }
  },
};

/** "m5.large/as=nodeadm maxENI=2". */
function idOf({ instanceType: name, options: given = {} }: Case): string {
  const words = Object.entries(given).map(([key, value]) => (value === true ? key : `${key}=${value}`));
  return words.length === 0 ? name : `${name}/${words.join(' ')}`;
}

function differences({
  instanceType: name,
  maxPods: expected,
  recommended,
  options: given = {},
}: Case): string[] {
  const type = instanceType(name);
  if (!type) return ['there is no such instance type'];
  const { as, maxENI, reservedENIs, ...same } = given;
  const settings: MaxPodsOptions = { ...same, maxEni: maxENI, reservedEnis: reservedENIs };
  const row = maxPodsRow({ report: reportMaxPods(type, settings, as), usedBy: [] });
  const wrong = (what: string, wanted: number, got: number): string[] =>
    wanted === got
      ? []
      : [`${what}: expected ${wanted}, got ${got} = ${row.formula}, bound by ${row.binding}`];
  return [
    ...wrong('maxPods', expected, row.maxPods),
    ...(recommended === undefined ? [] : wrong('recommended', recommended, row.recommended)),
  ];
}
