import { describe, expect, test } from 'vitest';
import { placeOf, slicesOf } from '../../src/render/capacity/bar.ts';
import { mappedSubnets } from '../../src/render/capacity/block-map.ts';
import { renderCapacityHtml } from '../../src/render/capacity/html.ts';
import { peaksOf, peakTexts } from '../../src/render/capacity/peak-marks.ts';
import { renderCapacitySvg } from '../../src/render/capacity/svg.ts';
import { contrast, inkOn, useLooks } from '../../src/render/capacity/uses.ts';
import { share } from '../../src/render/capacity/words.ts';
import { capacityFixtures as fixtures } from './fixtures/capacity.ts';
import { xmlFault } from './well-formed.ts';

const all = Object.entries(fixtures);
const texts = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)/g)].map((match) => match[1]!);

describe('the drawing of a capacity report', () => {
  test.each(all)('%s: well-formed, the same bytes every time, on its own', async (name, report) => {
    const svg = await renderCapacitySvg(report);
    expect(xmlFault(svg)).toBeUndefined();
    expect(await renderCapacitySvg(report)).toBe(svg);
    expect(svg).toMatch(/<title id="title">[^<]+<\/title><desc id="desc">[^<]+<\/desc>/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|href/);
    if (name !== 'forty') await expect(svg).toMatchFileSnapshot(`golden/capacity-${name}.svg`);
  });

  test.each(all)('%s: every number of every subnet stands in it', async (_, report) => {
    const said = texts(await renderCapacitySvg(report)).join(' · ');
    for (const { name, lines } of report.subnets) {
      expect(said).toContain(name);
      for (const { use, addresses } of lines)
        expect(said).toContain(`${useLooks[use].word} ${addresses.toLocaleString('en-US')}`);
    }
  });

  test('a subnet that a peak does not fit in says how much is short', async () => {
    const said = texts(await renderCapacitySvg(fixtures.nearLimit));
    expect(said).toContain('peak: update of a node group: 60 more, 60 short');
    expect(said).toContain('full: 0 of 251 free');
  });

  test('growth says when each subnet runs out, and is left out where none was asked for', async () => {
    const said = texts(await renderCapacitySvg(fixtures.growing)).join('\n');
    for (const { subnet, at } of fixtures.growing.growth!.bySubnet)
      if (at !== null) expect(said).toMatch(new RegExp(`${subnet}[^]*runs out in week ${at}`));
    expect(texts(await renderCapacitySvg(fixtures.day)).join()).not.toContain('Growth');
  });

  test('what was asked for is a second bar, and a part of the page', async () => {
    expect(
      texts(await renderCapacitySvg(fixtures.day)).filter((text) => text.startsWith('after')),
    ).toHaveLength(2);
    expect(texts(await renderCapacitySvg(fixtures.forty)).join()).not.toContain('after what');
    const html = await renderCapacityHtml(fixtures.day);
    expect(html).toContain('It does not fit. 54 pods on 6 nodes, 12 without a node, 0 without an address.');
  });

  test('a map of blocks is drawn where prefixes are taken or most free addresses are stranded', () => {
    expect(mappedSubnets(fixtures.fragmented).map(({ name }) => name)).toEqual(['shared-a', 'clean-b']);
    expect(mappedSubnets(fixtures.day)).toEqual([]);
  });

  test('names that look like markup stay text', async () => {
    const report = { ...fixtures.day, topology: '<b>&"x"</b> \u0007' };
    expect(xmlFault(await renderCapacitySvg(report))).toBeUndefined();
    const html = await renderCapacityHtml(report);
    expect(html).toContain('<h1>Addresses of &lt;b&gt;&amp;&quot;x&quot;&lt;/b&gt; \ufffd</h1>');
  });

  test('a report without subnets, or with empty ones, is a sheet as well', async () => {
    expect(xmlFault(await renderCapacitySvg({ ...fixtures.day, subnets: [], peaks: [] }))).toBeUndefined();
    const empty = { ...fixtures.day.subnets[0]!, lines: [] };
    const svg = await renderCapacitySvg({ ...fixtures.day, subnets: [empty], peaks: [] });
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('the page', () => {
  test.each(all)('%s: stands alone, with every table in text', async (_, report) => {
    const html = await renderCapacityHtml(report);
    expect(await renderCapacityHtml(report)).toBe(html);
    expect(html).toContain('<figure>\n<svg ');
    expect(html).not.toMatch(/(?:src|href)=|@import|url\((?!#hatch-)|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
    for (const { name } of report.subnets) expect(html).toContain(`<th scope="row">${name}</th>`);
    for (const { message } of report.findings) expect(html).toContain(message);
    for (const { title } of report.advice) expect(html).toContain(`<h3>${title}</h3>`);
  });

  test('every subnet is a stop of the keyboard that reads out its numbers', async () => {
    const html = await renderCapacityHtml(fixtures.day);
    const spots = [...html.matchAll(/<g [^>]*class="spot"[^>]*>/g)].map(
      ([tag]) => /aria-label="([^"]*)"/.exec(tag)![1]!,
    );
    expect(spots).toHaveLength(2);
    expect(spots[0]).toContain('day-a, 10.1.0.0/20, us-east-1a: 4,096 addresses; AWS: 5');
  });
});

describe('a bar', () => {
  const [day] = fixtures.day.subnets;

  test('is as wide as its slices, and nothing in it is too thin to see', () => {
    for (const width of [200, 372, 1204])
      for (const [, { subnets }] of all)
        for (const { lines } of subnets) {
          const slices = slicesOf(lines, width);
          const last = slices.at(-1)!;
          expect(last.x + last.width).toBe(width);
          for (const [place, slice] of slices.entries()) {
            expect(slice.width).toBeGreaterThanOrEqual(2);
            expect(slice.x).toBe(place === 0 ? 0 : slices[place - 1]!.x + slices[place - 1]!.width);
          }
        }
  });

  test('is to scale where its slices are wide enough', () => {
    const slices = slicesOf(
      [
        { use: 'pod', addresses: 64 },
        { use: 'free', addresses: 192 },
      ],
      400,
    );
    expect(slices.map(({ width }) => width)).toEqual([100, 300]);
    expect(placeOf(slices, 128)).toBe(200);
  });

  test('is marked once for each kind of peak, by the one that takes the most', () => {
    expect(peaksOf(fixtures.day, day!).map(({ peak, here }) => [peak.kind, here.addresses])).toEqual([
      ['load-balancer-growth', 49],
      ['node-group-update', 24],
    ]);
  });
});

test('what a peak takes of a prefix reservation does not count as missing', () => {
  const subnet = fixtures.fragmented.subnets[1]!;
  const here = { subnet: subnet.name, extra: [], addresses: subnet.free + 100, free: subnet.free, short: 0 };
  const peak = { ...fixtures.day.peaks[0]!, subnets: [here] };
  expect(peakTexts({ peak, here }, subnet)[1]).toBe('update of a node group: 605 more, 252 stay free');
});

test('texts on slices read well in both themes', () => {
  for (const { light, dark } of Object.values(useLooks))
    for (const color of [light, dark]) expect(contrast(color, inkOn(color))).toBeGreaterThanOrEqual(4.5);
});

test('a share is rounded to what it is, never to nothing or to all', () => {
  expect([share(1, 1000), share(999, 1000), share(0, 10), share(10, 10), share(0, 0)]).toEqual([
    '<1 %',
    '99 %',
    '0 %',
    '100 %',
    '0 %',
  ]);
});
