/** A network interface as the strata plan it, before devices have numbers. */
import type { Ipv4 } from '../addressing/ip.ts';
import type { Origin } from '../base/origin.ts';

export interface EniPlan {
  /** "node-1", "node-1/1", "nat-a", "NAME/us-east-1a". Unique among interfaces. */
  readonly id: string;
  readonly vpc: string;
  readonly subnet: string;
  readonly az: string;
  /** Kind and id of the device behind it, and by which of its ports it is reached. */
  readonly host: { readonly kind: string; readonly id: string; readonly port: number };
  /** The primary address first. */
  readonly addresses: readonly { readonly address: Ipv4; readonly use: string }[];
  readonly publicAddress: Ipv4 | undefined;
  /** Null where none is possible or none is attached. */
  readonly securityGroups: readonly string[] | null;
  readonly sourceDestCheck: boolean;
  /** "node/node-1", "Service/default/web": what people know it by. */
  readonly owner: string;
  readonly origin: Origin;
}
