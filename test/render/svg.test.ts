import { describe, expect, test } from 'vitest';
import { sceneOf } from '../../src/render/scene.ts';
import { drawnHops, numberOf } from '../../src/render/stays.ts';
import { borders, dark, light } from '../../src/render/svg/style.ts';
import { renderSvg } from '../../src/render/svg.ts';
import type { Trace } from '../../src/trace/trace.ts';
import { fixtures } from './fixtures/all.ts';
import { daySurroundings as surroundings } from './fixtures/day.ts';
import { xmlFault } from './well-formed.ts';

const all = Object.entries(fixtures);
const texts = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map((match) => match[1]!);

describe('a diagram is one self-contained document', () => {
  test.each(all)(
    '%s: well-formed, the same bytes every time, with title and description',
    async (_, trace) => {
      const svg = await renderSvg(trace, { surroundings });
      expect(xmlFault(svg)).toBeUndefined();
      expect(await renderSvg(trace, { surroundings })).toBe(svg);
      expect(svg).toMatch(/<title id="title">[^<]+<\/title><desc id="desc">[^<]+<\/desc>/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity|href/);
    },
  );

  test.each(all)('%s: draws without surroundings too', async (_, trace) => {
    expect(xmlFault(await renderSvg(trace))).toBeUndefined();
  });

  test('names that look like markup stay text', async () => {
    const trace: Trace = { ...fixtures.undetermined, remarks: ['<b>&"bold"</b> \u0007'] };
    const svg = await renderSvg(trace);
    expect(xmlFault(svg)).toBeUndefined();
    expect(svg).toContain('&lt;b&gt;&amp;"bold"&lt;/b&gt; \ufffd');
  });

  test('a trace without a path is a sheet that says so', async () => {
    const svg = await renderSvg({
      ...fixtures.service3,
      verdict: 'undetermined',
      paths: [],
      unexploredShare: 1,
    });
    expect(xmlFault(svg)).toBeUndefined();
    expect(texts(svg).join(' ')).toContain('no path was explored');
  });

  test("colours follow the reader's light or dark preference", async () => {
    const svg = await renderSvg(fixtures.service3, { surroundings });
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect(svg).toContain(dark.sheet);
  });
});

describe('a crowded sheet draws what belongs together as one station', () => {
  const details = [0, 1, 2] as const;

  test.each(all)('%s: every hop of the request stands at one stop, whatever the detail', (_, trace) => {
    for (const detail of details)
      for (const lane of sceneOf(trace, surroundings, detail).lanes)
        expect(lane.stays.flat()).toEqual(drawnHops(lane.path).hops);
  });

  test.each(all)('%s: every real hop of the reply stands at one stop, whatever the detail', (_, trace) => {
    for (const detail of details)
      for (const { path, replies } of sceneOf(trace, surroundings, detail).lanes)
        expect(replies.flatMap((run) => run.stops.flatMap((stop) => stop.hops)).map(({ n }) => n)).toEqual(
          path.reply.hops.map(({ n }) => n),
        );
  });

  test('the network ACLs and the router between two interfaces are one; a hop that denies stands alone', () => {
    const numbers = (trace: Trace, detail: 0 | 1 | 2) =>
      sceneOf(trace, surroundings, detail).lanes[0]!.stops.map((stop) => numberOf(stop.hops));
    expect(numbers(fixtures.sgDenial, 0)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(numbers(fixtures.sgDenial, 1)).toEqual(['1', '2', '3', '4-6', '7', '8', '9']);
    expect(numbers(fixtures.sgDenial, 2)).toEqual(['1', '2-3', '4-6', '7', '8', '9']);
    // The reply dies in the network ACL that the request passed as hop 4.
    expect(numbers(fixtures.naclReplyDrop, 1)).toEqual(['1', '2', '3', '4', '5-6', '7', '8', '9']);
  });

  test('a load balancer is one with its interface', () => {
    const stops = sceneOf(fixtures.ingress, surroundings, 1).lanes[0]!.stops;
    const balancer = stops.find((stop) => stop.hop.device.kind === 'alb')!;
    expect(numberOf(balancer.hops)).toBe('6-8');
  });
});

describe('a diagram says what the text says', () => {
  test('the blocker is named in a callout with rule and fix', async () => {
    const said = texts(await renderSvg(fixtures.sgDenial, { surroundings }));
    expect(said).toContain('UNREACHABLE');
    expect(said).toContain('sg/no-ingress-rule · hop 7');
    expect(said).toContain('add to sg-nodes-b: ingress tcp/8001 from sg-nodes');
  });

  test('every forward hop has its number', async () => {
    const said = texts(await renderSvg(fixtures.ingress, { surroundings }));
    const numbers = said.flatMap((text) => {
      const range = /^(\d+)(?:-(\d+))?$/.exec(text);
      const [from, to] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])];
      return range ? Array.from({ length: to - from + 1 }, (_, i) => from + i) : [];
    });
    for (const hop of fixtures.ingress.paths[0]!.hops) expect(numbers).toContain(hop.n);
  });

  test('the hop that loses the reply has its number too', async () => {
    expect(texts(await renderSvg(fixtures.naclReplyDrop, { surroundings }))).toContain('15');
  });

  test('a DNAT is a tag: before once, after for each branch; the branches tell their shares', async () => {
    const said = texts(await renderSvg(fixtures.service3, { surroundings }));
    expect(said).toContain('dst 10.1.17.33:8001');
    expect(said.filter((text) => text === '1/3')).toHaveLength(3);
  });

  test('twelve paths that end alike are one bundle with a count', async () => {
    const said = texts(await renderSvg(fixtures.service12, { surroundings }));
    expect(said).toContain('and 11 more');
    expect(said.filter((text) => text === '9')).toHaveLength(1);
  });

  test('the legend names only what is on the sheet', async () => {
    const delivered = texts(await renderSvg(fixtures.service3, { surroundings }));
    expect(delivered).toContain('reply');
    expect(delivered).not.toContain('request, blocked');
    expect(texts(await renderSvg(fixtures.sgDenial, { surroundings }))).toContain('would go on');
  });
});

describe('everyone can read it', () => {
  for (const [name, theme] of [
    ['light', light],
    ['dark', dark],
  ] as const) {
    test(`${name}: text has a contrast of 4.5 to 1, also on tags and numbers`, () => {
      for (const ground of [theme.sheet, theme.card, theme.tag])
        for (const ink of [theme.ink, theme.quiet]) expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
      for (const line of [theme.delivered, theme.blocked, theme.reply, theme.mixed, theme.undetermined])
        expect(contrast(theme.onLine, line), line).toBeGreaterThanOrEqual(4.5);
    });

    test(`${name}: lines and borders have a contrast of 3 to 1`, () => {
      const lines = [theme.delivered, theme.blocked, theme.undetermined, theme.reply, theme.mixed];
      for (const line of lines) expect(contrast(line, theme.sheet), line).toBeGreaterThanOrEqual(3);
      for (const border of Object.values(borders))
        expect(contrast(border[name], theme.sheet), border[name]).toBeGreaterThanOrEqual(3);
    });
  }
});

/** Contrast ratio of two colours (WCAG 2.2, relative luminance). */
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p) as [number, number];
  return (x + 0.05) / (y + 0.05);
}

function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
