/** Words for what stands outside of hops: devices, choices, and the notes of a path. */
import type { ChoiceMade, NoteMet } from './branch.ts';
import type { DeviceRecord, Network } from './device.ts';
import type { Memory } from './memory.ts';
import type { Path } from './trace.ts';
import { choiceOf, noteOf, type PacketView, type Wording } from './vocabulary.ts';

const nothing: PacketView = {
  protocol: 0,
  src: 0,
  dst: 0,
  sourcePort: 0,
  destinationPort: 0,
  ttl: 0,
  mark: 0,
  free: 0,
};

export class Words {
  readonly #network: Network;
  readonly #memory: Memory;

  constructor(network: Network, memory: Memory) {
    this.#network = network;
    this.#memory = memory;
  }

  /** `kind/id`. */
  device(index: number): string {
    const device = this.#network.devices[index];
    return device ? this.#memory.nameOf(device) : '-';
  }

  choice(made: ChoiceMade): string {
    const { choice, device, picked, count, a, b } = made;
    return this.#memory.once(`c ${choice} ${device} ${picked} ${count} ${a} ${b}`, () =>
      choiceOf(choice).word({ ...this.#wording(device, a, b), picked, count }),
    );
  }

  notes(notes: NoteMet | undefined): Pick<Path, 'assumptions' | 'notModelled' | 'remarks'> {
    const assumptions: string[] = [];
    const notModelled: string[] = [];
    const remarks: string[] = [];
    for (let met = notes; met; met = met.previous) {
      const { note, device, a, b } = met;
      const definition = noteOf(note);
      const text = this.#memory.once(`n ${note} ${device} ${a} ${b}`, () =>
        definition.word(this.#wording(device, a, b)),
      );
      const list =
        definition.nature === 'assumption'
          ? assumptions
          : definition.nature === 'limit'
            ? notModelled
            : remarks;
      if (!list.includes(text)) list.unshift(text);
    }
    return { assumptions, notModelled, remarks };
  }

  #wording(device: number, a: number, b: number): Wording {
    const { devices } = this.#network;
    return {
      self: devices[device]!,
      a,
      b,
      c: 0,
      d: 0,
      before: nothing,
      after: nothing,
      device: (index: number): DeviceRecord => devices[index]!,
    };
  }
}
