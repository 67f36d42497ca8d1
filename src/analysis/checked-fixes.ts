/** Tries what a trace proposes: makes the change of each blocker in turn, on top of those that helped, and traces the same
 *  flow again. A world that differs by a rule is built of the one before, so that a check costs little. */
import type { FixChecked, NextBlocker, Trace } from '../trace/trace.ts';
import type { NetworkChange } from '../vpc/changes.ts';
import { buildWorld } from '../world/build.ts';
import { applyChange } from '../world/changes.ts';
import { type Flow, trace } from '../world/flow.ts';
import type { World } from '../world/world.ts';

type Blocker = Trace['blockers'][number];

/** More changes than anybody makes for one flow. */
const MOST_TRIED = 16;

/** The trace with what came of its fixes: `fixChecked` of each blocker that has one, and `afterFixes`. */
export function withCheckedFixes(world: World, flow: Flow, told: Trace): Trace {
  let now: Attempt = { world, told };
  let tried = 0;
  const blockers = told.blockers.map((blocker): Blocker => {
    if (blocker.fix === undefined) return blocker;
    if (tried > 0 && !stands(blocker, told, now.told))
      return { ...blocker, fixChecked: { result: 'covered' } };
    const change = blocker.change as NetworkChange | undefined;
    if (change === undefined || tried === MOST_TRIED) return { ...blocker, fixChecked: notTried(change) };
    const attempt = attemptOf(now.world, flow, change);
    if (typeof attempt === 'string')
      return { ...blocker, fixChecked: { result: 'not-checked', why: attempt } };
    tried++;
    const fixChecked = judged(blocker, told, attempt.told);
    if (fixChecked.result === 'admits') now = attempt;
    return { ...blocker, fixChecked };
  });
  if (tried === 0) return { ...told, blockers };
  const { verdict, blockers: left } = now.told;
  return { ...told, blockers, afterFixes: { verdict, blockers: left.map(nextOf) } };
}

interface Attempt {
  readonly world: World;
  readonly told: Trace;
}

/** The same flow in the changed network, or why there is none. */
function attemptOf(world: World, flow: Flow, change: NetworkChange): Attempt | string {
  const topology = applyChange(world.topology, change);
  if (!topology) return notOfTopology(change);
  const built = buildWorld(topology, world);
  if (!built.ok) return built.issues[0]!.message;
  const again = trace(built.value, flow);
  return again.ok ? { world: built.value, told: again.value } : again.issues[0]!.message;
}

function notOfTopology(change: NetworkChange): string {
  return change.kind === 'security-group-rule'
    ? `sg/${change.group} is not written in the topology: a controller makes it`
    : 'what it changes is not written in the topology';
}

function notTried(change: NetworkChange | undefined): FixChecked {
  if (change === undefined) return { result: 'not-checked' };
  return { result: 'not-checked', why: `${MOST_TRIED} changes were tried before` };
}

function judged(blocker: Blocker, before: Trace, after: Trace): FixChecked {
  const left = standing(blocker, before, after);
  if (left) return { result: 'not-enough', why: left.because };
  const next = after.blockers[0];
  return { result: 'admits', next: next ? nextOf(next) : null };
}

const stands = (blocker: Blocker, before: Trace, now: Trace): boolean =>
  standing(blocker, before, now) !== undefined;

/** The blocker of `now` that still is the one of `before`: the same device, code and packet. */
function standing(blocker: Blocker, before: Trace, now: Trace): Blocker | undefined {
  const packet = packetAt(blocker, before);
  return now.blockers.find((one) => {
    if (one.code !== blocker.code || one.device !== blocker.device || one.direction !== blocker.direction)
      return false;
    const other = packetAt(one, now);
    return packet === undefined || other === undefined || packet === other;
  });
}

/** The header that entered the device; undefined where the trace does not show the hop. */
function packetAt({ path, hop, direction }: Blocker, { paths }: Trace): string | undefined {
  const found = paths.find(({ id }) => id === path);
  const hops = direction === 'reply' ? found?.reply.hops : found?.hops;
  const header = hops?.find(({ n }) => n === hop)?.in;
  return header && [header.protocol, header.src, header.dst, header.sport, header.dport].join(' ');
}

function nextOf({ code, device, hop, direction }: Blocker): NextBlocker {
  return { code, device, hop, direction };
}
