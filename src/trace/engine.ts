/** The engine: walks every branch of a trace, forward and back. It knows devices only by their behaviour.
 *
 *  A branch ends its forward direction by deliver, answer or exit and then turns round; a blocker ends it, and what
 *  lies beyond is walked as a ghost. Largest share first; ghosts and the other sides of unknowns do not count. */
import TinyQueue from 'tinyqueue';
import { Packet } from '../packet/packet.ts';
import type { Branch, Draft } from './branch.ts';
import type { Network } from './device.ts';
import { block, endGhost, finish, undetermined } from './endings.ts';
import { withReply } from './legs.ts';
import { ANSWER, CONNECT, DELIVER, EXIT, FORWARD, STOP } from './outcome.ts';
import type { Recorder } from './recorder.ts';
import { firstBranch, type WalkRequest } from './request.ts';
import { resend, startData, takenByProxy } from './resend.ts';
import { Sessions } from './session.ts';
import { arrive, becomeReply, expected, startNextLeg } from './turning.ts';
import type { Drop } from './vocabulary.ts';
import { Walk, type WalkOptions } from './walk.ts';
import { hopLimit, loop, MAX_HOPS, unexpectedReply } from './walk-drops.ts';

export const DEFAULT_MAX_BRANCHES = 4096;
const MAX_GHOST_BRANCHES = 64;
/** Where a loop is first looked for: no path without one is longer than its devices. */
const LOOP_WATCH_FROM = 8;

export interface EngineOptions extends WalkOptions {
  readonly maxBranches: number;
}

/** What the engine found, by numbers; `read` and `judge` make sense of it. */
export interface Raw {
  readonly network: Network;
  readonly request: WalkRequest;
  readonly recorder: Recorder;
  readonly drafts: readonly Draft[];
  /** Share of real branches that the budget left unwalked. */
  readonly unexploredShare: number;
  readonly hopCount: number;
}

const order = (a: Branch, b: Branch): number =>
  Number(a.ghostOf !== undefined) - Number(b.ghostOf !== undefined) ||
  Number(a.start.hypothetical) - Number(b.start.hypothetical) ||
  b.priority - a.priority ||
  a.sequence - b.sequence;

/** The state that a later hop is compared with, to find a loop. */
const saved = new Packet();

/** The walk of the last run, used again where the next one is alike: a trace makes no lasting objects of its own. */
let spare: Walk | undefined;
let spareQueue: TinyQueue<Branch> | undefined;

function walkFor(network: Network, recorder: Recorder, options: EngineOptions): Walk {
  const walk = spare;
  spare = undefined;
  if (
    walk?.network === network &&
    walk.recorder === recorder &&
    walk.recording === options.recording &&
    walk.strictListen === options.strictListen &&
    walk.seenClient === (options.seenClient ?? false) &&
    walk.uid === (options.uid ?? -1) &&
    walk.gid === (options.gid ?? -1)
  ) {
    walk.sessions.clear();
    return walk;
  }
  return new Walk(network, new Sessions(), recorder, options);
}

/** Walks one packet through a network. */
export function run(network: Network, request: WalkRequest, recorder: Recorder, options: EngineOptions): Raw {
  const walk = walkFor(network, recorder, options);
  const queue = spareQueue ?? new TinyQueue<Branch>([], order);
  spareQueue = undefined;
  const drafts: Draft[] = [];
  let walked = 0;
  let ghosts = 0;
  let hopCount = 0;
  let unexploredShare = 0;

  for (let via = 0; via < request.targets.length; via++) queue.push(firstBranch(request, via));
  for (let branch = queue.pop(); branch !== undefined; branch = queue.pop()) {
    if (branch.ghostOf ? ++ghosts > MAX_GHOST_BRANCHES : ++walked > options.maxBranches) {
      if (!branch.ghostOf && !branch.start.hypothetical) unexploredShare += branch.share;
      continue;
    }
    walk.load(branch);
    hopCount += walkBranch(walk, queue, drafts, request);
  }
  spare = walk;
  spareQueue = queue;
  return { network, request, recorder, drafts, unexploredShare, hopCount };
}

/** Walks one branch to its end; returns how many hops it took, ghosts not counted. */
function walkBranch(walk: Walk, queue: TinyQueue<Branch>, drafts: Draft[], request: WalkRequest): number {
  const { devices, receivers } = walk.network;
  const packet = walk.packet;
  // Brent's cycle detection: compare with one saved state, renewed at powers of two.
  let savedDevice = -1;
  let savedPort = 0;
  let count = 0;

  for (;;) {
    if (walk.ghostOf === undefined) count++;
    walk.enterHop();
    const device = walk.device;
    let outcome: number =
      walk.transfer !== undefined &&
      walk.pending?.source === device &&
      !walk.reply &&
      walk.draft === undefined
        ? takenByProxy(walk, walk.transfer)
        : receivers[device]!(devices[device]!, packet, walk);
    const forksBefore = walk.forks.length;

    if (
      (outcome === DELIVER || outcome === EXIT) &&
      (walk.reply || walk.draft !== undefined) &&
      !expected(walk)
    ) {
      walk.deny(unexpectedReply);
      outcome = STOP;
    } else if (outcome === FORWARD && walk.hops >= LOOP_WATCH_FROM) {
      if (
        walk.nextDevice === savedDevice &&
        walk.nextPort === savedPort &&
        packet.src === saved.src &&
        packet.dst === saved.dst &&
        packet.sourcePort === saved.sourcePort &&
        packet.destinationPort === saved.destinationPort &&
        packet.mark === saved.mark &&
        packet.nextHop === saved.nextHop
      ) {
        if (packet.ttl < saved.ttl && walk.looping < 0) {
          // Linux hosts on the way count the TTL down: the rounds that are left are skipped, all but the last.
          walk.skipRounds(loop, saved.ttl - packet.ttl);
          savedDevice = -1;
        } else {
          walk.stop(loop, walk.nextDevice);
          outcome = STOP;
        }
      } else if (walk.hops >= MAX_HOPS) {
        walk.stop(hopLimit);
        outcome = STOP;
      } else if ((walk.hops & (walk.hops - 1)) === 0) {
        savedDevice = walk.nextDevice;
        savedPort = walk.nextPort;
        saved.copyFrom(packet);
      }
    }
    walk.leaveHop();

    const blockedBy = walk.blockedBy;
    let draft: Draft | undefined;
    if (blockedBy >= 0) draft = block(walk, queue, drafts, blockedBy as Drop);
    if (forksBefore > 0) {
      for (let i = 0; i < forksBefore; i++) {
        const fork = walk.forks[i]!;
        queue.push(draft && i >= walk.forksAtBlock ? { ...fork, ghostOf: draft } : fork);
      }
      walk.forks.length = 0;
    }

    if (blockedBy >= 0) {
      // What an error about a reply would find beyond says nothing of the path.
      if (!walk.recording || outcome === STOP || (walk.draft !== undefined && !walk.reply)) return count;
      walk.ghostOf = draft;
    }

    switch (outcome) {
      case FORWARD:
        walk.from = device;
        walk.device = walk.nextDevice;
        walk.port = walk.nextPort;
        continue;
      case EXIT:
      case DELIVER:
        if (walk.draft !== undefined && resend(walk, walk.draft, request.ttl)) {
          savedDevice = -1;
          continue;
        }
        if (!walk.reply) {
          if (walk.draft !== undefined) return finish(walk, drafts, walk.draft.replyDisposition, count);
          arrive(walk, outcome === EXIT ? 'exited' : 'delivered');
          if (!request.expectsReply) return finish(walk, drafts, 'none', count);
          becomeReply(walk);
          if (walk.pending) walk.end = undefined;
          continue;
        }
        walk.leg = withReply(walk.leg, walk.tail);
        if (walk.transfer?.handshake && walk.draft === undefined && walk.ghostOf === undefined) {
          startData(walk, walk.transfer, request.ttl);
          savedDevice = -1;
          continue;
        }
        if (walk.pending) {
          startNextLeg(walk);
          savedDevice = -1;
          continue;
        }
        return finish(walk, drafts, outcome === EXIT ? 'exited' : 'delivered', count);
      case ANSWER:
        arrive(walk, 'answered');
        becomeReply(walk);
        continue;
      case CONNECT: {
        // The handshake of this leg comes first; the next leg waits for it.
        const next = walk.nextLeg!;
        const pending = { packet: next, source: device, device: walk.nextDevice, port: walk.nextPort };
        arrive(walk, 'delivered');
        becomeReply(walk);
        walk.end = undefined;
        walk.pending = pending;
        continue;
      }
      default:
        if (walk.ghostOf) endGhost(walk);
        else if (walk.endsUndetermined) undetermined(walk, drafts);
        return count;
    }
  }
}
