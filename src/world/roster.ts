/** Gives every device its number. Numbers are handed out before records are made, since records name their neighbours
 *  by number. */
import { assert } from '../base/assert.ts';
import type { Behaviour, DeviceRecord } from '../trace/device.ts';

/** A record with what treats its packets. */
interface Placed {
  readonly record: DeviceRecord;
  readonly receive: Behaviour['receive'];
}

export class Roster {
  readonly #indexOf: Map<string, number>;
  readonly #placed: (Placed | undefined)[] = [];

  /** `numbers` are those of an earlier roster with the same devices, or an empty map to be filled. */
  constructor(numbers: Map<string, number>) {
    this.#indexOf = numbers;
  }

  /** The number of `kind/id`, given at first mention. */
  index(kind: string, id: string): number {
    const name = `${kind}/${id}`;
    let index = this.#indexOf.get(name);
    if (index === undefined) {
      index = this.#indexOf.size;
      this.#indexOf.set(name, index);
    }
    return index;
  }

  /** Fills the place of `record.kind/record.id`. */
  place<D extends DeviceRecord>(behaviour: Behaviour<D>, record: D): D {
    assert(
      this.index(record.kind, record.id) === record.index,
      `${record.kind}/${record.id} has the wrong number`,
    );
    this.#put({ record, receive: behaviour.receive as Behaviour['receive'] });
    return record;
  }

  /** What `wire` places, without keeping it here. */
  placedBy(wire: (roster: Roster) => void): readonly Placed[] {
    const part = new Roster(this.#indexOf);
    wire(part);
    return part.#placed.filter((placed) => placed !== undefined);
  }

  /** Takes over records that were placed before. */
  adopt(placed: readonly Placed[]): void {
    for (const one of placed) this.#put(one);
  }

  #put(placed: Placed): void {
    const { index, kind, id } = placed.record;
    assert(this.#placed[index] === undefined, `two devices are called ${kind}/${id}`);
    this.#placed[index] = placed;
  }

  devices(): DeviceRecord[] {
    return this.#all().map(({ record }) => record);
  }

  receivers(): Behaviour['receive'][] {
    return this.#all().map(({ receive }) => receive);
  }

  #all(): readonly Placed[] {
    for (const [name, index] of this.#indexOf)
      assert(this.#placed[index], `${name} was named but never made`);
    return this.#placed as Placed[];
  }

  indexes(): ReadonlyMap<string, number> {
    return this.#indexOf;
  }
}
