/** The engine: walks every branch of a trace, forward and back. It knows devices only by their behaviour.
 *
 *  A branch ends its forward direction by deliver, answer or exit and then turns round; a blocker ends it, and what
 *  lies beyond is walked as a ghost. Largest share first; ghosts and the other sides of unknowns do not count. */
import TinyQueue from 'tinyqueue';
import type { Application } from '../packet/application.ts';
import { ACK, FREE_DESTINATION_PORT, FREE_SOURCE_PORT, Packet, RST, SYN } from '../packet/packet.ts';
import { ECHO_REPLY, ECHO_REQUEST, hasPorts, ICMP } from '../packet/protocol.ts';
import type { Branch, Draft, Leg } from './branch.ts';
import type { Network } from './device.ts';
import { mirrors, quotes } from './mirror.ts';
import {
  ANSWER,
  ANSWER_ICMP,
  ANSWER_RST,
  CONNECT,
  DELIVER,
  type Disposition,
  EXIT,
  FORWARD,
  LOCAL,
  STOP,
} from './outcome.ts';
import type { Recorder } from './recorder.ts';
import { Sessions } from './session.ts';
import { type Drop, drop } from './vocabulary.ts';
import { Walk, type WalkOptions } from './walk.ts';

/** Hops of one direction of one leg; far beyond any real path. */
export const MAX_HOPS = 128;
export const DEFAULT_MAX_BRANCHES = 4096;
const MAX_GHOST_BRANCHES = 64;
/** Where a loop is first looked for: no path without one is longer than its devices. */
const LOOP_WATCH_FROM = 8;

const loop = drop({
  code: 'walk/loop',
  means: 'The packet came back to a device with the same header and mark: it circles until its TTL ends.',
  aws: 'NO_PATH',
  causes: [
    'two middleboxes route to each other',
    'a NAT gateway sits in the subnet whose default route points to it',
  ],
  look: ['the hops that repeat, and the route tables that sent the packet round'],
  word: ({ device, a }) => ({
    stage: 'loop',
    because: `back at ${device(a).kind}/${device(a).id} with the same header and mark: the packet circles until its TTL ends`,
  }),
});

const hopLimit = drop({
  code: 'walk/hop-limit',
  means: `The packet passed ${MAX_HOPS} devices without arriving.`,
  causes: ['a loop that changes the header on every round'],
  look: ['the last hops of the path'],
  word: () => ({ stage: 'hop limit', because: `${MAX_HOPS} hops without arriving` }),
});

const unexpectedReply = drop({
  code: 'walk/unexpected-reply',
  means:
    'The reply reached a host, but not from the address the request was sent to: no socket there expects it.',
  causes: [
    'NAT on the way there was not undone on the way back (asymmetric path, hairpin without masquerading)',
    'the reply was routed to another host that holds the address',
  ],
  look: [
    'the header of the request as sent, and of the reply as it arrives',
    'conntrack -L on the nodes of the path',
  ],
  word: ({ self }) => ({
    stage: 'socket',
    because: `no socket of ${self.kind}/${self.id} expects this reply: it does not mirror the request as it was sent`,
  }),
});

/** One packet to trace. Addresses are int32. */
export interface WalkRequest {
  /** The device that makes the packet. */
  readonly source: number;
  readonly sourceAddress: number;
  /** For ICMP echo: the identifier. */
  readonly sourcePort: number;
  /** Where the name of the destination leads; one entry for a plain address. Weights sum to 1. */
  readonly targets: readonly { readonly address: number; readonly weight: number }[];
  /** For ICMP: type * 256 + code. */
  readonly destinationPort: number;
  readonly protocol: number;
  readonly ttl: number;
  readonly application: Application | undefined;
  /** False for traffic that nobody answers. */
  readonly expectsReply: boolean;
}

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
  Number(a.hypothetical) - Number(b.hypothetical) ||
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
    walk.strictListen === options.strictListen
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
      if (!branch.ghostOf && !branch.hypothetical) unexploredShare += branch.priority;
      continue;
    }
    walk.load(branch);
    hopCount += walkBranch(walk, queue, drafts, request);
  }
  spare = walk;
  spareQueue = queue;
  return { network, request, recorder, drafts, unexploredShare, hopCount };
}

function firstBranch(request: WalkRequest, via: number): Branch {
  const target = request.targets[via]!;
  const packet = new Packet();
  packet.protocol = request.protocol;
  packet.src = request.sourceAddress;
  packet.dst = target.address;
  packet.sourcePort = request.sourcePort;
  packet.destinationPort = request.destinationPort;
  packet.ttl = request.ttl;
  packet.application = request.application;
  return {
    device: request.source,
    port: LOCAL,
    from: -1,
    packet,
    sessions: -1,
    choices: undefined,
    notes: undefined,
    share: target.weight,
    priority: target.weight,
    hypothetical: false,
    leg: legOf(packet, request.source, undefined),
    pending: undefined,
    reply: false,
    end: undefined,
    tail: -1,
    hops: 0,
    prescribed: [],
    via,
    ghostOf: undefined,
    draft: undefined,
    sequence: -request.targets.length + via,
  };
}

function legOf(packet: Packet, source: number, previous: Leg | undefined): Leg {
  return {
    previous,
    index: previous ? previous.index + 1 : 0,
    source,
    protocol: packet.protocol,
    src: packet.src,
    dst: packet.dst,
    sourcePort: packet.sourcePort,
    destinationPort: packet.destinationPort,
    application: packet.application,
    forwardTail: -1,
    replyTail: -1,
  };
}

/** The leg with the newest hop of its way there. Spelt out: it is made on every trace. */
function withForward(leg: Leg, forwardTail: number): Leg {
  const { previous, index, source, protocol, src, dst, sourcePort, destinationPort, application, replyTail } =
    leg;
  return {
    previous,
    index,
    source,
    protocol,
    src,
    dst,
    sourcePort,
    destinationPort,
    application,
    forwardTail,
    replyTail,
  };
}

/** The leg with the newest hop of its way back. */
function withReply(leg: Leg, replyTail: number): Leg {
  const {
    previous,
    index,
    source,
    protocol,
    src,
    dst,
    sourcePort,
    destinationPort,
    application,
    forwardTail,
  } = leg;
  return {
    previous,
    index,
    source,
    protocol,
    src,
    dst,
    sourcePort,
    destinationPort,
    application,
    forwardTail,
    replyTail,
  };
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
    let outcome: number = receivers[device]!(devices[device]!, packet, walk);
    const forksBefore = walk.forks.length;

    if ((outcome === DELIVER || outcome === EXIT) && walk.reply && !expected(walk)) {
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
        walk.stop(loop, walk.nextDevice);
        outcome = STOP;
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
      if (!walk.recording || outcome === STOP) return count;
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
        if (!walk.reply) {
          turnRound(walk, outcome === EXIT ? 'exited' : 'delivered', request);
          if (request.expectsReply) continue;
          return finish(walk, drafts, 'none', count);
        }
        walk.leg = withReply(walk.leg, walk.tail);
        if (walk.pending) {
          startNextLeg(walk);
          savedDevice = -1;
          continue;
        }
        return finish(walk, drafts, outcome === EXIT ? 'exited' : 'delivered', count);
      case ANSWER:
        turnRound(walk, 'answered', request);
        continue;
      case CONNECT: {
        // The handshake of this leg comes first; the next leg waits for it.
        const next = walk.nextLeg!;
        const pending = { packet: next, source: device, device: walk.nextDevice, port: walk.nextPort };
        turnRound(walk, 'delivered', request);
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

/** Whether the reply that a device is about to take mirrors what it sent. */
function expected(walk: Walk): boolean {
  const { leg, packet } = walk;
  if (walk.device !== leg.source) return false;
  return packet.isError ? quotes(packet, leg) : mirrors(packet, leg);
}

/** The forward direction has ended well: the packet becomes the reply, made by the device it reached. */
function turnRound(walk: Walk, disposition: Disposition, request: WalkRequest): void {
  const p = walk.packet;
  walk.end = {
    disposition,
    device: walk.device,
    drop: disposition === 'answered' ? walk.answerDrop : -1,
    answer: disposition === 'answered' ? 0 : -1,
    answerCode: disposition === 'answered' ? walk.answerCode : 0,
    dst: p.dst,
    dport: p.destinationPort,
  };
  walk.leg = withForward(walk.leg, walk.tail);
  if (!request.expectsReply) return;
  mirror(p);
  becomeReply(walk);
}

function becomeReply(walk: Walk): void {
  walk.reply = true;
  walk.port = LOCAL;
  walk.from = -1;
  walk.tail = -1;
  walk.hops = 0;
}

/** Source and destination swapped, as the answering socket sends it. */
function mirror(p: Packet): void {
  const { src, sourcePort, free } = p;
  p.src = p.dst;
  p.dst = src;
  if (hasPorts(p.protocol)) {
    p.sourcePort = p.destinationPort;
    p.destinationPort = sourcePort;
    p.free =
      (free & FREE_SOURCE_PORT ? FREE_DESTINATION_PORT : 0) |
      (free & FREE_DESTINATION_PORT ? FREE_SOURCE_PORT : 0);
  } else if (p.protocol === ICMP && p.destinationPort === ECHO_REQUEST << 8)
    p.destinationPort = ECHO_REPLY << 8;
  p.flags = SYN | ACK;
  p.ttl = 64;
  p.mark = 0;
  p.nextHop = 0;
}

/** The first blocker of a branch: its path is finished here, or, if the sender is told, once the answer is walked. */
function block(walk: Walk, queue: TinyQueue<Branch>, drafts: Draft[], code: Drop): Draft {
  const told = walk.answerKind === ANSWER_RST || walk.answerKind === ANSWER_ICMP;
  const p = walk.blockedPacket;
  const disposition: Disposition =
    code === loop || code === hopLimit ? 'loop' : told ? 'rejected' : 'dropped';
  const draft = walk.draft ?? draftOf(walk);
  if (walk.reply) {
    draft.leg = withReply(walk.leg, walk.tail);
    draft.replyDisposition = disposition;
    draft.replyDrop = code;
    draft.replyDevice = walk.device;
    // A leg whose handshake fails never gets to its target.
    if (walk.pending) draft.end = { ...endOf(walk, 'dropped', code), device: walk.device };
  } else {
    draft.end = endOf(walk, disposition, code);
    draft.leg = withForward(walk.leg, walk.tail);
    if (told) {
      const answer = new Packet().copyFrom(p);
      answerTo(answer, walk);
      const branch = walk.save(walk.device, LOCAL, -1, answer, undefined);
      queue.push({ ...branch, reply: true, tail: -1, hops: 0, leg: draft.leg, end: draft.end, draft });
      return draft;
    }
  }
  drafts.push(draft);
  return draft;
}

function endOf(walk: Walk, disposition: Disposition, code: Drop): Draft['end'] {
  return {
    disposition,
    device: walk.device,
    drop: code,
    answer: walk.answerKind,
    answerCode: walk.answerCode,
    dst: walk.blockedPacket.dst,
    dport: walk.blockedPacket.destinationPort,
  };
}

/** Turns the refused packet into the RST or the ICMP error that goes back. */
function answerTo(p: Packet, walk: Walk): void {
  if (walk.answerKind === ANSWER_RST) {
    mirror(p);
    p.flags = RST | ACK;
    return;
  }
  p.innerProtocol = p.protocol;
  p.innerSrc = p.src;
  p.innerDst = p.dst;
  p.innerSourcePort = p.sourcePort;
  p.innerDestinationPort = p.destinationPort;
  p.dst = p.src;
  p.src = walk.answerSource || p.innerDst;
  p.protocol = ICMP;
  p.sourcePort = 0;
  p.destinationPort = walk.answerCode;
  p.free = 0;
  p.ttl = 64;
  p.mark = 0;
  p.nextHop = 0;
  p.application = undefined;
}

function startNextLeg(walk: Walk): void {
  const pending = walk.pending!;
  walk.packet.copyFrom(pending.packet);
  walk.leg = legOf(pending.packet, pending.source, walk.leg);
  walk.pending = undefined;
  walk.reply = false;
  walk.from = pending.source;
  walk.device = pending.device;
  walk.port = pending.port;
  walk.tail = -1;
  walk.hops = 0;
}

function draftOf(walk: Walk): Draft {
  return {
    share: walk.share,
    via: walk.via,
    choices: walk.choices,
    notes: walk.notes,
    leg: walk.leg,
    end: walk.end ?? {
      disposition: 'dropped',
      device: walk.device,
      drop: -1,
      answer: -1,
      answerCode: 0,
      dst: 0,
      dport: 0,
    },
    replyDisposition: 'none',
    replyDrop: -1,
    replyDevice: -1,
    hypothetical: walk.hypothetical,
    waiting: walk.pending?.source ?? -1,
    ghosts: [],
  };
}

function finish(walk: Walk, drafts: Draft[], reply: Disposition | 'none', count: number): number {
  if (walk.ghostOf) {
    endGhost(walk);
    return count;
  }
  const draft = walk.draft ?? draftOf(walk);
  draft.leg = walk.leg;
  draft.notes = walk.notes;
  draft.replyDisposition = reply;
  draft.replyDevice = reply === 'none' ? -1 : walk.device;
  drafts.push(draft);
  return count;
}

function undetermined(walk: Walk, drafts: Draft[]): void {
  const draft = draftOf(walk);
  if (walk.reply) {
    draft.leg = withReply(walk.leg, walk.tail);
    draft.replyDisposition = 'undetermined';
    draft.replyDevice = walk.device;
    if (walk.pending) draft.end = { ...draft.end, disposition: 'undetermined', device: walk.device };
  } else {
    draft.leg = withForward(walk.leg, walk.tail);
    draft.end = {
      ...draft.end,
      disposition: 'undetermined',
      device: walk.device,
      dst: walk.packet.dst,
      dport: walk.packet.destinationPort,
    };
  }
  drafts.push(draft);
}

function endGhost(walk: Walk): void {
  const leg = walk.reply ? withReply(walk.leg, walk.tail) : withForward(walk.leg, walk.tail);
  walk.ghostOf!.ghosts.push(leg);
}
