/** A machine outside every VPC: a laptop, an API of somebody else. It has a public address and sits on the internet. */
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { deliverTo, type ListeningPort } from '../trace/listening.ts';
import { originate } from '../trace/mtu.ts';
import { LOCAL } from '../trace/outcome.ts';
import { INTERNET_MTU } from './mtu.ts';
import { INTERNET_FROM_OUTSIDE } from './ports.ts';

export interface OutsideHost extends DeviceRecord {
  readonly kind: 'host';
  readonly address: number;
  readonly listening: readonly ListeningPort[];
  /** Index of the internet. */
  readonly internet: number;
}

export const outsideHost = behaviour<OutsideHost>({
  kind: 'host',
  label: 'outside host',
  icon: 'host',
  notModelled: ["the host's own firewall and network"],
  receive(self, packet, walk) {
    if (walk.port === LOCAL)
      return originate(walk, packet, INTERNET_MTU) || walk.forward(self.internet, INTERNET_FROM_OUTSIDE);
    return deliverTo(walk, packet, self.listening);
  },
});
