/** Whether a process takes what arrives: declared ports, and what is assumed where nothing declares one. */
import type { Packet } from '../packet/packet.ts';
import { hasPorts, PORT_UNREACHABLE, protocolName, TCP, UNREACHABLE } from '../packet/protocol.ts';
import { ANSWER_ICMP, ANSWER_RST, MATCHED, type Outcome } from './outcome.ts';
import { drop, note, step } from './vocabulary.ts';
import type { Walk } from './walk.ts';

export interface ListeningPort {
  readonly protocol: number;
  readonly port: number;
  /** What says so: "containerPort of container web". */
  readonly by: string;
}

const assumed = note({
  name: 'listener',
  nature: 'assumption',
  word: ({ self, a, b }) => `a process listens on ${protocolName(a)}/${b} in ${self.kind}/${self.id}`,
});

const socket = step('socket', ({ a, b, before }) => ({
  stage: 'socket',
  because:
    a < 0
      ? 'the reply reaches the socket that waits for it'
      : b >= 0
        ? `a process listens on ${protocolName(a)}/${before.destinationPort}`
        : `assumed: a process listens on ${protocolName(a)}/${before.destinationPort} (nothing declares it)`,
}));

export const notListening = drop({
  code: 'host/not-listening',
  means:
    'The packet arrived, and no process listens on its port: TCP answers with RST, UDP with ICMP port unreachable.',
  causes: [
    'the application listens on another port, or on 127.0.0.1 only',
    'targetPort is not the port of the container',
  ],
  look: [
    'ss -lntup inside the pod',
    'kubectl get pod -o yaml: containerPort, and the targetPort of the Service',
  ],
  word: ({ self, before }) => ({
    stage: 'socket',
    because: `nothing listens on ${protocolName(before.protocol)}/${before.destinationPort} in ${self.kind}/${self.id}`,
  }),
});

/** Takes the packet for a local process of the walk's device, or refuses it. */
export function deliverTo(walk: Walk, packet: Packet, listening: readonly ListeningPort[]): Outcome {
  if (walk.reply || !hasPorts(packet.protocol)) {
    if (walk.reply) walk.step(socket, MATCHED, -1);
    return walk.deliver();
  }
  for (let i = 0; i < listening.length; i++) {
    const port = listening[i]!;
    if (port.port === packet.destinationPort && port.protocol === packet.protocol) {
      walk.step(socket, MATCHED, packet.protocol, i);
      return walk.deliver();
    }
  }
  if (walk.strictListen) {
    const end =
      packet.protocol === TCP
        ? walk.refuse(notListening, ANSWER_RST, 0, 0)
        : walk.refuse(notListening, ANSWER_ICMP, (UNREACHABLE << 8) | PORT_UNREACHABLE, packet.dst);
    return end || walk.deliver();
  }
  walk.remark(assumed, packet.protocol, packet.destinationPort);
  walk.step(socket, MATCHED, packet.protocol, -1);
  return walk.deliver();
}
