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
    if (one.differences.length > 0 || endsByReset(one)) continue;
    const differences = bindingsOf(one).flatMap(({ device, original, reply }) => {
      const held = (tables[namespaceOf(device)] ?? []).filter((each) => sameTuple(original, each.original));
      // Of ICMP only the identifier tells flows apart, and SNAT may have changed it.
      if (original.protocol === 1 && reply === undefined) return [];
      const fits = reply === undefined ? held.length === 0 : held.some((each) => answers(reply, each));
      const told = held.map((each) => tupleText(each.reply)).join(', ') || 'none';
      return fits
        ? []
        : [`conntrack of ${device}: model ${reply ? tupleText(reply) : 'none'}, kernel ${told}`];
    });
    if (differences.length > 0) found.set(one, differences);
  }
  return found;
}

/** A reset that is the only answer ends the connection at once (nf_conntrack_tcp_packet). */
const endsByReset = ({ path }: Compared): boolean =>
  path!.disposition === 'rejected' && path!.reply.hops[0]?.in.protocol === 'tcp';

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
    const stays = place === hops.length - 1 && path!.disposition !== 'delivered' && !isConfirmed(hop);
    const kept = !stays && !isUntracked(hop);
    const { src, dst, sport, dport, protocol } = tupleOf(hop.out);
    bindings.set(device, {
      device,
      original,
      reply: kept ? { protocol, src: dst, dst: src, sport: dport, dport: sport } : undefined,
    });
  }
  return [...bindings.values()];
}

/** NOTRACK came before connection tracking; what a host sends to itself has its connection when it comes in again. */
function isUntracked({ steps }: Hop): boolean {
  const again = steps.findIndex(({ stage }) => stage === 'loopback');
  return steps
    .slice(0, again < 0 ? steps.length : again)
    .some(({ rule }) => / -j (NOTRACK|CT --notrack)/.test(rule ?? ''));
}

/** The packet was lost after the connection was confirmed: behind INPUT, where nothing listened, or behind POSTROUTING of
 *  a host that sends to itself. */
function isConfirmed({ steps }: Hop): boolean {
  const end = steps.findIndex(({ verdict }) => verdict === 'denied');
  return steps[end]?.stage === 'socket' || steps.slice(0, end).some(({ stage }) => stage === 'loopback');
}

function tupleOf({ protocol, src, dst, sport = 0, dport = 0, free }: Header): Known {
  return {
    protocol: numbers[protocol] ?? 0,
    src,
    dst,
    sport: free?.includes('sport') ? '*' : sport,
    dport: free?.includes('dport') ? '*' : dport,
  };
}

function sameTuple(wanted: Known, { protocol, src, dst, sport, dport }: Tuple): boolean {
  if (wanted.protocol !== protocol || wanted.src !== src || wanted.dst !== dst) return false;
  return protocol === 1 || (wanted.sport === sport && wanted.dport === dport);
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
