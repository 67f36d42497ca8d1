/** What a host does with packets larger than its links take (ip_forward, ip_fragment, ip_append_data). */
import { cut, mayBeCut, originate, tooBigPacket } from '../trace/mtu.ts';
import type { Outcome } from '../trace/outcome.ts';
import type { Flow } from './flow.ts';
import { confirmForAnswer } from './netfilter/conntrack.ts';
import { rejectSource } from './routing/reject-source.ts';
import { LOOPBACK } from './routing/routing.ts';

/** Of the interfaces of EC2 instances: DHCP says so (option 26). */
const EC2_MTU = 9001;
const LOOPBACK_MTU = 65536;

/** MTU of the interface that the packet is about to leave by, or of the route. */
function mtuOfWay({ host, way, route }: Flow): number {
  return Math.min(mtuOf(host, way), host.routing.routes[route]?.mtu ?? LOOPBACK_MTU);
}

function mtuOf({ interfaces }: Flow['host'], port: number): number {
  return interfaces[port]?.mtu ?? (port === LOOPBACK ? LOOPBACK_MTU : EC2_MTU);
}

/** A network card and a veth take no frame above their own MTU, and tell nobody (is_skb_forwardable; tried with veths,
 *  taken to hold for ENA). */
export function checkIncoming({ host, inPort, packet, walk }: Flow): Outcome | 0 {
  const mtu = mtuOf(host, inPort);
  return packet.size > mtu ? walk.deny(tooBigPacket, packet.size, mtu, 0) : 0;
}

/** ip_forward: what must not be cut is dropped before the chains of FORWARD see it. */
export function checkForwarded(flow: Flow): Outcome | 0 {
  const { packet, walk } = flow;
  const mtu = mtuOfWay(flow);
  if (packet.size <= mtu || mayBeCut(packet)) return 0;
  confirmForAnswer(flow);
  return walk.stopTooBig(tooBigPacket, mtu, {
    address: rejectSource(flow),
    device: flow.host.index,
    port: 0,
  });
}

/** ip_finish_output: what is too large is cut; a host's own packets are made to fit. */
export function fit(flow: Flow): Outcome | 0 {
  const { packet, walk, inPort } = flow;
  const mtu = mtuOfWay(flow);
  if (inPort < 0) return originate(walk, packet, mtu);
  if (packet.size > mtu) cut(walk, packet, mtu);
  return 0;
}
