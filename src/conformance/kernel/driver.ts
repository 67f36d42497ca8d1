/** The process that sends the packets (driver.py), and what it answers. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Where npm runs scripts: the root of the repository. */
const SCRIPT = join('src', 'conformance', 'kernel', 'driver.py');

/** An IPv4 header as netlink shows it, with the first fields of what it carries. */
export interface KernelHeader {
  readonly protocol: number;
  readonly src: string;
  readonly dst: string;
  readonly ttl: number;
  /** For ICMP echo: the identifier. */
  readonly sport?: number;
  readonly dport?: number;
  /** Of TCP. */
  readonly flags?: number;
  /** First chunk of SCTP. */
  readonly chunk?: number;
  /** First byte of what UDP carries: "Q" asks, "R" answers. */
  readonly payload?: string;
  /** Of ICMP. */
  readonly type?: number;
  readonly code?: number;
}

/** A rule that held, or the policy that decided in the end. */
export interface KernelStep {
  readonly chain: string;
  readonly mark: number;
  readonly handle?: number;
  readonly policy?: number;
}

/** One packet in one base chain. */
export interface KernelCall {
  readonly namespace: string;
  readonly table: string;
  readonly chain: string;
  readonly in: string;
  readonly out: string;
  readonly packet: KernelHeader;
  readonly mark: number;
  readonly steps: readonly KernelStep[];
}

/** What the client's socket says. */
export type ClientResult =
  | { readonly kind: 'connected' | 'reset' | 'nothing' }
  | { readonly kind: 'reply'; readonly from: readonly [string, number] }
  | { readonly kind: 'icmp'; readonly type: number; readonly code: number; readonly from: string }
  | { readonly kind: 'error'; readonly errno: string };

export interface KernelFlow {
  readonly client: ClientResult;
  /** What processes were handed: the addresses and ports that accept and recvmsg tell. */
  readonly seen: readonly {
    readonly namespace: string;
    readonly peer: readonly [string, number];
    readonly local: readonly [string, number];
  }[];
  readonly calls: readonly KernelCall[];
}

export interface FlowOrder {
  /** Namespace. */
  readonly from: string;
  readonly protocol: number;
  readonly src: string;
  readonly sport: number;
  readonly dst: string;
  readonly dport: number;
  readonly ttl: number;
  /** Milliseconds after which nothing more is waited for. */
  readonly wait: number;
  /** Namespaces whose lists of recent addresses are emptied before. */
  readonly forget: readonly string[];
}

export interface Tuple {
  readonly protocol: number;
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
}

export interface Connection {
  readonly original: Tuple;
  readonly reply: Tuple;
  readonly mark: number;
}

export interface OpenOrder {
  readonly name: string;
  readonly listen: readonly (readonly [protocol: number, port: number])[];
  /** Its kernel has rules, so that it tracks connections. */
  readonly rules: boolean;
}

/** Handles of the rules of a namespace, by "table chain", in order. */
export type RuleHandles = Readonly<Record<string, readonly number[]>>;

export class Driver {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #complaint = '';

  constructor() {
    this.#process = spawn('python3', [SCRIPT]);
    this.#process.stderr.on('data', (text: Buffer) => {
      this.#complaint += text.toString();
    });
    // A driver that ends early is noticed where its answer is missing.
    this.#process.on('error', (error) => {
      this.#complaint += error.message;
    });
    this.#process.stdin.on('error', () => {});
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async open(namespaces: readonly OpenOrder[]): Promise<Readonly<Record<string, RuleHandles>>> {
    return (await this.#ask<{ rules: Record<string, RuleHandles> }>({ op: 'open', namespaces })).rules;
  }

  flow(order: FlowOrder): Promise<KernelFlow> {
    return this.#ask<KernelFlow>({ op: 'flow', ...order });
  }

  async connections(namespaces: readonly string[]): Promise<Readonly<Record<string, readonly Connection[]>>> {
    const answer = await this.#ask<{ connections: Record<string, Connection[]> }>({
      op: 'connections',
      namespaces,
    });
    return answer.connections;
  }

  /** Runs a program inside a namespace; gives its standard output. */
  async run(namespace: string, command: readonly string[], input: string): Promise<string> {
    return (await this.#ask<{ out: string }>({ op: 'run', namespace, command, input })).out;
  }

  /** Ends the process, and with it everything it holds open. */
  close(): void {
    this.#process.stdin.end();
    this.#process.kill();
  }

  async #ask<T>(order: object): Promise<T> {
    this.#process.stdin.write(`${JSON.stringify(order)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`the packet driver ended: ${this.#complaint.trim()}`);
    const answer = JSON.parse(value as string) as T & { failure?: string; where?: string };
    if (answer.failure !== undefined)
      throw new Error(`the packet driver failed: ${answer.failure}\n${answer.where ?? ''}`);
    return answer;
  }
}
