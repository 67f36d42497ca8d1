/** A machine outside every VPC: a laptop or an API of somebody else, with a public address on the internet, or a machine in
 *  an on-premises network. */
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { deliverTo, type ListeningPort } from '../trace/listening.ts';
import { originate } from '../trace/mtu.ts';
import { LOCAL } from '../trace/outcome.ts';
import { INTERNET_MTU } from './mtu.ts';

export interface OutsideHost extends DeviceRecord {
  readonly kind: 'host';
  readonly address: number;
  readonly listening: readonly ListeningPort[];
  /** Index of the internet or of its network, and the port there for what comes from a host. */
  readonly network: number;
  readonly networkPort: number;
}

export const outsideHost = behaviour<OutsideHost>({
  kind: 'host',
  label: 'outside host',
  icon: 'host',
  notModelled: ["the host's own firewall and network"],
  receive(self, packet, walk) {
    if (walk.port === LOCAL)
      return originate(walk, packet, INTERNET_MTU) || walk.forward(self.network, self.networkPort);
    return deliverTo(walk, packet, self.listening);
  },
});
