/** Names of a node's network interfaces by the AMI's udev rules. Unsure for AL2023 beyond the first network card. */

/** By PCI slot, which starts at 5 on Nitro (AL2023, Bottlerocket), or by order (AL2). */
export type PrimaryInterface = 'ens5' | 'eth0';

/** "ens6" or "eth1" for device 1. */
export function interfaceName(device: number, primary: PrimaryInterface): string {
  return `${primary.slice(0, 3)}${Number(primary.slice(3)) + device}`;
}
