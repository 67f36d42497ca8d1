/** A branch of a trace: one way the packet may go, with what it has met so far. Immutable: what branches have in common
 *  they share, the alternatives of a choice all of it. */
import type { Application } from '../packet/application.ts';
import type { Packet } from '../packet/packet.ts';
import type { AnswerKind, Disposition } from './outcome.ts';
import type { Transfer } from './transfer.ts';
import type { Choice, Drop, Note } from './vocabulary.ts';

/** One transport connection. A path has one, or two where an L7 load balancer opens the second. */
export interface Leg {
  readonly previous: Leg | undefined;
  readonly index: number;
  /** The device that sent the request and waits for the reply. */
  readonly source: number;
  readonly protocol: number;
  readonly src: number;
  readonly dst: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly application: Application | undefined;
  /** Newest hop record of each direction, or -1. */
  readonly forwardTail: number;
  readonly replyTail: number;
}

/** A second leg that waits until the first leg's handshake is judged. */
export interface PendingLeg {
  readonly packet: Packet;
  readonly source: number;
  readonly device: number;
  readonly port: number;
}

/** A choice that a branch has taken. */
export interface ChoiceMade {
  readonly previous: ChoiceMade | undefined;
  readonly choice: Choice;
  readonly device: number;
  readonly picked: number;
  readonly count: number;
  readonly weight: number;
  readonly a: number;
  readonly b: number;
  /** For an unknown: the number of the question, the same on all its sides; -1 for chance. */
  readonly question: number;
}

/** An assumption, limit or remark that a branch has met. */
export interface NoteMet {
  readonly previous: NoteMet | undefined;
  readonly note: Note;
  readonly device: number;
  readonly a: number;
  readonly b: number;
}

/** An alternative to take when a hop is run again. */
export interface Prescribed {
  readonly picked: number;
  readonly question: number;
}

/** How the forward direction ended. */
export interface ForwardEnd {
  readonly disposition: Disposition;
  readonly device: number;
  readonly drop: Drop | -1;
  readonly answer: AnswerKind | -1;
  /** HTTP status, or ICMP type * 256 + code. */
  readonly answerCode: number;
  /** The destination the packet had when it ended. */
  readonly dst: number;
  readonly dport: number;
  /** What it means that the answer's TTL ends on its way, where the one who answers says so. */
  readonly expires?: Drop | -1;
}

/** A finished path, as the engine hands it over. */
export interface Draft {
  share: number;
  via: number;
  choices: ChoiceMade | undefined;
  notes: NoteMet | undefined;
  leg: Leg;
  end: ForwardEnd;
  replyDisposition: Disposition | 'none';
  replyDrop: Drop | -1;
  replyDevice: number;
  /** Taken under the other side of an unknown: not a path of the answer, only weighed against it. */
  hypothetical: boolean;
  /** The device that would have opened the next leg, had this one's handshake come back; -1 otherwise. */
  waiting: number;
  /** The path was ended by an ICMP error that names this MTU; 0 otherwise. */
  pathMtu: number;
  /** What the ends had agreed on when it ended. */
  transfer: Transfer | undefined;
  /** The way of an ICMP error about the reply that did not arrive. */
  lostError: Leg | undefined;
  /** What was walked beyond the first blocker. */
  ghosts: Leg[];
}

/** Where branches begin: a device's turn, and what they met before. */
export interface Start {
  readonly device: number;
  readonly port: number;
  readonly from: number;
  readonly packet: Packet;
  readonly sessions: number;
  readonly choices: ChoiceMade | undefined;
  readonly notes: NoteMet | undefined;
  readonly share: number;
  readonly hypothetical: boolean;
  readonly leg: Leg;
  readonly pending: PendingLeg | undefined;
  readonly reply: boolean;
  readonly end: ForwardEnd | undefined;
  readonly tail: number;
  readonly hops: number;
  readonly prescribed: readonly Prescribed[];
  /** Of the choice after those prescribed, at which the branches part: number of its question, -1 for chance. */
  readonly question: number;
  readonly via: number;
  readonly transfer: Transfer | undefined;
  /** Set while the answer of a refusal is walked: the path that ends with it. */
  readonly draft: Draft | undefined;
}

/** A branch waiting in the queue. */
export interface Branch {
  readonly start: Start;
  /** The alternative it takes where branches of its start part; -1 where it is the only one. */
  readonly picked: number;
  /** Share once its choices are taken. */
  readonly share: number;
  /** The same in millionths: the order of the queue. */
  readonly priority: number;
  /** Set for a ghost: the finished path it belongs to. */
  readonly ghostOf: Draft | undefined;
  readonly sequence: number;
}

/** A branch in the queue. Its order counts in millionths: endpoints of a Service that are meant to be equally likely are
 *  not quite, since `statistic` rounds, and so they are walked in the order of their rules, not all over the memory. */
export function branchOf(
  start: Start,
  picked: number,
  share: number,
  ghostOf: Draft | undefined,
  sequence: number,
): Branch {
  return { start, picked, share, priority: Math.round(share * 1e6), ghostOf, sequence };
}
