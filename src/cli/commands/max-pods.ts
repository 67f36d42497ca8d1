/** `vpcsim max-pods [TYPE...]`: how many pods fit on a node, by whose rules, and what binds. */
import type { NamedReport } from '../../render/max-pods/words.ts';
import { type Command, fileOption, namedTopologyOptions, type TopologyArgs } from '../command.ts';
import { type Console, exit, wantsColor } from '../console.ts';
import { deliver } from '../deliver.ts';
import { issuesText } from '../issues-text.ts';
import type { TypeWords } from '../max-pods-types.ts';
import type { MaxPodsSwitches } from '../max-pods-words.ts';

const ruleSetNames = ['cni', 'nodeadm', 'karpenter', 'managed-node-group', 'al2-script'] as const;
const sortKeys = ['name', 'pods', 'recommended', 'uncapped', 'enis', 'ipv4', 'vcpus'] as const;
const formats = ['text', 'json', 'csv', 'markdown'] as const;

interface MaxPodsArgs extends TopologyArgs, TypeWords, MaxPodsSwitches {
  readonly sort?: (typeof sortKeys)[number];
  readonly reverse?: boolean;
  readonly output: (typeof formats)[number];
  readonly outputFile?: string;
}

export const maxPodsCommand: Command = {
  usage: 'max-pods [types..]',
  describe: 'how many pods fit on a node of an instance type, by whose rules, and what binds',
  lists: ['types', 'family'],
  options: (argv) =>
    fileOption(
      namedTopologyOptions(
        argv.positional('types', {
          type: 'string',
          array: true,
          describe: 'instance types such as m5.large; with -t those of its nodes',
        }),
      ),
    )
      .option('all', { type: 'boolean', describe: 'every instance type' })
      .option('family', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'every type of a family such as m5',
      })
      .option('as', {
        choices: ruleSetNames,
        requiresArg: true,
        describe: 'by these rules (default: managed-node-group, compared with the others)',
      })
      .option('prefix-delegation', { type: 'boolean', describe: 'the CNI has ENABLE_PREFIX_DELEGATION' })
      .option('custom-networking', { type: 'boolean', describe: 'the CNI has custom networking' })
      .option('max-eni', { type: 'string', requiresArg: true, describe: 'MAX_ENI of the CNI' })
      .option('security-groups-for-pods', { type: 'boolean', describe: 'the CNI has ENABLE_POD_ENI' })
      .option('ipv6', { type: 'boolean', describe: 'an IPv6 cluster' })
      .option('cni-version', { type: 'string', requiresArg: true, describe: 'version of the CNI' })
      .option('max-pods', {
        type: 'string',
        requiresArg: true,
        describe: "the kubelet's maxPods, set by hand",
      })
      .option('max-pods-expression', {
        type: 'string',
        requiresArg: true,
        describe: "nodeadm's kubelet.maxPodsExpression, such as max_pods - 5",
      })
      .option('pods-per-core', { type: 'string', requiresArg: true, describe: "the kubelet's podsPerCore" })
      .option('reserved-enis', { type: 'string', requiresArg: true, describe: "Karpenter's RESERVED_ENIS" })
      .option('efa-only-interfaces', {
        type: 'string',
        requiresArg: true,
        describe: 'EFA-only interfaces on the default card, as Karpenter counts them',
      })
      .option('show-max-allowed', { type: 'boolean', describe: 'al2-script without its cap' })
      .option('min-pods', { type: 'string', requiresArg: true, describe: 'only types that fit so many pods' })
      .option('sort', {
        choices: sortKeys,
        requiresArg: true,
        describe: 'ascending (default: as given, else name)',
      })
      .option('reverse', { type: 'boolean', describe: 'the other way round' })
      .option('output', { alias: 'o', choices: formats, default: 'text' as const, describe: 'format' }),
  async run(args: MaxPodsArgs, console) {
    const [{ optionsOf }, { chosenTypes, surroundings }, { ignoredOptions, listed, reportMaxPods }] =
      await Promise.all([
        import('../max-pods-words.ts'),
        import('../max-pods-types.ts'),
        import('../../analysis/max-pods.ts'),
      ]);
    const world = await surroundings(args, console);
    const { options, minPods } = optionsOf(args, world.options);
    const types = await chosenTypes(args, world);
    const reports = types
      .map(
        (type): NamedReport => ({
          report: reportMaxPods(type, options, args.as),
          usedBy: world.users.get(type.name) ?? [],
        }),
      )
      .filter(({ report }) => report.fits >= minPods);
    const ignored = args.as === undefined ? [] : ignoredOptions(args.as, options);
    if (ignored.length > 0) warn(`${args.as} does not look at ${listed(ignored)}`, console);
    deliver(await rendered(reports, args, console), args.outputFile, console);
    return exit.ok;
  },
};

async function rendered(
  reports: readonly NamedReport[],
  { output, sort, reverse = false }: MaxPodsArgs,
  console: Console,
): Promise<string> {
  const rows = await import('../../render/max-pods/rows.ts');
  const ascending = sort === undefined ? reports : rows.sorted(reports, sort);
  const list = reverse ? [...ascending].reverse() : ascending;
  if (output === 'json') return rows.maxPodsJson(list);
  if (output === 'csv') return rows.maxPodsCsv(list);
  if (output === 'markdown') return rows.maxPodsMarkdown(list);
  const [only, ...others] = list;
  if (!only) return 'no instance type fits so many pods\n';
  if (others.length === 0) {
    const [{ onePodsText }, { paintOf }] = await Promise.all([
      import('../../render/max-pods/one.ts'),
      import('../../render/text/paint.ts'),
    ]);
    return onePodsText(only, Math.min(console.width, 100), paintOf(wantsColor(console)));
  }
  tellWarnings(list, console);
  return rows.maxPodsTable(list);
}

const MOST_TOLD = 10;

/** A table has no room for what is to be said of each row. */
function tellWarnings(list: readonly NamedReport[], console: Console): void {
  const warned = list.filter(({ report }) => report.warnings.length > 0);
  const told = warned.length > MOST_TOLD ? [] : warned;
  for (const { report } of told)
    for (const message of report.warnings) warn(`${report.type.name}: ${message}`, console);
  if (told.length < warned.length)
    console.err(`${warned.length} types have notes: -o json has them, and so has a type by itself\n`);
}

function warn(message: string, console: Console): void {
  console.err(issuesText([{ severity: 'warning', code: 'max-pods/note', message }]));
}
