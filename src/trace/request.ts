/** What the engine is asked to walk. */
import type { Application } from '../packet/application.ts';
import { DF, Packet } from '../packet/packet.ts';
import { TCP } from '../packet/protocol.ts';
import { type Branch, branchOf, type Start } from './branch.ts';
import { legOf, NOBODY } from './legs.ts';
import { LOCAL } from './outcome.ts';
import { type Transfer, transferOf } from './transfer.ts';

/** One packet to trace. Addresses are int32. */
export interface WalkRequest {
  /** The device that makes the packet, or that it comes to. */
  readonly source: number;
  /** The port of that device by which it comes in; absent where the device itself makes it. From where it came is not
   *  known then, so nothing is followed back there. */
  readonly port?: number | undefined;
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
  /** Bytes of the IP packets that carry data, both ways; 0: small ones. */
  readonly size?: number | undefined;
  /** Whether the sender forbids fragments; undefined: as Linux does it by itself. */
  readonly df?: boolean | undefined;
  /** False for traffic that nobody answers. */
  readonly expectsReply: boolean;
}

/** The branch that a request begins with, to one of its targets. */
export function firstBranch(request: WalkRequest, via: number): Branch {
  const target = request.targets[via]!;
  const packet = new Packet();
  packet.protocol = request.protocol;
  packet.src = request.sourceAddress;
  packet.dst = target.address;
  packet.sourcePort = request.sourcePort;
  packet.destinationPort = request.destinationPort;
  packet.ttl = request.ttl;
  packet.application = request.application;
  const transfer = transferOfRequest(request);
  if (transfer !== undefined) {
    if (request.df !== false) packet.flags |= DF;
    if (!transfer.handshake) packet.size = transfer.size;
  }
  const start: Start = {
    device: request.source,
    port: request.port ?? LOCAL,
    from: -1,
    packet,
    sessions: -1,
    choices: undefined,
    notes: undefined,
    share: target.weight,
    hypothetical: false,
    leg: legOf(packet, request.port === undefined ? request.source : NOBODY, undefined),
    pending: undefined,
    reply: false,
    end: undefined,
    tail: -1,
    hops: 0,
    prescribed: [],
    question: -1,
    via,
    transfer,
    draft: undefined,
  };
  return branchOf(start, -1, target.weight, undefined, -request.targets.length + via);
}

/** TCP shakes hands first, where both ends are known. */
function transferOfRequest({
  size = 0,
  df,
  protocol,
  expectsReply,
  port,
}: WalkRequest): Transfer | undefined {
  return transferOf(size, df, protocol === TCP && expectsReply && port === undefined, 0);
}
