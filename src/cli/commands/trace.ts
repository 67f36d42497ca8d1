/** `vpcsim trace FROM TO`: one packet, hop by hop, there and back. */
import { InputError } from '../../base/issue.ts';
import type { Trace } from '../../trace/trace.ts';
import type { Flow } from '../../world/flow.ts';
import type { World } from '../../world/world.ts';
import { type Command, fileOption, type TopologyArgs, topologyOptions } from '../command.ts';
import { wantsColor } from '../console.ts';
import { deliver } from '../deliver.ts';
import { loadWorld } from '../load.ts';

interface TraceArgs extends TopologyArgs {
  readonly from: string;
  readonly to: string;
  readonly protocol?: string;
  readonly port?: number;
  readonly sourcePort?: number;
  readonly sourceIp?: string;
  readonly arrivingAt?: string;
  readonly header?: readonly string[];
  readonly method?: string;
  readonly via?: string;
  readonly ttl?: number;
  readonly size?: number;
  readonly df?: boolean;
  readonly strictListen: boolean;
  readonly seenClient: boolean;
  readonly uid?: number;
  readonly gid?: number;
  readonly oneWay: boolean;
  readonly maxBranches?: number;
  readonly allPaths: boolean;
  readonly branch?: number;
  readonly checkFixes?: boolean;
  readonly output: 'text' | 'wide' | 'wire' | 'json' | 'svg';
  readonly outputFile?: string;
}

export const traceCommand: Command = {
  usage: 'trace <from> <to>',
  describe: 'trace one packet and its reply, hop by hop',
  lists: ['header'],
  options: (argv) =>
    fileOption(
      topologyOptions(
        argv
          .positional('from', {
            type: 'string',
            demandOption: true,
            describe:
              'pod/NS/NAME, deploy/NS/NAME, node/NAME, instance/NAME, host/NAME, api-server, internet, an address',
          })
          .positional('to', {
            type: 'string',
            demandOption: true,
            describe:
              'pod/NS/NAME:PORT, svc/NS/NAME:PORT, node|instance|host/NAME:PORT, IP:PORT, http://host/path, api-server, a DNS name',
          }),
      ),
    )
      .option('protocol', { type: 'string', requiresArg: true, describe: 'tcp (default), udp, sctp, icmp' })
      .option('port', { type: 'number', requiresArg: true, describe: 'destination port' })
      .option('source-port', { type: 'number', requiresArg: true, describe: 'source port (default 49152)' })
      .option('source-ip', { type: 'string', requiresArg: true, describe: 'send with this source address' })
      .option('arriving-at', {
        type: 'string',
        requiresArg: true,
        describe: 'the packet comes in at NODE[:INTERFACE], from any address; its reply is not traced',
      })
      .option('header', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'HTTP header NAME:VALUE, may be repeated',
      })
      .option('method', { type: 'string', requiresArg: true, describe: 'HTTP method (default GET)' })
      .option('via', { type: 'string', requiresArg: true, describe: 'enter by this load balancer' })
      .option('ttl', { type: 'number', requiresArg: true, describe: 'initial TTL (default 64)' })
      .option('size', {
        type: 'number',
        requiresArg: true,
        describe: 'bytes of the IP packets with data, both ways (default: small)',
      })
      .option('df', {
        type: 'boolean',
        describe: 'forbid fragments; --no-df allows them (default as Linux does)',
      })
      .option('strict-listen', {
        type: 'boolean',
        default: false,
        describe: 'refuse where nothing declares a listener',
      })
      .option('seen-client', {
        type: 'boolean',
        default: false,
        describe: 'the client has been here before: session affinity applies',
      })
      .option('uid', { type: 'number', requiresArg: true, describe: 'user that the sending process runs as' })
      .option('gid', {
        type: 'number',
        requiresArg: true,
        describe: 'group that the sending process runs as',
      })
      .option('one-way', { type: 'boolean', default: false, describe: 'nobody answers this traffic' })
      .option('max-branches', {
        type: 'number',
        requiresArg: true,
        describe: 'budget of branches (default 4096)',
      })
      .option('all-paths', { type: 'boolean', default: false, describe: 'do not fold paths that end alike' })
      .option('branch', { type: 'number', requiresArg: true, describe: 'show only path number N' })
      .option('check-fixes', {
        type: 'boolean',
        describe: `try each fix and trace again (default: up to ${SMALL_WORLD} devices)`,
      })
      .option('output', {
        alias: 'o',
        choices: ['text', 'wide', 'wire', 'json', 'svg'] as const,
        default: 'text' as const,
        describe: 'format',
      }),
  async run(args: TraceArgs, console) {
    checkNumbers(args);
    const flow = flowOf(args);
    const { world, warn } = await loadWorld(args, console);
    const { trace } = await import('../../world/flow.ts');
    const result = trace(world, flow);
    if (!result.ok) throw new InputError(result.issues);
    warn();
    const checked = await checkedIf(args, world, flow, result.value);
    const told = args.branch === undefined ? checked : onlyPath(checked, args.branch);
    const { renderTrace } = await import('../render-trace.ts');
    const text = await renderTrace(told, world, args.output, {
      width: console.width,
      color: wantsColor(console) && args.outputFile === undefined,
      allPaths: args.allPaths,
    });
    deliver(text, args.outputFile, console);
    return result.value.exitCode;
  },
};

/** In a world of more devices than this, fixes are tried only where that is asked for: building it again takes time. */
const SMALL_WORLD = 500;

/** The trace, with its fixes tried where somebody reads them and that costs little. */
async function checkedIf(args: TraceArgs, world: World, flow: Flow, trace: Trace): Promise<Trace> {
  const wanted = args.checkFixes ?? world.devices.length <= SMALL_WORLD;
  if (!wanted || args.output === 'wire' || trace.blockers.length === 0) return trace;
  const { withCheckedFixes } = await import('../../analysis/checked-fixes.ts');
  return withCheckedFixes(world, flow, trace);
}

function onlyPath<T extends { readonly paths: readonly { readonly id: number }[] }>(trace: T, id: number): T {
  const paths = trace.paths.filter((path) => path.id === id);
  if (paths.length === 0)
    throw new InputError([
      {
        severity: 'error',
        code: 'usage/unknown-path',
        message: `there is no path ${id}`,
        hint: `paths are numbered 1 to ${trace.paths.length}`,
      },
    ]);
  return { ...trace, paths };
}

function checkNumbers(args: TraceArgs): void {
  const range = (name: string, value: number | undefined, low: number, high: number) =>
    value === undefined || (Number.isInteger(value) && value >= low && value <= high)
      ? []
      : [
          {
            severity: 'error' as const,
            code: 'usage/bad-number',
            message: `--${name} is a whole number from ${low} to ${high}`,
          },
        ];
  const issues = [
    ...range('port', args.port, 1, 65535),
    ...range('source-port', args.sourcePort, 1, 65535),
    ...range('ttl', args.ttl, 1, 255),
    ...range('size', args.size, 28, 65535),
    ...range('uid', args.uid, 0, 0x7fffffff),
    ...range('gid', args.gid, 0, 0x7fffffff),
    ...range('max-branches', args.maxBranches, 1, 1_000_000),
    ...range('branch', args.branch, 1, 1_000_000),
  ];
  if (issues.length > 0) throw new InputError(issues);
}

function flowOf(args: TraceArgs): Flow {
  const headers: Record<string, string> = {};
  for (const text of args.header ?? []) {
    const colon = text.indexOf(':');
    if (colon <= 0)
      throw new InputError([
        {
          severity: 'error',
          code: 'usage/bad-header',
          message: `--header "${text}"`,
          hint: 'write NAME:VALUE',
        },
      ]);
    headers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
  }
  const {
    from,
    to,
    protocol,
    port,
    sourcePort,
    sourceIp,
    arrivingAt,
    method,
    via,
    ttl,
    size,
    df,
    strictListen,
    seenClient,
    uid,
    gid,
    oneWay,
    maxBranches,
  } = args;
  return {
    from,
    to,
    protocol,
    port,
    sourcePort,
    sourceIp,
    arrivingAt,
    method,
    headers,
    via,
    ttl,
    size,
    df,
    strictListen,
    seenClient,
    uid,
    gid,
    oneWay,
    maxBranches,
  };
}
