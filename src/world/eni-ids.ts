/** Names of the interfaces of nodes. */

/** The id of a node's interface: the node's name for the primary one, `name/device` for the others of its card, and
 *  `name/card.device` on further cards. */
export function nodeEniId(node: string, card: number, device: number): string {
  if (card > 0) return `${node}/${card}.${device}`;
  return device === 0 ? node : `${node}/${device}`;
}

/** The id of a branch ENI: the node's name and the number of its VLAN on the node's trunk. */
export function branchEniId(node: string, vlan: number): string {
  return `${node}/vlan.${vlan}`;
}
