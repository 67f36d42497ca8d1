/** Where a device stands: the boxes that a diagram nests around it. A trace names devices only, so the world that
 *  made the trace says what surrounds them. */

export type BoxKind =
  | 'account'
  | 'region'
  | 'vpc'
  | 'az'
  | 'subnet'
  | 'node'
  | 'pod'
  | 'eni'
  | 'gateway'
  | 'balancer'
  | 'premises'
  | 'outside';

export interface Box {
  /** `kind/id`, unique among the boxes with the same parents. */
  readonly id: string;
  readonly kind: BoxKind;
  readonly label: string;
  /** Second, quieter line: an address, a CIDR, an instance type. */
  readonly detail?: string;
  /** A subnet with a route to an internet gateway. */
  readonly public?: boolean;
}

export interface Surroundings {
  /** Boxes around a device (`kind/id`), outermost first. The device's own box may be the last. */
  boxesOf(device: string): readonly Box[];
  /** What else is there and the path does not touch: "12 nodes", "340 pods". */
  readonly others?: readonly string[];
}

/** For a trace whose world is not at hand. */
export const noSurroundings: Surroundings = { boxesOf: () => [] };
