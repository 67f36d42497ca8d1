/** The five netfilter hooks: base chains in the order of their priorities, with connection tracking and NAT between. */
import type { Outcome } from '../trace/outcome.ts';
import { SKIPPED } from '../trace/outcome.ts';
import { confirm, track } from './conntrack.ts';
import { CT_NEW, type Flow } from './flow.ts';
import { natSkipped } from './host-words.ts';
import { translateDestination, translateSource } from './nat.ts';
import { traverse } from './netfilter.ts';
import {
  baseOf,
  FILTER,
  FORWARD_HOOK,
  INPUT,
  MANGLE,
  NAT,
  OUTPUT,
  POSTROUTING,
  PREROUTING,
  RAW,
  SECURITY,
} from './rule-set.ts';

/** 0, or the outcome that ends the hop. */
type End = Outcome | 0;

function base(flow: Flow, hook: number, table: number): End {
  const number = baseOf(hook, table);
  const chain = flow.host.netfilter!.bases[number];
  return chain ? traverse(chain, number) : 0;
}

export function prerouting(flow: Flow): End {
  const set = flow.host.netfilter;
  if (set === null) return 0;
  const end = base(flow, PREROUTING, RAW);
  if (end) return end;
  if (set.tracking) track(flow);
  return base(flow, PREROUTING, MANGLE) || destinationNat(flow, PREROUTING);
}

export function input(flow: Flow): End {
  if (flow.host.netfilter === null) return 0;
  const end =
    base(flow, INPUT, MANGLE) ||
    base(flow, INPUT, FILTER) ||
    base(flow, INPUT, SECURITY) ||
    sourceNat(flow, INPUT);
  if (end === 0) confirm(flow);
  return end;
}

export function forwarded(flow: Flow): End {
  if (flow.host.netfilter === null) return 0;
  return (
    base(flow, FORWARD_HOOK, MANGLE) || base(flow, FORWARD_HOOK, FILTER) || base(flow, FORWARD_HOOK, SECURITY)
  );
}

/** OUTPUT in three parts: the caller routes anew between them, as ip_route_me_harder does. */
export function outputMangle(flow: Flow): End {
  const set = flow.host.netfilter;
  if (set === null) return 0;
  const end = base(flow, OUTPUT, RAW);
  if (end) return end;
  if (set.tracking) track(flow);
  return base(flow, OUTPUT, MANGLE);
}

export function outputNat(flow: Flow): End {
  return flow.host.netfilter === null ? 0 : destinationNat(flow, OUTPUT);
}

export function outputFilter(flow: Flow): End {
  return flow.host.netfilter === null ? 0 : base(flow, OUTPUT, FILTER) || base(flow, OUTPUT, SECURITY);
}

export function postrouting(flow: Flow): End {
  if (flow.host.netfilter === null) return 0;
  const end = base(flow, POSTROUTING, MANGLE) || sourceNat(flow, POSTROUTING);
  if (end === 0) confirm(flow);
  return end;
}

/** nf_nat_inet_fn: the chains are for the first packet of a connection, and only until a binding is settled. */
function destinationNat(flow: Flow, hook: number): End {
  if (!flow.tracked) return 0;
  if (flow.state === CT_NEW && !flow.destinationSettled) {
    const end = base(flow, hook, NAT);
    flow.destinationSettled = true;
    return end;
  }
  if (flow.session >= 0) {
    if (flow.host.netfilter!.bases[baseOf(hook, NAT)]) flow.walk.step(natSkipped, SKIPPED);
    translateDestination(flow);
  }
  return 0;
}

function sourceNat(flow: Flow, hook: number): End {
  if (!flow.tracked) return 0;
  if (flow.state === CT_NEW && !flow.sourceSettled) {
    const end = base(flow, hook, NAT);
    flow.sourceSettled = true;
    return end;
  }
  if (flow.session >= 0) translateSource(flow);
  return 0;
}
