/** The readable form of a packet's header, as printed and as written to JSON. */

export interface Header {
  readonly protocol: string;
  readonly src: string;
  readonly dst: string;
  /** Absent for protocols without ports. `*` in print when the number is a representative of a free choice. */
  readonly sport?: number;
  readonly dport?: number;
  readonly ttl: number;
  /** The kernel's mark, where one is set. */
  readonly mark?: number;
  /** ICMP type and code. */
  readonly icmp?: { readonly type: number; readonly code: number };
  /** Which ports are representatives of a free choice (ephemeral after SNAT). */
  readonly free?: readonly ('sport' | 'dport')[];
}

/** `src:sport > dst:dport` with free ports as `*`. */
export function formatHeader(header: Header): string {
  return `${endpoint(header, 'src')} > ${endpoint(header, 'dst')}`;
}

/** One end of the header: address and port. */
export function endpoint(header: Header, end: 'src' | 'dst'): string {
  const port = end === 'src' ? header.sport : header.dport;
  const address = header[end];
  if (port === undefined) return address;
  return `${address.includes(':') ? `[${address}]` : address}:${header.free?.includes(end === 'src' ? 'sport' : 'dport') ? '*' : port}`;
}
