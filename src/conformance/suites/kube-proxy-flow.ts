/** What a node did to a first packet, read from the steps that the trace shows of it. */
import { InputError, type Trace, type TraceStep, trace, type World } from '../../index.ts';
import type { CaseFlow, Expectation, Scenario } from './kube-proxy-format.ts';

/** Traces a flow: as the node's own packet where it comes from one of its addresses, else as one that arrives at it. */
export function traceFlow(world: World, { nodeName, nodeIPs }: Scenario['proxy'], flow: CaseFlow): Trace {
  const own = nodeIPs.includes(flow.from) || flow.from.startsWith('127.') || flow.from === '::1';
  const { port, proto } = flow;
  const to = flow.to.includes(':') ? `[${flow.to}]` : flow.to;
  const protocol = proto.toLowerCase();
  const traced = trace(
    world,
    own
      ? { from: `node/${nodeName}`, sourceIp: flow.from, to, port, protocol, oneWay: true }
      : { from: flow.from, arrivingAt: nodeName, to, port, protocol },
  );
  if (!traced.ok) throw new InputError(traced.issues);
  return traced.value;
}

/** What the node did, over all paths: an outcome in the words of the cases, or why it is none of them. */
export function outcomeOf({ paths }: Trace): Expectation | string {
  const seen = paths.map(({ hops: [first] }) => fateOf(first!.steps));
  const fates = [...new Set(seen.map(({ fate }) => fate))];
  if (fates.length > 1) return `paths end differently: ${fates.join(', ')}`;
  const [fate = 'NONE'] = fates;
  if (fate !== 'DNAT') return fate;
  return {
    endpoints: [...new Set(seen.map(({ endpoint }) => endpoint))].sort(),
    masq: seen.some(({ masqueraded }) => masqueraded),
  };
}

interface Fate {
  readonly fate: string;
  readonly endpoint: string;
  readonly masqueraded: boolean;
}

function fateOf(steps: readonly TraceStep[]): Fate {
  const matched = steps.filter(({ verdict }) => verdict === 'matched' || verdict === 'rewrote');
  const dnat = matched.find(({ rule }) => target(rule) === 'DNAT');
  const endpoint = dnat?.after?.dport === undefined ? '' : withPort(dnat.after.dst, dnat.after.dport);
  const masqueraded = matched.some(({ rule }) => target(rule) === 'MASQUERADE' && isKube(rule));
  const denied = steps.find(({ verdict }) => verdict === 'denied');
  if (denied) return { fate: deniedBy(denied), endpoint, masqueraded };
  if (dnat) return { fate: 'DNAT', endpoint, masqueraded };
  const accepted = matched.some(({ rule }) => target(rule) === 'ACCEPT' && isKube(rule));
  return { fate: accepted ? 'ACCEPT' : 'NONE', endpoint, masqueraded };
}

function deniedBy({ rule, stage, because }: TraceStep): string {
  const verdict = target(rule);
  return isKube(rule) && (verdict === 'DROP' || verdict === 'REJECT') ? verdict : `${stage}: ${because}`;
}

const target = (rule: string | undefined): string | undefined => /(?:^| )-j (\S+)/.exec(rule ?? '')?.[1];
const isKube = (rule: string | undefined): boolean => rule?.startsWith('-A KUBE-') ?? false;
const withPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** Where what came differs from what is expected. */
export function differences(expected: Expectation, got: Expectation | string): string[] {
  const [wanted, found] = [wordsOf(expected), wordsOf(got)];
  return wanted === found ? [] : [`expected  ${wanted}`, `got       ${found}`];
}

function wordsOf(outcome: Expectation | string): string {
  if (typeof outcome === 'string') return outcome;
  return `${[...outcome.endpoints].sort().join(', ')}${outcome.masq ? ', masqueraded' : ''}`;
}
