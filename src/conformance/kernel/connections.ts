/** NAT bindings: what conntrack holds of a flow on each node, against what the trace says became of its header there. */
import type { Header, Hop } from '../../index.ts';
import type { Connection, Tuple } from './driver.ts';
import type { StandingLab } from './lab-run.ts';
import type { Compared } from './round.ts';

const numbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, sctp: 132 };

/** Differences by flow. */
export async function checkConnections(
  compared: readonly Compared[],
  { driver, known, namespaceOf }: StandingLab,
): Promise<ReadonlyMap<Compared, readonly string[]>> {
  const nodes = [...known].filter(([, { device }]) => device.startsWith('node/')).map(([name]) => name);
  const tables = await driver.connections(nodes);
  const found = new Map<Compared, string[]>();
  for (const one of compared) {
    // A reset that is the only answer ends the connection at once (tcp_conntracks).
    if (one.differences.length > 0 || one.kernel?.ending.kind === 'reset') continue;
    const differences = bindingsOf(one).flatMap(({ device, original, reply }) => {
      const table = tables[namespaceOf(device)] ?? [];
      const connection = table.find((each) => sameTuple(original, each.original, one.asked.number));
      const told = connection === undefined ? 'none' : tupleText(connection.reply);
      const fits =
        connection === undefined ? reply === undefined : reply !== undefined && answers(reply, connection);
      return fits
        ? []
        : [`conntrack of ${device}: model ${reply ? tupleText(reply) : 'none'}, kernel ${told}`];
    });
    if (differences.length > 0) found.set(one, differences);
  }
  return found;
}

type Known = Omit<Tuple, 'sport' | 'dport'> & { readonly sport: number | '*'; readonly dport: number | '*' };

interface Binding {
  readonly device: string;
  readonly original: Known;
  /** The tuple of the answers; undefined where the connection is not kept. */
  readonly reply: Known | undefined;
}

/** The connection of the flow on each node, by the node's first sight of it. */
function bindingsOf({ path }: Compared): Binding[] {
  const bindings = new Map<string, Binding>();
  const hops = path!.hops.filter(({ ghost }) => !ghost);
  for (const [place, hop] of hops.entries()) {
    const device = `${hop.device.kind}/${hop.device.id}`;
    if (hop.device.kind !== 'node' || bindings.has(device)) continue;
    const original = tupleOf(hop.in);
    // A free port is another connection to look for, which nobody can name.
    if (original.sport === '*' || original.dport === '*') continue;
    const stays = place === hops.length - 1 && path!.disposition !== 'delivered' && !isRefusedBySocket(hop);
    const kept = !stays && !hop.steps.some(isUntracked);
    const { src, dst, sport, dport, protocol } = tupleOf(hop.out);
    bindings.set(device, {
      device,
      original,
      reply: kept ? { protocol, src: dst, dst: src, sport: dport, dport: sport } : undefined,
    });
  }
  return [...bindings.values()];
}

const isUntracked = ({ rule }: Hop['steps'][number]): boolean =>
  / -j (NOTRACK|CT --notrack)/.test(rule ?? '');

/** The packet came through INPUT, and nothing listened. */
const isRefusedBySocket = ({ steps }: Hop): boolean =>
  steps.find(({ verdict }) => verdict === 'denied')?.stage === 'socket';

function tupleOf({ protocol, src, dst, sport = 0, dport = 0, free }: Header): Known {
  return {
    protocol: numbers[protocol] ?? 0,
    src,
    dst,
    sport: free?.includes('sport') ? '*' : sport,
    dport: free?.includes('dport') ? '*' : dport,
  };
}

function sameTuple(wanted: Known, { protocol, src, dst, sport, dport }: Tuple, number: number): boolean {
  if (wanted.protocol !== protocol || wanted.src !== src || wanted.dst !== dst) return false;
  // Of ICMP the identifier tells flows apart.
  if (protocol === 1) return sport === number;
  return wanted.sport === sport && wanted.dport === dport;
}

function answers(wanted: Known, { reply }: Connection): boolean {
  if (wanted.src !== reply.src || wanted.dst !== reply.dst) return false;
  if (wanted.protocol === 1) return true;
  return (
    (wanted.sport === '*' || wanted.sport === reply.sport) &&
    (wanted.dport === '*' || wanted.dport === reply.dport)
  );
}

const tupleText = ({ src, dst, sport, dport }: Known): string => `${src}:${sport} > ${dst}:${dport}`;
