/** How a branch ends: refused, delivered and answered, or undetermined. What it leaves is the draft of a path. */
import type TinyQueue from 'tinyqueue';
import { Packet } from '../packet/packet.ts';
import type { Branch, Draft } from './branch.ts';
import { NOBODY, withForward, withReply } from './legs.ts';
import { ANSWER_ICMP, ANSWER_RST, type Disposition } from './outcome.ts';
import { answerTo } from './turning.ts';
import type { Drop } from './vocabulary.ts';
import type { Walk } from './walk.ts';
import { hopLimit, loop } from './walk-drops.ts';

/** The first blocker of a branch: its path is finished here, or, if the sender is told, once the answer is walked. */
export function block(walk: Walk, queue: TinyQueue<Branch>, drafts: Draft[], blockedBy: Drop): Draft {
  // A packet that circles until its TTL ends is lost to the loop.
  const code = walk.looping >= 0 ? (walk.looping as Drop) : blockedBy;
  const told = walk.answerKind === ANSWER_RST || walk.answerKind === ANSWER_ICMP;
  const p = walk.blockedPacket;
  const disposition: Disposition =
    code === loop || code === hopLimit ? 'loop' : told ? 'rejected' : 'dropped';
  const draft = draftFor(walk);
  if (walk.reply) {
    draft.leg = withReply(walk.leg, walk.tail);
    draft.replyDisposition = disposition;
    draft.replyDrop = code;
    draft.replyDevice = walk.device;
    // A leg whose handshake fails never gets to its target.
    if (walk.pending) draft.end = { ...endOf(walk, 'dropped', code), device: walk.device };
    if (walk.answerMtu > 0) {
      // Whoever answered is told that the reply is too big.
      draft.pathMtu = walk.answerMtu;
      const error = new Packet().copyFrom(p);
      answerTo(error, walk);
      queue.push(walk.answering(error, draft));
      return draft;
    }
  } else if (walk.draft !== undefined) draft.lostError = withForward(walk.leg, walk.tail);
  else {
    draft.end = endOf(walk, disposition, code);
    draft.leg = withForward(walk.leg, walk.tail);
    draft.pathMtu = walk.answerMtu;
    if (told && walk.leg.source !== NOBODY) {
      const answer = new Packet().copyFrom(p);
      answerTo(answer, walk);
      queue.push(walk.answering(answer, draft));
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

/** The draft of a path that ends here. Where the way there ended earlier, its answer may split: each part is a path. */
function draftFor(walk: Walk): Draft {
  const { draft, share, choices, notes, hypothetical } = walk;
  return draft ? { ...draft, share, choices, notes, hypothetical } : draftOf(walk);
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
    pathMtu: 0,
    transfer: walk.transfer,
    lostError: undefined,
    ghosts: [],
  };
}

export function finish(walk: Walk, drafts: Draft[], reply: Disposition | 'none', count: number): number {
  if (walk.ghostOf) {
    endGhost(walk);
    return count;
  }
  const draft = draftFor(walk);
  draft.leg = walk.leg;
  draft.notes = walk.notes;
  draft.replyDisposition = reply;
  draft.replyDevice = reply === 'none' ? -1 : walk.device;
  drafts.push(draft);
  return count;
}

export function undetermined(walk: Walk, drafts: Draft[]): void {
  const draft = draftOf(walk);
  if (walk.draft !== undefined && !walk.reply) {
    draft.lostError = withForward(walk.leg, walk.tail);
    draft.leg = walk.draft.leg;
    draft.replyDisposition = 'undetermined';
    draft.replyDevice = walk.device;
  } else if (walk.reply) {
    draft.leg = withReply(walk.leg, walk.tail);
    draft.replyDisposition = 'undetermined';
    draft.replyDrop = walk.unknownBy;
    draft.replyDevice = walk.device;
    if (walk.pending) draft.end = { ...draft.end, disposition: 'undetermined', device: walk.device };
  } else {
    draft.leg = withForward(walk.leg, walk.tail);
    draft.end = {
      ...draft.end,
      disposition: 'undetermined',
      device: walk.device,
      drop: walk.unknownBy,
      dst: walk.packet.dst,
      dport: walk.packet.destinationPort,
    };
  }
  drafts.push(draft);
}

export function endGhost(walk: Walk): void {
  const leg = walk.reply ? withReply(walk.leg, walk.tail) : withForward(walk.leg, walk.tail);
  walk.ghostOf!.ghosts.push(leg);
}
