/** Zonal NAT gateway: it stands in a subnet, behind an interface without security groups or source/destination check.
 *  A public one gets its public addresses at the internet gateway ("NAT gateways", Amazon VPC guide). */
import { behaviour } from '../trace/device.ts';
import { type Nat, translate } from './nat.ts';
import { type BehindInterface, send } from './own-interface.ts';

export interface NatGateway extends Nat, BehindInterface {
  readonly kind: 'nat-gateway';
}

export const natGateway = behaviour<NatGateway>({
  kind: 'nat-gateway',
  label: 'NAT gateway',
  icon: 'nat-gateway',
  notModelled: [
    'exhaustion of ports: pods that share an address are counted, connections are not; pods of other VPCs, behind a transit gateway, are not counted',
  ],
  receive: (self, packet, walk) => translate(self, packet, walk, send),
});
