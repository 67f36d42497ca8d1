/** Which instance types `vpcsim max-pods` is asked about: those that are named, families, all, or those of a topology's
 *  nodes with the settings of its CNI. */
import { InputError, type Issue } from '../base/issue.ts';
import type { InstanceType, InstanceTypeLookup } from '../cni/instance-types.ts';
import type { MaxPodsOptions } from '../cni/max-pods.ts';
import type { TopologyArgs } from './command.ts';
import type { Console } from './console.ts';
import { issuesText } from './issues-text.ts';
import { loadInstanceTypesFrom, loadTopologyFrom } from './load.ts';

/** What names types on the command line. */
export interface TypeWords {
  readonly types?: readonly string[];
  readonly all?: boolean;
  readonly family?: readonly string[];
}

/** What a topology and a file of types add to what is known. */
export interface Surroundings {
  readonly described: readonly InstanceType[];
  readonly options: MaxPodsOptions;
  /** Which node groups and nodes have a type. */
  readonly users: ReadonlyMap<string, readonly string[]>;
}

export async function surroundings(args: TopologyArgs, console: Console): Promise<Surroundings> {
  if (args.topology === undefined) {
    if (args.variant !== undefined)
      throw usage('usage/missing', '--variant needs a topology', 'name one with -t');
    const described =
      args.instanceTypes === undefined ? [] : await loadInstanceTypesFrom(args.instanceTypes, console);
    return { described, options: {}, users: new Map() };
  }
  const topology = await loadTopologyFrom(args, console);
  if (!topology.ok) throw new InputError(topology.issues);
  const { cluster, instanceTypes: described, warnings } = topology.value;
  if (warnings.length > 0) console.err(issuesText(warnings));
  if (!cluster) return { described, options: {}, users: new Map() };
  const [{ readEnvironment }, { clusterOptions }] = await Promise.all([
    import('../cni/environment.ts'),
    import('../cni/max-pods/cluster-options.ts'),
  ]);
  const { env, version } = cluster.cni;
  const users = new Map<string, string[]>();
  for (const [kind, list] of [
    ['node group', cluster.nodeGroups],
    ['node', cluster.nodes],
  ] as const)
    for (const { name, instanceType, maxPods } of list) {
      const own = maxPods === undefined ? '' : `, which has maxPods ${maxPods}`;
      users.set(instanceType, [...(users.get(instanceType) ?? []), `${kind} ${name}${own}`]);
    }
  return { described, options: clusterOptions(readEnvironment(env, version), version), users };
}

/** Throws InputError with every name that is not known. */
export async function chosenTypes(args: TypeWords, world: Surroundings): Promise<readonly InstanceType[]> {
  const { instanceTypes, instanceTypesWith } = await import('../cni/instance-types.ts');
  const { byName } = await import('../render/max-pods/rows.ts');
  const typeOf = instanceTypesWith(world.described);
  const { types: named = [], family: families = [], all = false } = args;
  if (named.length > 0 && (all || families.length > 0))
    throw usage('usage/contradiction', 'name instance types, or say --all or --family', 'not both');
  if (named.length > 0) return namedTypes([...new Set(named)], typeOf, world);
  if (!all && families.length === 0) {
    const used = [...world.users.keys()].flatMap((name) => typeOf(name) ?? []);
    if (used.length > 0) return used;
    throw usage(
      'usage/missing',
      'max-pods needs an instance type',
      'vpcsim max-pods m5.large, --family m5 or --all',
    );
  }
  const names = new Set([...instanceTypes().keys(), ...world.described.map(({ name }) => name)]);
  const every = [...names].sort(byName).map((name) => typeOf(name)!);
  if (all && families.length === 0) return every;
  return ofFamilies(every, families);
}

async function namedTypes(
  names: readonly string[],
  typeOf: InstanceTypeLookup,
  { described }: Surroundings,
): Promise<readonly InstanceType[]> {
  const unknown = names.filter((name) => !typeOf(name));
  if (unknown.length === 0) return names.map((name) => typeOf(name)!);
  const { instanceTypes, similarInstanceTypes } = await import('../cni/instance-types.ts');
  const families = new Set([...instanceTypes().keys()].map((name) => name.split('.', 1)[0]));
  throw new InputError(
    unknown.map((name): Issue => {
      const close = similarInstanceTypes(name, described);
      return {
        severity: 'error',
        code: 'usage/unknown-instance-type',
        message: `there is no instance type "${name}"`,
        hint: families.has(name)
          ? `a family of types: --family ${name}`
          : close.length > 0
            ? `did you mean ${close.join(', ')}?`
            : 'one that is newer than this program is described with --instance-types FILE',
      };
    }),
  );
}

async function ofFamilies(
  every: readonly InstanceType[],
  families: readonly string[],
): Promise<readonly InstanceType[]> {
  const familyOf = ({ name }: InstanceType): string => name.split('.', 1)[0]!;
  const wanted = families.flatMap((words) => words.split(',')).map((word) => word.trim());
  const known = new Set(every.map(familyOf));
  const unknown = wanted.filter((family) => !known.has(family));
  if (unknown.length > 0) {
    const { suggestion } = await import('../base/nearest.ts');
    throw new InputError(
      unknown.map((family) => ({
        severity: 'error',
        code: 'usage/unknown-family',
        message: `there is no family of instance types "${family}"`,
        hint: suggestion(family, known),
      })),
    );
  }
  return every.filter((type) => wanted.includes(familyOf(type)));
}

function usage(code: string, message: string, hint: string): InputError {
  return new InputError([{ severity: 'error', code, message, hint }]);
}
