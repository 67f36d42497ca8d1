/** Early demultiplexing (ip_rcv_finish_core, tcp_v4_early_demux, udp_v4_early_demux): before it looks for a route, the
 *  kernel looks whether a packet belongs to a connected socket of its own, and what has got a socket is not forwarded
 *  (ip_forward). That only shows where rules send packets for the host itself on, as the VPC CNI's strict mode of
 *  security groups for pods does. */
import { TCP, UDP } from '../packet/protocol.ts';
import { mirrors } from '../trace/mirror.ts';
import type { Outcome } from '../trace/outcome.ts';
import { choice, drop } from '../trace/vocabulary.ts';
import type { Flow } from './flow.ts';
import type { LinuxHost } from './linux-record.ts';
import { isLocalAddress } from './routing/routing.ts';

/** Judges a packet that the host is about to forward. */
export function checkEarlyDemux(flow: Flow): Outcome | 0 {
  const { host, packet, walk } = flow;
  const { protocol } = packet;
  // With the local table first nothing that is for the host itself comes here.
  if (host.routing.localFirst || packet.isError || !isLocalAddress(host, packet.dst)) return 0;
  if ((protocol !== TCP && protocol !== UDP) || !isOn(host, protocol)) return 0;
  if (walk.reply) {
    if (walk.device !== walk.leg.source || !mirrors(packet, walk.leg)) return 0;
    if (protocol === UDP && walk.choose(connectedSocket, 2, undefined) === 1) return 0;
    return walk.deny(earlyDemux, 0);
  }
  // The first packet finds a socket that listens, which does not count; the next one finds a connection.
  return protocol === TCP && listens(flow) ? walk.deny(earlyDemux, 1) : 0;
}

function isOn({ sysctls }: LinuxHost, protocol: number): boolean {
  const key = protocol === TCP ? 'tcp_early_demux' : 'udp_early_demux';
  return ['ip_early_demux', key].every(
    (name) => (sysctls[`net.ipv4.${name}`] ?? sysctls[`net/ipv4/${name}`]) !== '0',
  );
}

/** Whether the packet, once it has come back by the way it is sent, is answered by a socket. */
function listens({ host, packet, walk }: Flow): boolean {
  return (
    !walk.strictListen ||
    host.listening.some(({ protocol, port }) => protocol === TCP && port === packet.destinationPort)
  );
}

const connectedSocket = choice<LinuxHost>({
  name: 'host/connected-socket',
  nature: 'unknown',
  word: ({ self }) =>
    `whether the UDP socket on ${self.kind}/${self.id} is connected, as resolvers do it (connect(2)): then early demux finds it`,
});

/** a: 1 where the sender's next packet is lost, not this one. */
export const earlyDemux = drop<LinuxHost>({
  code: 'host/early-demux',
  means:
    'The kernel found a socket of its own for a packet that its routes send on (early demux), and it forwards no packet that has a socket.',
  // Of a request; where the reply is lost the connection does not come about.
  symptom: {
    kind: 'timeout',
    text: 'connected, then nothing: the far end never sees the handshake completed',
  },
  causes: [
    'strict security groups for pods: the packets between a node and its own pods leave the node and come back, and DISABLE_TCP_EARLY_DEMUX is not true',
    'UDP from a connected socket of the node, which no setting of the VPC CNI helps',
  ],
  look: [
    'sysctl net.ipv4.tcp_early_demux   (on the node)',
    'kubectl get ds aws-node -n kube-system -o yaml: DISABLE_TCP_EARLY_DEMUX of the init container',
    'ip rule   (rules with iif before the local table)',
  ],
  word: ({ self, a, before }) => ({
    stage: 'socket lookup',
    because:
      a === 1
        ? `this packet is sent on, but once ${self.kind}/${self.id} has answered, the sender's next one finds the connection's socket here, and what has a socket is not forwarded`
        : `the packet belongs to a socket of ${self.kind}/${self.id}, and what has a socket is not forwarded`,
    fix:
      before.protocol === TCP
        ? 'set DISABLE_TCP_EARLY_DEMUX=true in the environment of aws-node, or POD_SECURITY_GROUP_ENFORCING_MODE=standard'
        : `sysctl -w net.ipv4.udp_early_demux=0 on ${self.kind}/${self.id}, or POD_SECURITY_GROUP_ENFORCING_MODE=standard`,
  }),
});
