/** Names of a node's network interfaces by the AMI's udev rules. Unsure for AL2023 beyond the first network card. */

export type NodeImage = 'al2023' | 'al2';

/** AL2023 names by PCI slot, which starts at 5 on Nitro. */
const FIRST_SLOT = 5;

/** "ens5" or "eth0" for device 0. */
export function interfaceName(device: number, image: NodeImage): string {
  return image === 'al2' ? `eth${device}` : `ens${FIRST_SLOT + device}`;
}
