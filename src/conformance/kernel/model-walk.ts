/** Reads what the model says of a flow: a path of its trace becomes the lines of a walk. */
import type { Header, Hop, Path, TraceStep } from '../../index.ts';
import type { Direction, Ending, Receiver, SeenHeader, Told, WalkLine } from './walk.ts';

/** Kinds of devices that stand as namespaces in a lab. */
const built: ReadonlySet<string> = new Set(['node', 'pod', 'instance', 'host']);
/** Kinds of which the lab has no more than a wire: it decides nothing that they decide. */
const wires: ReadonlySet<string> = new Set(['eni', 'subnet', 'vpc-router', 'internet-gateway', 'internet']);

/** Why a path cannot be compared, or undefined. */
export function leftOutBy(path: Path): string | undefined {
  if (path.disposition === 'undetermined' || path.reply.disposition === 'undetermined')
    return 'the model says undetermined';
  if (path.disposition === 'loop' || path.reply.disposition === 'loop') return 'the packet circles';
  const hops = [...path.hops, ...path.reply.hops].filter(({ ghost }) => !ghost);
  const odd = hops.find(({ device }) => !built.has(device.kind) && !wires.has(device.kind));
  if (odd) return `the path meets ${odd.device.kind}, which the lab has not`;
  const decides = hops.find(
    ({ device, steps }) => wires.has(device.kind) && steps.some(({ verdict }) => verdict === 'denied'),
  );
  if (decides) return `${decides.device.kind} decides, which the lab leaves open`;
  if (isRenamedEcho(path)) return 'the identifier of an echo that NAT changed decides';
  // Of a request it is not the packet itself that is lost, but the one after its answer.
  if (path.code === 'host/early-demux') return 'what comes after the answer decides';
  if (path.disposition === 'exited') return 'the packet leaves the model';
  // Linux as a router refuses it, be it given back a hop.
  if (hops.some(({ device, in: header }) => wires.has(device.kind) && header.ttl === 0))
    return 'a packet with a TTL of 0 is on the wire';
  return undefined;
}

/** An echo that comes through a node a second time, with an identifier that translation of its source may have changed. */
function isRenamedEcho({ hops }: Path): boolean {
  const nodes = hops.filter(({ ghost, device }) => !ghost && device.kind === 'node');
  const twice = nodes.some(({ device }, at) => nodes.findIndex((hop) => hop.device.id === device.id) < at);
  const translated = nodes.some(({ steps }) =>
    steps.some(({ rule }) => rule !== undefined && /-j (SNAT|MASQUERADE|NETMAP)\b/.test(rule)),
  );
  return twice && translated && hops[0]?.in.protocol === 'icmp';
}

export function modelTold(path: Path): Told {
  const walks = new Map<string, WalkLine[]>();
  if (isNeverSent(path)) return { walks, ending: endingOf(path), receiver: undefined };
  walk('forward', path.hops, walks);
  walk('reply', path.reply.hops, walks);
  return { walks, ending: endingOf(path), receiver: receiverOf(path) };
}

/** The sender has no route: its socket says so, and there is no packet. */
function isNeverSent({ hops }: Path): boolean {
  const [first, ...others] = hops.filter(isReal);
  const denial = first?.steps.findIndex(isDenial) ?? -1;
  const stages = first?.steps.slice(0, denial + 1).map(({ stage }) => stage);
  return others.length === 0 && denial >= 0 && stages!.every((stage) => stage === 'routing');
}

const isReal = ({ ghost }: Hop): boolean => !ghost;
const isDenial = ({ verdict }: TraceStep): boolean => verdict === 'denied';

function walk(direction: Direction, all: readonly Hop[], walks: Map<string, WalkLine[]>): void {
  const hops = all.filter(isReal);
  hops.forEach((hop, place) => {
    if (!built.has(hop.device.kind)) return;
    const key = `${direction} ${hop.device.kind}/${hop.device.id}`;
    const lines = walks.get(key) ?? [];
    walks.set(key, lines);
    lines.push(...linesOf(hop, place === 0, place === hops.length - 1));
  });
}

/** "nat PREROUTING > KUBE-SERVICES", "ip aws-cni prerouting > snat-mark". */
const netfilterStage = /^((?:raw|mangle|nat|filter|security) [A-Z]+|(?:ip6?|inet) \S+ [a-z]+)(?: > (.+))?$/;

function linesOf(hop: Hop, isFirst: boolean, isLast: boolean): WalkLine[] {
  const first = headerOf(hop.in);
  const lines: WalkLine[] = [{ text: isFirst ? 'sends' : 'arrives', header: first, mark: hop.in.mark }];
  let header = first;
  let mark = hop.in.mark;
  let out = '';
  let call = '';
  for (const step of hop.steps) {
    const stage = netfilterStage.exec(step.stage);
    if (stage) {
      const base = stage[1]!;
      if (base !== call) {
        call = base;
        // The kernel shows the header behind the first rule; addresses are translated behind the last.
        lines.push({ text: base, header: { ...header, ttl: (step.after ?? header).ttl } });
      }
      lines.push({ text: `  ${ruleOf(step)}`, mark: (step.after ?? { mark }).mark });
    } else if (step.stage === 'routing') out = /\bdev (\S+)/.exec(step.rule ?? '')?.[1] ?? out;
    // Whatever comes between two visits of one chain tells them apart.
    if (!stage && step.stage === 'loopback') call = '';
    if (step.after) {
      header = headerOf(step.after);
      mark = step.after.mark;
    }
    // What follows a denial in the same hop is what would have been.
    if (isDenial(step)) return lines;
  }
  // Of an outside host nothing is modelled but that it is there.
  if (!isLast && hop.device.kind !== 'host') lines.push({ text: `leaves by ${out}`, header, mark });
  return lines;
}

function ruleOf({ rule, because }: TraceStep): string {
  if (rule === undefined) return because.endsWith('policy ACCEPT') ? 'policy ACCEPT' : because;
  return /^-P \S+ DROP$/.test(rule) ? 'policy DROP' : rule;
}

function headerOf({ protocol, src, dst, ttl, sport, dport, icmp, free }: Header): SeenHeader {
  if (icmp) return { protocol, src, dst, ttl, icmp: `${icmp.type}/${icmp.code}` };
  return {
    protocol,
    src,
    dst,
    ttl,
    sport: free?.includes('sport') ? '*' : sport,
    dport: free?.includes('dport') ? '*' : dport,
  };
}

function endingOf(path: Path): Ending {
  const last = path.reply.hops.filter(isReal).at(-1);
  if (path.reply.disposition !== 'delivered' || last === undefined) return { kind: 'nothing' };
  const { protocol, icmp, src } = last.out;
  if (protocol === 'icmp' && icmp && icmp.type !== 0)
    return { kind: 'icmp', type: icmp.type, code: icmp.code, from: src };
  if (path.disposition === 'rejected') return { kind: 'reset' };
  return { kind: protocol === 'tcp' || protocol === 'sctp' ? 'connected' : 'reply' };
}

function receiverOf(path: Path): Receiver | undefined {
  const last = path.hops.filter(isReal).at(-1);
  if (path.disposition !== 'delivered' || last === undefined || last.out.icmp) return undefined;
  const { src, dst, sport, dport } = headerOf(last.out);
  return { device: `${last.device.kind}/${last.device.id}`, src, sport, dst, dport };
}
