/** Connection tracking as nf_conntrack does it: which connection a packet belongs to, and in which state that puts it.
 *  The walk's sessions are the table; a connection enters it when its first packet leaves the host (confirm). */
import { ACK, FREE_SOURCE_PORT, RST, SYN } from '../../packet/packet.ts';
import { isEchoRequest, isIcmp, TCP } from '../../packet/protocol.ts';
import { replyDestinationPort, replySourcePort } from '../../packet/reply-ports.ts';
import { notListening } from '../../trace/listening.ts';
import { PASSED } from '../../trace/outcome.ts';
import { ORIGINAL } from '../../trace/session.ts';
import { step } from '../../trace/vocabulary.ts';
import { CT_ESTABLISHED, CT_INVALID, CT_NEW, CT_RELATED, type Flow } from '../flow.ts';
import { CONNECTION, connectionKind, FORGOTTEN, FREE_SOURCE, UNCONFIRMED } from './nat.ts';
import { refused } from './words.ts';

const invalid = step('conntrack-invalid', ({ before }) => ({
  stage: 'conntrack',
  because:
    before.protocol === TCP
      ? 'INVALID: the answer to a connection this host has not seen; it is not translated'
      : 'INVALID: belongs to no connection this host has seen; it is not translated',
}));

/** nf_conntrack_in: finds the packet's connection, or begins one. */
export function track(flow: Flow): void {
  if (flow.state !== 0) return;
  const { packet, walk } = flow;
  const found = walk.findSession(connectionKind(flow.zone));
  if (found >= 0 && !isForgotten(flow, found)) {
    load(flow, found >> 1);
    flow.direction = found & 1;
    // Without a reply yet, the packets of the first direction stay NEW.
    flow.state =
      packet.innerProtocol !== 0
        ? CT_RELATED
        : flow.direction === ORIGINAL && !walk.reply && !walk.transfer?.connected
          ? CT_NEW
          : CT_ESTABLISHED;
    flow.destinationSettled = true;
    flow.sourceSettled = true;
    return;
  }
  if (packet.innerProtocol !== 0 || !mayBegin(flow)) {
    flow.state = CT_INVALID;
    walk.step(invalid, PASSED);
    return;
  }
  flow.state = CT_NEW;
  flow.freeSource = (packet.free & FREE_SOURCE_PORT) !== 0;
  flow.protocol = packet.protocol;
  flow.src = packet.src;
  flow.sourcePort = packet.sourcePort;
  flow.dst = packet.dst;
  flow.destinationPort = packet.destinationPort;
  flow.replySrc = packet.dst;
  flow.replyDst = packet.src;
  flow.replySourcePort = replySourcePort(packet.protocol, packet.sourcePort, packet.destinationPort);
  flow.replyDestinationPort = replyDestinationPort(
    packet.protocol,
    packet.sourcePort,
    packet.destinationPort,
  );
}

/** Whether conntrack has forgotten a connection: a reset in answer to the first packet is the last that it knows of it
 *  (nf_ct_kill_acct in nf_conntrack_tcp_packet). One that comes by a second time belongs to none. */
function isForgotten({ packet, walk }: Flow, found: number): boolean {
  if (packet.protocol !== TCP || (packet.flags & RST) === 0 || (found & 1) === ORIGINAL) return false;
  if (walk.findSession(FORGOTTEN) >= 0) return true;
  walk.track(FORGOTTEN);
  return false;
}

/** nf_ct_attach: what the kernel answers to a packet on its way (an ICMP error, the reset of a REJECT) belongs to that
 *  packet's connection before any chain sees it, as RELATED to it. A packet that has come to its socket has none any
 *  more (nf_reset_ct), so that what says "nothing listens" is found by conntrack like any other. */
export function attach(flow: Flow): void {
  const { packet, walk } = flow;
  const drop = walk.end?.drop;
  if (packet.innerProtocol === 0 ? drop !== refused : drop === notListening) return;
  flow.fromReject = packet.innerProtocol === 0;
  const unconfirmed = walk.findSession(UNCONFIRMED);
  const found = unconfirmed < 0 ? walk.findSession(CONNECTION) : unconfirmed;
  if (found < 0) return;
  load(flow, found >> 1);
  flow.direction = found & 1;
  flow.state = CT_RELATED;
  flow.destinationSettled = true;
  // The packet that REJECT took off its way had not come to where sources are translated. That only matters for what is
  // no ICMP error: a reset goes through the chains there (nf_nat_inet_fn, IP_CT_RELATED_REPLY).
  flow.sourceSettled = packet.innerProtocol !== 0;
}

/** Whether the first packet seen may begin a connection: a TCP answer or reset may not (tcp_conntracks, state none),
 *  a bare ACK may (nf_conntrack_tcp_loose); of ICMP only requests. */
function mayBegin({ packet }: Flow): boolean {
  if (packet.protocol === TCP) {
    if (packet.flags & RST) return false;
    return (packet.flags & SYN) === 0 || (packet.flags & ACK) === 0;
  }
  return !isIcmp(packet.protocol) || isEchoRequest(packet.protocol, packet.destinationPort);
}

function load(flow: Flow, session: number): void {
  const { sessions } = flow.walk;
  flow.session = session;
  flow.protocol = sessions.protocol(session);
  flow.src = sessions.src(session);
  flow.sourcePort = sessions.sport(session);
  flow.dst = sessions.dst(session);
  flow.destinationPort = sessions.dport(session);
  flow.replySrc = sessions.replySrc(session);
  flow.replySourcePort = sessions.replySport(session);
  flow.replyDst = sessions.replyDst(session);
  flow.replyDestinationPort = sessions.replyDport(session);
  flow.connmark = sessions.mark(session);
}

/** What the host itself answers to a packet carries the packet's connection along (nf_ct_attach). One that was not known
 *  before ends with the packet, and nothing else finds it. */
export function confirmForAnswer(flow: Flow): void {
  if (flow.session >= 0 || !flow.tracked) {
    confirm(flow);
    return;
  }
  if (flow.freeSource) remember(flow, FREE_SOURCE);
  remember(flow, UNCONFIRMED);
  flow.session = flow.walk.sessionHead;
}

/** The connection, with its bindings and mark, becomes known: at the end of POSTROUTING or INPUT. */
export function confirm(flow: Flow): void {
  if (!flow.tracked) return;
  const { walk } = flow;
  if (flow.session >= 0) {
    walk.setSessionMark(flow.session, flow.connmark);
    return;
  }
  if (flow.freeSource) remember(flow, FREE_SOURCE);
  remember(flow, connectionKind(flow.zone));
  flow.session = walk.sessionHead;
}

function remember(flow: Flow, kind: number): void {
  flow.walk.addSession(
    flow.walk.device,
    kind,
    flow.protocol,
    flow.src,
    flow.sourcePort,
    flow.dst,
    flow.destinationPort,
    flow.replySrc,
    flow.replySourcePort,
    flow.replyDst,
    flow.replyDestinationPort,
    kind === FREE_SOURCE ? 0 : flow.connmark,
  );
}
