/** Draws what holds still: boxes with their names, stations with glyph and label, tags of changed headers. */
import { nameOf } from '../fate.ts';
import { glyphOf } from './glyphs.ts';
import type { PlacedBox, PlacedCard } from './layout.ts';
import { SMALL, textWidth } from './metrics.ts';
import { at, type Group, rect, write, xmlText } from './paper.ts';

const dashed: ReadonlySet<string> = new Set(['region', 'az']);
const boxWords: Readonly<Record<string, string>> = {
  vpc: 'VPC',
  subnet: 'subnet',
  node: 'node',
  account: 'account',
  premises: 'on premises',
};

export function drawBox(group: Group, placed: PlacedBox): void {
  const { box, outer, x, y, width, height } = placed;
  const kind = box.kind === 'subnet' && box.public ? 'subnet-public' : box.kind;
  rect(group, x, y, width, height, 4, `box box-${kind}${dashed.has(box.kind) ? ' dashed' : ''}`);
  const word = box.id.startsWith('instance/') ? 'instance' : boxWords[box.kind];
  const name = word ? `${box.public ? 'public ' : ''}${word} ${box.label}` : box.label;
  const detailed = box.detail ? `${name}  ${box.detail}` : name;
  const around = outer.map((one) => one.label);
  const whole = [...around, detailed].join('  ');
  // Fonts differ: what is only estimated to fit may not.
  const room = (width - 14) * 0.95;
  const fits =
    [whole, [...around, name].join('  '), detailed, name, box.label].find(
      (text) => textWidth(text, SMALL) <= room,
    ) ?? clipped(box.label, room);
  write(group, fits, x + 7, y + 15, 'small quiet')
    .append('title')
    .text(xmlText(whole));
}

function clipped(text: string, room: number): string {
  let end = text.length;
  while (end > 1 && textWidth(`${text.slice(0, end)}…`, SMALL) > room) end--;
  return `${text.slice(0, end)}…`;
}

export function drawCard(group: Group, placed: PlacedCard): void {
  const { card, x, y } = placed;
  const { station } = card;
  const g = group.append('g') as unknown as Group;
  g.append('title').text(xmlText(story(placed)));
  const ghostly = station.stops.every((stop) => stop.hop.ghost);
  const edge = station.own ? ` named edge-${station.own.kind}` : '';
  rect(g, x - card.width / 2, y - card.above, card.width, card.above + card.below, 6, `card${edge}`);
  g.append('path')
    .attr('d', glyphOf(station.kind))
    .attr('transform', `translate(${at(x - 8)} ${at(y - card.above + 6)})`)
    .attr('class', 'glyph');
  let line = y + card.below - card.subtitle.length * 13 - card.title.length * 14 + 3;
  for (const text of card.title) {
    write(g, text, x, line, ghostly ? 'strong quiet' : 'strong', 'middle');
    line += 14;
  }
  for (const text of card.subtitle) {
    write(g, text, x, line - 1, 'small quiet', 'middle');
    line += 13;
  }
}

/** Every step at this station, shown by browsers on hover. */
function story({ card }: PlacedCard): string {
  return card.station.stops
    .flatMap((stop) => stop.hops)
    .map((hop) => {
      const steps = hop.steps.map(
        (step) => `  ${step.verdict} ${step.stage}: ${step.because}${step.rule ? ` [${step.rule}]` : ''}`,
      );
      return [`${hop.n} ${nameOf(hop)}${hop.ghost ? ' (would be)' : ''}`, ...steps].join('\n');
    })
    .join('\n');
}

/** The header's change: what it was above, what it becomes below. */
export function drawTag(group: Group, { card, x, y }: PlacedCard): void {
  if (!card.tag) return;
  const top = y - card.above - 6 - card.tagHeight;
  rect(group, x - card.tagWidth / 2, top, card.tagWidth, card.tagHeight, 3, 'tag');
  let line = top + 15;
  for (const [texts, look] of [
    [card.tag.before, 'mono quiet'],
    [card.tag.after, 'mono'],
  ] as const)
    for (const text of texts) {
      write(group, text, x, line, look, 'middle');
      line += 14;
    }
}
