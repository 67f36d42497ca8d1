import { describe, expect, test } from 'vitest';
import { Packet } from '../../src/packet/packet.ts';
import { ANSWER_RST, LOCAL, PASSED } from '../../src/trace/outcome.ts';
import { choice, drop, note, step } from '../../src/trace/vocabulary.ts';
import { devicesOf, end, network, type Receive, trace, wire } from './toys.ts';

const coin = choice({
  name: 'coin',
  nature: 'chance',
  word: ({ picked, count }) => `side ${picked + 1} of ${count}`,
});
const riddle = choice({ name: 'riddle', nature: 'unknown', word: () => 'whether the riddle is solved' });
const no = drop({
  code: 'toy/no',
  means: 'no',
  causes: [],
  look: [],
  word: () => ({ stage: 'filter', because: 'the filter says no' }),
});
const never = drop({
  code: 'toy/never',
  means: 'no',
  causes: [],
  look: [],
  word: () => ({ stage: 'filter', because: 'never' }),
});
const fog = note({ name: 'fog', nature: 'limit', word: () => 'fog is not modelled' });
const looked = step('look', () => ({ stage: 'look', because: 'looked' }));

const deny =
  (code: typeof no, when: (reply: boolean) => boolean = (reply) => !reply): Receive =>
  (self, packet, walk) => {
    if (when(walk.reply)) {
      const stop = walk.deny(code);
      if (stop) return stop;
    }
    return wire(self, packet, walk);
  };

describe('a round trip', () => {
  test('is reachable when the packet is delivered and its reply arrives', () => {
    const told = trace(network({ a: end, r: wire, b: end }));
    expect(told.verdict).toBe('reachable');
    expect(told.exitCode).toBe(0);
    expect(devicesOf(told.paths[0]!.hops)).toBe('a r b');
    expect(devicesOf(told.paths[0]!.reply.hops)).toBe('b r a');
    expect(told.paths[0]!.symptom.kind).toBe('connected');
  });

  test('whose reply is lost is unreachable, though the request is delivered', () => {
    const told = trace(network({ a: end, f: deny(no, (reply) => reply), b: end }));
    expect(told.verdict).toBe('unreachable');
    expect(told.paths[0]).toMatchObject({
      disposition: 'delivered',
      reply: { disposition: 'dropped', code: 'toy/no', device: 'toy/f' },
    });
    expect(told.symptom.kind).toBe('timeout');
    expect(told.blockers).toMatchObject([{ direction: 'reply', code: 'toy/no', hop: 5 }]);
  });

  test('that nobody answers is one-way', () => {
    expect(trace(network({ a: end, b: end }), { expectsReply: false }).verdict).toBe('one-way');
  });

  test('fails when the reply comes from another address than the request was sent to', () => {
    const nat: Receive = (self, packet, walk) => {
      if (!walk.reply) walk.rewriteDestination(99, 8080);
      return wire(self, packet, walk);
    };
    const told = trace(network({ a: end, nat, b: end }));
    expect(told.verdict).toBe('unreachable');
    expect(told.paths[0]!.reply.code).toBe('walk/unexpected-reply');
  });
});

describe('a denial', () => {
  test('ends the path, and what lies beyond is walked as a ghost that only finds further blockers', () => {
    const told = trace(network({ a: end, f: deny(no), g: deny(never), b: end }));
    expect(told.verdict).toBe('unreachable');
    expect(told.paths).toHaveLength(1);
    expect(devicesOf(told.paths[0]!.hops)).toBe('a f g* b*');
    expect(told.paths[0]).toMatchObject({
      disposition: 'dropped',
      code: 'toy/no',
      device: 'toy/f',
      share: 1,
    });
    expect(told.blockers.map((blocker) => [blocker.code, blocker.hop])).toEqual([
      ['toy/no', 2],
      ['toy/never', 3],
    ]);
  });

  test('beyond which the way forks adds no paths', () => {
    const fork: Receive = (self, packet, walk) => {
      if (!walk.reply) walk.choose(coin, 3, undefined);
      return wire(self, packet, walk);
    };
    const told = trace(network({ a: end, f: deny(no), fork, b: end }));
    expect(told.paths.map((path) => path.share)).toEqual([1]);
  });

  test('that tells the sender is a rejection, and a timeout when the answer is lost', () => {
    const refuse: Receive = (self, packet, walk) => {
      if (!walk.reply) {
        const stop = walk.refuse(no, ANSWER_RST, 0, 0);
        if (stop) return stop;
      }
      return wire(self, packet, walk);
    };
    const refused = trace(network({ a: end, r: wire, f: refuse, b: end }));
    expect(refused).toMatchObject({ verdict: 'unreachable', symptom: { kind: 'refused' } });
    expect(refused.paths[0]).toMatchObject({ disposition: 'rejected', reply: { disposition: 'delivered' } });
    expect(devicesOf(refused.paths[0]!.reply.hops)).toBe('f r a');
    const lost = trace(network({ a: end, r: deny(never, (reply) => reply), f: refuse, b: end }));
    expect(lost.symptom.kind).toBe('timeout');
  });
});

describe('choices', () => {
  const fork =
    (weights?: readonly number[]): Receive =>
    (self, packet, walk) => {
      if (!walk.reply) {
        walk.step(looked, PASSED);
        const side = walk.choose(coin, weights?.length ?? 3, weights);
        walk.rewriteDestination(10 + side, packet.destinationPort);
      } else walk.rewriteSource(2, packet.sourcePort);
      return wire(self, packet, walk);
    };

  test('by chance make a path each, with shares that sum to 1', () => {
    const told = trace(network({ a: end, f: fork([0.2, 0.5, 0.3]), b: end }));
    expect(told.paths.map((path) => path.share)).toEqual([0.5, 0.3, 0.2]);
    expect(told.verdict).toBe('reachable');
    expect(told.paths[0]!.hops[1]!.out.dst).toBe('0.0.0.11');
  });

  test('in two devices multiply', () => {
    const told = trace(network({ a: end, f: fork(), wire, g: fork([0.5, 0.5]), b: end }));
    expect(told.paths).toHaveLength(6);
    expect(told.paths.reduce((sum, path) => sum + path.share, 0)).toBeCloseTo(1, 12);
  });

  test('beyond the budget leave an unexplored share, and the trace is never reachable', () => {
    const told = trace(network({ a: end, f: fork(), g: fork(), b: end }), {}, 4);
    expect(told.paths).toHaveLength(4);
    expect(told.unexploredShare + told.paths.reduce((sum, path) => sum + path.share, 0)).toBeCloseTo(1, 12);
    expect(told.verdict).toBe('undetermined');
  });

  test('that only rounding sets apart are walked in their order while the budget lasts', () => {
    const weights = [0.4, 0.2 - 1e-9, 0.2, 0.2 + 1e-9];
    const told = trace(network({ a: end, f: fork(weights), b: end }), {}, 2);
    expect(told.paths.map((path) => path.hops[1]!.out.dst)).toEqual(['0.0.0.10', '0.0.0.11']);
    expect(told.unexploredShare).toBeCloseTo(0.4);
  });

  test('some of which fail make the trace ambiguous', () => {
    const picky: Receive = (self, packet, walk) => {
      if (!walk.reply && packet.dst === 11) {
        const stop = walk.deny(no);
        if (stop) return stop;
      }
      return wire(self, packet, walk);
    };
    const told = trace(network({ a: end, f: fork(), picky, b: end }));
    expect(told.verdict).toBe('ambiguous');
    expect(told.exitCode).toBe(1);
    expect(told.symptom.kind).toBe('mixed');
  });

  test('nobody can know are listed where both sides end alike, and decide where they do not', () => {
    const unknown: Receive = (self, packet, walk) => {
      if (!walk.reply) walk.choose(riddle, 2, undefined);
      return wire(self, packet, walk);
    };
    const harmless = trace(network({ a: end, u: unknown, b: end }));
    expect(harmless).toMatchObject({ verdict: 'reachable', assumptions: ['whether the riddle is solved'] });
    expect(harmless.paths.map((path) => path.share)).toEqual([1]);
    const decisive: Receive = (self, packet, walk) => {
      if (!walk.reply && walk.choose(riddle, 2, undefined) === 1) {
        const stop = walk.deny(no);
        if (stop) return stop;
      }
      return wire(self, packet, walk);
    };
    const unsure = trace(network({ a: end, d: decisive, b: end }));
    expect(unsure).toMatchObject({
      verdict: 'undetermined',
      exitCode: 3,
      notModelled: ['whether the riddle is solved'],
    });
    expect(trace(network({ a: end, d: decisive, f: deny(never), b: end })).verdict).toBe('unreachable');
  });

  test('on the way back of a refusal make a path each, as on any other way', () => {
    const refuse: Receive = (self, packet, walk) => {
      if (!walk.reply) {
        const stop = walk.refuse(no, ANSWER_RST, 0, 0);
        if (stop) return stop;
      }
      return wire(self, packet, walk);
    };
    const back =
      (kind: typeof coin): Receive =>
      (self, packet, walk) => {
        if (walk.reply) walk.choose(kind, 2, undefined);
        return wire(self, packet, walk);
      };
    const chance = trace(network({ a: end, c: back(coin), f: refuse, b: end }));
    expect(chance.paths.map((path) => path.share)).toEqual([0.5, 0.5]);
    const unknown = trace(network({ a: end, u: back(riddle), f: refuse, b: end }));
    expect(unknown.paths.map((path) => path.share)).toEqual([1]);
  });
});

describe('a name that stands for several addresses', () => {
  const targets = [
    { address: 2, weight: 0.5 },
    { address: 3, weight: 0.5 },
  ];

  test('is one path where they end alike, and shows all of them', () => {
    const balancer: Receive = (self, packet, walk) => {
      if (!walk.reply) walk.rewriteDestination(50, packet.destinationPort);
      else walk.rewriteSource(walk.leg.dst, packet.sourcePort);
      return wire(self, packet, walk);
    };
    const told = trace(network({ a: end, lb: balancer, b: end }), { targets });
    expect(told.paths).toMatchObject([{ share: 1, via: ['address 2', 'address 3'] }]);
  });

  test('is a path each where they do not', () => {
    const half: Receive = (self, packet, walk) => {
      if (!walk.reply && packet.dst === 3) {
        const stop = walk.deny(no);
        if (stop) return stop;
      }
      return wire(self, packet, walk);
    };
    const told = trace(network({ a: end, half, b: end }), { targets });
    expect(told.verdict).toBe('ambiguous');
    expect(told.paths.map((path) => path.via)).toEqual([['address 2'], ['address 3']]);
  });
});

describe('a proxy', () => {
  const proxy: Receive = (self, _packet, walk) => {
    if (walk.port === LOCAL) return wire(self, walk.packet, walk);
    if (walk.reply) return walk.deliver();
    const next = new Packet();
    next.src = 7;
    next.dst = 8;
    next.sourcePort = 1024;
    next.destinationPort = 8080;
    return walk.connect(next, self.index + 1, 0);
  };

  test('opens the second leg once the handshake of the first holds', () => {
    const told = trace(network({ a: end, p: proxy, w: wire, b: end }));
    expect(told.verdict).toBe('reachable');
    expect(told.paths[0]!.legs).toEqual([
      { index: 0, hops: [1, 2] },
      { index: 1, hops: [3, 4] },
    ]);
    expect(devicesOf(told.paths[0]!.reply.hops)).toBe('b w p p a');
  });

  test('whose target refuses answers 502, and 504 when it says nothing', () => {
    const refuse: Receive = (self, packet, walk) => {
      if (!walk.reply) {
        const stop = walk.refuse(no, ANSWER_RST, 0, 0);
        if (stop) return stop;
      }
      return wire(self, packet, walk);
    };
    expect(trace(network({ a: end, p: proxy, refuse, b: end })).symptom.kind).toBe('http-502');
    expect(trace(network({ a: end, p: proxy, f: deny(no), b: end })).symptom.kind).toBe('http-504');
  });

  test('is never asked when the first handshake is lost', () => {
    const told = trace(network({ a: end, f: deny(no, (reply) => reply), p: proxy, b: end }));
    expect(told).toMatchObject({ verdict: 'unreachable', symptom: { kind: 'timeout' } });
    expect(told.blockers).toMatchObject([{ direction: 'reply', code: 'toy/no' }]);
  });
});

describe('a packet that does not arrive', () => {
  test('in a loop is found by the repeated header', () => {
    const back: Receive = (self, _packet, walk) => walk.forward(self.index - 1, 7);
    const told = trace(network({ a: end, r: wire, back, b: end }));
    expect(told.paths[0]).toMatchObject({ disposition: 'loop', code: 'walk/loop' });
    expect(told.paths[0]!.hops.length).toBeLessThan(40);
  });

  test('in a loop that changes the header ends at the hop limit', () => {
    const back: Receive = (self, packet, walk) => {
      walk.rewriteSource(packet.src + 1, packet.sourcePort);
      return walk.forward(self.index - 1, 7);
    };
    expect(trace(network({ a: end, r: wire, back, b: end })).paths[0]!.code).toBe('walk/hop-limit');
  });

  test('because something is not modelled is undetermined, and names it', () => {
    const told = trace(network({ a: end, fog: (_self, _packet, walk) => walk.undetermined(fog), b: end }));
    expect(told).toMatchObject({ verdict: 'undetermined', notModelled: ['fog is not modelled'] });
  });
});
