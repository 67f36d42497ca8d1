/** What the application at the source sees of one path. */
import { isEchoRequest, TCP, TIME_EXCEEDED, UNREACHABLE } from '../packet/protocol.ts';
import type { Draft } from './branch.ts';
import { NOBODY } from './legs.ts';
import { TOO_BIG_ERROR } from './mtu.ts';
import { ANSWER_ICMP, ANSWER_RST } from './outcome.ts';
import { ALB_CONNECT_TIMEOUT_SECONDS, CONNECT_TIMEOUT } from './timing.ts';
import type { Symptom } from './trace.ts';
import { type Drop, dropOf } from './vocabulary.ts';

const SENT: Symptom = { kind: 'sent', text: 'sent; nothing comes back, and nothing is waited for' };

const unreachableCodes = [
  'net-unreachable',
  'host-unreachable',
  'protocol-unreachable',
  'port-unreachable',
  'fragmentation-needed',
] as const;

/** Name of an ICMP error, as people write it: "port-unreachable". */
export function icmpName(typeAndCode: number): string {
  const [type, code] = [typeAndCode >> 8, typeAndCode & 255];
  if (type === UNREACHABLE)
    return code < unreachableCodes.length
      ? unreachableCodes[code]!
      : code === 13
        ? 'admin-prohibited'
        : `unreachable-${code}`;
  return type === TIME_EXCEEDED ? 'time-exceeded' : `type-${type}-code-${code}`;
}

/** The symptom of a finished path. A later leg that fails shows as an HTTP status on the first. */
export function symptomOf(draft: Draft): Symptom {
  const { end, leg } = draft;
  if (leg.index > 0) return laterLeg(draft);
  const answered = draft.replyDisposition === 'delivered' || draft.replyDisposition === 'exited';
  if (draft.transfer?.connected && isLost(draft)) return hangs(draft.transfer.size);
  switch (end.disposition) {
    case 'undetermined':
      return {
        kind: 'unknown',
        text:
          end.drop >= 0
            ? 'not known: what decides is not in the topology'
            : 'not known: the path meets something that is not modelled',
      };
    case 'answered':
      if (!answered) return lost(leg.protocol, 'the answer is lost on the way back');
      return namedBy(end.drop) ?? http(end.answerCode);
    case 'rejected':
      if (!answered && leg.source !== NOBODY)
        return lost(leg.protocol, 'the refusal is lost on the way back');
      return refused(end.answer, end.answerCode, leg.protocol);
    case 'loop':
      return end.answer === ANSWER_ICMP && answered
        ? {
            kind: 'icmp-time-exceeded',
            text: 'ICMP time exceeded comes back once the TTL has run out in the loop',
          }
        : lost(leg.protocol);
    case 'dropped':
      return namedBy(end.drop) ?? lost(leg.protocol);
    default:
      if (draft.replyDisposition === 'undetermined')
        return { kind: 'unknown', text: 'not known: the way back meets something that is not modelled' };
      if (draft.replyDisposition === 'none') return SENT;
      if (!answered)
        return namedBy(draft.replyDrop) ?? lost(leg.protocol, 'the reply is lost on the way back');
      if (leg.protocol === TCP) return { kind: 'connected', text: 'connected' };
      return isEchoRequest(leg.protocol, leg.destinationPort)
        ? { kind: 'reply', text: 'echo reply' }
        : { kind: 'reply', text: 'answered, if the application answers' };
  }
}

/** A connection that came about and carries no packet of the size that was asked for. */
function isLost({ end, replyDisposition }: Draft): boolean {
  if (end.disposition === 'undetermined' || replyDisposition === 'undetermined') return false;
  return (
    end.disposition === 'dropped' ||
    end.disposition === 'rejected' ||
    end.disposition === 'loop' ||
    !['delivered', 'exited', 'none'].includes(replyDisposition)
  );
}

function hangs(size: number): Symptom {
  return {
    kind: 'hangs',
    text: `connected, then it hangs: small packets pass, those of ${size} bytes vanish (black hole)`,
  };
}

/** What a refusal looks like, where it says so itself. */
function namedBy(drop: Drop | -1): Symptom | undefined {
  return drop < 0 ? undefined : dropOf(drop).symptom;
}

function laterLeg(draft: Draft): Symptom {
  const answered = draft.replyDisposition === 'delivered' || draft.replyDisposition === 'exited';
  if (draft.transfer?.connected && isLost(draft)) return idle504(draft.transfer.size);
  switch (draft.end.disposition) {
    case 'delivered':
    case 'exited':
      if (answered) return { kind: 'connected', text: 'connected; the target answers the request' };
      if (draft.replyDisposition === 'none') return SENT;
      return draft.replyDisposition === 'undetermined'
        ? { kind: 'unknown', text: 'connected; the rest is not modelled' }
        : timeout504();
    case 'rejected':
      return answered
        ? { kind: 'http-502', text: 'connected, then HTTP 502: the target refuses the connection' }
        : timeout504();
    case 'undetermined':
      return { kind: 'unknown', text: 'connected; what follows meets something that is not modelled' };
    default:
      return timeout504();
  }
}

function idle504(size: number): Symptom {
  return {
    kind: 'http-504',
    text: `connected, then HTTP 504: packets of ${size} bytes vanish between the load balancer and the target`,
  };
}

function timeout504(): Symptom {
  return {
    kind: 'http-504',
    text: `connected, then HTTP 504: the load balancer gets no answer from the target within ${ALB_CONNECT_TIMEOUT_SECONDS} s`,
  };
}

function http(status: number): Symptom {
  return { kind: `http-${status}`, text: `HTTP ${status} from the load balancer` };
}

function refused(answer: number, code: number, protocol: number): Symptom {
  if (answer === ANSWER_RST) return { kind: 'refused', text: 'connection refused at once (RST)' };
  if (answer !== ANSWER_ICMP) return lost(protocol);
  if (code === TOO_BIG_ERROR)
    return {
      kind: 'message-too-long',
      text: 'ICMP "fragmentation needed" comes back; from then on the own kernel says "Message too long" (EMSGSIZE)',
    };
  const name = icmpName(code);
  if (protocol === TCP && name === 'port-unreachable')
    return { kind: 'refused', text: 'connection refused at once (ICMP port unreachable)' };
  return { kind: `icmp-${name}`, text: `ICMP ${name.replaceAll('-', ' ')} comes back at once` };
}

function lost(protocol: number, why?: string): Symptom {
  const text =
    protocol === TCP ? CONNECT_TIMEOUT : 'no answer: the application waits as long as it chooses to';
  return { kind: 'timeout', text: why ? `${text} (${why})` : text };
}
