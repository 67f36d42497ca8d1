/** How a device of this folder reads a neighbour's record. The world wires kinds as the record types say, so the cast
 *  holds by construction; it is made here and nowhere else. */
import type { DeviceRecord } from '../trace/device.ts';
import type { Walk } from '../trace/walk.ts';

/** The record of device `index`, which the world built as a `D`. */
export function neighbour<D extends DeviceRecord>(walk: Walk, index: number): D {
  return walk.network.devices[index] as D;
}

/** What has a place in a subnet: a network interface. */
export interface InSubnet extends DeviceRecord {
  /** Index of its subnet. */
  readonly subnet: number;
}

/** The name of the VPC that something in a subnet is in. */
export function vpcOf({ subnet }: InSubnet, device: (index: number) => DeviceRecord): string {
  return device((device(subnet) as InVpc).router).id;
}

/** What is in a VPC: a subnet. */
interface InVpc extends DeviceRecord {
  /** Index of the VPC's router, whose id is the VPC's name. */
  readonly router: number;
}

/** `kind/id`, as people name a device. */
export function nameOf(device: DeviceRecord): string {
  return `${device.kind}/${device.id}`;
}
