import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderJson } from '../../src/render/json.ts';
import { sceneOf } from '../../src/render/scene.ts';
import type { Box, Surroundings } from '../../src/render/surroundings.ts';
import { layoutOf, type PlacedCard } from '../../src/render/svg/layout.ts';
import { renderText } from '../../src/render/text.ts';
import type { Path, Trace } from '../../src/trace/trace.ts';
import { at, path, step, tcp, traceOf } from '../render/fixtures/make.ts';

/** Devices of a small VPC: two zones, three subnets, four nodes; any order of them may be a path. */
const devices = [
  'host/h',
  'internet/internet',
  'internet-gateway/igw',
  'vpc-router/main',
  ...[0, 1, 2].map((s) => `subnet/s${s}`),
  ...[0, 1, 2, 3].flatMap((n) => [`node/n${n}`, `eni/n${n}`, `pod/d/p${n}`, `pod/d/q${n}`]),
];

const surroundings: Surroundings = {
  boxesOf(device) {
    const [kind] = device.split('/');
    const digit = Number(/\d$/.exec(device)?.[0] ?? 0);
    const box = (id: string, boxKind: Box['kind']): Box => ({ id, kind: boxKind, label: id });
    const vpc = [box('region/r', 'region'), box('vpc/v', 'vpc')];
    const inSubnet = (s: number): Box[] => [...vpc, box(`az/${s % 2}`, 'az'), box(`subnet/s${s}`, 'subnet')];
    if (kind === 'vpc-router') return vpc;
    if (kind === 'internet-gateway') return [...vpc, box(device, 'gateway')];
    if (kind === 'subnet') return inSubnet(digit);
    if (kind === 'node') return [...inSubnet(digit % 3), box(device, 'node')];
    if (kind === 'eni' || kind === 'pod')
      return [...inSubnet(digit % 3), box(`node/n${digit}`, 'node'), box(device, kind)];
    return kind === 'host' ? [box(device, 'outside')] : [];
  },
};

const header = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .map(([a, b]) => tcp(`10.0.0.${a}:1000 > 10.0.1.${b}:80`));

const walk = fc.array(fc.tuple(fc.constantFrom(...devices), header), { minLength: 1, maxLength: 10 });

/** Paths that share beginnings of random length, blocked or not, with replies that need not mirror. */
const trace: fc.Arbitrary<Trace> = fc
  .tuple(walk, fc.array(fc.tuple(fc.nat(9), walk, walk, fc.boolean()), { minLength: 1, maxLength: 7 }))
  .map(([trunk, branches]) => {
    const paths: Path[] = branches.map(([common, rest, back, blocked], i) => {
      const there = [...trunk.slice(0, common), ...rest];
      const middle = blocked ? Math.floor(there.length / 2) : there.length - 1;
      return path({
        id: i + 1,
        share: 1 / branches.length,
        disposition: blocked ? 'dropped' : 'delivered',
        code: blocked ? 'sg/no-ingress-rule' : null,
        device: there[middle]![0],
        symptom: blocked ? { kind: 'timeout', text: 'timeout' } : { kind: 'connected', text: 'connected' },
        hops: there.map(([device, h], n) =>
          at(
            device,
            h,
            [step(blocked && n === middle ? 'denied' : 'passed', 'stage', undefined, 'because')],
            { ghost: n > middle },
          ),
        ),
        reply: {
          disposition: blocked ? 'none' : 'delivered',
          hops: back.map(([device, h]) =>
            at(device, h, [step('passed', 'stage', undefined, 'because')], { ghost: blocked }),
          ),
        },
      });
    });
    return traceOf('a', 'b', { verdict: 'ambiguous', paths, symptom: { kind: 'mixed', text: 'mixed' } });
  });

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const rectOf = ({ card, x, y }: PlacedCard): Rect => ({
  x: x - card.width / 2,
  y: y - card.above,
  width: card.width,
  height: card.above + card.below,
});
/** Less than the drawing shows; borders run through the middle of cards, up to rounding. */
const BIT = 0.01;
const apart = (a: Rect, b: Rect): boolean =>
  a.x + a.width <= b.x + BIT ||
  b.x + b.width <= a.x + BIT ||
  a.y + a.height <= b.y + BIT ||
  b.y + b.height <= a.y + BIT;
const within = (a: Rect, b: Rect): boolean =>
  a.x >= b.x - BIT &&
  a.y >= b.y - BIT &&
  a.x + a.width <= b.x + b.width + BIT &&
  a.y + a.height <= b.y + b.height + BIT;

describe('the layout rule holds for any path', () => {
  test('stations never overlap', () => {
    fc.assert(
      fc.property(trace, (t) => {
        const { cards } = layoutOf(sceneOf(t, surroundings), []);
        const rects = cards.map(rectOf);
        rects.forEach((a, i) => {
          for (const b of rects.slice(i + 1)) expect(apart(a, b)).toBe(true);
        });
      }),
    );
  });

  test('boxes are nested or apart, and keep out what is not in them', () => {
    fc.assert(
      fc.property(trace, (t) => {
        const { cards, boxes } = layoutOf(sceneOf(t, surroundings), []);
        boxes.forEach((a, i) => {
          for (const b of boxes.slice(i + 1)) expect(apart(a, b) || within(a, b) || within(b, a)).toBe(true);
        });
        for (const placed of cards)
          for (const box of boxes) {
            const inside = placed.card.station.boxes.some((own) => own.id === box.box.id);
            const middle = { x: placed.x, y: placed.y, width: 0, height: 0 };
            expect(inside ? within(middle, box) : apart(rectOf(placed), box)).toBe(true);
          }
      }),
    );
  });

  test('every line of the request runs from left to right', () => {
    fc.assert(
      fc.property(trace, (t) => {
        const scene = sceneOf(t, surroundings);
        const layout = layoutOf(scene, []);
        for (const lane of scene.lanes)
          lane.stops.slice(1).forEach((stop, i) => {
            expect(layout.centre(stop)[0]).toBeGreaterThan(layout.centre(lane.stops[i]!)[0]);
          });
        for (const { link, points } of layout.lines)
          if (link.kind === 'request')
            points.slice(1).forEach(([x], i) => {
              expect(x).toBeGreaterThanOrEqual(points[i]![0]);
            });
      }),
    );
  });

  test('lines pass only through the stations they stop at', () => {
    fc.assert(
      fc.property(trace, (t) => {
        const { cards, lines } = layoutOf(sceneOf(t, surroundings), []);
        for (const { link, points } of lines)
          points.slice(1).forEach(([x, y], i) => {
            const [px, py] = points[i]!;
            const segment = {
              x: Math.min(x, px),
              y: Math.min(y, py),
              width: Math.abs(x - px),
              height: Math.abs(y - py),
            };
            const crossed = cards.filter(
              (placed) =>
                placed.card.station !== link.from.station &&
                placed.card.station !== link.to.station &&
                !apart(segment, rectOf(placed)),
            );
            expect(crossed).toEqual([]);
          });
      }),
    );
  });
});

describe('text and JSON hold for any path', () => {
  test('no line is longer than the terminal', () => {
    fc.assert(
      fc.property(trace, fc.integer({ min: 50, max: 200 }), (t, width) => {
        for (const line of renderText(t, { width }).split('\n'))
          expect(line.length).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('JSON is read back as it was', () => {
    fc.assert(
      fc.property(trace, fc.string({ unit: 'binary' }), (t, remark) => {
        const said = { ...t, remarks: [remark] };
        expect(JSON.parse(renderJson(said))).toEqual(said);
      }),
    );
  });
});
