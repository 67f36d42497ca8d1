/** What has been told of a network and holds for other packets too. Most texts do not speak of the packet at all: those
 *  are made once. Whether one does is seen by watching what its wording looks at; addresses and ports are never part of
 *  what is remembered. */
import type { Position } from '../base/issue.ts';
import type { Locate } from '../base/origin.ts';
import type { DeviceRecord, Network } from './device.ts';
import type { Hop, TraceStep } from './trace.ts';
import type { DropText, PacketView, Wording } from './vocabulary.ts';

export interface Denial {
  readonly drop: number;
  readonly device: number;
  readonly text: DropText;
  readonly at: Position | undefined;
}

export interface Told {
  readonly step: TraceStep;
  readonly denial: Denial | undefined;
}

const PACKET = 1;
const SMALL = 2;

/** A view that tells which of its fields were looked at: those that differ between flows, or the small ones. Own
 *  accessors, so that a copy made by spreading has looked at everything. */
class WatchedView implements PacketView {
  looked = 0;
  #view!: PacketView;
  declare readonly protocol: number;
  declare readonly src: number;
  declare readonly dst: number;
  declare readonly sourcePort: number;
  declare readonly destinationPort: number;
  declare readonly ttl: number;
  declare readonly mark: number;
  declare readonly free: number;

  constructor() {
    for (const field of ['src', 'dst', 'sourcePort', 'destinationPort'] as const) this.#expose(field, PACKET);
    for (const field of ['protocol', 'ttl', 'mark', 'free'] as const) this.#expose(field, SMALL);
  }

  watch(view: PacketView): this {
    this.#view = view;
    this.looked = 0;
    return this;
  }

  #expose(field: keyof PacketView, kind: number): void {
    const get = (): number => {
      this.looked |= kind;
      return this.#view[field];
    };
    Object.defineProperty(this, field, { get, enumerable: true });
  }
}

/** One remembered text: the record it was made of, and the small fields where it looked at them. */
interface Remembered {
  readonly device: number;
  readonly numbers: readonly number[];
  /** Protocol, TTLs, marks and free bits before and after. */
  readonly small: readonly number[] | undefined;
  readonly told: Told;
  readonly next: Remembered | undefined;
}

export class Memory {
  readonly locate: Locate;
  readonly #before = new WatchedView();
  readonly #after = new WatchedView();
  /** Handed to one wording function after the other; none of them keeps it. */
  readonly #wording: { -readonly [K in keyof Wording]: Wording[K] };
  readonly #texts = new Map<number, Remembered>();
  readonly #names = new Map<number, string>();
  readonly #once = new Map<string, string>();
  readonly #devices: Hop['device'][] = [];
  readonly #fabric = new Set<Hop['device']>();

  constructor(network: Network, locate: Locate) {
    this.locate = locate;
    const device = (index: number): DeviceRecord => network.devices[index]!;
    this.#wording = {
      self: network.devices[0]!,
      a: 0,
      b: 0,
      c: 0,
      d: 0,
      before: this.#before,
      after: this.#after,
      device,
    };
  }

  /** What the wording of the record at `at` may look at, and is watched looking at. */
  wordingOf(
    self: DeviceRecord,
    data: Int32Array,
    at: number,
    before: PacketView,
    after: PacketView,
  ): Wording {
    const wording = this.#wording;
    wording.self = self;
    wording.a = data[at + 1]!;
    wording.b = data[at + 2]!;
    wording.c = data[at + 3]!;
    wording.d = data[at + 4]!;
    this.#before.watch(before);
    this.#after.watch(after);
    return wording;
  }

  /** What was told of the record at `at` in `data`, if it holds for this packet. */
  recall(
    device: number,
    data: Int32Array,
    at: number,
    before: PacketView,
    after: PacketView,
  ): Told | undefined {
    for (let one = this.#texts.get(hashOf(device, data, at)); one !== undefined; one = one.next) {
      const { numbers } = one;
      if (
        one.device === device &&
        numbers[0] === data[at] &&
        numbers[1] === data[at + 1] &&
        numbers[2] === data[at + 2] &&
        numbers[3] === data[at + 3] &&
        numbers[4] === data[at + 4] &&
        (one.small === undefined || sameSmall(one.small, before, after))
      )
        return one.told;
    }
    return undefined;
  }

  /** Remembers what was just told, unless its wording looked at addresses or ports. */
  keep(
    device: number,
    data: Int32Array,
    at: number,
    before: PacketView,
    after: PacketView,
    told: Told,
  ): void {
    const looked = this.#before.looked | this.#after.looked;
    if (looked & PACKET) return;
    const hash = hashOf(device, data, at);
    this.#texts.set(hash, {
      device,
      numbers: [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!, data[at + 4]!],
      small: looked & SMALL ? smallOf(before, after) : undefined,
      told,
      next: this.#texts.get(hash),
    });
  }

  /** `kind/id`. */
  nameOf({ index, kind, id }: DeviceRecord): string {
    let name = this.#names.get(index);
    if (name === undefined) {
      name = `${kind}/${id}`;
      this.#names.set(index, name);
    }
    return name;
  }

  /** A text that depends on nothing but what its key says. */
  once(key: string, make: () => string): string {
    let text = this.#once.get(key);
    if (text === undefined) {
      text = make();
      this.#once.set(key, text);
    }
    return text;
  }

  /** How hops show a device: the same object in all of them. */
  deviceText({ index, kind, id, name, fabric }: DeviceRecord): Hop['device'] {
    let text = this.#devices[index];
    if (text === undefined) {
      text = { kind, id, name };
      this.#devices[index] = text;
      if (fabric) this.#fabric.add(text);
    }
    return text;
  }

  isFabric(device: Hop['device']): boolean {
    return this.#fabric.has(device);
  }
}

function hashOf(device: number, data: Int32Array, at: number): number {
  let hash = Math.imul(device ^ 0x9e3779b9, 0x85ebca6b) ^ data[at]!;
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) ^ data[at + 1]!;
  hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b) ^ data[at + 2]!;
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35) ^ data[at + 3]!;
  return Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f) ^ data[at + 4]!;
}

function smallOf(before: PacketView, after: PacketView): number[] {
  return [before.protocol, before.ttl, before.mark, before.free, after.ttl, after.mark, after.free];
}

function sameSmall(small: readonly number[], before: PacketView, after: PacketView): boolean {
  return (
    small[0] === before.protocol &&
    small[1] === before.ttl &&
    small[2] === before.mark &&
    small[3] === before.free &&
    small[4] === after.ttl &&
    small[5] === after.mark &&
    small[6] === after.free
  );
}

const memories = new WeakMap<Network, Memory>();

export function memoryOf(network: Network, locate: Locate): Memory {
  let memory = memories.get(network);
  if (memory?.locate !== locate) {
    memory = new Memory(network, locate);
    memories.set(network, memory);
  }
  return memory;
}
