/** A trace as people and programs read it: plain data, `vpcsim.trace/v1`. docs/trace-format.md explains the fields. */
import type { Header } from '../packet/headers.ts';
import type { Disposition, StepVerdict, Verdict } from './outcome.ts';
import type { Change } from './vocabulary.ts';

export const TRACE_SCHEMA = 'vpcsim.trace/v1';

export interface Trace {
  readonly schema: typeof TRACE_SCHEMA;
  readonly request: TraceRequestText;
  readonly verdict: Verdict;
  readonly exitCode: 0 | 1 | 3;
  /** Largest share first, then by target address. Shares sum to 1 less `unexploredShare`. */
  readonly paths: readonly Path[];
  /** Share of the branches that the budget left unwalked; a trace with one is never reachable. */
  readonly unexploredShare: number;
  /** What the way back does on the whole. */
  readonly reply: { readonly disposition: ReplyDisposition; readonly code: string | null };
  readonly blockers: readonly Blocker[];
  /** What would come of the flow with all fixes that were checked and help; absent where none was checked. */
  readonly afterFixes?: AfterFixes;
  readonly symptom: Symptom;
  readonly assumptions: readonly string[];
  readonly notModelled: readonly string[];
  readonly remarks: readonly string[];
}

export interface TraceRequestText {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  /** Bytes of the IP packets with data, where the flow says so, and whether it sets DF. */
  readonly size?: number;
  readonly df?: boolean;
}

export type ReplyDisposition = Disposition | 'none';

export interface Path {
  readonly id: number;
  readonly share: number;
  /** The addresses by which this path was entered, where a name stood for several. */
  readonly via: readonly string[];
  readonly choices: readonly { readonly why: string; readonly share: number }[];
  readonly legs: readonly { readonly index: number; readonly hops: readonly number[] }[];
  /** All legs in order; ghosts (beyond the first blocker) last. */
  readonly hops: readonly Hop[];
  readonly disposition: Disposition;
  readonly code: string | null;
  /** `kind/id` of the device where the forward direction ended. */
  readonly device: string;
  readonly symptom: Symptom;
  readonly reply: {
    readonly disposition: ReplyDisposition;
    readonly code: string | null;
    readonly device: string | null;
    readonly hops: readonly Hop[];
    /** The reply took other devices than the request. */
    readonly asymmetric: boolean;
  };
  readonly assumptions: readonly string[];
  readonly notModelled: readonly string[];
  readonly remarks: readonly string[];
}

export interface Hop {
  /** Counts through the path: forward hops first, then those of the reply. */
  readonly n: number;
  readonly leg: number;
  readonly device: { readonly kind: string; readonly id: string; readonly name: string };
  readonly az: string | null;
  /** Beyond the first blocker: what would happen if it admitted the packet. */
  readonly ghost: boolean;
  readonly in: Header;
  readonly out: Header;
  readonly steps: readonly TraceStep[];
}

export interface TraceStep {
  readonly stage: string;
  readonly verdict: StepVerdict;
  readonly rule?: string;
  readonly source?: { readonly file: string; readonly line: number; readonly column: number };
  readonly because: string;
  /** Present where the step changed the header. */
  readonly before?: Header;
  readonly after?: Header;
}

export interface Blocker {
  readonly path: number;
  readonly hop: number | null;
  readonly direction: 'forward' | 'reply';
  readonly code: string;
  readonly awsCode: string | null;
  readonly device: string;
  readonly because: string;
  readonly rule?: string;
  readonly source?: { readonly file: string; readonly line: number; readonly column: number };
  readonly nearest?: string;
  readonly fix?: string;
  /** What a second trace said of the fix; absent where none was made. */
  readonly fixChecked?: FixChecked;
  /** The fix as data, not part of JSON. */
  readonly change?: Change;
}

/** A fix, tried on a copy of the network together with those before it. */
export interface FixChecked {
  /** `admits`: the packet passes this device. `not-enough`: it does not. `covered`: a fix before this one cured it.
   *  `not-checked`: it cannot be tried. */
  readonly result: 'admits' | 'not-enough' | 'covered' | 'not-checked';
  /** Why it does not help, or was not tried; absent where the fix is no change of the topology. */
  readonly why?: string;
  /** Where the packet gets to with it: the next blocker, or null where none is left. Of `admits` alone. */
  readonly next?: NextBlocker | null;
}

export interface NextBlocker {
  readonly code: string;
  readonly device: string;
  /** Of the second trace. */
  readonly hop: number | null;
  readonly direction: 'forward' | 'reply';
}

export interface AfterFixes {
  readonly verdict: Verdict;
  readonly blockers: readonly NextBlocker[];
}

/** What the application sees. `kind` is stable: `connected`, `refused`, `timeout`, `icmp-TYPE`, `http-STATUS`,
 *  `reply`, `sent`, `hangs`, `message-too-long`, `not-running`, `mixed`, `unknown`. */
export interface Symptom {
  readonly kind: string;
  readonly text: string;
}
