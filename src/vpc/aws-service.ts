/** A service of AWS as the public sees it: the regional endpoint of S3, STS, ECR ... with addresses on the internet, which
 *  anybody reaches, and which a gateway endpoint leads to without the internet ("AWS service endpoints", AWS General
 *  Reference). Of its many addresses one stands for all. */
import type { Packet } from '../packet/packet.ts';
import { ICMP, protocolName, TCP } from '../packet/protocol.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { originate } from '../trace/mtu.ts';
import { LOCAL, MATCHED, type Outcome } from '../trace/outcome.ts';
import { drop, note, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { GATEWAY_ENDPOINT_SESSION, isReply } from './flow.ts';
import { INTERNET_MTU } from './mtu.ts';
import { ENDPOINT_FROM_SERVICE, INTERNET_FROM_OUTSIDE, SERVICE_FROM_ENDPOINT } from './ports.ts';

export interface AwsService extends DeviceRecord {
  readonly kind: 'aws-service';
  readonly address: number;
  /** TCP ports that it answers on. */
  readonly ports: readonly number[];
  /** Index of the internet. */
  readonly internet: number;
}

export const awsService = behaviour<AwsService>({
  kind: 'aws-service',
  label: 'AWS service',
  icon: 'aws-service',
  notModelled: [
    'authentication, IAM policies and endpoint policies: a packet arrives, and the service may refuse the request',
    'that a service has many public addresses: one stands for all',
    'IPv6, and endpoints for both families',
  ],
  receive(self, packet, walk) {
    if (walk.port === LOCAL) return originate(walk, packet, INTERNET_MTU) || send(self, walk);
    // The reply to a packet that came by a gateway endpoint returns there: this device remembers which.
    if (walk.port === SERVICE_FROM_ENDPOINT) walk.track(GATEWAY_ENDPOINT_SESSION, self.index, walk.from);
    return answerAsService(self.ports, packet, walk);
  },
});

function send(self: AwsService, walk: Walk): Outcome {
  const flow = walk.findSession(GATEWAY_ENDPOINT_SESSION);
  return isReply(flow)
    ? walk.forward(walk.sessions.mark(flow >> 1), ENDPOINT_FROM_SERVICE)
    : walk.forward(self.internet, INTERNET_FROM_OUTSIDE);
}

/** Takes what is for a service that answers on these TCP ports. */
export function answerAsService(ports: readonly number[], packet: Packet, walk: Walk): Outcome {
  if (packet.protocol === ICMP) walk.remark(answersEcho);
  else if (packet.protocol === TCP && ports.includes(packet.destinationPort)) walk.step(answers, MATCHED);
  else {
    const end = walk.deny(notListening);
    if (end) return end;
  }
  return walk.deliver();
}

const stage = 'AWS service';

const answers = step('service', ({ self, before }) => ({
  stage,
  because: `${self.name} answers on tcp/${before.destinationPort}`,
}));

const answersEcho = note({
  name: 'echo of a service',
  nature: 'assumption',
  word: ({ self }) => `${self.name} answers echo requests`,
});

export const notListening = drop<DeviceRecord & { readonly ports: readonly number[] }>({
  code: 'aws/not-listening',
  means: 'An AWS service does not answer on this port or protocol.',
  causes: ['services of AWS answer HTTPS on tcp/443 (S3 and DynamoDB on tcp/80 as well), and nothing else'],
  look: ['the port of the URL that the SDK or the application uses'],
  word: ({ self, before }) => ({
    stage,
    because: `${self.name} answers on ${self.ports.map((port) => `tcp/${port}`).join(', ')}, not on ${protocolName(before.protocol)}/${before.destinationPort}`,
    fix: `use port ${self.ports[0]} over TCP`,
  }),
});
