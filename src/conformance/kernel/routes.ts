/** Routing decisions: the route that each trace says a node took, against `ip route get` in that node's namespace. */
import type { Header, Hop } from '../../index.ts';
import type { StandingLab } from './lab-run.ts';
import type { Compared } from './round.ts';

interface Question {
  readonly of: Compared;
  readonly device: string;
  readonly query: string;
  /** The route as the trace prints it. */
  readonly route: string;
}

/** Printed between two answers: a query that fails says nothing on standard output. */
const MARKER = 'address show dev lo to 127.0.0.1';

/** Differences by flow. */
export async function checkRoutes(
  compared: readonly Compared[],
  { driver, known, namespaceOf }: StandingLab,
): Promise<ReadonlyMap<Compared, readonly string[]>> {
  const found = new Map<Compared, string[]>();
  const questions = compared.filter(({ differences }) => differences.length === 0).flatMap(questionsOf);
  const nodes = new Set(questions.map(({ device }) => device).filter((device) => device.startsWith('node/')));
  for (const device of nodes) {
    const own = [
      ...new Map(questions.filter((one) => one.device === device).map((one) => [one.query, one])).values(),
    ];
    if (!known.has(namespaceOf(device))) continue;
    const input = own.map(({ query }) => `${query}\n${MARKER}\n`).join('');
    const answers = splitAnswers(
      await driver.run(namespaceOf(device), ['ip', '-force', '-batch', '-'], input),
    );
    own.forEach(({ of, query, route }, i) => {
      const answer = answers[i] ?? '';
      if (plain(answer) === plain(route)) return;
      const list = found.get(of) ?? [];
      found.set(of, list);
      list.push(`${device}, ip ${query}:`, `  model  ${route}`, `  kernel ${answer || 'no route'}`);
    });
  }
  return found;
}

/** One question for each routing step of a forwarded packet on its way there. */
function questionsOf(of: Compared): Question[] {
  const visits = new Map<string, number>();
  return of
    .path!.hops.filter(({ ghost, device }) => !ghost && device.kind === 'node')
    .flatMap((hop) => {
      const device = `${hop.device.kind}/${hop.device.id}`;
      // The sender's first hop is no visit: the packet did not come in.
      const visit = hop.n === 1 ? -1 : (visits.get(device) ?? 0);
      visits.set(device, visit + 1);
      const header = headerAtRouting(hop);
      if (header === undefined) return [];
      const { src, dst, mark } = header.header;
      // The kernel has a route for 127.0.0.1 of its own beside that of its block.
      if (dst.startsWith('127.')) return [];
      const entered = visit < 0 ? undefined : of.interfaces?.get(device)?.[visit];
      const words = [
        `route get fibmatch ${dst} from ${src}`,
        ...(entered === undefined ? [] : [`iif ${entered}`]),
        ...(mark === undefined ? [] : [`mark 0x${(mark >>> 0).toString(16)}`]),
      ];
      return [{ of, device, query: words.join(' '), route: header.route }];
    });
}

/** The header as it stood at the last routing decision, where no denial came before it. */
function headerAtRouting(hop: Hop): { readonly header: Header; readonly route: string } | undefined {
  let header = hop.in;
  let last: { header: Header; route: string } | undefined;
  for (const { stage, verdict, rule, after } of hop.steps) {
    if (stage === 'loopback' || verdict === 'denied') break;
    if (stage === 'routing' && rule !== undefined) last = { header, route: rule };
    if (after) header = after;
  }
  return last;
}

function splitAnswers(output: string): string[] {
  const answers: string[] = [];
  let current: string[] = [];
  for (const line of output.split('\n')) {
    if (/^\d+: lo:/.test(line)) {
      answers.push(current.join(' '));
      current = [];
    } else if (!/^\s/.test(line) && line !== '') current.push(line.trim());
  }
  return answers;
}

/** Without what the two print differently or one leaves out: protocol, metric, onlink, the table's name. */
function plain(route: string): string {
  return route
    .replace(/ (proto|metric|table|pref) \S+/g, '')
    .replace(/ onlink| linkdown|\s+$/g, '')
    .replace(/^(\S+ )?0\.0\.0\.0\/0/, '$1default')
    .replace(/ scope global/, '');
}
