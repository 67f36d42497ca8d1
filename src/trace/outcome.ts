/** How a device ends its turn, and how a direction of a path ends. */

/** Returned by deny() where the device goes on as if it had accepted: what follows is a ghost. */
export const CONTINUE = 0;
export const FORWARD = 1;
export const DELIVER = 2;
/** The device itself replies: an HTTP status, a RST, an ICMP error. */
export const ANSWER = 3;
/** A proxy opens the next leg. */
export const CONNECT = 4;
/** The packet leaves the model. */
export const EXIT = 5;
export const STOP = 6;

export type Outcome = 1 | 2 | 3 | 4 | 5 | 6;

/** `Walk.port` of a packet that the device itself makes. */
export const LOCAL = -1;

/** Step verdicts, by number in records. */
export const PASSED = 0;
export const MATCHED = 1;
export const REWROTE = 2;
export const DENIED = 3;
export const SKIPPED = 4;
export type StepVerdictNumber = 0 | 1 | 2 | 3 | 4;

export const stepVerdicts = ['passed', 'matched', 'rewrote', 'denied', 'skipped'] as const;
export type StepVerdict = (typeof stepVerdicts)[number];

/** What a device sends back when it answers. */
export const ANSWER_HTTP = 0;
export const ANSWER_RST = 1;
export const ANSWER_ICMP = 2;
export type AnswerKind = 0 | 1 | 2;

export type Disposition =
  | 'delivered'
  | 'answered'
  | 'dropped'
  | 'rejected'
  | 'exited'
  | 'loop'
  | 'undetermined';

export type Verdict = 'reachable' | 'unreachable' | 'ambiguous' | 'undetermined' | 'one-way';
