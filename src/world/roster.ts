/** Gives every device its number. Numbers are handed out before records are made, since records name their neighbours
 *  by number. */
import { assert } from '../base/assert.ts';
import type { Behaviour, DeviceRecord } from '../trace/device.ts';

export class Roster {
  readonly #indexOf = new Map<string, number>();
  readonly #records: (DeviceRecord | undefined)[] = [];
  readonly #receivers: Behaviour['receive'][] = [];

  /** The number of `kind/id`, given at first mention. */
  index(kind: string, id: string): number {
    const name = `${kind}/${id}`;
    const known = this.#indexOf.get(name);
    if (known !== undefined) return known;
    const index = this.#records.push(undefined) - 1;
    this.#indexOf.set(name, index);
    return index;
  }

  /** Fills the place of `record.kind/record.id`. */
  place<D extends DeviceRecord>(behaviour: Behaviour<D>, record: D): D {
    assert(
      this.index(record.kind, record.id) === record.index,
      `${record.kind}/${record.id} has the wrong number`,
    );
    assert(this.#records[record.index] === undefined, `two devices are called ${record.kind}/${record.id}`);
    this.#records[record.index] = record;
    this.#receivers[record.index] = behaviour.receive as Behaviour['receive'];
    return record;
  }

  devices(): DeviceRecord[] {
    for (const [name, index] of this.#indexOf)
      assert(this.#records[index], `${name} was named but never made`);
    return this.#records as DeviceRecord[];
  }

  receivers(): readonly Behaviour['receive'][] {
    return this.#receivers;
  }

  indexes(): ReadonlyMap<string, number> {
    return this.#indexOf;
  }
}
