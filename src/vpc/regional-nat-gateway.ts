/** Regional NAT gateway: it belongs to the VPC and stands in no subnet, has public addresses in each zone it serves and a
 *  route table of its own ("Regional NAT gateways for automatic multi-AZ expansion", Amazon VPC guide). */
import { behaviour } from '../trace/device.ts';
import { type Nat, translate } from './nat.ts';

export interface RegionalNatGateway extends Nat {
  readonly kind: 'regional-nat-gateway';
  /** Number of its route table, as the router has it. */
  readonly routerPort: number;
}

export const regionalNatGateway = behaviour<RegionalNatGateway>({
  kind: 'regional-nat-gateway',
  label: 'regional NAT gateway',
  icon: 'nat-gateway',
  notModelled: [
    'which of its addresses serve which zone',
    'how it grows into a new zone, and the zones that serve others until then',
  ],
  receive: (self, packet, walk) =>
    translate(self, packet, walk, ({ router, routerPort }, { packet: { nextHop } }) => {
      if (nextHop !== 0) walk.setNextHop(0);
      return walk.forward(router, routerPort);
    }),
});
