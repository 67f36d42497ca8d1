/** Reads what the kernel did to a flow: netlink's calls become the lines of a walk. */
import type { KernelCall, KernelFlow, KernelHeader } from './driver.ts';
import type { Direction, Ending, Receiver, SeenHeader, Told, WalkLine } from './walk.ts';

/** The driver's own table, whose chains see a packet first and last. */
const OWN_TABLE = 'vpcsim-trace';

const [SYN, RST, ACK] = [2, 4, 16];
const protocols: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 132: 'sctp' };

/** What is known of a namespace: whom it stands for, and the texts of its rules. */
export interface KnownNamespace {
  readonly device: string;
  /** Text of a rule by "table chain" and handle; undefined where the lab did not load it. */
  rule(tableAndChain: string, handle: number): string | undefined;
  /** Whether a base chain has rules, or a policy other than ACCEPT. */
  matters(tableAndChain: string): boolean;
  /** What a trace calls the base chain: "nat PREROUTING", "ip aws-cni prerouting". */
  stageOf(tableAndChain: string): string;
}

export function kernelTold(flow: KernelFlow, namespaces: ReadonlyMap<string, KnownNamespace>): Told {
  const walks = new Map<string, WalkLine[]>();
  const answered = flow.calls.some(({ packet }) => directionOf(packet) === 'reply' && !isError(packet));
  for (const call of flow.calls) {
    // An error after an answer is about the answer, and goes the other way.
    if (answered && isError(call.packet)) continue;
    const direction = directionOf(call.packet);
    const known = namespaces.get(call.namespace);
    if (direction === undefined || known === undefined) continue;
    const key = `${direction} ${known.device}`;
    const lines = walks.get(key) ?? [];
    walks.set(key, lines);
    lines.push(...linesOf(call, known));
  }
  return { walks, ending: endingOf(flow), receiver: receiverOf(flow, namespaces) };
}

const isError = ({ protocol, type }: KernelHeader): boolean => protocol === 1 && type !== 8 && type !== 0;

/** Which packet of the flow this is: the first of either direction counts, what follows does not. */
export function directionOf({ protocol, flags, payload, type, chunk }: KernelHeader): Direction | undefined {
  if (protocol === 6) {
    if (flags === undefined) return undefined;
    if (flags & SYN) return flags & ACK ? 'reply' : 'forward';
    // A refusal acknowledges the SYN; a reset without ACK is of a client that gets an answer it never asked for.
    return flags & RST && flags & ACK ? 'reply' : undefined;
  }
  if (protocol === 17) return payload === 'Q' ? 'forward' : payload === 'R' ? 'reply' : undefined;
  if (protocol === 132) return chunk === 1 ? 'forward' : chunk === 2 || chunk === 6 ? 'reply' : undefined;
  if (protocol === 1) return type === 8 ? 'forward' : 'reply';
  return undefined;
}

function linesOf(call: KernelCall, known: KnownNamespace): WalkLine[] {
  const header = headerOf(call.packet);
  const { mark } = call;
  if (call.table === OWN_TABLE) {
    if (call.chain === 'out') return [{ text: 'sends', header, mark }];
    if (call.chain === 'in') return call.in === 'lo' ? [] : [{ text: 'arrives', header, mark }];
    return call.out === 'lo' || known.device.startsWith('host/')
      ? []
      : [{ text: `leaves by ${call.out}`, header, mark }];
  }
  if (!known.matters(`${call.table} ${call.chain}`)) return [];
  return [
    { text: known.stageOf(`${call.table} ${call.chain}`), header },
    ...call.steps.map(({ chain, handle, policy, mark: after }): WalkLine => {
      if (handle === undefined) return { text: `  policy ${policy === 0 ? 'DROP' : 'ACCEPT'}`, mark: after };
      const rule = known.rule(`${call.table} ${chain}`, handle);
      return { text: `  ${rule ?? `rule ${handle} of ${chain}, which the lab did not load`}`, mark: after };
    }),
  ];
}

function headerOf(packet: KernelHeader): SeenHeader {
  const { protocol, src, dst, ttl, sport, dport, type, code } = packet;
  const common = { protocol: protocols[protocol] ?? String(protocol), src, dst, ttl };
  return protocol === 1 ? { ...common, icmp: `${type}/${code}` } : { ...common, sport, dport };
}

/** Errors that a socket gets from its own kernel, as the ICMP error that says the same. */
const errors: Readonly<Record<string, number>> = { ENETUNREACH: 0, EHOSTUNREACH: 1, EACCES: 13 };

function endingOf({ client }: KernelFlow): Ending {
  if (client.kind === 'reply') return { kind: 'reply' };
  if (client.kind !== 'error') return client;
  // The answer came, and the packet after it met a REJECT: that is beyond what a trace follows.
  if (client.errno === 'ECONNRESET') return { kind: 'connected' };
  const code = errors[client.errno];
  // A blackhole route is told to local senders alone.
  if (client.errno === 'EINVAL') return { kind: 'nothing' };
  return code === undefined ? client : { kind: 'icmp', type: 3, code, from: '' };
}

function receiverOf(
  { seen }: KernelFlow,
  namespaces: ReadonlyMap<string, KnownNamespace>,
): Receiver | undefined {
  const first = seen[0];
  if (!first) return undefined;
  const [[src, sport], [dst, dport]] = [first.peer, first.local];
  return { device: namespaces.get(first.namespace)?.device ?? first.namespace, src, sport, dst, dport };
}

/** The interfaces by which each device took the packet in on its way there, one for each visit. */
export function entered(
  { calls }: KernelFlow,
  namespaces: ReadonlyMap<string, KnownNamespace>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const call of calls) {
    if (call.table !== OWN_TABLE || call.chain !== 'in' || call.in === 'lo') continue;
    const device = namespaces.get(call.namespace)?.device;
    if (device === undefined || directionOf(call.packet) !== 'forward') continue;
    found.set(device, [...(found.get(device) ?? []), call.in]);
  }
  return found;
}
