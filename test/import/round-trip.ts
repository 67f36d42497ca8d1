/** A world of ours, the dumps that would be taken of it, and the world that these dumps give. */
import type { Trace } from '../../src/trace/trace.ts';
import { buildWorld } from '../../src/world/build.ts';
import type { World } from '../../src/world/world.ts';
import { good } from '../io/input.ts';
import { dumpsOf } from '../support/account/dumps.ts';
import { topologyOf, traceOf } from '../support/worlds.ts';

export interface RoundTrip {
  readonly original: World;
  readonly dumps: Readonly<Record<string, string>>;
  readonly imported: World;
}

export function roundTrip(file: string): RoundTrip {
  const topology = topologyOf({ 'vpcsim.yaml': file });
  const dumps = dumpsOf(topology);
  return { original: built(topology), dumps, imported: built(good(dumps, '.')) };
}

export function built(from: Parameters<typeof buildWorld>[0]): World {
  const world = buildWorld(from);
  if (!world.ok) throw new Error(JSON.stringify(world.issues));
  return world.value;
}

/** The course of a flow before and after: instances have their ids there. */
export function courses(
  { original, imported }: RoundTrip,
  from: string,
  to: string,
  protocol?: string,
): { readonly before: unknown; readonly after: unknown } {
  const ids = new Map(imported.instances.map(({ name, address }) => [address, name]));
  const known = (name: string): string => {
    const instance = original.instances.find((one) => name.startsWith(`instance/${one.name}`));
    return instance ? name.replace(instance.name, ids.get(instance.address)!) : name;
  };
  return {
    before: course(traceOf(original, from, to, { protocol })),
    after: course(traceOf(imported, known(from), known(to), { protocol })),
  };
}

/** What must not change: where packets go, by kind of device and header. */
function course({ verdict, symptom, paths }: Trace): unknown {
  return {
    verdict,
    symptom: symptom.kind,
    paths: paths
      .map(({ share, disposition, code, hops, reply }) => ({
        share,
        disposition,
        code,
        hops: hops.map(({ device, az, in: before, out }) => [device.kind, az, before, out]),
        reply: {
          disposition: reply.disposition,
          hops: reply.hops.map(({ device, in: before, out }) => [device.kind, before, out]),
        },
      }))
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  };
}
