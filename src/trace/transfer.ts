/** A connection that is to carry packets of a given size: its handshake, whose packets are small, then one packet of
 *  that size each way. What the ends come to know of the path makes their packets smaller. Part of a branch; absent
 *  where nobody asked for a size. */

/** No end has heard of a limit. */
export const ANY_SIZE = 65535;

export interface Transfer {
  /** Bytes of the IP packets that the ends want to send. */
  readonly size: number;
  /** Whether the sender forbids fragments; undefined: as Linux does it by itself (IP_PMTUDISC_WANT). */
  readonly df: boolean | undefined;
  /** The handshake of TCP is on its way. */
  readonly handshake: boolean;
  /** The handshake is done. */
  readonly connected: boolean;
  /** The largest packet that the sender makes, and the one that the answering end makes: the maximum segment size that
   *  the other end announced, and what ICMP errors said since. */
  readonly there: number;
  readonly back: number;
  /** Bits of `Packet.free` of the packet as the sender makes it, and of its answer. */
  readonly free: number;
  readonly freeBack: number;
  /** Where a proxy took the handshake of this leg: the record of that hop, or -1. */
  readonly proxyHop: number;
}

/** The transfer that a connection begins with. */
export function transferOf(
  size: number,
  df: boolean | undefined,
  handshake: boolean,
  free: number,
): Transfer | undefined {
  if (size === 0) return undefined;
  return {
    size,
    df,
    handshake,
    connected: false,
    there: ANY_SIZE,
    back: ANY_SIZE,
    free,
    freeBack: 0,
    proxyHop: -1,
  };
}
