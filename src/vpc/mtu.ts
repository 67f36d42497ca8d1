/** The largest packets that AWS's devices take ("Network maximum transmission unit (MTU) for your EC2 instance"; the
 *  pages of each gateway). A device with an MTU has one line, before it changes the packet:
 *
 *    if (packet.size > TRANSIT_GATEWAY_MTU) { const end = tooBig(walk, packet, TRANSIT_GATEWAY_MTU, teller); if (end) return end; }
 *
 *  `tooBig` is that of trace/mtu.ts. `teller` is where its ICMP error enters the network on the side that the packet came
 *  from: for a gateway of a VPC `{ address: 0, device: self.router, port: NO_TABLE }`, as what comes in by the gateway;
 *  left out where AWS says that the device tells nobody. Which address the error comes from is not documented: 0 is the
 *  packet's own destination. A device that
 *  clamps the segments of TCP handshakes (a transit gateway) calls `clampSegments(walk, packet, MTU)`.
 *  A device that makes packets of its own calls `originate` before it sends (sendOwn in own-interface.ts does). */

/** Interfaces, and everything inside a VPC: jumbo frames. */
export const VPC_MTU = 9001;
/** Internet gateways, egress-only ones, NAT gateways, VPN connections. */
export const INTERNET_MTU = 1500;
/** Of a peering inside a Region it is that of the interfaces. */
export const INTER_REGION_PEERING_MTU = 8500;
/** Between VPCs, Direct Connect and Connect attachments and peerings ("Transit gateway quotas", MTU); its handshakes are
 *  clamped. It tells the sender of what came by a VPC or Connect attachment, and of no other. */
export const TRANSIT_GATEWAY_MTU = 8500;
/** Inside a VPN tunnel, what is left of 1500 bytes; depends on the algorithms: the largest that AWS names. */
export const VPN_MTU = 1446;
/** "AWS PrivateLink concepts": 8500 bytes; it does not say that the sender is told of more. */
export const INTERFACE_ENDPOINT_MTU = 8500;
