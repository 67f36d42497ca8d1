/** Site-to-Site VPN connection: two IPsec tunnels between a gateway of AWS and a customer gateway. */
import { behaviour } from '../trace/device.ts';
import { type Connection, passOn } from './connection.ts';

export interface VpnConnection extends Connection {
  readonly kind: 'vpn-connection';
}

export const vpnConnection = behaviour<VpnConnection>({
  kind: 'vpn-connection',
  label: 'VPN connection',
  icon: 'connection',
  notModelled: [
    'the tunnels themselves: one of them up is enough, and which one a packet takes is not asked',
    'traffic selectors of policy-based VPNs',
    'MTU of 1446 bytes',
  ],
  receive: passOn,
});
