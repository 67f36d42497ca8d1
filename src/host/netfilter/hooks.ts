/** The five netfilter hooks: base chains in the order of their priorities, with connection tracking and NAT between. */
import type { Outcome } from '../../trace/outcome.ts';
import { SKIPPED } from '../../trace/outcome.ts';
import { CT_NEW, type Flow } from '../flow.ts';
import { natSkipped } from '../host-words.ts';
import { FORWARD_HOOK, INPUT, OUTPUT, POSTROUTING, PREROUTING } from './base-chains.ts';
import type { Chain } from './compile.ts';
import { confirm, track } from './conntrack.ts';
import { traverse } from './interpreter.ts';
import { keepAnswersApart, translateDestination, translateSource } from './nat.ts';

/** 0, or the outcome that ends the hop. */
type End = Outcome | 0;

function run(chains: readonly Chain[], hook: number): End {
  for (let i = 0; i < chains.length; i++) {
    const end = traverse(chains[i]!, hook);
    if (end) return end;
  }
  return 0;
}

export function prerouting(flow: Flow): End {
  const set = flow.host.netfilter;
  if (set === null) return 0;
  const { early, before, after } = set.hooks[PREROUTING]!;
  const end = run(early, PREROUTING);
  if (end) return end;
  if (set.tracking) track(flow);
  return run(before, PREROUTING) || destinationNat(flow, PREROUTING) || run(after, PREROUTING);
}

export function input(flow: Flow): End {
  const set = flow.host.netfilter;
  if (set === null) return 0;
  const { before, after } = set.hooks[INPUT]!;
  const end = run(before, INPUT) || sourceNat(flow, INPUT) || run(after, INPUT);
  if (end === 0) confirm(flow);
  return end;
}

export function forwarded(flow: Flow): End {
  const set = flow.host.netfilter;
  return set === null ? 0 : run(set.hooks[FORWARD_HOOK]!.before, FORWARD_HOOK);
}

/** Finds the packet's route anew after a chain has changed what it stands on (ip_route_me_harder). */
type Reroute = (flow: Flow) => End;

/** OUTPUT up to and with NAT. */
export function output(flow: Flow, reroute: Reroute): End {
  const set = flow.host.netfilter;
  if (set === null) return 0;
  const { early, before } = set.hooks[OUTPUT]!;
  let end = runRerouting(early, flow, reroute);
  if (end) return end;
  if (set.tracking) track(flow);
  end = runRerouting(before, flow, reroute);
  if (end) return end;
  const { dst } = flow.packet;
  return destinationNat(flow, OUTPUT) || (flow.packet.dst === dst ? 0 : reroute(flow));
}

export function outputAfterNat(flow: Flow, reroute: Reroute): End {
  const set = flow.host.netfilter;
  return set === null ? 0 : runRerouting(set.hooks[OUTPUT]!.after, flow, reroute);
}

/** The mangle table and chains of type route look for a new route where they changed mark or addresses. */
function runRerouting(chains: readonly Chain[], flow: Flow, reroute: Reroute): End {
  const { packet } = flow;
  for (let i = 0; i < chains.length; i++) {
    const { mark, src, dst } = packet;
    const chain = chains[i]!;
    let end = traverse(chain, OUTPUT);
    if (end) return end;
    if (chain.base!.type !== 'route') continue;
    if (packet.mark !== mark || packet.src !== src || packet.dst !== dst) end = reroute(flow);
    if (end) return end;
  }
  return 0;
}

export function postrouting(flow: Flow): End {
  const set = flow.host.netfilter;
  if (set === null) return 0;
  const { before, after } = set.hooks[POSTROUTING]!;
  const end = run(before, POSTROUTING) || sourceNat(flow, POSTROUTING) || run(after, POSTROUTING);
  if (end === 0) confirm(flow);
  return end;
}

/** nf_nat_inet_fn: the chains are for the first packet of a connection, and only until one has settled a binding. */
function destinationNat(flow: Flow, hook: number): End {
  if (!flow.tracked) return 0;
  const { nat } = flow.host.netfilter!.hooks[hook]!;
  if (flow.state === CT_NEW && !flow.destinationSettled) {
    for (let i = 0; i < nat.length && !flow.destinationSettled; i++) {
      const end = traverse(nat[i]!, hook);
      if (end) return end;
    }
    flow.destinationSettled = true;
    return 0;
  }
  if (flow.session >= 0) {
    if (nat.length > 0) flow.walk.step(natSkipped, SKIPPED);
    translateDestination(flow);
  }
  return 0;
}

function sourceNat(flow: Flow, hook: number): End {
  if (!flow.tracked) return 0;
  const { nat } = flow.host.netfilter!.hooks[hook]!;
  if (!flow.sourceSettled) {
    for (let i = 0; i < nat.length && !flow.sourceSettled; i++) {
      const end = traverse(nat[i]!, hook);
      if (end) return end;
    }
    const bound = flow.sourceSettled;
    flow.sourceSettled = true;
    if (flow.state === CT_NEW && !bound) keepAnswersApart(flow);
    if (flow.state === CT_NEW) return 0;
  }
  if (flow.session >= 0) translateSource(flow);
  return 0;
}
