/** `vpcsim get KIND`: lists what is in the world, and `get defaults` what was filled in; `vpcsim get -o yaml`: the
 *  topology itself as one file. */
import { InputError } from '../../base/issue.ts';
import { suggestion } from '../../base/nearest.ts';
import { type Command, type TopologyArgs, topologyOptions } from '../command.ts';
import { type Console, type ExitCode, exit } from '../console.ts';
import { issuesText } from '../issues-text.ts';
import { loadWorld, topologyTextFrom } from '../load.ts';

interface GetArgs extends TopologyArgs {
  readonly kind?: string;
  readonly namespace?: string;
  readonly output: 'text' | 'json' | 'yaml';
}

export const getCommand: Command = {
  usage: 'get [kind]',
  describe:
    'list pods, nodes, services, endpoints, enis, addresses, subnets, routetables, securitygroups, loadbalancers, defaults',
  options: (argv) =>
    topologyOptions(argv.positional('kind', { type: 'string', describe: 'what to list' }))
      .option('namespace', { alias: 'n', type: 'string', requiresArg: true, describe: 'only this namespace' })
      .option('output', {
        alias: 'o',
        choices: ['text', 'json', 'yaml'] as const,
        default: 'text' as const,
        describe: 'format; yaml without a kind is the topology as one file that builds the same world',
      }),
  async run(args: GetArgs, console) {
    const { listingKinds } = await import('../../analysis/listings.ts');
    if (args.output === 'yaml') return printTopology(args, console);
    const wanted = args.kind?.toLowerCase();
    const kind = listingKinds.find(({ names }) => wanted !== undefined && names.includes(wanted));
    if (!kind)
      throw new InputError([
        {
          severity: 'error',
          code: wanted === undefined ? 'usage/no-kind' : 'usage/unknown-kind',
          message: wanted === undefined ? 'what to list?' : `nothing called "${args.kind}" can be listed`,
          hint: suggestion(
            args.kind ?? '',
            listingKinds.map(({ names }) => names[0]!),
          ),
        },
      ]);
    const { world, warn } = await loadWorld(args, console);
    warn();
    const { columns, rows, below } = kind.list(world);
    const namespace = columns.indexOf('NAMESPACE');
    if (args.namespace !== undefined && namespace >= 0)
      checkNamespace(
        args.namespace,
        rows.map((row) => row[namespace]!),
      );
    const shown =
      args.namespace === undefined || namespace < 0
        ? rows
        : rows.filter((row) => row[namespace] === args.namespace);
    if (args.output === 'json') {
      const objects = shown.map((row) => ({
        ...Object.fromEntries(columns.map((column, index) => [column.toLowerCase(), row[index]])),
        ...(below && { [below.column.toLowerCase()]: below.cells[rows.indexOf(row)] }),
      }));
      console.out(`${JSON.stringify(objects, null, 2)}\n`);
    } else {
      const { renderBelow, renderTable } = await import('../../render/table.ts');
      console.out(shown.length > 0 ? renderTable(columns, shown) : `no ${kind.names[0]}\n`);
      if (below && rows.length > 0)
        console.out(
          renderBelow(
            below.column,
            rows.map(([name]) => name!),
            below.cells,
          ),
        );
    }
    return exit.ok;
  },
};

async function printTopology(args: GetArgs, console: Console): Promise<ExitCode> {
  if (args.kind !== undefined)
    throw new InputError([
      {
        severity: 'error',
        code: 'usage/no-yaml',
        message: `"${args.kind}" is listed as text or JSON`,
        hint: 'vpcsim get -o yaml prints the topology as a whole',
      },
    ]);
  const text = await topologyTextFrom(args, console);
  if (!text.ok) throw new InputError(text.issues);
  if (text.warnings.length > 0) console.err(issuesText(text.warnings));
  console.out(text.value);
  return exit.ok;
}

function checkNamespace(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new InputError([
    {
      severity: 'error',
      code: 'usage/unknown-name',
      message: `nothing is in namespace "${name}"`,
      hint: suggestion(name, new Set(known)),
    },
  ]);
}
