/** Site-to-Site VPN connection: two IPsec tunnels between a gateway of AWS and a customer gateway. */
import { behaviour } from '../trace/device.ts';
import { clampSegments, tooBig } from '../trace/mtu.ts';
import { type Connection, passOn } from './connection.ts';
import { VPN_MTU } from './mtu.ts';

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
  ],
  receive(self, packet, walk) {
    // "Best practices for your customer gateway device": it lowers the segment size, as no side is told of large packets.
    clampSegments(walk, packet, VPN_MTU);
    if (packet.size > VPN_MTU) {
      const end = tooBig(walk, packet, VPN_MTU);
      if (end) return end;
    }
    return passOn(self, packet, walk);
  },
});
