/** What a packet did in one namespace, one line after the other, in a form that the model's trace and the kernel's can
 *  both be brought to. */

/** A header as both sides know it. */
export interface SeenHeader {
  readonly protocol: string;
  readonly src: string;
  readonly dst: string;
  readonly ttl: number;
  /** Absent for protocols without ports. '*' where only chance decides. */
  readonly sport?: number | '*' | undefined;
  readonly dport?: number | '*' | undefined;
  /** ICMP type and code: "8/0". */
  readonly icmp?: string | undefined;
}

/** A line of a walk. */
export interface WalkLine {
  /** "arrives", "leaves by ens5", "nat PREROUTING", or "  KUBE-SERVICES: -A KUBE-SERVICES ...". */
  readonly text: string;
  /** The packet at this point, where one is known. NAT rewrites it when its chains are done. */
  readonly header?: SeenHeader | undefined;
  /** Its mark, at a rule: once the rule has done its work. */
  readonly mark?: number | undefined;
}

export type Direction = 'forward' | 'reply';

/** By "DIRECTION kind/id". */
export type Walks = ReadonlyMap<string, readonly WalkLine[]>;

/** How a flow ended for the one who sent it. */
export type Ending =
  | { readonly kind: 'connected' | 'reply' | 'reset' | 'nothing' }
  | { readonly kind: 'icmp'; readonly type: number; readonly code: number; readonly from: string }
  | { readonly kind: 'error'; readonly errno: string };

/** Who took the first packet, and what it looked like there. */
export interface Receiver {
  readonly device: string;
  readonly src: string;
  readonly dst: string;
  readonly sport?: number | '*' | undefined;
  readonly dport?: number | '*' | undefined;
}

export interface Told {
  readonly walks: Walks;
  readonly ending: Ending;
  readonly receiver: Receiver | undefined;
}

export function headerText({ protocol, src, dst, sport, dport, ttl, icmp }: SeenHeader): string {
  const port = (value: number | '*' | undefined): string => (value === undefined ? '' : `:${value}`);
  return [
    `${protocol} ${src}${port(sport)} > ${dst}${port(dport)}`,
    ...(icmp === undefined ? [] : [`icmp ${icmp}`]),
    `ttl ${ttl}`,
  ].join(' ');
}

export function endingText(ending: Ending): string {
  if (ending.kind === 'icmp') return `ICMP ${ending.type}/${ending.code} from ${ending.from}`;
  return ending.kind === 'error' ? ending.errno : ending.kind;
}
