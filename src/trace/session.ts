/** Sessions of a trace: what stateful devices remember of a flow (security groups, conntrack, NAT, load balancers).
 *  Append-only with a parent pointer: a branch holds the number of its newest session and sees those before it, so
 *  branches share what they have in common and a checkpoint is one number. The newest record of a flow wins. */

const WIDTH = 13;

/** Which direction of a session a packet belongs to. */
export const ORIGINAL = 0;
export const REPLY = 1;

export class Sessions {
  #data = new Int32Array(WIDTH * 64);
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  /** Adds a session; returns its number, the new head. */
  add(
    head: number,
    device: number,
    kind: number,
    protocol: number,
    src: number,
    sport: number,
    dst: number,
    dport: number,
    replySrc: number,
    replySport: number,
    replyDst: number,
    replyDport: number,
    mark: number,
  ): number {
    const at = this.#count * WIDTH;
    if (at + WIDTH > this.#data.length) {
      const larger = new Int32Array(this.#data.length * 2);
      larger.set(this.#data);
      this.#data = larger;
    }
    const data = this.#data;
    data[at] = head;
    data[at + 1] = device;
    data[at + 2] = (kind << 8) | protocol;
    data[at + 3] = src;
    data[at + 4] = sport;
    data[at + 5] = dst;
    data[at + 6] = dport;
    data[at + 7] = replySrc;
    data[at + 8] = replySport;
    data[at + 9] = replyDst;
    data[at + 10] = replyDport;
    data[at + 11] = mark;
    data[at + 12] = 0;
    return this.#count++;
  }

  /** The newest session of `device` and `kind` that the tuple belongs to: number * 2 + direction, or -1. */
  find(
    head: number,
    device: number,
    kind: number,
    protocol: number,
    src: number,
    sport: number,
    dst: number,
    dport: number,
  ): number {
    const data = this.#data;
    const tag = (kind << 8) | protocol;
    for (let session = head; session >= 0; session = data[session * WIDTH]!) {
      const at = session * WIDTH;
      if (data[at + 1] !== device || data[at + 2] !== tag) continue;
      if (data[at + 3] === src && data[at + 5] === dst && data[at + 4] === sport && data[at + 6] === dport)
        return session * 2;
      if (data[at + 7] === src && data[at + 9] === dst && data[at + 8] === sport && data[at + 10] === dport)
        return session * 2 + 1;
    }
    return -1;
  }

  /** Whether any device of the branch remembers a flow of one of these kinds. */
  has(head: number, kinds: readonly number[]): boolean {
    for (let session = head; session >= 0; session = this.#data[session * WIDTH]!)
      if (kinds.includes(this.kind(session))) return true;
    return false;
  }

  protocol = (session: number): number => this.#data[session * WIDTH + 2]! & 255;
  kind = (session: number): number => this.#data[session * WIDTH + 2]! >> 8;
  device = (session: number): number => this.#data[session * WIDTH + 1]!;
  src = (session: number): number => this.#data[session * WIDTH + 3]!;
  sport = (session: number): number => this.#data[session * WIDTH + 4]!;
  dst = (session: number): number => this.#data[session * WIDTH + 5]!;
  dport = (session: number): number => this.#data[session * WIDTH + 6]!;
  replySrc = (session: number): number => this.#data[session * WIDTH + 7]!;
  replySport = (session: number): number => this.#data[session * WIDTH + 8]!;
  replyDst = (session: number): number => this.#data[session * WIDTH + 9]!;
  replyDport = (session: number): number => this.#data[session * WIDTH + 10]!;
  mark = (session: number): number => this.#data[session * WIDTH + 11]!;

  /** A newer record of the same session with another mark (connmark). Returns the new head. */
  withMark(head: number, session: number, mark: number): number {
    const data = this.#data;
    const at = session * WIDTH;
    return this.add(
      head,
      data[at + 1]!,
      data[at + 2]! >> 8,
      data[at + 2]! & 255,
      data[at + 3]!,
      data[at + 4]!,
      data[at + 5]!,
      data[at + 6]!,
      data[at + 7]!,
      data[at + 8]!,
      data[at + 9]!,
      data[at + 10]!,
      mark,
    );
  }
}
