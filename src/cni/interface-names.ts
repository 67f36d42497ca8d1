/** Names of a node's network interfaces by the AMI's udev rules. Unsure for AL2023 beyond the first network card. */

/** By PCI slot, which starts at 5 on Nitro (AL2023, Bottlerocket), or by order (AL2). */
export type PrimaryInterface = 'ens5' | 'eth0';

/** Device numbers that a card is taken to have room for. */
const DEVICES_PER_CARD = 32;

/** "ens6" or "eth1" for device 1 of the first network card. */
export function interfaceName(device: number, primary: PrimaryInterface, card = 0): string {
  return `${primary.slice(0, 3)}${Number(primary.slice(3)) + card * DEVICES_PER_CARD + device}`;
}
