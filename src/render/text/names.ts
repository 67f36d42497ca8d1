/** Names of devices as columns hold them: EC2 host names without their DNS domain, where that stays unambiguous. */
import type { Trace } from '../../trace/trace.ts';
import { nameOf } from '../fate.ts';

export type Shorten = (name: string) => string;

/** `node/ip-10-1-0-5.ec2.internal` is `node/ip-10-1-0-5` as long as no other device of the trace is called that. */
export function shortNames(trace: Trace): Shorten {
  const names = new Set(trace.paths.flatMap((path) => [...path.hops, ...path.reply.hops]).map(nameOf));
  const count = new Map<string, number>();
  for (const name of names) count.set(withoutDomain(name), (count.get(withoutDomain(name)) ?? 0) + 1);
  return (name) => (count.get(withoutDomain(name)) === 1 ? withoutDomain(name) : name);
}

/** Only host names have dots: `kind/host.domain` or `eni/host.domain/1`. */
function withoutDomain(name: string): string {
  return name.replace(/^((?:node|eni)\/[^./]+)\.[^/]+/, '$1');
}
