/** Direct Connect: a virtual interface between a gateway of AWS and an on-premises network, with the Direct Connect
 *  gateway in between. */
import { behaviour } from '../trace/device.ts';
import { type Connection, passOn } from './connection.ts';

export interface DirectConnect extends Connection {
  readonly kind: 'direct-connect';
}

export const directConnect = behaviour<DirectConnect>({
  kind: 'direct-connect',
  label: 'Direct Connect',
  icon: 'connection',
  notModelled: [
    'the Direct Connect gateway, its allowed prefixes, and BGP communities',
    'public virtual interfaces',
  ],
  receive: passOn,
});
