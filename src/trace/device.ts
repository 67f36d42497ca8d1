/** The contract of every device: a plain record, and a behaviour that treats packets.
 *  `receive` is straight-line code and a pure function of (record, packet, sessions, choices). */
import type { Origin } from '../base/origin.ts';
import type { Packet } from '../packet/packet.ts';
import type { Outcome } from './outcome.ts';
import type { Walk } from './walk.ts';

/** What every device has. Records are plain data; what a device needs in a walk is compiled into its own record. */
export interface DeviceRecord {
  /** Dense number, the device's place in `Network.devices`. */
  readonly index: number;
  readonly kind: string;
  /** Unique among its kind: "node-1", "default/web-0". `kind/id` names the device to people. */
  readonly id: string;
  /** What people call it, where that is more than the id. */
  readonly name: string;
  /** Availability zone, where it has one. */
  readonly az?: string | undefined;
  /** Part of a fabric: which of them a packet crosses says nothing about whether its reply takes the same way. */
  readonly fabric?: boolean | undefined;
  /** One of several ways into the same thing: a load balancer's node, and its network interface. */
  readonly entry?: boolean | undefined;
  readonly origin: Origin;
}

/** Something that treats packets. One object, one file, one line in `world/devices.ts`. */
export interface Behaviour<D extends DeviceRecord = DeviceRecord> {
  readonly kind: string;
  /** How text and diagrams call this kind: "security group", "VPC router". */
  readonly label: string;
  /** Name of the glyph in diagrams. */
  readonly icon: string;
  /** What this device does not model, in the words of docs/fidelity.md. */
  readonly notModelled: readonly string[];
  receive(self: D, packet: Packet, walk: Walk): Outcome;
}

export function behaviour<D extends DeviceRecord>(definition: Behaviour<D>): Behaviour<D> {
  return definition;
}

/** A network ready to be walked: the engine and the walk know nothing else of the world. */
export interface Network {
  readonly devices: readonly DeviceRecord[];
  /** The behaviour's `receive`, by device index. */
  readonly receivers: readonly Behaviour['receive'][];
  /** For each segment (a VPC, the internet) the index of the device that owns an address. */
  readonly owners: readonly ReadonlyMap<number, number>[];
}
