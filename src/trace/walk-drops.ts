/** Drop codes of the walk itself: what no single device can see. */
import { drop } from './vocabulary.ts';

/** Hops of one direction of one leg; far beyond any real path. */
export const MAX_HOPS = 128;

export const loop = drop({
  code: 'walk/loop',
  means: 'The packet came back to a device with the same header and mark: it circles until its TTL ends.',
  aws: 'NO_PATH',
  causes: [
    'two middleboxes route to each other',
    'a NAT gateway sits in the subnet whose default route points to it',
  ],
  look: ['the hops that repeat, and the route tables that sent the packet round'],
  word: ({ device, a, b, before }) => ({
    stage: 'loop',
    because:
      b > 0
        ? `back at ${device(a).kind}/${device(a).id} with the same header and mark: every round takes ${b} off its TTL of ${before.ttl}; all but the last round are left out`
        : `back at ${device(a).kind}/${device(a).id} with the same header and mark: the packet circles for ever`,
  }),
});

export const hopLimit = drop({
  code: 'walk/hop-limit',
  means: `The packet passed ${MAX_HOPS} devices without arriving.`,
  causes: ['a loop that changes the header on every round'],
  look: ['the last hops of the path'],
  word: () => ({ stage: 'hop limit', because: `${MAX_HOPS} hops without arriving` }),
});

export const unexpectedReply = drop({
  code: 'walk/unexpected-reply',
  means:
    'The reply reached a host, but not from the address the request was sent to: no socket there expects it.',
  causes: [
    'NAT on the way there was not undone on the way back (asymmetric path, hairpin without masquerading)',
    'the reply was routed to another host that holds the address',
  ],
  look: [
    'the header of the request as sent, and of the reply as it arrives',
    'conntrack -L on the nodes of the path',
  ],
  word: ({ self }) => ({
    stage: 'socket',
    because: `no socket of ${self.kind}/${self.id} expects this reply: it does not mirror the request as it was sent`,
  }),
});
